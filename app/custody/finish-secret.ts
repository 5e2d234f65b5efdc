/**
 * finishSecret: the new key becomes AWSCURRENT, after it has worked once more and the operator's
 * health check has passed; and it is tried again when it is. From then on it is the key that
 * consumers read, and nothing undoes it. Only then do further places get it: those that do not are
 * behind on the old key, which works, and a repeated finishSecret brings them up.
 */
import { type Custody, type IssueOrder, labels, type StoredKey } from '../../domain/custody.ts';
import { messageOf, Permanent, Transient } from '../../domain/errors.ts';
import { releaseClaim } from './claim.ts';
import type { CustodyDeps } from './deps.ts';
import { bringUpEverywhere, othersThan, withdrawEverywhere } from './further-places.ts';
import { factsOf, noteProblem } from './leftovers.ts';
import { makeCurrent } from './make-current.ts';
import { noteIssued, noteMove } from './native-facts.ts';
import {
  type Holding,
  issuedCustody,
  issuedToken,
  keysOf,
  pendingKey,
  requireActive,
  requireHolding,
  subjectOf,
} from './subject.ts';
import { lastProof, promptProof, verify } from './verify.ts';

export async function finishSecret(deps: CustodyDeps, order: IssueOrder): Promise<Custody> {
  const holding = await requireHolding(deps, await subjectOf(deps, order));
  const issued = issuedToken(holding);
  if (issued !== undefined) return concluded(deps, holding, issued, []);
  const key = await pendingKey(deps, holding);
  const keys = await keysOf(deps, holding.user);
  requireActive(keys, order.oldKeyId, 'the old key');
  requireActive(keys, key.keyId, 'the new key');
  const requestIds = [...(await verify(deps, holding, key, lastProof))];

  await requireHealthy(deps, holding, key);

  // Read again: all that took time, and an undo may have begun meanwhile.
  const fresh = await requireHolding(deps, holding);
  if (issuedToken(fresh) === undefined) {
    await pendingKey(deps, fresh);
    await noteMove(deps, fresh, key);
    const from = await makeCurrent(deps, fresh);
    requestIds.push(...(await requireStillWorking(deps, fresh, key, from)));
  }
  return concluded(deps, fresh, issuedToken(fresh) ?? order.token, requestIds);
}

/**
 * The key is current: copies get it too, this is told, what is no longer needed is taken away, and
 * others may go. While a copy is behind AWSPENDING stays, so that Secrets Manager tries again too.
 */
async function concluded(
  deps: CustodyDeps,
  holding: Holding,
  token: string,
  requestIds: readonly string[],
): Promise<Custody> {
  const behind = await bringUpEverywhere(deps, holding, token);
  const writtenTo = othersThan(behind, holding.order);
  const custody = { ...(await issuedCustody(deps, holding, token, requestIds)), writtenTo };
  await noteIssued(deps, holding, custody);
  deps.log.info('new key is current', { ...factsOf(holding.order), keyId: custody.newKeyId });
  if (behind.length > 0) {
    throw new Transient(
      `new key ${custody.newKeyId} is AWSCURRENT in ${holding.secret.arn} and stays so, but not ` +
        `everywhere. Behind: ${behind.map(({ problem }) => problem).join('; ')}. The old key is ` +
        'neither switched off nor deleted meanwhile; finishSecret again tries these places again',
    );
  }
  await tidy(deps, holding, token);
  await releaseClaim(deps, holding);
  return custody;
}

/** Asks the operator's own function, if policy names one: only its plain yes goes on. */
async function requireHealthy(deps: CustodyDeps, holding: Holding, key: StoredKey): Promise<void> {
  const { order, secret, user } = holding;
  if (order.healthCheck === null) return;
  const answer = await deps.healthCheck.ask(order.healthCheck, {
    userName: user.userName,
    userId: user.userId,
    account: user.account,
    newKeyId: key.keyId,
    secretArn: secret.arn,
    secretVersionId: order.token,
  });
  if (answer.healthy) return;
  throw new Permanent(
    `health check ${order.healthCheck} did not find new key ${key.keyId} healthy ` +
      `(${answer.why}): AWSCURRENT stays where it is`,
  );
}

/**
 * An undo that began before AWSCURRENT moved may have deleted the key meanwhile, and IAM's list may
 * be late to show it: what counts is whether the key works. If it does not and IAM no longer shows
 * it as Active, AWSCURRENT is given back. While IAM shows it, STS may just not answer: it worked a
 * moment ago and stays current, as the old key stays Active; taking it away would leave readers
 * with less. Returns the request ids of the tries.
 */
async function requireStillWorking(
  deps: CustodyDeps,
  holding: Holding,
  key: StoredKey,
  from: string,
): Promise<readonly string[]> {
  const { secret, order } = holding;
  const { requestId, result } = await deps.tester.try(key, order.token);
  const requestIds = requestId === null ? [] : [requestId];
  if (result.worked) return requestIds;
  let { problem } = result;
  if (await mayStillBeActive(deps, holding, key.keyId)) {
    try {
      return [...requestIds, ...(await verify(deps, holding, key, promptProof))];
    } catch (error) {
      if (error instanceof Transient && (await mayStillBeActive(deps, holding, key.keyId))) {
        noteProblem(deps, 'new key is current, but could not be tried since', holding, error);
        return requestIds;
      }
      problem = messageOf(error);
    }
  }
  try {
    await deps.vault.moveCurrent(secret.arn, { from: order.token, to: from });
  } finally {
    await withdrawEverywhere(deps, holding, [order.token]);
  }
  throw new Permanent(
    `new key ${key.keyId} does not work since it became current (${problem}): AWSCURRENT is back ` +
      `on version ${from}; look who deleted it or switched it off`,
  );
}

/** Whether IAM shows the key as Active, or cannot be asked. */
async function mayStillBeActive(
  deps: CustodyDeps,
  { user }: Holding,
  keyId: string,
): Promise<boolean> {
  try {
    const keys = await keysOf(deps, user);
    return keys.some((key) => key.keyId === keyId && key.status === 'Active');
  } catch (error) {
    if (error instanceof Transient || error instanceof Permanent) return true;
    throw error;
  }
}

/**
 * Takes AWSPENDING off the version that is current. Where it stays it does no harm to consumers,
 * and the issue has succeeded: a failure is told and not thrown.
 */
async function tidy(deps: CustodyDeps, holding: Holding, token: string): Promise<void> {
  const { secret } = holding;
  if (secret.labels[token]?.includes(labels.pending) !== true) return;
  try {
    await deps.vault.clearPending(secret.arn, token);
  } catch (error) {
    noteProblem(deps, 'AWSPENDING stays on the current version', holding, error);
  }
}
