/** IAM users and their access keys, as every other part names them. */
import type { Instant } from './instant.ts';

/** An AWS partition: a separate AWS with its own accounts and ARNs. */
export type Partition =
  | 'aws'
  | 'aws-cn'
  | 'aws-us-gov'
  | 'aws-iso'
  | 'aws-iso-b'
  | 'aws-iso-e'
  | 'aws-iso-f'
  | 'aws-eusc';

export const partitions: readonly Partition[] = [
  'aws',
  'aws-cn',
  'aws-us-gov',
  'aws-iso',
  'aws-iso-b',
  'aws-iso-e',
  'aws-iso-f',
  'aws-eusc',
];

/** An IAM user. `userId` (AIDA…) is the identity: a name can be deleted and made again. */
export interface IamUser {
  readonly partition: Partition;
  readonly account: string;
  readonly userName: string;
  readonly userId: string;
  /** Starts and ends with `/`; `/` for most users. */
  readonly path: string;
  readonly tags: Readonly<Record<string, string>>;
}

export type KeyStatus = 'Active' | 'Inactive';

/** One access key as IAM lists it. The id is no secret; the secret value never comes near here. */
export interface AccessKey {
  readonly keyId: string;
  readonly status: KeyStatus;
  readonly createdAt: Instant;
}

/** The key that a rotation is about. */
export interface StaleKey {
  readonly user: IamUser;
  readonly keyId: string;
  readonly createdAt: Instant;
  /** How IAM listed it when it was claimed: one that was Inactive is never switched on. */
  readonly foundAs: KeyStatus;
}

/** `…WXYZ`: how a key is named to people. */
export function shortKey(keyId: string): string {
  return `…${keyId.slice(-4)}`;
}

export function userArn(
  user: Pick<IamUser, 'partition' | 'account' | 'path' | 'userName'>,
): string {
  return `arn:${user.partition}:iam::${user.account}:user${user.path}${user.userName}`;
}

/** `111122223333/svc-billing`: a user named to people. */
export function userLabel(user: IamUser): string {
  return `${user.account}/${user.userName}`;
}
