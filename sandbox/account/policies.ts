/**
 * Groups and policies of the sandbox's users: what is written down, without the API. Documents are
 * kept as texts, so that a scene may hold one that nobody can read.
 */
import type { Directory, UserRecord } from './directory.ts';
import type { Ground } from './ground.ts';

/** A document as an object, or as any text. */
export type Document = object | string;

export interface ManagedPolicy {
  readonly arn: string;
  readonly name: string;
  readonly path: string;
  readonly policyId: string;
  /** By version id, `v1` first. */
  readonly versions: Map<string, string>;
  defaultVersion: string;
}

/** What a user or a group has. */
export interface Held {
  /** ARNs of managed policies. */
  readonly attached: Set<string>;
  /** Inline policies by name. */
  readonly inline: Map<string, string>;
}

export interface GroupRecord extends Held {
  readonly account: string;
  readonly name: string;
  readonly path: string;
  readonly groupId: string;
  readonly arn: string;
  /** Unique ids of users: a user made again is in no group. */
  readonly members: Set<string>;
}

/** Setting a scene. All throw if what they speak of is not there. */
export interface PolicyScene {
  /** A customer managed policy, or one of AWS (account `aws`). Returns the ARN. */
  addPolicy(account: string, policyName: string, document: Document, path?: string): string;
  /** Returns the version id. It is the one that applies, unless said otherwise. */
  addPolicyVersion(arn: string, document: Document, isDefault?: boolean): string;
  attachPolicy(account: string, userName: string, arn: string): void;
  putUserPolicy(account: string, userName: string, policyName: string, document: Document): void;
  addGroup(account: string, groupName: string, group?: NewGroup): void;
  addToGroup(account: string, userName: string, groupName: string): void;
}

export interface NewGroup {
  readonly path?: string;
  /** ARNs of managed policies. */
  readonly attached?: readonly string[];
  readonly inline?: Readonly<Record<string, Document>>;
}

export interface PolicyBook extends PolicyScene {
  heldBy(user: UserRecord): Held;
  /** By name, sorted. */
  groupsOf(user: UserRecord): readonly GroupRecord[];
  /** Without regard to case, as IAM finds names. */
  group(account: string, groupName: string): GroupRecord | undefined;
  policy(arn: string): ManagedPolicy | undefined;
}

const everything = { Effect: 'Allow', Resource: '*' };

/**
 * Policies that AWS keeps in every account.
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html (2026-11)
 */
const byAws: Readonly<Record<string, object>> = {
  AdministratorAccess: { ...everything, Action: '*' },
  PowerUserAccess: { ...everything, NotAction: ['iam:*', 'organizations:*', 'account:*'] },
  IAMFullAccess: { ...everything, Action: ['iam:*', 'organizations:DescribeAccount'] },
  AmazonS3ReadOnlyAccess: {
    ...everything,
    Action: ['s3:Get*', 's3:List*', 's3:Describe*', 's3-object-lambda:Get*'],
  },
  AmazonSESFullAccess: { ...everything, Action: ['ses:*'] },
};

export function policyBook(ground: Ground, people: Directory): PolicyBook {
  const policies = new Map<string, ManagedPolicy>();
  const groups = new Map<string, GroupRecord>();
  const held = new Map<string, Held>();
  const keyOf = (account: string, name: string) => `${account}/${name.toLowerCase()}`;
  const heldBy = ({ userId }: UserRecord): Held => {
    const known = held.get(userId) ?? { attached: new Set(), inline: new Map() };
    held.set(userId, known);
    return known;
  };
  const userOf = (account: string, userName: string) =>
    there(people.user(account, userName), `user ${userName} in account ${account}`);
  const book: PolicyBook = {
    heldBy,
    groupsOf: ({ userId }) =>
      [...groups.values()]
        .filter(({ members }) => members.has(userId))
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
    group: (account, groupName) => groups.get(keyOf(account, groupName)),
    policy: (arn) => policies.get(arn),
    addPolicy: (account, name, document, path = '/') => {
      const arn = `arn:${ground.partition}:iam::${account}:policy${path}${name}`;
      const policyId = `ANPA${ground.names.letters('policy', 17)}`;
      const versions = new Map([['v1', textOf(document)]]);
      policies.set(arn, { arn, name, path, policyId, versions, defaultVersion: 'v1' });
      return arn;
    },
    addPolicyVersion: (arn, document, isDefault = true) => {
      const policy = there(policies.get(arn), `policy ${arn}`);
      const version = `v${policy.versions.size + 1}`;
      policy.versions.set(version, textOf(document));
      if (isDefault) policy.defaultVersion = version;
      return version;
    },
    attachPolicy: (account, userName, arn) => {
      heldBy(userOf(account, userName)).attached.add(there(policies.get(arn), `policy ${arn}`).arn);
    },
    putUserPolicy: (account, userName, policyName, document) => {
      heldBy(userOf(account, userName)).inline.set(policyName, textOf(document));
    },
    addGroup: (account, name, group = {}) => {
      for (const arn of group.attached ?? []) there(policies.get(arn), `policy ${arn}`);
      groups.set(keyOf(account, name), newGroup(ground, account, name, group));
    },
    addToGroup: (account, userName, groupName) => {
      const what = `group ${groupName} in account ${account}`;
      const group = there(groups.get(keyOf(account, groupName)), what);
      group.members.add(userOf(account, userName).userId);
    },
  };
  for (const [name, statement] of Object.entries(byAws)) {
    book.addPolicy('aws', name, { Version: '2012-10-17', Statement: [statement] });
  }
  return book;
}

function newGroup(ground: Ground, account: string, name: string, group: NewGroup): GroupRecord {
  const { path = '/', attached = [], inline = {} } = group;
  return {
    account,
    name,
    path,
    groupId: `AGPA${ground.names.letters('group', 17)}`,
    arn: `arn:${ground.partition}:iam::${account}:group${path}${name}`,
    attached: new Set(attached),
    inline: new Map(Object.entries(inline).map(([key, value]) => [key, textOf(value)])),
    members: new Set(),
  };
}

function textOf(document: Document): string {
  return typeof document === 'string' ? document : JSON.stringify(document);
}

function there<T>(found: T | undefined, what: string): T {
  if (found === undefined) throw new Error(`the sandbox has no ${what}`);
  return found;
}
