/**
 * Faults at exactly known points. Every question whether something is struck is a point, counted
 * from 0; the same story asks the same questions in the same order up to its first fault, so a
 * fault that is planned for a point strikes what was there without it.
 */
import type { FaultKind, Strikes } from '../simulation/strikes.ts';
import type { Reach } from './story-dice.ts';

/** A question whether something is struck. */
export interface Point {
  readonly index: number;
  readonly effect: string;
  readonly kinds: readonly FaultKind[];
}

/** One fault, at one point. */
export interface ExactFault {
  readonly kind: FaultKind;
  readonly index: number;
  readonly reach: Reach;
}

/** Something that happens beside what is done at a point. */
export interface Beside {
  readonly index: number;
  readonly moment: Moment;
  readonly act: () => Promise<void>;
}

/**
 * Right before it takes effect, right after (and before the answer), at the same time, or once
 * whatever does it is through.
 */
export type Moment = 'before' | 'after' | 'at once' | 'later';

export interface ExactStrikes extends Strikes {
  readonly points: readonly Point[];
  /** The planned faults that did strike. */
  readonly landed: ReadonlySet<ExactFault>;
  /** How far the fault that struck last goes. */
  readonly reach: () => Reach;
}

export function exactStrikes(
  faults: readonly ExactFault[],
  beside: Beside | undefined,
  tell: (line: string) => void,
): ExactStrikes {
  const points: Point[] = [];
  const landed = new Set<ExactFault>();
  const counts = new Map<string, number>();
  const seen = new Map<string, Set<FaultKind>>();
  let reach: Reach = 'least';
  return {
    points,
    landed,
    counts,
    seen,
    reach: () => reach,
    isOver: () => false,
    stop: () => undefined,
    decide: (effect, kinds) => {
      const index = points.length;
      points.push({ index, effect, kinds });
      const known = seen.get(effect) ?? new Set<FaultKind>();
      seen.set(effect, known);
      for (const kind of kinds) known.add(kind);
      const fault = faults.find((each) => each.index === index);
      if (fault === undefined || !kinds.includes(fault.kind)) return undefined;
      reach = fault.reach;
      return fault.kind;
    },
    struck: (kind, effect) => {
      const name = `${kind} × ${effect}`;
      counts.set(name, (counts.get(name) ?? 0) + 1);
      const fault = faults.find(
        (each) => !landed.has(each) && each.kind === kind && points[each.index]?.effect === effect,
      );
      if (fault !== undefined) landed.add(fault);
      tell(name);
    },
    ...(beside === undefined ? {} : { around: around(points, beside) }),
  };
}

/** What is decided takes effect at once, so the point that it belongs to is the last one. */
function around(points: readonly Point[], { index, moment, act }: Beside) {
  let isDone = false;
  return async <T>(effect: () => Promise<T>): Promise<T> => {
    if (points.length - 1 !== index || isDone) return effect();
    isDone = true;
    if (moment === 'before') await act();
    if (moment === 'at once') {
      const [done] = await Promise.allSettled([effect(), act()]);
      if (done.status === 'rejected') throw done.reason;
      return done.value;
    }
    const answer = await effect();
    if (moment === 'after' || moment === 'later') await act();
    return answer;
  };
}
