/**
 * The secret of the same name in another Region, as a further place that gets the key. The same
 * rules hold there as at home: the right account and user, a placeholder first, nothing of somebody
 * else's overwritten. Its readers change over just before the vault's, to a key that has been
 * proven by then; the old key stays Active all the while.
 */
import { labels, type StoredKey, type Writer } from '../../domain/custody.ts';
import { Permanent, Transient } from '../../domain/errors.ts';
import type { CustodyDeps } from './deps.ts';
import { placeholderName } from './deps.ts';
import { makeCurrent, moveSafely } from './make-current.ts';
import { refuseForeign } from './refuse-foreign.ts';
import {
  currentVersion,
  type Holding,
  holdingOf,
  pendingKey,
  requireHolding,
  type Subject,
  tagsFor,
} from './subject.ts';

/** The writer of one Region. */
export function secretCopy(custody: CustodyDeps, subject: Subject, region: string): Writer {
  const deps = { ...custody, vault: custody.copyIn(region) };
  return {
    what: `secret ${subject.order.secretName} in ${region}`,
    put: (key) => put(deps, subject, key),
    makeCurrent: (key) => changeOver(deps, subject, key),
    takeBack: (tokens) => takeBack(deps, subject, tokens),
    requireUnread: (keyId) => requireUnread(deps, subject, keyId),
  };
}

async function put(deps: CustodyDeps, subject: Subject, key: StoredKey): Promise<void> {
  const { vault } = deps;
  const { secret } = (await holdingOf(deps, subject)) ?? (await opened(deps, subject));
  const { token } = subject.order;
  if (currentVersion(secret) === token) return;
  refuseForeign(secret, (await vault.readCurrent(secret.arn))?.content);
  await vault.putPending(secret.arn, token, key);
}

async function opened(deps: CustodyDeps, subject: Subject): Promise<Holding> {
  const { order, user } = subject;
  await deps.vault.open({
    name: order.secretName,
    placeholderId: deps.ids.uuid(placeholderName(user)),
    userName: user.userName,
    tags: tagsFor(order),
  });
  return requireHolding(deps, subject);
}

async function changeOver(deps: CustodyDeps, subject: Subject, key: StoredKey): Promise<void> {
  const holding = await requireHolding(deps, subject);
  const { secret } = holding;
  const { token } = subject.order;
  if (currentVersion(secret) === token) {
    if (secret.labels[token]?.includes(labels.pending) !== true) return;
    return deps.vault.clearPending(secret.arn, token);
  }
  const stored = await pendingKey(deps, holding);
  if (stored.keyId !== key.keyId || !stored.secret.equals(key.secret)) {
    const where = `version ${token} of ${secret.arn}`;
    throw new Permanent(`${where} is not the key ${key.keyId}: look who wrote it`);
  }
  await makeCurrent(deps, holding);
  await deps.vault.clearPending(secret.arn, token);
}

/** AWSPENDING first: a finishSecret that still runs then no longer changes this copy over. */
async function takeBack(
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
  const from = tokens.find((token) => token === currentVersion(secret));
  if (from === undefined) return;
  const to = Object.keys(secret.labels).find((id) => secret.labels[id]?.includes(labels.previous));
  if (to === undefined || tokens.includes(to)) {
    throw new Permanent(
      `${secret.arn} shows no version that was AWSCURRENT before ${from}: its readers get the ` +
        'new key, which therefore stays; look at the secret',
    );
  }
  await moveSafely(deps, holding, { from, to });
}

async function requireUnread(deps: CustodyDeps, subject: Subject, keyId: string): Promise<void> {
  const holding = await holdingOf(deps, subject);
  if (holding === undefined) return;
  const { arn } = holding.secret;
  const current = await deps.vault.readCurrent(arn);
  refuseForeign(holding.secret, current?.content);
  if (current?.content.kind === 'key' && current.content.key.keyId === keyId) {
    throw new Transient(`key ${keyId} stays: it is AWSCURRENT in ${arn}; undo it again`);
  }
}
