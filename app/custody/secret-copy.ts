/**
 * The secret or parameter of the same name in another Region, or in this one what the vault is not,
 * as a further place that gets the key. The same
 * rules hold there as at home: the right account and user, a placeholder first, nothing of somebody
 * else's overwritten. Its readers change over just after the vault's; the old key stays Active all
 * the while. AWSCURRENT of a copy is never taken back: whoever has read the key may keep it.
 */
import {
  currentVersion,
  labels,
  type StoredKey,
  type VaultSecret,
  type Writer,
} from '../../domain/custody.ts';
import { Permanent } from '../../domain/errors.ts';
import { type PlaceInAws, placeInWords, placeText } from '../../domain/further-place.ts';
import { placeholderName } from '../../domain/secret-name.ts';
import type { CustodyDeps } from './deps.ts';
import { moveSafely } from './make-current.ts';
import { refuseForeign } from './refuse-foreign.ts';
import {
  type Holding,
  holdingOf,
  labelsBeyondPending,
  requireHolding,
  type Subject,
  tagsFor,
} from './subject.ts';

/** The writer of one place. */
export function secretCopy(custody: CustodyDeps, home: Subject, place: PlaceInAws): Writer {
  const deps = { ...custody, vault: custody.copyIn(place) };
  const subject = { ...home, isHome: false };
  return {
    place: placeText(place),
    what: placeInWords(place),
    put: (key) => put(deps, subject, key),
    bringUp: (versionId, key) => bringUp(deps, subject, versionId, key),
    withdraw: (tokens) => withdraw(deps, subject, tokens),
    requireUnread: (keyId, versionId) => requireUnread(deps, subject, keyId, versionId),
  };
}

async function put(deps: CustodyDeps, subject: Subject, key: StoredKey): Promise<void> {
  const { vault } = deps;
  const { secret } = await openedHolding(deps, subject);
  const { token } = subject.order;
  if (currentVersion(secret) === token) return;
  refuseForeign(secret, (await vault.readCurrent(secret.arn))?.content);
  await vault.putPending(secret.arn, token, key);
}

async function openedHolding(deps: CustodyDeps, subject: Subject): Promise<Holding> {
  const there = await holdingOf(deps, subject);
  if (there !== undefined) return there;
  const { order, user } = subject;
  await deps.vault.open({
    name: order.secretName,
    placeholderId: deps.ids.uuid(placeholderName(user)),
    userName: user.userName,
    tags: tagsFor(order),
  });
  return requireHolding(deps, subject);
}

/** An undo that found the key current may have taken AWSPENDING off: it does not matter here. */
async function bringUp(
  deps: CustodyDeps,
  subject: Subject,
  versionId: string,
  key: StoredKey,
): Promise<void> {
  const { vault } = deps;
  const holding = await openedHolding(deps, subject);
  const { secret } = holding;
  const from = currentVersion(secret);
  if (from === undefined) {
    throw new Permanent(`${secret.arn} has no version with AWSCURRENT: look at the secret`);
  }
  if (from === versionId) {
    if (secret.labels[versionId]?.includes(labels.pending) !== true) return;
    return vault.clearPending(secret.arn, versionId);
  }
  refuseForeign(secret, (await vault.readCurrent(secret.arn))?.content);
  await requireStored(deps, secret, versionId, key);
  await moveSafely(deps, holding, { from, to: versionId });
  await vault.clearPending(secret.arn, versionId);
}

async function requireStored(
  { vault }: CustodyDeps,
  { arn }: VaultSecret,
  versionId: string,
  key: StoredKey,
): Promise<void> {
  const stored = await vault.read(arn, versionId);
  if (stored === undefined) return vault.putPending(arn, versionId, key);
  const same =
    stored.kind === 'key' && stored.key.keyId === key.keyId && stored.key.secret.equals(key.secret);
  if (same) return;
  throw new Permanent(
    `version ${versionId} of ${arn} is not the key ${key.keyId}: look who wrote it`,
  );
}

async function withdraw(
  deps: CustodyDeps,
  subject: Subject,
  tokens: readonly string[],
): Promise<void> {
  const holding = await holdingOf(deps, subject);
  if (holding === undefined) return;
  const { secret } = holding;
  for (const token of tokens) {
    if (secret.labels[token]?.includes(labels.pending) !== true) continue;
    await deps.vault.clearPending(secret.arn, token);
  }
}

async function requireUnread(
  deps: CustodyDeps,
  subject: Subject,
  keyId: string,
  versionId: string,
): Promise<void> {
  const holding = await holdingOf(deps, subject);
  if (holding === undefined) return;
  const { secret } = holding;
  const current = await deps.vault.readCurrent(secret.arn);
  refuseForeign(secret, current?.content);
  const shown = current?.content.kind === 'key' && current.content.key.keyId === keyId;
  const beyond = shown ? [labels.current] : labelsBeyondPending(secret, versionId);
  if (beyond.length === 0) return;
  throw new Permanent(
    `key ${keyId} is not deleted: it is ${beyond.join(', ')} in ${secret.arn}, so consumers may ` +
      'use it; look who does',
  );
}
