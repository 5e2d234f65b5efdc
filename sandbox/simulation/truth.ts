/** The account's truth, read for the checks of what must hold. */

import { liveName } from '../../adapters/parameter-names.ts';
import { type FurtherPlace, placeOf } from '../../domain/further-place.ts';
import { secretNameOf } from '../../domain/secret-name.ts';
import type { KeyRecord, UserRecord } from '../account/directory.ts';
import type { SecretTruth } from '../account/outsiders.ts';
import { keyturnRoles } from '../member-roles.ts';
import type { World } from '../world.ts';
import type { UserPlan, WorldPlan } from './plan.ts';
import { policyFor } from './plan-policy.ts';

export function keyOf(world: World, account: string, keyId: string): KeyRecord | undefined {
  return world.cloud.truth(account).keys.find((key) => key.keyId === keyId) as
    | KeyRecord
    | undefined;
}

export function userOf(world: World, account: string, userId: string): UserRecord | undefined {
  return world.cloud.truth(account).users.find((user) => user.userId === userId) as
    | UserRecord
    | undefined;
}

/** The user's keys that exist. */
export function keysLeft(world: World, account: string, userId: string): readonly KeyRecord[] {
  return world.cloud
    .truth(account)
    .keys.filter((key) => key.userId === userId && key.deletedAt === null) as KeyRecord[];
}

/** The secret that Keyturn keeps for a user of that name, in that Region. */
export function secretOf(
  world: World,
  account: string,
  userName: string,
  region = world.place.region,
): SecretTruth | undefined {
  const name = secretNameOf({ userName });
  return world.cloud
    .truth(account)
    .secrets.find((secret) => secret.name === name && secret.region === region);
}

/** The id of the key in a version of a secret; null if it holds none. */
export function keyIdIn(world: World, secretArn: string, versionId: string): string | null {
  const text = world.cloud.secretValue(secretArn, versionId)?.text;
  return pairIn(text)?.accessKeyId ?? null;
}

export interface KeyPair {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** The key pair that a secret's text holds; undefined if it holds none. */
export function pairIn(text: string | undefined): KeyPair | undefined {
  try {
    const value = JSON.parse(text ?? 'null') as Partial<KeyPair> | null;
    const { accessKeyId, secretAccessKey } = value ?? {};
    return typeof accessKeyId === 'string' && typeof secretAccessKey === 'string'
      ? { accessKeyId, secretAccessKey }
      : undefined;
  } catch {
    return undefined;
  }
}

/** A place that consumers read a key from. */
export type Shelf = FurtherPlace;

/** Where that is, for sentences. */
export function shelfInWords(shelf: Shelf): string {
  if (shelf.kind === 'github-actions') return `${shelf.kind} of ${shelf.repository}`;
  return `${shelf.kind} in ${shelf.region}`;
}

/** The vault first, then every copy. */
export function shelvesOf(
  world: World,
  plan: WorldPlan,
  user: UserPlan,
): readonly [Shelf, ...Shelf[]] {
  const { region } = world.place;
  const copy = (of: string): Shelf => ({ kind: 'secrets-manager', region: of });
  if (user.native !== null) {
    return [{ kind: 'secrets-manager', region }, ...user.native.copies.map(copy)];
  }
  const { vault, copies } = policyFor(plan, user);
  return [{ kind: vault, region }, ...copies.map(placeOf)];
}

/** The key that whoever reads there gets; null while there is none of that user's. */
export function keyIdOn(
  world: World,
  account: string,
  userName: string,
  shelf: Shelf,
): string | null {
  if (shelf.kind === 'github-actions') {
    const { accessKeyId } = pairOnGitHub(world, shelf) ?? {};
    const key = accessKeyId === undefined ? undefined : keyOf(world, account, accessKeyId);
    return key?.userName === userName ? key.keyId : null;
  }
  const { kind, region } = shelf;
  if (kind === 'parameter-store') {
    const parameter = parameterOf(world, account, userName, region);
    return pairIn(parameter?.versions.at(-1)?.value)?.accessKeyId ?? null;
  }
  const secret = secretOf(world, account, userName, region);
  for (const [versionId, { stages }] of secret?.versions ?? []) {
    if (stages.has('AWSCURRENT')) return keyIdIn(world, secret?.arn ?? '', versionId);
  }
  return null;
}

/** What a job of the repository finds in its environment. */
export function pairOnGitHub(
  { gitHub }: World,
  { repository, ...names }: Extract<Shelf, { kind: 'github-actions' }>,
): KeyPair | undefined {
  const accessKeyId = gitHub.valueOf(repository, names.accessKeyId);
  const secretAccessKey = gitHub.valueOf(repository, names.secretAccessKey);
  return accessKeyId === undefined || secretAccessKey === undefined
    ? undefined
    : { accessKeyId, secretAccessKey };
}

/** The value of a key as any place of the account in AWS holds it. */
export function valueOfKey(world: World, account: string, keyId: string): string | undefined {
  const { cloud, place } = world;
  const texts = [
    ...cloud
      .truth(account)
      .secrets.flatMap(({ arn, versions }) =>
        [...versions.keys()].map((id) => cloud.secretValue(arn, id)?.text),
      ),
    ...cloud
      .parameters(account, place.region)
      .flatMap(({ versions }) => versions.map(({ value }) => value)),
  ];
  return texts.map(pairIn).find((pair) => pair?.accessKeyId === keyId)?.secretAccessKey;
}

/** The parameter that a user's key is in. */
export function parameterOf(world: World, account: string, userName: string, region: string) {
  const name = liveName(secretNameOf({ userName }));
  return world.cloud.parameters(account, region).find((each) => each.name === name);
}

/** The key that whoever reads a user's vault gets; null while it holds none. */
export function currentKeyId(
  ledger: Readonly<Known>,
  account: string,
  userId: string,
): string | null {
  const { world, plan, users } = ledger;
  const planned = users.get(userId);
  const userName = userOf(world, account, userId)?.userName;
  if (planned === undefined || userName === undefined) return null;
  return keyIdOn(world, account, userName, shelvesOf(world, plan, planned)[0]);
}

interface Known {
  readonly world: World;
  readonly plan: WorldPlan;
  readonly users: ReadonlyMap<string, UserPlan>;
}

const ended: ReadonlySet<string> = new Set(['Success', 'Failed', 'TimedOut', 'Cancelled']);

/** Whether a run has not ended: it may be waiting, running or being cancelled. */
export function isUnderWay(run: {
  readonly AutomationExecutionStatus?: string | undefined;
}): boolean {
  return !ended.has(run.AutomationExecutionStatus ?? '');
}

/** Whether an ARN is a session of one of Keyturn's roles. */
export function isKeyturn(arn: string): boolean {
  return keyturnRoles.some((role) => arn.includes(`/${role}/`));
}
