/**
 * Wakes all rotations that need the same. What a witness is asked for takes seconds, and each
 * account has its own: those go by account at the same time, all others one by one.
 */
import { messageOf } from '../domain/errors.ts';
import type { Need } from '../domain/wake.ts';
import { isExpected } from './is-expected.ts';
import { inLanes, lanesAtOnce } from './lanes.ts';
import { listedInTurns, roomWaitedFor } from './listed-in-turns.ts';
import type { Ticking } from './ticking.ts';
import { mayBegin } from './time-left.ts';
import { whileTime } from './while-time.ts';

/** At most so many rotations of each need a tick. */
const batch = 200;

/**
 * Those who wait for a run stay in the queue while their account has no room, and so do those whose
 * waking fails: behind so many of them a tick still looks for others.
 */
const farthest = 3200;

/** Wakes one rotation. Throws what keeps it from that. */
export type Waking = (id: string) => Promise<void>;

/** Returns how many were woken. What nobody expected is added to `unexpected`. */
export async function wakeAll(
  shell: Ticking,
  need: Need,
  wake: Waking,
  unexpected: unknown[],
): Promise<number> {
  const seen = new Set<string>();
  let failed = 0;
  let isOver = false;
  const wakeNext = async ({ id }: Due): Promise<void> => {
    const { stopped } = await shell.stopSwitch.read();
    if (stopped || !mayBegin(shell.time)) isOver = true;
    if (isOver) return;
    seen.add(id);
    if (!(await wakeSafely(shell, wake, id, unexpected))) failed += 1;
  };
  for (let limit = batch; limit <= farthest; limit *= 2) {
    const listed = await listedInTurns(shell, need, limit);
    const fresh = listed.filter((each) => !seen.has(each));
    const { known, unknown } = await byAccount(shell, need, fresh);
    await inLanes(known, ({ account }) => account, wakeNext);
    for (const each of unknown) await wakeNext(each);
    if (isOver || listed.length < limit) break;
    const mayFindMore = roomWaitedFor(need) === null ? failed > 0 : await shell.room.isAnyLeft();
    if (!mayFindMore) break;
  }
  return seen.size;
}

interface Due {
  readonly id: string;
}

type DueIn = Due & { readonly account: string };

/**
 * Whom to look for where. What cannot be read is woken all the same, which counts it, but not
 * beside others of its account. Those that there is no time to read are left to the next tick.
 */
async function byAccount(
  { store, time }: Ticking,
  need: Need,
  ids: readonly string[],
): Promise<{ readonly known: readonly DueIn[]; readonly unknown: readonly Due[] }> {
  const isSlow = need === 'evidence' || need === 'turn';
  if (!isSlow) return { known: ids.map((id) => ({ id, account: '' })), unknown: [] };
  const accounts = new Map<string, string | undefined>();
  await whileTime(time, lanesAtOnce, ids, async (id) => {
    const rotation = await store.load(id).catch(() => undefined);
    accounts.set(id, rotation?.key.user.account);
  });
  const read = ids.filter((id) => accounts.has(id));
  return {
    known: read.flatMap((id) => {
      const account = accounts.get(id);
      return account === undefined ? [] : [{ id, account }];
    }),
    unknown: read.flatMap((id) => (accounts.get(id) === undefined ? [{ id }] : [])),
  };
}

/** Whether nothing failed. */
async function wakeSafely(
  shell: Ticking,
  wake: Waking,
  id: string,
  unexpected: unknown[],
): Promise<boolean> {
  try {
    await wake(id);
    return true;
  } catch (error) {
    shell.log.error('wake failed', { rotationId: id, problem: messageOf(error) });
    if (!isExpected(error)) unexpected.push(error);
    return false;
  }
}
