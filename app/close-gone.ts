/**
 * Closes rotations that wait for a person although their key, or its user, is gone: nobody looks at
 * them before somebody answers. The account's credential report says which of them may be meant,
 * and IAM itself whether they are.
 */
import type { Rotation } from '../domain/case.ts';
import { messageOf } from '../domain/errors.ts';
import type { CredentialReport } from '../domain/inventory.ts';
import type { Log, RotationStore, Users } from '../domain/ports.ts';
import { toSecond } from '../domain/use-history.ts';
import { advance, type Shell } from './advance.ts';
import { loadedInParts } from './answer-question.ts';
import { isExpected } from './is-expected.ts';
import type { TimeLeft } from './time-left.ts';
import { userOrGone } from './user-or-gone.ts';
import { whileTime } from './while-time.ts';

interface ClosingShell extends Shell {
  readonly users: Users;
  readonly log: Log;
}

/** So many that wait are looked through a day; the others come up once these have moved on. */
const mostWaiting = 2000;
/** So many users of an account are asked for at once. */
const askedAtOnce = 2;

/** Rotations that wait for an answer, by account; none where they cannot be listed. */
export async function waitingByAccount({
  store,
  log,
}: {
  readonly store: Pick<RotationStore, 'standingAt' | 'load'>;
  readonly log: Log;
}): Promise<ReadonlyMap<string, readonly Rotation[]>> {
  try {
    const ids = await store.standingAt('proposed', { limit: mostWaiting });
    const waiting = (await loadedInParts(store, ids)).filter(isUnanswered);
    return Map.groupBy(waiting, ({ key }) => key.user.account);
  } catch (error) {
    if (!isExpected(error)) throw error;
    log.error('inventory: waiting rotations not listed', { problem: messageOf(error) });
    return new Map();
  }
}

/** How many were closed. One of which it cannot be told stays, and is looked at tomorrow. */
export async function closeGone(
  shell: ClosingShell,
  waiting: readonly Rotation[],
  report: CredentialReport,
  time: TimeLeft,
): Promise<number> {
  let closed = 0;
  const unseen = waiting.filter((rotation) => !isIn(report, rotation));
  await whileTime(time, askedAtOnce, unseen, async (rotation) => {
    try {
      const found = await userOrGone(shell, rotation);
      if (!('type' in found)) return;
      const { ignored } = await advance(shell, rotation.id, found);
      if (ignored === undefined) closed += 1;
    } catch (error) {
      if (!isExpected(error)) throw error;
      const { id: rotationId } = rotation;
      shell.log.error('inventory: not closed', { rotationId, problem: messageOf(error) });
    }
  });
  return closed;
}

function isUnanswered({ stage }: Rotation): boolean {
  return stage.name === 'proposed' && !stage.approval.given;
}

/** A report names no key ids, and dates a key to the second. What differs is asked of IAM. */
function isIn({ users }: CredentialReport, { key }: Rotation): boolean {
  const row = users.find(({ userName }) => userName === key.user.userName);
  return (row?.keys ?? []).some(
    ({ rotatedAt }) => rotatedAt !== 'unknown' && toSecond(rotatedAt) === toSecond(key.createdAt),
  );
}
