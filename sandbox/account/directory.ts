/**
 * Who exists: users, their access keys, roles. The truth, and the only place that knows secret
 * access keys; what it shows of a key never holds the secret.
 */
import { type Instant, plus } from '../../domain/instant.ts';
import { type IamUser, type KeyStatus, userArn } from '../../domain/key.ts';
import type { Ground } from './ground.ts';
import { awsError } from './service.ts';

/** One use, exactly as it happened. */
export interface ExactUse {
  readonly at: Instant;
  readonly service: string;
  readonly region: string;
  readonly eventName: string;
  readonly sourceIp: string;
  readonly userAgent: string;
}

export interface KeyChange {
  readonly at: Instant;
  readonly to: KeyStatus | 'Gone';
  /** The ARN of who did it; 'outsider' for what was not done through the API. */
  readonly by: string;
}

export interface KeyRecord {
  readonly keyId: string;
  readonly account: string;
  userName: string;
  readonly userId: string;
  readonly createdAt: Instant;
  /** Before that it does not authenticate yet. */
  readonly usableFrom: Instant;
  status: KeyStatus;
  deletedAt: Instant | null;
  /** The last authenticated use of any kind. */
  lastUse: ExactUse | null;
  /** The first one. */
  firstUse: ExactUse | null;
  /** Creation first; who made it, who changed it. */
  readonly changes: KeyChange[];
}

export interface UserRecord extends IamUser {
  userName: string;
  arn: string;
  readonly createdAt: Instant;
  /** Keys that exist, oldest first. */
  readonly keys: KeyRecord[];
  tags: Readonly<Record<string, string>>;
  deletedAt: Instant | null;
}

/** Whom a role lets in: one principal, or everybody of an account; perhaps with an external id. */
export interface Trust {
  readonly principalArn?: string;
  readonly account?: string;
  readonly externalId?: string;
}

export interface RoleRecord {
  readonly account: string;
  readonly roleName: string;
  readonly roleId: string;
  readonly arn: string;
  readonly trusts: readonly Trust[];
  /** What its policies allow, as `iam:GetUser`; undefined: everything. */
  readonly allows: ReadonlySet<string> | undefined;
}

export interface NewUser {
  readonly account: string;
  readonly userName: string;
  readonly path?: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly createdAt: Instant;
  /** AIDA… with 21 characters; made up if absent. */
  readonly userId?: string;
}

export interface NewKey {
  readonly createdAt: Instant;
  readonly usableFrom?: Instant;
  readonly keyId?: string;
  readonly status?: KeyStatus;
  readonly secret?: string;
  readonly by?: string;
}

export interface Directory {
  addUser(user: NewUser): UserRecord;
  /** The user and every key of it are gone. */
  removeUser(account: string, userName: string, at: Instant): void;
  /** Unique id and keys stay. */
  renameUser(account: string, from: string, to: string): void;
  /** Without regard to case, as IAM finds names. */
  user(account: string, userName: string): UserRecord | undefined;
  /** By name. */
  users(account: string): readonly UserRecord[];
  /** Gone ones too, in the order in which they were made. */
  everyUser(account: string): readonly UserRecord[];
  everyKey(account: string): readonly KeyRecord[];
  issueKey(user: UserRecord, key: NewKey): { readonly key: KeyRecord; readonly secret: string };
  /** Gone ones too. */
  key(keyId: string): KeyRecord | undefined;
  /** Whose key it is, or was. */
  ownerOf(key: KeyRecord): UserRecord;
  setStatus(key: KeyRecord, status: KeyStatus, at: Instant, by: string): void;
  removeKey(key: KeyRecord, at: Instant, by: string): void;
  /** Whether that is the key's secret. */
  opens(keyId: string, secret: string): boolean;
  addRole(
    account: string,
    roleName: string,
    trusts: readonly Trust[],
    allows?: ReadonlySet<string>,
  ): RoleRecord;
  /** Whoever has a session of it keeps that. */
  removeRole(arn: string): void;
  role(arn: string): RoleRecord | undefined;
}

export function roleArn(partition: string, account: string, roleName: string): string {
  return `arn:${partition}:iam::${account}:role/${roleName}`;
}

/** A made-up secret of at least 40 characters that holds the sentinel. */
export function madeUpSecret(ground: Ground, kind: string): string {
  const letters = ground.names.letters(kind, 40);
  return `${ground.sentinel}${letters.slice(Math.min(ground.sentinel.length, 20))}`;
}

interface Shelf {
  readonly byName: Map<string, UserRecord>;
  readonly users: UserRecord[];
  readonly keys: KeyRecord[];
  sorted: UserRecord[] | undefined;
}

export function directory(ground: Ground): Directory {
  const shelves = new Map<string, Shelf>();
  const shelf = (account: string): Shelf => {
    const known = shelves.get(account);
    if (known !== undefined) return known;
    const empty = { byName: new Map(), users: [], keys: [], sorted: undefined };
    shelves.set(account, empty);
    return empty;
  };
  return { ...usersOf(ground, shelf), ...keysOf(ground, shelf), ...rolesOf(ground) };
}

type UserPart = Pick<
  Directory,
  'addUser' | 'removeUser' | 'renameUser' | 'user' | 'users' | 'everyUser'
>;
type KeyPart = Pick<
  Directory,
  'everyKey' | 'issueKey' | 'key' | 'ownerOf' | 'setStatus' | 'removeKey' | 'opens'
>;

function usersOf(ground: Ground, shelf: (account: string) => Shelf): UserPart {
  return {
    addUser: (user) => {
      const { account, userName, path = '/' } = user;
      const place = shelf(account);
      if (place.byName.has(userName.toLowerCase())) {
        const problem = `User with name ${userName} already exists.`;
        throw awsError('EntityAlreadyExistsException', problem, 409);
      }
      const record: UserRecord = {
        partition: ground.partition,
        account,
        userName,
        userId: user.userId ?? `AIDA${ground.names.letters('user', 17)}`,
        path,
        tags: user.tags ?? {},
        arn: userArn({ ...user, partition: ground.partition, path }),
        createdAt: user.createdAt,
        keys: [],
        deletedAt: null,
      };
      place.byName.set(userName.toLowerCase(), record);
      place.users.push(record);
      place.sorted = undefined;
      return record;
    },
    removeUser: (account, userName, at) => {
      const place = shelf(account);
      const user = place.byName.get(userName.toLowerCase());
      if (user === undefined) return;
      user.deletedAt = at;
      for (const key of user.keys.splice(0)) goneNow(key, at, 'outsider');
      place.byName.delete(userName.toLowerCase());
      place.sorted = undefined;
    },
    renameUser: (account, from, to) => {
      const place = shelf(account);
      const user = place.byName.get(from.toLowerCase());
      if (user === undefined) throw new Error(`no user ${from} in account ${account}`);
      place.byName.delete(from.toLowerCase());
      place.byName.set(to.toLowerCase(), user);
      place.sorted = undefined;
      user.userName = to;
      user.arn = userArn(user);
      for (const key of user.keys) key.userName = to;
    },
    user: (account, userName) => shelf(account).byName.get(userName.toLowerCase()),
    users: (account) => {
      const place = shelf(account);
      place.sorted ??= [...place.byName.values()].sort((a, b) =>
        a.userName < b.userName ? -1 : 1,
      );
      return place.sorted;
    },
    everyUser: (account) => shelf(account).users,
  };
}

function keysOf(ground: Ground, shelf: (account: string) => Shelf): KeyPart {
  const keys = new Map<string, KeyRecord>();
  const secrets = new Map<string, string>();
  const owners = new Map<string, UserRecord>();
  const ownerOf = ({ keyId }: KeyRecord): UserRecord => {
    const owner = owners.get(keyId);
    if (owner === undefined) throw new Error(`the sandbox has no key ${keyId}`);
    return owner;
  };
  return {
    ownerOf,
    everyKey: (account) => shelf(account).keys,
    issueKey: (user, asked) => {
      const keyId = asked.keyId ?? `AKIA${ground.names.letters('key', 16)}`;
      if (keys.has(keyId)) throw new Error(`the sandbox has a key ${keyId} already`);
      const secret = asked.secret ?? madeUpSecret(ground, 'secret');
      const status = asked.status ?? 'Active';
      const key: KeyRecord = {
        keyId,
        account: user.account,
        userName: user.userName,
        userId: user.userId,
        createdAt: asked.createdAt,
        usableFrom: asked.usableFrom ?? asked.createdAt,
        status,
        deletedAt: null,
        lastUse: null,
        firstUse: null,
        changes: [{ at: asked.createdAt, to: status, by: asked.by ?? 'outsider' }],
      };
      keys.set(keyId, key);
      secrets.set(keyId, secret);
      owners.set(keyId, user);
      user.keys.push(key);
      shelf(user.account).keys.push(key);
      return { key, secret };
    },
    key: (keyId) => keys.get(keyId),
    setStatus: (key, status, at, by) => {
      key.status = status;
      key.changes.push({ at, to: status, by });
    },
    removeKey: (key, at, by) => {
      const { keys: left } = ownerOf(key);
      left.splice(left.indexOf(key), 1);
      goneNow(key, at, by);
    },
    opens: (keyId, secret) => secrets.get(keyId) === secret,
  };
}

function goneNow(key: KeyRecord, at: Instant, by: string): void {
  key.deletedAt = at;
  key.changes.push({ at, to: 'Gone', by });
}

function rolesOf(ground: Ground): Pick<Directory, 'addRole' | 'removeRole' | 'role'> {
  const roles = new Map<string, RoleRecord>();
  return {
    addRole: (account, roleName, trusts, allows) => {
      const arn = roleArn(ground.partition, account, roleName);
      const roleId = `AROA${ground.names.letters('role', 17)}`;
      const role = { account, roleName, roleId, arn, trusts, allows };
      roles.set(arn, role);
      return role;
    },
    removeRole: (arn) => {
      roles.delete(arn);
    },
    role: (arn) => roles.get(arn),
  };
}

/** When a key made through the API starts to work. */
export function usableFrom(ground: Ground, createdAt: Instant): Instant {
  return plus(createdAt, { seconds: ground.settings.propagationSeconds });
}
