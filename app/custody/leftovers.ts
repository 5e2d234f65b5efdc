/**
 * Removing what attempts of a rotation left behind. A key is deleted only if
 *  - the vault holds it under a token of this rotation, and it never was current; or
 *  - the vault does not hold it, CloudTrail proves that a session of this rotation created it,
 *    nobody ever used it, and no step can still be about to store it: an orphan, its secret is
 *    lost.
 * Everything else stays and is told.
 *
 * The order is: AWSPENDING comes off first, in further places too, then a pause, then everything is
 * read again, then the key goes, unless anybody can have read it anywhere. So whoever looks for
 * AWSPENDING never finds a key that is about to go, and a finishSecret that still runs has either
 * moved AWSCURRENT by then (which is seen, and nothing is deleted) or finds AWSPENDING gone. A
 * crash in between loses nothing: a version without labels stays readable by its id. Secrets
 * Manager removes such versions only beyond 100, and never in their first 24 hours; Parameter Store
 * keeps what Keyturn has not deleted; and should it be gone, the key is an orphan that CloudTrail
 * still proves.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html (read 2026-11)
 */
import { currentVersion, labels, type StoredKey, type VaultSecret } from '../../domain/custody.ts';
import { messageOf, Permanent, Transient } from '../../domain/errors.ts';
import { isDue, plus } from '../../domain/instant.ts';
import type { AccessKey } from '../../domain/key.ts';
import { type CustodyDeps, orphanAge, settleMillis } from './deps.ts';
import { requireUnreadEverywhere, withdrawEverywhere } from './further-places.ts';
import { refuseForeign } from './refuse-foreign.ts';
import {
  type Holding,
  isOurs,
  issuedToken,
  keysOf,
  labelsBeyondPending,
  requireHolding,
} from './subject.ts';

/** `issued`: meanwhile an attempt's key is AWSCURRENT, so that nothing may be removed. */
export type Cleared =
  | { readonly outcome: 'issued'; readonly token: string; readonly holding: Holding }
  | { readonly outcome: 'cleared'; readonly keys: readonly AccessKey[] };

/**
 * Removes what is removable and returns the keys that are left. `own`: this attempt's key too
 * (undo); otherwise only what earlier attempts left. Throws if a key remains besides the old one,
 * saying why.
 */
export async function clearLeftovers(
  deps: CustodyDeps,
  holding: Holding,
  own: boolean,
): Promise<Cleared> {
  const { order, user, tokens } = holding;
  const mine = own ? tokens : tokens.slice(0, -1);
  const stored = await withdrawPending(deps, holding, mine);
  await withdrawEverywhere(deps, holding, mine);
  const listed = await keysOf(deps, user);
  const extras = listed.filter((key) => key.keyId !== order.oldKeyId);
  // The list may be late to show a key that this attempt has just made; deleting it is then safe
  // too.
  const ownStored = own ? stored.get(order.token) : undefined;
  if (extras.length === 0 && ownStored === undefined) {
    return { outcome: 'cleared', keys: listed };
  }
  await deps.clock.sleep(settleMillis);
  const fresh = await requireHolding(deps, holding);
  const token = issuedToken(fresh);
  if (token !== undefined) return { outcome: 'issued', token, holding: fresh };
  await requireKnownCurrent(deps, fresh.secret);

  const removed = new Set<string>();
  const kept: Kept[] = [];
  if (ownStored !== undefined) {
    const isListed = extras.some((key) => key.keyId === ownStored.keyId);
    // A version that was current once and whose key is gone: finishSecret gave AWSCURRENT back.
    const isOver = !isListed && labelsBeyondPending(fresh.secret, order.token).length > 0;
    if (!isOver) removed.add(await removeStored(deps, fresh, order.token, ownStored));
  }
  const held = await heldKeys(deps, fresh);
  for (const extra of extras.filter((key) => !removed.has(key.keyId))) {
    const why = await removeExtra(deps, fresh, { extra, held, mine });
    if (why === null) removed.add(extra.keyId);
    else kept.push(why);
  }
  if (kept.length > 0) throw remaining(fresh, kept);
  return { outcome: 'cleared', keys: listed.filter((key) => !removed.has(key.keyId)) };
}

/** Takes AWSPENDING off the given attempts; returns the keys that they stored. */
async function withdrawPending(
  { vault }: CustodyDeps,
  { secret, order }: Holding,
  tokens: readonly string[],
): Promise<ReadonlyMap<string, StoredKey>> {
  const stored = new Map<string, StoredKey>();
  for (const token of tokens) {
    const content = await vault.read(secret.arn, token);
    const labelled = secret.labels[token]?.includes(labels.pending) === true;
    // What this attempt stored may be labelled although the description does not show it yet.
    if (labelled || (content !== undefined && token === order.token)) {
      await vault.clearPending(secret.arn, token);
    }
    if (content?.kind === 'key') stored.set(token, content.key);
  }
  return stored;
}

/** Who reads AWSCURRENT must be known, by two kinds of reading that agree, before a key goes. */
async function requireKnownCurrent(deps: CustodyDeps, secret: VaultSecret): Promise<void> {
  const current = await deps.vault.readCurrent(secret.arn);
  if (current?.versionId !== currentVersion(secret)) {
    throw new Transient(`${secret.arn} shows two different versions as AWSCURRENT: try again`);
  }
  refuseForeign(secret, current?.content);
}

/** The keys that any known version holds, by key id. */
async function heldKeys(
  { vault }: CustodyDeps,
  { secret, tokens }: Holding,
): Promise<ReadonlyMap<string, Held>> {
  const held = new Map<string, Held>();
  for (const versionId of new Set([...tokens, ...Object.keys(secret.labels)])) {
    const content = await vault.read(secret.arn, versionId);
    if (content?.kind === 'key') held.set(content.key.keyId, { versionId, key: content.key });
    if (content?.kind === 'foreign') refuseForeign(secret, content);
  }
  return held;
}

interface Held {
  readonly versionId: string;
  readonly key: StoredKey;
}

interface Kept {
  readonly problem: string;
  /** It may be removable later. */
  readonly wait: boolean;
}

interface Extra {
  readonly extra: AccessKey;
  readonly held: ReadonlyMap<string, Held>;
  /** Tokens of the attempts whose stored keys may be removed. */
  readonly mine: readonly string[];
}

/** Removes one key besides the old one if that is allowed: null, else why it stays. */
async function removeExtra(
  deps: CustodyDeps,
  holding: Holding,
  { extra, held, mine }: Extra,
): Promise<Kept | null> {
  const { keyId } = extra;
  if (!isDue(plus(extra.createdAt, orphanAge), deps.clock.now())) {
    const problem = `key ${keyId} is too young: the step that made it may still run`;
    return { problem, wait: true };
  }
  const holder = held.get(keyId);
  if (holder === undefined) return removeOrphan(deps, holding, extra);
  if (!mine.includes(holder.versionId)) {
    const version = `version ${holder.versionId}, not by an attempt to undo`;
    const problem = `key ${keyId} is held by ${version}`;
    return { problem, wait: false };
  }
  await removeStored(deps, holding, holder.versionId, holder.key);
  return null;
}

/** Deletes a key that an attempt stored. */
async function removeStored(
  deps: CustodyDeps,
  holding: Holding,
  versionId: string,
  key: StoredKey,
): Promise<string> {
  const { secret, order, user } = holding;
  if (!isOurs(key, holding)) {
    const problem = `version ${versionId} holds key ${key.keyId}`;
    throw new Permanent(`${problem}, which is not of this rotation and user: it is not deleted`);
  }
  const others = labelsBeyondPending(secret, versionId);
  if (others.length > 0) {
    throw new Permanent(
      `key ${key.keyId} is not deleted: its version ${versionId} is ${others.join(', ')}, so ` +
        'consumers may use it; look who does',
    );
  }
  const current = await deps.vault.readCurrent(secret.arn);
  refuseForeign(secret, current?.content);
  const currentKey = current?.content.kind === 'key' ? current.content.key.keyId : null;
  if (currentKey === key.keyId || current?.versionId === versionId) {
    throw new Permanent(`key ${key.keyId} is not deleted: it is AWSCURRENT in ${secret.arn}`);
  }
  await requireUnreadEverywhere(deps, holding, key.keyId, versionId);
  await deps.maker.remove(user, key.keyId, order.token);
  deps.log.info('pending key deleted', { ...factsOf(order), keyId: key.keyId, versionId });
  return key.keyId;
}

/** Deletes a key that nobody holds, if a session of this rotation is proven to have made it. */
async function removeOrphan(
  deps: CustodyDeps,
  { order, user, tokens }: Holding,
  { keyId, createdAt }: AccessKey,
): Promise<Kept | null> {
  const origin = await deps.origins.creatorOf({ keyId, createdAt });
  if (!origin.complete) {
    const problem = `who made key ${keyId} cannot be read: ${origin.problem}`;
    return { problem, wait: true };
  }
  if (!tokens.some((token) => deps.maker.sessionArn(token) === origin.value)) {
    const maker = origin.value === null ? 'does not show who' : `shows that ${origin.value}`;
    const problem = `CloudTrail ${maker} made key ${keyId}: it is not Keyturn's to delete`;
    return { problem, wait: false };
  }
  const use = await deps.lastUsed.lastUsed(user.userName, keyId);
  if (use !== null) {
    const problem = `key ${keyId} was used (${use.service}, ${use.at}), so somebody has its secret`;
    return { problem, wait: false };
  }
  await deps.maker.remove(user, keyId, order.token);
  deps.log.info('orphaned key deleted', { ...factsOf(order), keyId, createdBy: origin.value });
  return null;
}

function remaining({ user }: Holding, kept: readonly Kept[]): Error {
  const reasons = kept.map(({ problem }) => problem).join('; ');
  const what = `user ${user.userName} of account ${user.account} has a second key that stays`;
  return kept.some(({ wait }) => wait)
    ? new Transient(`${what} for now: ${reasons}; a later attempt looks again`)
    : new Permanent(`${what}: ${reasons}. Somebody has to decide about it`);
}

/** What a log line says of an attempt. */
export function factsOf(order: Holding['order']): Readonly<Record<string, unknown>> {
  return { rotation: order.rotationId, attempt: order.attempt, user: order.userName };
}

/** A problem told in a log line; the step goes on. */
export function noteProblem(
  deps: CustodyDeps,
  what: string,
  { order }: Pick<Holding, 'order'>,
  error: unknown,
): void {
  deps.log.error(what, { ...factsOf(order), problem: messageOf(error) });
}
