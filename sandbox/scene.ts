/**
 * What a sandbox must hold for an event to mean anything: the users that it speaks of, each with a
 * stale key. Read loosely and on purpose not with the project's own parsers, so that what those
 * refuse is refused by them and not for want of a user.
 */
import { type Instant, instant, parseInstant, plus } from '../domain/instant.ts';
import type { Partition } from '../domain/key.ts';
import { partitionOf } from '../domain/region.ts';
import type { World } from './world.ts';

interface SpokenOf {
  readonly account: string;
  readonly userId?: string;
  readonly userName?: string;
  readonly path?: string;
}

export interface Scene {
  readonly at: Instant;
  readonly partition: Partition;
  readonly account: string;
  readonly region: string;
  readonly users: readonly SpokenOf[];
}

/** When an event does not say when it was sent. */
const someDay = instant('2026-11-02T00:00:00Z');
const someAccount = '111122223333';
const keyAgeDays = 120;

type Loose = Readonly<Record<string, unknown>>;

/** The scene of an event of any shape; never throws. */
export function sceneOf(event: unknown): Scene {
  const envelope = loose(event);
  const account = accountIn(envelope.account) ?? someAccount;
  const detail = loose(envelope.detail);
  const region = text(envelope.region) ?? 'us-east-1';
  return {
    at: parseInstant(text(envelope.time) ?? '') ?? someDay,
    partition: partitionOf(region),
    account,
    region,
    users: [...configUsers(detail, account), ...findingUsers(detail, account)],
  };
}

/** Puts the users of some scenes into a world, each once, however they are spoken of. */
export function setScenes(world: World, scenes: readonly Scene[]): void {
  const [at = someDay] = scenes.map((scene) => scene.at).toSorted();
  for (const { account, userId, userName, path } of mergedUsers(scenes)) {
    const user = world.cloud.addUser({
      account,
      userName: userName ?? `user-${(userId ?? 'without-id').toLowerCase()}`,
      createdAt: plus(at, { days: -2 * keyAgeDays }),
      ...(path === undefined ? {} : { path }),
      ...(userId === undefined ? {} : { userId }),
    });
    const createdAt = plus(at, { days: -keyAgeDays });
    world.cloud.addKey(account, user.userName, { createdAt });
  }
}

/** A name here and a unique id there are one user if anything anywhere says so. */
function mergedUsers(scenes: readonly Scene[]): readonly SpokenOf[] {
  const merged: SpokenOf[] = [];
  const isSame = (one: SpokenOf, other: SpokenOf) =>
    one.account === other.account &&
    ((one.userId !== undefined && one.userId === other.userId) ||
      (one.userName !== undefined && one.userName === other.userName));
  const spoken = scenes.flatMap(({ users }) => users);
  const whole = ({ userId, userName }: SpokenOf) =>
    userId !== undefined && userName !== undefined ? 0 : 1;
  for (const each of spoken.toSorted((one, other) => whole(one) - whole(other))) {
    if (!merged.some((known) => isSame(known, each))) merged.push(each);
  }
  return merged;
}

/** Every account that a scene speaks of. */
export function accountsOf(scene: Scene): readonly string[] {
  return [...new Set([scene.account, ...scene.users.map(({ account }) => account)])];
}

function configUsers(detail: Loose, envelopeAccount: string): readonly SpokenOf[] {
  const userId = uniqueIdIn(detail.resourceId);
  if (userId === undefined) return [];
  return [{ account: accountIn(detail.awsAccountId) ?? envelopeAccount, userId }];
}

function findingUsers(detail: Loose, envelopeAccount: string): readonly SpokenOf[] {
  return list(detail.findings).flatMap((finding) => {
    const { AwsAccountId, Resources, cloud, resources } = loose(finding);
    const ocsfAccount = accountIn(loose(loose(cloud).account).uid);
    const account = accountIn(AwsAccountId) ?? ocsfAccount ?? envelopeAccount;
    return [
      ...list(Resources).flatMap((resource) => resourceUser(loose(resource), account)),
      ...list(resources).flatMap((resource) => ocsfUser(loose(resource), account)),
    ];
  });
}

/** OCSF spreads ARN, unique id and name over three fields. */
function ocsfUser(resource: Loose, account: string): readonly SpokenOf[] {
  if (resource.type !== 'AWS::IAM::User') return [];
  const said = [resource.uid, resource.uid_alt, resource.name].map(text);
  const arn = said.find((each) => each?.startsWith('arn:'));
  const userId = said.find((each) => uniqueIdIn(each) !== undefined);
  const Details = { AwsIamUser: userId === undefined ? {} : { UserId: userId } };
  if (arn !== undefined) return resourceUser({ Id: arn, Details }, account);
  if (userId !== undefined) return [{ account, userId }];
  const userName = said.find((each) => each !== undefined);
  return userName === undefined ? [] : [{ account, userName }];
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function resourceUser(resource: Loose, findingAccount: string): readonly SpokenOf[] {
  const arn = /^arn:[a-z-]+:iam::(\d{12}):user(\/|\/.*\/)([^/]+)$/.exec(text(resource.Id) ?? '');
  if (arn === null) return [];
  const [, account = findingAccount, path = '/', name = ''] = arn;
  const details = loose(loose(resource.Details).AwsIamUser);
  const userId = uniqueIdIn(details.UserId) ?? uniqueIdIn(name);
  const userName = uniqueIdIn(name) === undefined ? name : text(details.UserName);
  return [
    {
      account,
      path,
      ...(userId === undefined ? {} : { userId }),
      ...(userName === undefined ? {} : { userName }),
    },
  ];
}

function loose(value: unknown): Loose {
  return typeof value === 'object' && value !== null ? (value as Loose) : {};
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function accountIn(value: unknown): string | undefined {
  return /^\d{12}$/.test(String(value)) ? String(value) : undefined;
}

function uniqueIdIn(value: unknown): string | undefined {
  return /^AIDA[A-Z0-9]{12,}$/.test(String(value)) ? String(value) : undefined;
}
