/**
 * When which fault strikes. Each effect is struck now and then; besides, a few pairs of fault and
 * effect are chosen for each world as soon as the effect is first seen, so that over many worlds
 * every pair comes up, however rare the effect is.
 */
import type { Dice } from './dice.ts';
import { rareEffects, rareFaults } from './odds.ts';

export type FaultKind =
  /** Refused without effect. */
  | 'refused'
  /** It took effect, and nobody hears of it. */
  | 'reply lost'
  /** It took effect, and then the process that asked for it dies. */
  | 'died'
  /** Refused as often as this invocation tries. */
  | 'throttled'
  /** Answered as it was a little earlier. */
  | 'stale'
  /** Does not come. */
  | 'lost'
  /** Comes twice. */
  | 'twice'
  /** Comes twice at the same time. */
  | 'at once'
  | 'late'
  | 'early'
  /** The far end is down for long. */
  | 'down'
  /** A person or a program outside does something at that very moment. */
  | 'meddled'
  | 'cancelled'
  | 'timed out';

/** How often each fault struck each effect: `reply lost × sns:Publish`. */
export type Counts = Map<string, number>;

export interface Strikes {
  /** Which of these faults strikes this effect now; undefined: none. */
  decide(effect: string, kinds: readonly FaultKind[], rate?: number): FaultKind | undefined;
  /**
   * Lets what was just decided take effect, with whatever else happens right before or after it;
   * left out where nothing does.
   */
  readonly around?: <T>(act: () => Promise<T>) => Promise<T>;
  /** It did strike. `decide` does not count, since not every fault makes a difference. */
  struck(kind: FaultKind, effect: string): void;
  /** No fault from now on. */
  stop(): void;
  readonly isOver: () => boolean;
  readonly counts: ReadonlyMap<string, number>;
  /** The faults that each effect that was seen can have. */
  readonly seen: ReadonlyMap<string, ReadonlySet<FaultKind>>;
}

export interface Setup {
  readonly dice: Dice;
  /** The share of effects that are struck; 0 for a world without faults. */
  readonly rate: number;
  /** The share of pairs of fault and effect that are chosen to strike once. */
  readonly chosenShare: number;
  readonly tell: (line: string) => void;
}

interface Sight {
  count: number;
  readonly kinds: Set<FaultKind>;
  /** Which fault strikes the effect for the so-manieth time. */
  readonly chosen: Map<number, FaultKind>;
}

export function pairName(kind: FaultKind, effect: string): string {
  return `${kind} × ${effect}`;
}

/**
 * In a world that saw few faults so far, faults are more frequent: the more so where little
 * happens, since somebody deleted the only user, say.
 */
const few = 20;
const moreFrequent = 4;
const hardlyAny = 12;
const farMoreFrequent = 12;
/** By then a usual world has seen more. */
const settledIn = 150;

/** Of the first so many times that an effect is seen, one is chosen. */
const chosenAmong = 3;
/** A fault of a rare effect is chosen so many times as often, and strikes it at once. */
const rareFactor = 8;

export function strikesOf({ dice, rate: usual, chosenShare, tell }: Setup): Strikes {
  const sights = new Map<string, Sight>();
  const seen = new Map<string, Set<FaultKind>>();
  const counts: Counts = new Map();
  let over = false;
  let total = 0;
  let asked = 0;

  const sightOf = (effect: string): Sight => {
    const known = sights.get(effect);
    if (known !== undefined) return known;
    const sight: Sight = { count: 0, kinds: new Set(), chosen: new Map() };
    sights.set(effect, sight);
    seen.set(effect, sight.kinds);
    return sight;
  };

  const choose = (effect: string, sight: Sight, kind: FaultKind): void => {
    sight.kinds.add(kind);
    const isRare =
      rareFaults.has(pairName(kind, effect)) || rareEffects.some((each) => effect.startsWith(each));
    if (!dice.chance(isRare ? rareFactor * chosenShare : chosenShare)) return;
    const at = sight.count + (isRare ? 0 : dice.between(0, chosenAmong - 1));
    if (!sight.chosen.has(at) || dice.chance(0.5)) sight.chosen.set(at, kind);
  };

  const rateNow = (rate: number): number => {
    if (total < hardlyAny && asked > settledIn) return farMoreFrequent * rate;
    return total < few ? moreFrequent * rate : rate;
  };

  return {
    counts,
    seen,
    isOver: () => over,
    stop: () => {
      over = true;
    },
    struck: (kind, effect) => {
      const name = pairName(kind, effect);
      counts.set(name, (counts.get(name) ?? 0) + 1);
      total += 1;
      tell(name);
    },
    decide: (effect, kinds, rate = usual) => {
      const sight = sightOf(effect);
      sight.count += 1;
      asked += 1;
      for (const kind of kinds) if (!sight.kinds.has(kind)) choose(effect, sight, kind);
      if (over || usual === 0 || kinds.length === 0) return undefined;
      const chosen = sight.chosen.get(sight.count);
      if (chosen !== undefined && kinds.includes(chosen)) return chosen;
      return dice.chance(rateNow(rate)) ? dice.pick(kinds) : undefined;
    },
  };
}
