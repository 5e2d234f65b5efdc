/**
 * Proving that a new key works, again and again: one success is not propagation, a key that worked
 * once was seen to fail again right after.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html#troubleshoot_general_eventual-consistency
 */
import type { StoredKey, Trial } from '../../domain/custody.ts';
import { Permanent, Transient } from '../../domain/errors.ts';
import { type Instant, millisBetween, millisOf } from '../../domain/instant.ts';
import { userArn } from '../../domain/key.ts';
import type { CustodyDeps } from './deps.ts';
import type { Subject } from './subject.ts';

export interface Proof {
  /** In a row; any failure starts the count again. */
  readonly successes: number;
  /** At least so long from the end of the first to the start of the last. */
  readonly spanMillis: number;
  /** No call begins later than that after the start. */
  readonly giveUpMillis: number;
}

export const fullProof: Proof = {
  successes: 4,
  spanMillis: millisOf({ seconds: 30 }),
  // A step has 300 s, the function 290 s.
  giveUpMillis: millisOf({ seconds: 230 }),
};

export const lastProof: Proof = {
  successes: 1,
  spanMillis: 0,
  giveUpMillis: millisOf({ seconds: 60 }),
};

/** For a key that has just worked and then did not once. */
export const promptProof: Proof = {
  successes: 1,
  spanMillis: 0,
  giveUpMillis: millisOf({ seconds: 20 }),
};

const pauseMillis = millisOf({ seconds: 10 });

/**
 * Tries the key until it is proven to work. Returns the request ids of all tries. Throws Transient
 * if it does not come to work in time, Permanent at once if it is somebody else's.
 */
export async function verify(
  { tester, clock }: Pick<CustodyDeps, 'tester' | 'clock'>,
  { order, user }: Subject,
  key: StoredKey,
  proof: Proof,
): Promise<readonly string[]> {
  const requestIds: string[] = [];
  const start = clock.now();
  let successes = 0;
  let firstSuccess: Instant | null = null;
  for (;;) {
    const began = clock.now();
    const { requestId, result } = await tester.try(key, order.token);
    if (requestId !== null) requestIds.push(requestId);
    if (result.worked) {
      refuseStranger(result, userArn(user), user.userId, key.keyId);
      successes += 1;
      firstSuccess ??= clock.now();
      const span = Math.max(0, millisBetween(firstSuccess, began));
      if (successes >= proof.successes && span >= proof.spanMillis) return requestIds;
    } else {
      successes = 0;
      firstSuccess = null;
    }
    if (millisBetween(start, clock.now()) + pauseMillis > proof.giveUpMillis) {
      const last = result.worked ? 'it works by now, but not for long enough' : result.problem;
      const what = `key ${key.keyId} of user ${user.userName}`;
      const tried = `${what} was tried ${requestIds.length} times`;
      throw new Transient(`${tried} and is not proven to work: ${last}`);
    }
    await clock.sleep(pauseMillis);
  }
}

function refuseStranger(
  who: Extract<Trial['result'], { worked: true }>,
  arn: string,
  userId: string,
  keyId: string,
): void {
  const account = arn.split(':')[4];
  if (who.arn === arn && who.userId === userId && who.account === account) return;
  throw new Permanent(
    `key ${keyId} belongs to ${who.arn} (${who.userId}) and not to ${arn} (${userId}): it must ` +
      'not become current',
  );
}
