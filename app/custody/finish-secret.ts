/**
 * finishSecret: the new key becomes AWSCURRENT, after it has worked once more, and is tried again
 * when it is. From then on it is the key that consumers read, and nothing undoes it.
 */
import { type Custody, type IssueOrder, labels, type StoredKey } from '../../domain/custody.ts';
import { messageOf, Permanent, Transient } from '../../domain/errors.ts';
import { releaseClaim } from './claim.ts';
import type { CustodyDeps } from './deps.ts';
import { factsOf, noteProblem } from './leftovers.ts';
import { noteIssued, noteMove } from './native-facts.ts';
import {
  currentVersion,
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

  // Read again: the tries took time, and an undo may have begun meanwhile.
  const fresh = await requireHolding(deps, holding);
  if (issuedToken(fresh) === undefined) {
    await pendingKey(deps, fresh);
    await noteMove(deps, fresh, key);
    const from = await makeCurrent(deps, fresh);
    requestIds.push(...(await requireStillWorking(deps, fresh, key, from)));
  }
  return concluded(deps, fresh, issuedToken(fresh) ?? order.token, requestIds);
}

/** The key is current: this is told, what is no longer needed is taken away, and others may go. */
async function concluded(
  deps: CustodyDeps,
  holding: Holding,
  token: string,
  requestIds: readonly string[],
): Promise<Custody> {
  const custody = await issuedCustody(deps, holding, token, requestIds);
  await noteIssued(deps, holding, custody);
  deps.log.info('new key is current', { ...factsOf(holding.order), keyId: custody.newKeyId });
  await tidy(deps, holding, token);
  await releaseClaim(deps, holding);
  return custody;
}

/** Moves AWSCURRENT to the attempt. Returns the version that had it. */
async function makeCurrent(deps: CustodyDeps, holding: Holding): Promise<string> {
  const { secret, order } = holding;
  const from = currentVersion(secret);
  if (from === undefined) {
    throw new Permanent(`${secret.arn} has no version with AWSCURRENT: look at the secret`);
  }
  try {
    await deps.vault.moveCurrent(secret.arn, { from, to: order.token });
  } catch (error) {
    // The answer may have been lost, or another run was first: what counts is who has it now.
    const now = await requireHolding(deps, holding);
    if (currentVersion(now.secret) !== order.token) throw error;
  }
  return from;
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
  await deps.vault.moveCurrent(secret.arn, { from: order.token, to: from });
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
