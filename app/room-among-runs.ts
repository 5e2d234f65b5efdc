/**
 * How many more runs may begin in one tick, over all accounts and in each: SSM counts by account
 * and Region, and a storm in one of them must not take the room of all. The store is asked once,
 * since what it counts may be late; what this tick orders itself is known for sure.
 */
import type { Rotation } from '../domain/case.ts';
import { type Instant, plus } from '../domain/instant.ts';
import type { Clock, RotationStore } from '../domain/ports.ts';
import { runInFlight } from '../domain/wake.ts';
import type { Advanced } from './advance.ts';

export interface RoomAmongRuns {
  /** Whether any account may begin a run. */
  isAnyLeft(): Promise<boolean>;
  /** Whether this rotation may. */
  isLeftFor(rotation: Rotation): Promise<boolean>;
  /** What an event came to: perhaps another run was ordered. */
  note(advanced: Advanced): void;
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
    note: ({ rotation, ignored }) => {
      if (ignored !== undefined || runInFlight(rotation) === null) return;
      const place = placeOf(rotation);
      ordered.set(place, (ordered.get(place) ?? 0) + 1);
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
