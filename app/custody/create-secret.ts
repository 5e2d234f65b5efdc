/**
 * createSecret: one new key, in the vault as AWSPENDING. The same token again finds what it made.
 * CreateAccessKey knows no idempotency token, so it is called once at most, last of all checks, and
 * what it made is stored or deleted; if its answer is lost, the key stays for a later attempt,
 * which finds out in CloudTrail whose it is.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccessKey.html
 */
import {
  type Custody,
  type IssueOrder,
  type KeyPair,
  labels,
  type StoredKey,
} from '../../domain/custody.ts';
import { Bug, Conflict, messageOf, Permanent, Transient } from '../../domain/errors.ts';
import { isDue, plus } from '../../domain/instant.ts';
import { placeholderName } from '../../domain/secret-name.ts';
import { takeClaim } from './claim.ts';
import { type CustodyDeps, orphanAge } from './deps.ts';
import { noteCopies, refuseLeftReaders } from './left-readers.ts';
import { clearLeftovers, factsOf } from './leftovers.ts';
import { noteAttempt } from './native-facts.ts';
import { requireGo, requireOrdinaryUser } from './permission.ts';
import { refuseForeign } from './refuse-foreign.ts';
import {
  type Holding,
  holdingOf,
  issuedCustody,
  issuedToken,
  keysOf,
  pendingCustody,
  pendingKey,
  requireActive,
  requireHolding,
  type Subject,
  subjectOf,
  tagsFor,
  userFor,
} from './subject.ts';

export async function createSecret(deps: CustodyDeps, order: IssueOrder): Promise<Custody> {
  const subject = await subjectOf(deps, order);
  const before = await holdingOf(deps, subject);
  const there = before && (await alreadyThere(deps, before));
  if (there !== undefined) return there;
  await requireGo(deps);
  await requireOrdinaryUser(deps, subject);
  await refuseLeftReaders(deps, subject, before?.secret.tags ?? {});
  const found = before ?? (await openedHolding(deps, subject));
  await requireRoom(deps, found);
  await takeClaim(deps, found);
  // Read again: whoever had the claim before may have made a key meanwhile.
  const holding = await requireHolding(deps, found);
  const meanwhile = await alreadyThere(deps, holding);
  if (meanwhile !== undefined) return meanwhile;
  await requireRoom(deps, holding);
  const cleared = await clearLeftovers(deps, holding, false);
  if (cleared.outcome === 'issued') return issuedCustody(deps, cleared.holding, cleared.token);
  if (cleared.keys.length !== 1) {
    throw new Permanent(`user ${order.userName} has not exactly the old key: look at the user`);
  }
  await noteCopies(deps, holding);
  await noteAttempt(deps, holding);
  // Again: all that took time.
  await requireGo(deps);
  return makeKey(deps, holding);
}

/** The answer if this very attempt has made its key already. */
async function alreadyThere(deps: CustodyDeps, holding: Holding): Promise<Custody | undefined> {
  const issued = issuedToken(holding);
  if (issued !== undefined) return issuedCustody(deps, holding, issued);
  const stored = await deps.vault.read(holding.secret.arn, holding.order.token);
  if (stored === undefined) return undefined;
  const key = await pendingKey(deps, holding);
  await requireThere(deps, holding, key);
  return pendingCustody(holding, key);
}

/** A key that somebody deleted never works: the attempt that stored it cannot be finished. */
async function requireThere(
  deps: CustodyDeps,
  { order, user, secret }: Holding,
  { keyId, createdAt }: StoredKey,
): Promise<void> {
  // IAM may not list yet what it has just made.
  if (!isDue(plus(createdAt, orphanAge), deps.clock.now())) return;
  if ((await keysOf(deps, user)).some((key) => key.keyId === keyId)) return;
  const next =
    order.driver.by === 'keyturn'
      ? 'a later attempt makes another one'
      : 'take AWSPENDING off that version, and rotate again';
  throw new Permanent(
    `key ${keyId}, which version ${order.token} of ${secret.arn} holds, is gone from IAM: this ` +
      `attempt cannot be finished; ${next}`,
  );
}

/** Whether a key may be made at all, as far as it shows without removing anything. */
async function requireRoom(deps: CustodyDeps, holding: Holding): Promise<void> {
  const { order, user, secret, tokens } = holding;
  const keys = await keysOf(deps, user);
  requireActive(keys, order.oldKeyId, 'the old key');
  const current = await deps.vault.readCurrent(secret.arn);
  refuseForeign(secret, current?.content);
  await refuseOtherPending(deps, holding);
  if (order.driver.by === 'keyturn') return;
  // Nothing that an attempt left behind can be there before one is known to have begun.
  const others = keys.filter(({ keyId }) => keyId !== order.oldKeyId);
  const begun = order.driver.attempted.some((token) => tokens.includes(token));
  if (others.length === 0 || begun) return;
  const named = others.map(({ keyId, status }) => `${keyId} (${status})`).join(', ');
  throw new Transient(
    `user ${order.userName} has a second key, ${named}, so that there is no room for a new one: ` +
      'nothing was made. If it is the key that the last rotation replaced, Keyturn deletes it ' +
      'after its overlap and soak; rotate again when Keyturn reports that rotation as done. Else ' +
      'somebody has to decide about it',
  );
}

async function openedHolding(deps: CustodyDeps, subject: Subject): Promise<Holding> {
  const { order, user } = subject;
  // Nothing is made for a user whose old key is not there to be replaced, or who has no room for
  // a new one. Keys of Keyturn's are made only after their secret, so this one is not for it.
  const keys = await keysOf(deps, user);
  requireActive(keys, order.oldKeyId, 'the old key');
  const others = keys.filter(({ keyId }) => keyId !== order.oldKeyId);
  if (others.length > 0) {
    throw new Permanent(
      `user ${order.userName} has a second key, ${others.map(({ keyId }) => keyId).join(', ')}, ` +
        "so that there is no room for a new one. It is not Keyturn's to delete: somebody has to " +
        'decide about it',
    );
  }
  await deps.vault.open({
    name: order.secretName,
    placeholderId: deps.ids.uuid(placeholderName(user)),
    userName: user.userName,
    tags: tagsFor(order),
  });
  return requireHolding(deps, subject);
}

/**
 * AWSPENDING with a value under somebody else's token: another rotation is under way. On the
 * current version it is what is left of a rotation that is over, and comes off.
 */
async function refuseOtherPending(deps: CustodyDeps, { secret, tokens }: Holding): Promise<void> {
  for (const [versionId, attached] of Object.entries(secret.labels)) {
    if (!attached.includes(labels.pending) || tokens.includes(versionId)) continue;
    if (attached.includes(labels.current)) {
      await deps.vault.clearPending(secret.arn, versionId);
      continue;
    }
    if ((await deps.vault.read(secret.arn, versionId)) === undefined) continue;
    throw new Conflict(
      `version ${versionId} of ${secret.arn} is AWSPENDING: another rotation is under way; ` +
        'finish or undo that one first',
    );
  }
}

async function makeKey(deps: CustodyDeps, holding: Holding): Promise<Custody> {
  const { order, user } = holding;
  const making = await deps.maker.create(user, order.token);
  if (making.outcome === 'unknown') throw await lost(deps, holding, making.problem);
  const { key } = making;
  if (key.keyId === order.oldKeyId) throw new Bug(`IAM made key ${key.keyId} a second time`);
  deps.log.info('new key made', { ...factsOf(order), keyId: key.keyId });
  await keep(deps, holding, {
    ...key,
    userName: user.userName,
    userId: user.userId,
    rotationId: order.rotationId,
  });
  return pendingCustody(holding, key);
}

/** The error for a lost answer. It says what IAM lists, and decides nothing on it. */
async function lost(deps: CustodyDeps, { order, user }: Holding, problem: string): Promise<Error> {
  const keys = await keysOf(deps, user).catch(() => []);
  const extra = keys.filter(({ keyId }) => keyId !== order.oldKeyId).map(({ keyId }) => keyId);
  const seen =
    extra.length === 0
      ? 'IAM lists no new key yet'
      : `IAM lists ${extra.join(', ')}, whose secret is lost if this attempt made it`;
  return new Transient(
    `creating a key for user ${user.userName} had no answer (${problem}); ${seen}. ` +
      'Nothing is deleted without proof: a later attempt looks in CloudTrail who made it',
  );
}

/**
 * Stores a key that was just made, or deletes it: nobody can use it yet. IAM makes keys by name
 * alone, so that whoever has taken the name meanwhile may have got this one. Where nobody can say
 * whether it is stored, it stays: a version whose key is gone would block every later attempt.
 */
async function keep(deps: CustodyDeps, holding: Holding, key: StoredKey): Promise<void> {
  const { secret, order, user } = holding;
  let storing = false;
  try {
    await userFor(deps, order);
    storing = true;
    await deps.vault.putPending(secret.arn, order.token, key);
  } catch (error) {
    if (storing && (await isStored(deps, holding, key, error))) return;
    try {
      await removeAgain(deps, holding, key.keyId);
    } catch (failure) {
      throw new Permanent(
        `new key ${key.keyId} of user ${user.userName} could be neither stored ` +
          `(${messageOf(error)}) nor deleted (${messageOf(failure)}): its secret is lost; a ` +
          'later attempt deletes it once CloudTrail proves that this one made it',
        { cause: failure },
      );
    }
    const what = `new key ${key.keyId} could not be stored, so it was deleted again`;
    throw new Transient(`${what}: ${messageOf(error)}`, { cause: error });
  }
}

/** IAM says of a key "not there" by name alone: a user who was renamed meanwhile still has it. */
async function removeAgain(
  { maker, users }: CustodyDeps,
  { user, order: { token } }: Holding,
  keyId: string,
): Promise<void> {
  const { partition, account, userName, userId } = user;
  await maker.remove(user, keyId, token);
  const named = await users.byName(partition, account, userName);
  if (named?.userId === userId) return;
  const renamed = await users.byId(partition, account, userId);
  if (renamed !== undefined) await maker.remove(renamed, keyId, token);
}

/**
 * Whether the vault has the key although it did not say so: its answer may have been lost. Throws
 * Transient if that cannot be read: the step finds the key when it is repeated, and a later attempt
 * deletes it, once CloudTrail proves whose it is, if it was not stored.
 */
async function isStored(
  { vault }: CustodyDeps,
  { secret, order }: Holding,
  key: KeyPair,
  error: unknown,
): Promise<boolean> {
  const content = await vault.read(secret.arn, order.token).catch((failure: unknown) => {
    throw new Transient(
      `whether new key ${key.keyId} was stored cannot be read (${messageOf(failure)}) after ` +
        `${messageOf(error)}; nothing was deleted, and repeating the step looks again`,
      { cause: failure },
    );
  });
  return (
    content?.kind === 'key' &&
    content.key.keyId === key.keyId &&
    content.key.secret.equals(key.secret)
  );
}
