/**
 * What every step makes sure of first: that it is about the right user in the right account, and
 * that the secret is that user's and Keyturn's. Nothing is written here but a new secret.
 */

import { parseArn } from '../../domain/arn.ts';
import type { VaultSecret } from '../../domain/custody.ts';
import { type Custody, type IssueOrder, labels, type StoredKey } from '../../domain/custody.ts';
import { Permanent } from '../../domain/errors.ts';
import type { AccessKey, IamUser } from '../../domain/key.ts';
import { attemptName } from '../../domain/runbook-order.ts';
import { secretNameOf } from '../../domain/secret-name.ts';
import type { CustodyDeps } from './deps.ts';

/** An attempt, once its user has been found to be the right one. */
export interface Subject {
  readonly order: IssueOrder;
  readonly user: IamUser;
  /** The tokens of the rotation's attempts up to this one, first to last. */
  readonly tokens: readonly string[];
}

/** A subject with its secret. */
export interface Holding extends Subject {
  readonly secret: VaultSecret;
}

/** Refuses an order that contradicts itself, before any call, then finds its user. */
export async function subjectOf(deps: CustodyDeps, order: IssueOrder): Promise<Subject> {
  const { userName, userId, secretName, attempt, rotationId } = order;
  const empty = Object.entries(order).filter(([, value]) => value === '');
  if (empty.length > 0) {
    // IAM takes an empty user name for the caller itself.
    throw new Permanent(`the order lacks ${empty.map(([name]) => name).join(', ')}: refused`);
  }
  const tokens = Array.from({ length: attempt }, (_, index) =>
    deps.ids.uuid(attemptName(rotationId, index + 1)),
  );
  if (tokens.at(-1) !== order.token) {
    const problem = `token ${order.token} is not that of attempt ${attempt} of ${rotationId}`;
    throw new Permanent(`${problem}: give RotationId, Attempt and ClientRequestToken as ordered`);
  }
  if (secretName !== secretNameOf(order)) {
    const problem = `secret ${secretName} is not that of user ${userName}`;
    throw new Permanent(`${problem}, which is ${secretNameOf(order)}`);
  }
  const { partition, account } = deps.home;
  const user = await deps.users.byName(partition, account, userName);
  if (user === undefined) throw new Permanent(`account ${account} has no user ${userName}`);
  const same =
    user.userId === userId &&
    user.userName === userName &&
    user.account === account &&
    user.partition === partition;
  if (!same) {
    throw new Permanent(
      `user ${userName} of account ${account} is now ${user.userId}, not ${userId}: the user was ` +
        'deleted and made again, or another account answered; nothing was touched',
    );
  }
  return { order, user, tokens };
}

/** The subject with its secret, or undefined if there is no secret yet. */
export async function holdingOf(
  { vault, home }: CustodyDeps,
  subject: Subject,
): Promise<Holding | undefined> {
  const { secretName, userId } = subject.order;
  const secret = await vault.describe(secretName);
  if (secret === undefined) return undefined;
  const arn = parseArn(secret.arn);
  const wrong = [
    ...(arn?.account === home.account && arn.partition === home.partition
      ? []
      : [`it is ${secret.arn}, outside ${home.partition}/${home.account}`]),
    ...(secret.closing ? ['it is scheduled for deletion: restore it first'] : []),
    ...Object.entries({ [userIdTag]: userId, [driverTag]: driver }).flatMap(([tag, value]) =>
      secret.tags[tag] === value ? [] : [`its tag ${tag} is ${secret.tags[tag]}, not ${value}`],
    ),
  ];
  if (wrong.length > 0) {
    throw new Permanent(`secret ${secretName} is not for Keyturn to write: ${wrong.join('; ')}`);
  }
  return { ...subject, secret };
}

const userIdTag = 'keyturn:user-id';
const driverTag = 'keyturn:driver';
const driver = 'keyturn';

/** The secret's tags. Tag values take no comma, so the name stands as in the secret's own name. */
export function tagsFor({ userId, secretName, rotationId }: IssueOrder): Record<string, string> {
  return {
    [userIdTag]: userId,
    'keyturn:user-name': secretName.slice(secretName.indexOf('/') + 1),
    [driverTag]: driver,
    'keyturn:rotation': rotationId,
  };
}

/** The subject with its secret, which must be there. */
export async function requireHolding(deps: CustodyDeps, subject: Subject): Promise<Holding> {
  const holding = await holdingOf(deps, subject);
  if (holding !== undefined) return holding;
  throw new Permanent(`there is no secret ${subject.order.secretName}: run createSecret first`);
}

/** The version with AWSCURRENT. */
export function currentVersion({ labels: byVersion }: VaultSecret): string | undefined {
  return Object.keys(byVersion).find((id) => byVersion[id]?.includes(labels.current));
}

/** The attempt of this rotation whose key is AWSCURRENT: then the issue has succeeded. */
export function issuedToken({ secret, tokens }: Holding): string | undefined {
  const current = currentVersion(secret);
  return tokens.find((token) => token === current);
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
  if (!isOurs(key, order)) {
    throw new Permanent(`${where} holds key ${key.keyId}, which is not of this rotation and user`);
  }
  if (secret.labels[order.token]?.includes(labels.pending) !== true) {
    throw new Permanent(`${where} is not AWSPENDING: it has been undone; a new attempt is needed`);
  }
  return key;
}

/** Whether a stored key is a new key of this user by this rotation. */
export function isOurs(key: StoredKey, order: IssueOrder): boolean {
  return (
    key.userId === order.userId &&
    key.userName === order.userName &&
    key.rotationId === order.rotationId &&
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
