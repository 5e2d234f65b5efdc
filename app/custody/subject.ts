/**
 * What every step makes sure of first: that it is about the right user in the right account, and
 * that the secret is that user's and Keyturn's, and this driver's to rotate. Nothing is written
 * here.
 */

import { parseArn } from '../../domain/arn.ts';
import type { VaultSecret } from '../../domain/custody.ts';
import {
  type Custody,
  currentVersion,
  type Driver,
  type IssueOrder,
  labels,
  type StoredKey,
} from '../../domain/custody.ts';
import { Permanent } from '../../domain/errors.ts';
import { parsePlace } from '../../domain/further-place.ts';
import type { AccessKey, IamUser } from '../../domain/key.ts';
import { attemptName } from '../../domain/runbook-order.ts';
import { secretNameOf, secretPrefix } from '../../domain/secret-name.ts';
import { nativeRotationName, secretTags, tagOfCopies } from '../../domain/secret-tags.ts';
import type { CustodyDeps } from './deps.ts';
import { requirePlaces } from './require-places.ts';

/** An attempt, once its user has been found to be the right one. */
export interface Subject {
  readonly order: IssueOrder;
  readonly user: IamUser;
  /** The tokens of the attempts up to this one, first to last. */
  readonly tokens: readonly string[];
  /** The rotations that those attempts belong to. */
  readonly rotationIds: readonly string[];
  /** Whether the secret must be this driver's to rotate: not for undoing what an order made. */
  readonly heedsDriver: boolean;
  /** Not for a copy in another Region, which has an ARN of its own. */
  readonly isHome: boolean;
}

/** A subject with its secret. */
export interface Holding extends Subject {
  readonly secret: VaultSecret;
}

/** Refuses an order that contradicts itself, before any call, then finds its user. */
export async function subjectOf(deps: CustodyDeps, order: IssueOrder): Promise<Subject> {
  const { userName, secretName, attempt, rotationId } = order;
  const empty = Object.entries(order).filter(([, value]) => value === '');
  if (empty.length > 0) {
    // IAM takes an empty user name for the caller itself.
    throw new Permanent(`the order lacks ${empty.map(([name]) => name).join(', ')}: refused`);
  }
  requirePlaces(deps.home, order.copies);
  const { tokens, rotationIds } = attemptsOf(deps, order);
  if (tokens.at(-1) !== order.token || rotationIds.at(-1) !== rotationId) {
    const problem = `token ${order.token} is not that of attempt ${attempt} of ${rotationId}`;
    throw new Permanent(`${problem}: give RotationId, Attempt and ClientRequestToken as ordered`);
  }
  if (secretName !== secretNameOf(order)) {
    const problem = `secret ${secretName} is not that of user ${userName}`;
    throw new Permanent(`${problem}, which is ${secretNameOf(order)}`);
  }
  const user = await userFor(deps, order);
  return { order, user, tokens, rotationIds, heedsDriver: true, isHome: true };
}

/** Each token of Secrets Manager's is a rotation of its own. */
function attemptsOf(
  { ids }: Pick<CustodyDeps, 'ids'>,
  { driver, token, rotationId, attempt }: IssueOrder,
): Pick<Subject, 'tokens' | 'rotationIds'> {
  if (driver.by === 'keyturn') {
    const name = (index: number) => attemptName(rotationId, index + 1);
    const tokens = Array.from({ length: attempt }, (_, index) => ids.uuid(name(index)));
    return { tokens, rotationIds: [rotationId] };
  }
  const tokens = [...driver.attempted.filter((each) => each !== token), token];
  const idOf = (each: string) => ids.uuid(nativeRotationName(driver.secretArn, each));
  return { tokens, rotationIds: tokens.map(idOf) };
}

/** The user that an order names, who must be the very one. */
export async function userFor(
  { users, home }: CustodyDeps,
  { userName, userId }: Pick<IssueOrder, 'userName' | 'userId'>,
): Promise<IamUser> {
  const { partition, account } = home;
  const user = await users.byName(partition, account, userName);
  if (user === undefined) throw new Permanent(`account ${account} has no user ${userName}`);
  const same =
    user.userId === userId &&
    user.userName === userName &&
    user.account === account &&
    user.partition === partition;
  if (same) return user;
  throw new Permanent(
    `user ${userName} of account ${account} is now ${user.userId}, not ${userId}: the user was ` +
      'deleted and made again, or another account answered; nothing was touched',
  );
}

/** The subject with its secret, or undefined if there is no secret yet. */
export async function holdingOf(
  { vault, home }: CustodyDeps,
  subject: Subject,
): Promise<Holding | undefined> {
  const { secretName, userId, driver } = subject.order;
  const secret = await vault.describe(secretName);
  if (secret === undefined) return undefined;
  const arn = parseArn(secret.arn);
  const wrong = [
    ...(arn?.account === home.account && arn.partition === home.partition
      ? []
      : [`it is ${secret.arn}, outside ${home.partition}/${home.account}`]),
    ...(driver.by === 'keyturn' || !subject.isHome || driver.secretArn === secret.arn
      ? []
      : [`it is ${secret.arn} by now, not ${driver.secretArn}`]),
    ...(secret.closing ? ['it is scheduled for deletion: restore it first'] : []),
    ...(secret.tags[secretTags.userId] === userId
      ? []
      : [`its tag ${secretTags.userId} is ${secret.tags[secretTags.userId]}, not ${userId}`]),
  ];
  if (wrong.length > 0) {
    throw new Permanent(`secret ${secretName} is not for Keyturn to write: ${wrong.join('; ')}`);
  }
  if (subject.heedsDriver) requireDriver(secret, driver.by);
  return { ...subject, secret };
}

const otherDriver = {
  keyturn:
    'Secrets Manager rotates it, not the runbook: use RotateSecret; or cancel its rotation ' +
    'schedule and set the tag to keyturn',
  'secrets-manager':
    "Keyturn's runbook rotates it, not Secrets Manager: cancel its rotation schedule; or set the " +
    'tag to secrets-manager',
} as const;

/** A secret has one driver: two would make keys behind each other's back. */
export function requireDriver({ arn, tags }: VaultSecret, by: Driver['by']): void {
  const tagged = tags[secretTags.driver];
  if (tagged === by) return;
  const isTheOther = tagged !== undefined && Object.hasOwn(otherDriver, tagged);
  throw new Permanent(
    `secret ${arn} is not for ${by} to rotate: its tag ${secretTags.driver} is ${tagged}, not ` +
      `${by}. ${isTheOther ? otherDriver[by] : 'Set it to one of keyturn, secrets-manager'}`,
  );
}

/** The secret's tags. Tag values take no comma, so the name stands as in the secret's own name. */
export function tagsFor(order: IssueOrder): Record<string, string> {
  return {
    [secretTags.userId]: order.userId,
    [secretTags.userName]: order.secretName.slice(secretPrefix.length),
    [secretTags.driver]: order.driver.by,
    [secretTags.rotation]: order.rotationId,
    ...(copiesInAws(order).length === 0 ? {} : tagOfCopies(copiesInAws(order))),
  };
}

/** Those further places of an order that anybody could read back. */
export function copiesInAws({ copies }: Pick<IssueOrder, 'copies'>): readonly string[] {
  return copies.filter((text) => parsePlace(text)?.kind !== 'github-actions');
}

/** The subject with its secret, which must be there. */
export async function requireHolding(deps: CustodyDeps, subject: Subject): Promise<Holding> {
  const holding = await holdingOf(deps, subject);
  if (holding !== undefined) return holding;
  throw new Permanent(`there is no secret ${subject.order.secretName}: run createSecret first`);
}

/** The labels of a version by which consumers may have read it. */
export function labelsBeyondPending(secret: VaultSecret, versionId: string): readonly string[] {
  return (secret.labels[versionId] ?? []).filter((label) => label !== labels.pending);
}

/**
 * The attempt of this rotation whose key is AWSCURRENT: then the issue has succeeded. A native
 * rotation has one attempt; what others before it made current it is there to replace.
 */
export function issuedToken({ secret, tokens, order }: Holding): string | undefined {
  const current = currentVersion(secret);
  const own = order.driver.by === 'keyturn' ? tokens : [order.token];
  return own.find((token) => token === current);
}

/**
 * The answer once an attempt's key is AWSCURRENT. CurrentSince is then the present: when it really
 * became current is not known, and too late is the safe direction.
 */
export async function issuedCustody(
  deps: CustodyDeps,
  { secret }: Pick<Holding, 'secret'>,
  token: string,
  testRequestIds: readonly string[] = [],
): Promise<Custody> {
  const content = await deps.vault.read(secret.arn, token);
  if (content?.kind !== 'key') {
    throw new Permanent(`version ${token} of ${secret.arn} is AWSCURRENT but holds no key`);
  }
  return {
    newKeyId: content.key.keyId,
    secretArn: secret.arn,
    secretVersionId: token,
    currentSince: deps.clock.now(),
    testRequestIds,
    issued: true,
    writtenTo: [],
  };
}

/** The key that the attempt stored, while its version is AWSPENDING. */
export async function pendingKey(deps: CustodyDeps, holding: Holding): Promise<StoredKey> {
  const { secret, order } = holding;
  const content = await deps.vault.read(secret.arn, order.token);
  const where = `version ${order.token} of ${secret.arn}`;
  if (content?.kind !== 'key') {
    throw new Permanent(`${where} holds no key: run createSecret first`);
  }
  const { key } = content;
  if (!isOurs(key, holding)) {
    throw new Permanent(`${where} holds key ${key.keyId}, which is not of this rotation and user`);
  }
  if (secret.labels[order.token]?.includes(labels.pending) !== true) {
    throw new Permanent(`${where} is not AWSPENDING: it has been undone; a new attempt is needed`);
  }
  return key;
}

/** Whether a stored key is a new key of this user by one of these rotations. */
export function isOurs(key: StoredKey, { order, rotationIds }: Subject): boolean {
  return (
    key.userId === order.userId &&
    key.userName === order.userName &&
    rotationIds.includes(key.rotationId) &&
    key.keyId !== order.oldKeyId
  );
}

/** The answer while the attempt's key is pending. */
export function pendingCustody(
  { secret, order }: Holding,
  key: Pick<StoredKey, 'keyId'>,
  testRequestIds: readonly string[] = [],
): Custody {
  return {
    newKeyId: key.keyId,
    secretArn: secret.arn,
    secretVersionId: order.token,
    currentSince: null,
    testRequestIds,
    issued: false,
    writtenTo: [],
  };
}

/** The user's keys as IAM lists them now. */
export async function keysOf({ users }: CustodyDeps, user: IamUser): Promise<readonly AccessKey[]> {
  const keys = await users.keysOf(user);
  if (keys !== undefined) return keys;
  throw new Permanent(`user ${user.userName} of account ${user.account} is gone`);
}

/** Throws unless the account shows that key Active. */
export function requireActive(keys: readonly AccessKey[], keyId: string, what: string): void {
  const status = keys.find((key) => key.keyId === keyId)?.status ?? 'not there';
  if (status === 'Active') return;
  throw new Permanent(
    `${what} ${keyId} is ${status}: nothing may be built on it; look at the user`,
  );
}
