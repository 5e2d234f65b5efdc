/** Whose turn it is in a tick: who waits longest, unless too many wait for the same. */
import type { Clock, RotationStore } from '../domain/ports.ts';
import type { Need } from '../domain/wake.ts';
import type { RoomAmongRuns } from './room-among-runs.ts';

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
  if (need !== 'admission' || longest.length <= accountCapacity) return longest;
  const first = longest.slice(0, 1);
  if (!(await room.isAnyLeft())) return first;
  const turns = await store.due(need, clock.now(), limit, await room.runsOf());
  return [...turns, ...first.filter((id) => !turns.includes(id))];
}
