/**
 * Room among the runs in flight: so many over all accounts, of them so many in one account and
 * Region, and so many in an account that ask its witness. Counted from the store, once a tick, and
 * from what the tick orders.
 */
import { askingRuns, isAsking, wouldAsk } from '../domain/asking.ts';
import type { Rotation } from '../domain/case.ts';
import { Transient } from '../domain/errors.ts';
import { type Instant, plus } from '../domain/instant.ts';
import type { Clock, RotationStore } from '../domain/ports.ts';
import type { RunsOf } from '../domain/turns.ts';
import { runInFlight } from '../domain/wake.ts';
import type { Advanced } from './advance.ts';

/** Who waits for it: for any run, or for one that asks the account's witness. */
export type RoomFor = 'any run' | 'asking run';

export interface RoomAmongRuns {
  /** Whether any account may begin a run. */
  isAnyLeft(): Promise<boolean>;
  /** Runs of each account; Infinity where it may begin no more. For accounts to take turns. */
  runsOf(what: RoomFor): Promise<RunsOf>;
  /**
   * Counts the run that an act may order for a rotation. The act asks whether there is room for
   * one, which is kept for it from then on, whoever else asks meanwhile. What gives a key back does
   * not ask, and counts all the same. Where nobody hears what the act came to, it may have ordered
   * one: that counts too, in this tick. Throws what the act does.
   */
  counting(rotation: Rotation, act: (hasRoom: HasRoom) => Promise<Advanced | null>): Promise<void>;
  /** From now on nobody gets room: what outlives a tick would take what the next one counts. */
  close(): void;
}

/** Whether a run may begin. Throws what the store does, and Transient once the room is closed. */
export type HasRoom = () => Promise<boolean>;

/** Runs are asked about within hours; to look so far ahead lists all that are in flight. */
const farAhead = { days: 400 } as const;

/** Runs by where they are (account and Region), and those that ask by account. */
interface Runs {
  readonly places: Map<string, number>;
  readonly asking: Map<string, number>;
}

/** For one tick: what other ticks order meanwhile is not seen. */
export function roomAmongRuns(shell: {
  readonly store: Pick<RotationStore, 'inFlight' | 'due' | 'load'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly capacity: number;
  /** In one account and Region. */
  readonly accountCapacity: number;
}): RoomAmongRuns {
  const { capacity, accountCapacity } = shell;
  const counted = countedOnce(shell);
  const ordered = noRuns();
  let isClosed = false;
  const isAnyLeft = async () => (await counted.inAll()) + sum(ordered.places) < capacity;
  /** Nothing is waited for between the last look and the count: no two get the same room. */
  const keep = async (rotation: Rotation): Promise<boolean> => {
    const asks = wouldAsk(rotation);
    const inAll = await counted.inAll();
    // Nobody has a share of its own left to count while all runs together fit into one.
    const share = asks ? Math.min(askingRuns, accountCapacity) : accountCapacity;
    const isCrowd = inAll + sum(ordered.places) >= share;
    const before = isCrowd ? await counted.each() : noRuns();
    if (isClosed) throw new Transient('the tick was over before there was room for a run');
    if (inAll + sum(ordered.places) >= capacity) return false;
    if (at(placeOf(rotation), before.places, ordered.places) >= accountCapacity) return false;
    if (asks && at(accountOf(rotation), before.asking, ordered.asking) >= askingRuns) return false;
    note(ordered, rotation, asks, 1);
    return true;
  };
  return {
    isAnyLeft,
    runsOf: async (what) => {
      const before = await counted.each();
      if (what === 'asking run') {
        return (account) => orNoMore(at(account, before.asking, ordered.asking), askingRuns);
      }
      return byAccount(added(before.places, ordered.places), accountCapacity);
    },
    counting: (rotation, act) => countingOne(rotation, act, keep, ordered),
    close: () => {
      isClosed = true;
    },
  };
}

async function countingOne(
  rotation: Rotation,
  act: (hasRoom: HasRoom) => Promise<Advanced | null>,
  keep: (rotation: Rotation) => Promise<boolean>,
  ordered: Runs,
): Promise<void> {
  const asks = wouldAsk(rotation);
  let isKept = false;
  let mayHaveOrdered = true;
  const hasRoom = async () => {
    // Whoever asks orders nothing without an answer.
    mayHaveOrdered = false;
    isKept ||= await keep(rotation);
    mayHaveOrdered = isKept;
    return isKept;
  };
  try {
    const advanced = await act(hasRoom);
    mayHaveOrdered =
      advanced !== null &&
      advanced.ignored === undefined &&
      runInFlight(advanced.rotation) !== null;
  } finally {
    if (mayHaveOrdered !== isKept) note(ordered, rotation, asks, mayHaveOrdered ? 1 : -1);
  }
}

/** What the store counts, asked once however many ask at the same time. */
function countedOnce({
  store,
  clock,
  capacity,
}: {
  readonly store: Pick<RotationStore, 'inFlight' | 'due' | 'load'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly capacity: number;
}) {
  return {
    inAll: askedOnce(() => store.inFlight()),
    each: askedOnce(() => runsInFlight(store, clock.now(), capacity)),
  };
}

/** A failure is not kept: the next one asks again. */
function askedOnce<T>(ask: () => Promise<T>): () => Promise<T> {
  let kept: Promise<T> | undefined;
  return () => {
    if (kept !== undefined) return kept;
    const asked = ask();
    kept = asked;
    asked.catch(() => {
      if (kept === asked) kept = undefined;
    });
    return asked;
  };
}

async function runsInFlight(
  store: Pick<RotationStore, 'due' | 'load'>,
  now: Instant,
  capacity: number,
): Promise<Runs> {
  const runs = noRuns();
  // What gives a key back runs however full it is, so there may be more than there is room for.
  for (const id of await store.due('run status', plus(now, farAhead), 2 * capacity)) {
    const rotation = await store.load(id);
    if (rotation === undefined || runInFlight(rotation) === null) continue;
    note(runs, rotation, isAsking(rotation, now), 1);
  }
  return runs;
}

function noRuns(): Runs {
  return { places: new Map(), asking: new Map() };
}

function note({ places, asking }: Runs, rotation: Rotation, asks: boolean, more: 1 | -1): void {
  const place = placeOf(rotation);
  places.set(place, at(place, places) + more);
  const account = accountOf(rotation);
  if (asks) asking.set(account, at(account, asking) + more);
}

function at(name: string, ...counts: readonly ReadonlyMap<string, number>[]): number {
  return counts.reduce((all, each) => all + (each.get(name) ?? 0), 0);
}

function added(
  some: ReadonlyMap<string, number>,
  others: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const names = [...some.keys(), ...others.keys()];
  return new Map(names.map((name) => [name, at(name, some, others)]));
}

/** Infinity for an account in which one place is full. */
function byAccount(places: ReadonlyMap<string, number>, accountCapacity: number): RunsOf {
  const runs = new Map<string, number>();
  for (const [place, count] of places) {
    const [account = ''] = place.split('/');
    runs.set(account, at(account, runs) + orNoMore(count, accountCapacity));
  }
  return (account) => at(account, runs);
}

function orNoMore(count: number, most: number): number {
  return count < most ? count : Number.POSITIVE_INFINITY;
}

function placeOf({ key, region }: Rotation): string {
  return `${key.user.account}/${region}`;
}

function accountOf({ key }: Rotation): string {
  return key.user.account;
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((all, one) => all + one, 0);
}
