/**
 * The claim on a user: of all rotations that would make a key for one user at the same time, one
 * does. A claim whose holder went away is taken over after a day. Should two take over in the same
 * moment, what is read again after a pause shows one of them that the claim is not theirs.
 */
import { Conflict } from '../../domain/errors.ts';
import { inUtcWords, isDue, plus } from '../../domain/instant.ts';
import { type CustodyDeps, settleMillis } from './deps.ts';
import { noteProblem } from './leftovers.ts';
import type { Holding, Subject } from './subject.ts';

/** So long a claim stands although nothing is heard of its holder. */
const claimAge = { hours: 24 } as const;

/**
 * Takes the claim for the order's rotation. The caller makes sure, before and again afterwards,
 * that no other rotation has a pending key: nothing is lost by taking over. Throws Conflict while
 * somebody else has the claim.
 */
export async function takeClaim(deps: CustodyDeps, holding: Holding): Promise<void> {
  const { claims, clock, log } = deps;
  const { user, order } = holding;
  const taking = await claims.take(user, order.rotationId);
  if (taking.taken) return;
  const freeAt = plus(taking.since, claimAge);
  if (!isDue(freeAt, clock.now())) throw isClaimed(holding, taking.holder, freeAt);
  await claims.release(user, taking.holder);
  const facts = { user: user.userName, rotation: order.rotationId, from: taking.holder };
  log.info('claim of a rotation that went away is taken over', facts);
  for (const pauseMillis of [0, settleMillis]) {
    await clock.sleep(pauseMillis);
    const again = await claims.take(user, order.rotationId);
    if (!again.taken) throw isClaimed(holding, again.holder, plus(again.since, claimAge));
  }
}

/**
 * Gives the claim up when the rotation no longer makes keys. What the step did stands whether or
 * not this works: a claim that stays is taken over after a day.
 */
export async function releaseClaim(deps: CustodyDeps, subject: Subject): Promise<void> {
  try {
    await deps.claims.release(subject.user, subject.order.rotationId);
  } catch (error) {
    noteProblem(deps, 'the claim on the user stays for a day', subject, error);
  }
}

function isClaimed(
  { user }: Subject,
  holder: string,
  freeAt: Parameters<typeof inUtcWords>[0],
): Conflict {
  return new Conflict(
    `rotation ${holder} is making a key for user ${user.userName} of account ${user.account}: ` +
      `no other one is made meanwhile. Try again when it has ended, or after ${inUtcWords(freeAt)}`,
  );
}
