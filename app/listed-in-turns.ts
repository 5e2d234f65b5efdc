/** Whose turn it is in a tick: who waits longest, unless too many wait for the same. */
import { askingRuns } from '../domain/asking.ts';
import type { Clock, RotationStore } from '../domain/ports.ts';
import type { Need } from '../domain/wake.ts';
import type { RoomAmongRuns, RoomFor } from './room-among-runs.ts';

/** What those wait for who need this; null where it is no run. */
export function roomWaitedFor(need: Need): RoomFor | null {
  if (need === 'admission') return 'any run';
  return need === 'turn' ? 'asking run' : null;
}

/**
 * Those who wait longest; but where more wait for a run than one account may have, accounts take
 * turns: whoever reports thousands of keys first makes nobody else wait for all of them. Who waits
 * longest is listed in any case: by that it shows that there is no room, and for how long.
 */
export async function listedInTurns(
  shell: {
    readonly store: Pick<RotationStore, 'due'>;
    readonly room: RoomAmongRuns;
    readonly clock: Pick<Clock, 'now'>;
    readonly accountCapacity: number;
  },
  need: Need,
  limit: number,
): Promise<readonly string[]> {
  const { store, room, clock, accountCapacity } = shell;
  const longest = await store.due(need, clock.now(), limit);
  const what = roomWaitedFor(need);
  const share = what === 'asking run' ? Math.min(askingRuns, accountCapacity) : accountCapacity;
  if (what === null || longest.length <= share) return longest;
  const first = longest.slice(0, 1);
  if (!(await room.isAnyLeft())) return first;
  const turns = await store.due(need, clock.now(), limit, await room.runsOf(what));
  return [...turns, ...first.filter((id) => !turns.includes(id))];
}
