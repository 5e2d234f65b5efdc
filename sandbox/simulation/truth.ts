/** The account's truth, read for the checks of what must hold. */
import type { Instant } from '../../domain/instant.ts';
import { secretNameOf } from '../../domain/secret-name.ts';
import type { KeyChange, KeyRecord, UserRecord } from '../account/directory.ts';
import type { SecretTruth } from '../account/outsiders.ts';
import { names } from '../settings.ts';
import type { World } from '../world.ts';

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

/** The secret that Keyturn keeps for a user of that name. */
export function secretOf(world: World, account: string, userName: string): SecretTruth | undefined {
  const name = secretNameOf({ userName });
  return world.cloud.truth(account).secrets.find((secret) => secret.name === name);
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

/** The key that whoever reads the secret gets; null while it holds none. */
export function currentKeyId(world: World, account: string, userName: string): string | null {
  const secret = secretOf(world, account, userName);
  if (secret === undefined) return null;
  for (const [versionId, { stages }] of secret.versions) {
    if (stages.has('AWSCURRENT')) return keyIdIn(world, secret.arn, versionId);
  }
  return null;
}

const keyturnRoles = [names.hubRole, names.runbookRole, names.custodianRole, names.keyMakerRole];

/** Whether an ARN is a session of one of Keyturn's roles. */
export function isKeyturn(arn: string): boolean {
  return keyturnRoles.some((role) => arn.includes(`/${role}/`));
}

/** The last thing that was done to a key by a moment. */
export function lastChange(key: KeyRecord, by: Instant): KeyChange | undefined {
  return key.changes.findLast(({ at }) => at <= by);
}
