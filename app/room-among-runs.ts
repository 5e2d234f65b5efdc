/**
 * How many more runs may begin in one tick, over all accounts and in each: SSM counts by account
 * and Region, and a storm in one of them must not take the room of all. The store is asked once,
 * since what it counts may be late; what this tick orders itself, or may have, is counted here.
 */
import type { Rotation } from '../domain/case.ts';
import { type Instant, plus } from '../domain/instant.ts';
import type { Clock, RotationStore } from '../domain/ports.ts';
import type { RunsOf } from '../domain/turns.ts';
import { runInFlight } from '../domain/wake.ts';
import type { Advanced } from './advance.ts';

export interface RoomAmongRuns {
  /** Whether any account may begin a run. */
  isAnyLeft(): Promise<boolean>;
  /** Whether this rotation may. */
  isLeftFor(rotation: Rotation): Promise<boolean>;
  /** Runs of each account; Infinity where it may begin no more. For accounts to take turns. */
  runsOf(): Promise<RunsOf>;
  /**
   * Counts the run that an act may order for a rotation. Where nobody hears what the act came to,
   * it may have ordered one: that counts too, in this tick. Throws what the act does.
   */
  counting(rotation: Rotation, act: () => Promise<Advanced>): Promise<void>;
}

/** Runs are asked about within hours; to look so far ahead lists all that are in flight. */
const farAhead = { days: 400 } as const;

export function roomAmongRuns(shell: {
  readonly store: Pick<RotationStore, 'inFlight' | 'due' | 'load'>;
  readonly clock: Pick<Clock, 'now'>;
  /** Over all accounts. */
  readonly capacity: number;
  /** In one account and Region. */
  readonly accountCapacity: number;
}): RoomAmongRuns {
  const { store, capacity, accountCapacity } = shell;
  let before: number | undefined;
  let beforeIn: ReadonlyMap<string, number> | undefined;
  const ordered = new Map<string, number>();
  const isAnyLeft = async () => {
    before ??= await store.inFlight();
    return before + sum(ordered) < capacity;
  };
  return {
    isAnyLeft,
    isLeftFor: async (rotation) => {
      if (!(await isAnyLeft())) return false;
      // Nobody has a share of its own left to count while all runs together fit into one.
      if ((before ?? 0) + sum(ordered) < accountCapacity) return true;
      beforeIn ??= await runsByPlace(store, shell.clock.now(), capacity);
      const place = placeOf(rotation);
      return (beforeIn.get(place) ?? 0) + (ordered.get(place) ?? 0) < accountCapacity;
    },
    runsOf: async () => {
      beforeIn ??= await runsByPlace(store, shell.clock.now(), capacity);
      const places = new Map(beforeIn);
      for (const [place, count] of ordered) places.set(place, (places.get(place) ?? 0) + count);
      const runs = new Map<string, number>();
      for (const [place, count] of places) {
        const [account = ''] = place.split('/');
        const more = count < accountCapacity ? count : Number.POSITIVE_INFINITY;
        runs.set(account, (runs.get(account) ?? 0) + more);
      }
      return (account) => runs.get(account) ?? 0;
    },
    counting: async (rotation, act) => {
      let mayHaveOrdered = true;
      try {
        const advanced = await act();
        mayHaveOrdered = advanced.ignored === undefined && runInFlight(advanced.rotation) !== null;
      } finally {
        const place = placeOf(rotation);
        if (mayHaveOrdered) ordered.set(place, (ordered.get(place) ?? 0) + 1);
      }
    },
  };
}

async function runsByPlace(
  store: Pick<RotationStore, 'due' | 'load'>,
  now: Instant,
  capacity: number,
): Promise<ReadonlyMap<string, number>> {
  const runs = new Map<string, number>();
  // What gives a key back runs however full it is, so there may be more than there is room for.
  for (const id of await store.due('run status', plus(now, farAhead), 2 * capacity)) {
    const rotation = await store.load(id);
    if (rotation === undefined || runInFlight(rotation) === null) continue;
    const place = placeOf(rotation);
    runs.set(place, (runs.get(place) ?? 0) + 1);
  }
  return runs;
}

function placeOf({ key, region }: Rotation): string {
  return `${key.user.account}/${region}`;
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((all, one) => all + one, 0);
}
