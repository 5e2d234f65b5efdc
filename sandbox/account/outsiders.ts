/**
 * What no API call does: setting a scene (users, keys, roles, a past), acts of outsiders, and the
 * truth for those who check that Keyturn kept its promises.
 */
import type { Instant } from '../../domain/instant.ts';
import type { IamUser } from '../../domain/key.ts';
import type { Parts } from './cloud.ts';
import {
  type KeyRecord,
  type NewKey,
  type NewUser,
  roleArn,
  type Trust,
  type UserRecord,
} from './directory.ts';
import { noteUse } from './door.ts';
import type { ParameterRecord } from './parameters.ts';
import { isDataEvent } from './trail.ts';
import type { SecretRecord, SecretValue } from './vault.ts';

export interface PastUse {
  readonly at: Instant;
  readonly service: string;
  readonly region: string;
  readonly sourceIp: string;
  readonly userAgent: string;
  readonly eventName: string;
  /** Not in LookupEvents; known of the modelled operations, said for others. */
  readonly dataEvent?: boolean;
}

/** Live and read-only: what is gone stays listed, with the time. */
export interface Truth {
  readonly users: readonly Readonly<UserRecord>[];
  readonly keys: readonly Readonly<KeyRecord>[];
  readonly secrets: readonly SecretTruth[];
}

/** A secret's versions with their labels; values are asked for one by one. */
export interface SecretTruth extends Readonly<Omit<SecretRecord, 'versions'>> {
  readonly versions: ReadonlyMap<
    string,
    { readonly createdAt: Instant; readonly stages: ReadonlySet<string> }
  >;
}

export interface NewRole {
  readonly trusts?: readonly Trust[];
  /** Actions as IAM names them: `lambda:InvokeFunction`. */
  readonly allows?: readonly string[];
}

export interface Outsiders {
  addUser(user: NewUser): IamUser;
  /** The user is deleted, with its keys. */
  removeUser(account: string, userName: string): void;
  /** UpdateUser with a new name: unique id, keys and secrets stay as they are. */
  renameUser(account: string, from: string, to: string): void;
  setTags(account: string, userName: string, tags: Readonly<Record<string, string>>): void;
  /** A key that has been there for long: it works at once, and no quota is asked. */
  addKey(
    account: string,
    userName: string,
    key: NewKey,
  ): { readonly keyId: string; readonly secret: string };
  /** Uses of one key must come in the order of their times. */
  recordPastUse(keyId: string, use: PastUse): void;
  /** Returns the ARN. Nobody is trusted unless said, and everything is allowed unless said. */
  createRole(account: string, roleName: string, options?: NewRole): string;
  /** From then on, nobody gets in by it: neither anew nor with a session of it. */
  removeRole(account: string, roleName: string): void;
  removeSecret(account: string, region: string, nameOrArn: string): void;
  truth(account: string): Truth;
  /** Those of Systems Manager, with their values. */
  parameters(account: string, region: string): readonly ParameterRecord[];
  /** undefined if there is no such version, or it has no value. */
  secretValue(secretArn: string, versionId: string): SecretValue | undefined;
}

export function outsiders(parts: Parts): Outsiders {
  const { people, ground, vault } = parts;
  const userOf = (account: string, userName: string): UserRecord => {
    const user = people.user(account, userName);
    if (user === undefined) throw new Error(`no user ${userName} in account ${account}`);
    return user;
  };
  return {
    addUser: (user) => plain(people.addUser(user)),
    removeUser: (account, userName) => {
      people.removeUser(account, userName, ground.clock.now());
    },
    renameUser: (account, from, to) => people.renameUser(account, from, to),
    setTags: (account, userName, tags) => {
      userOf(account, userName).tags = tags;
    },
    addKey: (account, userName, asked) => {
      const { key, secret } = people.issueKey(userOf(account, userName), asked);
      return { keyId: key.keyId, secret };
    },
    recordPastUse: (keyId, use) => recordPastUse(parts, keyId, use),
    createRole: (account, roleName, { trusts = [], allows } = {}) =>
      people.addRole(account, roleName, trusts, allows && new Set(allows)).arn,
    removeRole: (account, roleName) =>
      people.removeRole(roleArn(ground.partition, account, roleName)),
    removeSecret: (account, region, nameOrArn) => vault.remove(account, region, nameOrArn),
    truth: (account) => ({
      users: people.everyUser(account),
      keys: people.everyKey(account),
      secrets: vault.all(account),
    }),
    parameters: (account, region) => parts.parameters.all(account, region),
    secretValue: (secretArn, versionId) => vault.value(secretArn, versionId),
  };
}

function plain(user: UserRecord): IamUser {
  const { partition, account, userName, userId, path, tags } = user;
  return { partition, account, userName, userId, path, tags };
}

function recordPastUse(parts: Parts, keyId: string, past: PastUse): void {
  const principal = parts.identity.principal(keyId);
  if (principal?.kind !== 'user') throw new Error(`the sandbox has no key ${keyId}`);
  const { dataEvent, ...use } = past;
  noteUse(parts.lastUsed, principal, use);
  if (dataEvent ?? isDataEvent(use.service, use.eventName)) {
    parts.queryable.write(principal.caller.account, { ...use, accessKeyId: keyId });
    return;
  }
  const { eventName: operation, ...where } = use;
  parts.trail.write({
    ...where,
    operation,
    principal,
    requestId: parts.ground.names.uuid('request'),
    input: {},
    output: undefined,
    error: undefined,
  });
}
