/**
 * IAM: users and their access keys. Left out, or empty, the user name is the caller's own: the trap
 * that Keyturn must never fall into.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccessKey.html
 */
import type {
  AccessKey,
  AccessKeyMetadata,
  CreateAccessKeyRequest,
  DeleteAccessKeyRequest,
  GetAccessKeyLastUsedRequest,
  GetAccessKeyLastUsedResponse,
  GetAccountAuthorizationDetailsRequest,
  GetAccountAuthorizationDetailsResponse,
  GetUserRequest,
  GetUserResponse,
  ListAccessKeysRequest,
  ListAccessKeysResponse,
  ListUsersRequest,
  ListUsersResponse,
  ListUserTagsRequest,
  ListUserTagsResponse,
  Tag,
  UpdateAccessKeyRequest,
  User,
} from '@aws-sdk/client-iam';
import { type Directory, type KeyRecord, type UserRecord, usableFrom } from './directory.ts';
import type { Ground } from './ground.ts';
import type { Identity } from './identity.ts';
import type { LastUsedBook } from './last-used.ts';
import { invalid, pageOf } from './paging.ts';
import { awsError, type CallContext, type ServiceModel } from './service.ts';
import { notModelled, strict } from './strict.ts';

export interface IamParts {
  readonly ground: Ground;
  readonly people: Directory;
  readonly identity: Identity;
  readonly lastUsed: LastUsedBook;
}

/** IAM allows two keys, whether Active or not. */
const keysPerUser = 2;

export function iamModel(parts: IamParts): ServiceModel {
  return strict('iam', {
    GetUser: {
      takes: ['UserName'],
      run: (input: GetUserRequest, context): GetUserResponse => {
        const user = addressed(parts, input.UserName, context);
        const tags = tagsOf(user);
        return { User: { ...described(user), ...(tags.length === 0 ? {} : { Tags: tags }) } };
      },
    },
    ListUsers: {
      takes: ['MaxItems', 'Marker', 'PathPrefix'],
      run: (input: ListUsersRequest, context) => listUsers(parts, input, context),
    },
    ListUserTags: {
      takes: ['UserName', 'MaxItems', 'Marker'],
      run: (input: ListUserTagsRequest, context): ListUserTagsResponse => {
        const tags = tagsOf(named(parts, input.UserName, context));
        const { items, rest } = pageOf(tags, (tag) => tag.Key ?? '', input);
        return { Tags: [...items], ...rest };
      },
    },
    GetAccountAuthorizationDetails: {
      takes: ['Filter', 'MaxItems', 'Marker'],
      run: (input: GetAccountAuthorizationDetailsRequest, context) =>
        authorizationDetails(parts, input, context),
    },
    ...keyOperations(parts),
  });
}

/** Of users alone, and without what it would say of their policies. */
function authorizationDetails(
  { people }: IamParts,
  input: GetAccountAuthorizationDetailsRequest,
  { account }: CallContext,
): GetAccountAuthorizationDetailsResponse {
  if (input.Filter?.length !== 1 || input.Filter[0] !== 'User') {
    throw notModelled('iam:GetAccountAuthorizationDetails of anything but users');
  }
  const { items, rest } = pageOf(people.users(account), (user) => user.userName, input);
  const UserDetailList = items.map((user) => ({ ...described(user), Tags: [...tagsOf(user)] }));
  return { UserDetailList, ...rest };
}

function keyOperations(parts: IamParts) {
  const { people, ground, lastUsed } = parts;
  return {
    ListAccessKeys: {
      takes: ['UserName', 'MaxItems', 'Marker'],
      run: (input: ListAccessKeysRequest, context: CallContext) =>
        listAccessKeys(addressed(parts, input.UserName, context), input),
    },
    CreateAccessKey: {
      takes: ['UserName'],
      run: (input: CreateAccessKeyRequest, context: CallContext): { AccessKey: AccessKey } => {
        const user = addressed(parts, input.UserName, context);
        if (user.keys.length >= keysPerUser) {
          const problem = `Cannot exceed quota for AccessKeysPerUser: ${keysPerUser}`;
          throw awsError('LimitExceededException', problem, 409);
        }
        const { now, caller } = context;
        const when = { createdAt: now, usableFrom: usableFrom(ground, now) };
        const { key, secret } = people.issueKey(user, { ...when, by: caller.arn });
        return { AccessKey: { ...metadata(key), SecretAccessKey: secret } };
      },
    },
    UpdateAccessKey: {
      takes: ['UserName', 'AccessKeyId', 'Status'],
      run: (input: UpdateAccessKeyRequest, context: CallContext) => {
        const { Status } = input;
        if (Status !== 'Active' && Status !== 'Inactive') {
          throw invalid(`Value '${Status}' at 'status' must be one of Active, Inactive`);
        }
        const key = keyOf(addressed(parts, input.UserName, context), input.AccessKeyId);
        people.setStatus(key, Status, context.now, context.caller.arn);
        return {};
      },
    },
    DeleteAccessKey: {
      takes: ['UserName', 'AccessKeyId'],
      run: (input: DeleteAccessKeyRequest, context: CallContext) => {
        const key = keyOf(addressed(parts, input.UserName, context), input.AccessKeyId);
        people.removeKey(key, context.now, context.caller.arn);
        return {};
      },
    },
    GetAccessKeyLastUsed: {
      takes: ['AccessKeyId'],
      run: (input: GetAccessKeyLastUsedRequest, context: CallContext) =>
        lastUsedOf(people, lastUsed, input, context),
    },
  };
}

function listUsers(
  { people }: IamParts,
  input: ListUsersRequest,
  { account }: CallContext,
): ListUsersResponse {
  const { PathPrefix } = input;
  const everybody = people.users(account);
  const listed =
    PathPrefix === undefined
      ? everybody
      : everybody.filter((user) => user.path.startsWith(PathPrefix));
  const { items, rest } = pageOf(listed, (user) => user.userName, input);
  return { Users: items.map(described), ...rest };
}

function listAccessKeys(user: UserRecord, input: ListAccessKeysRequest): ListAccessKeysResponse {
  const keys = [...user.keys].sort((a, b) => (a.keyId < b.keyId ? -1 : 1));
  const { items, rest } = pageOf(keys, (key) => key.keyId, input);
  return { AccessKeyMetadata: items.map(metadata), ...rest };
}

function lastUsedOf(
  people: Directory,
  lastUsed: LastUsedBook,
  { AccessKeyId = '' }: GetAccessKeyLastUsedRequest,
  { account }: CallContext,
): GetAccessKeyLastUsedResponse {
  const key = people.key(AccessKeyId);
  if (key === undefined || key.deletedAt !== null || key.account !== account) {
    throw noSuchKey(AccessKeyId);
  }
  const use = lastUsed.shown(AccessKeyId);
  return {
    UserName: key.userName,
    AccessKeyLastUsed:
      use === undefined
        ? { ServiceName: 'N/A', Region: 'N/A' }
        : {
            LastUsedDate: new Date(`${use.at.slice(0, 19)}Z`),
            ServiceName: use.service,
            Region: use.region,
          },
  };
}

/** The user that a request is about: the caller, if it names none. */
function addressed(parts: IamParts, name: string | undefined, context: CallContext): UserRecord {
  if (name !== undefined && name !== '') return named(parts, name, context);
  const principal = parts.identity.principal(context.caller.accessKeyId);
  if (principal?.kind !== 'user') {
    throw invalid('Must specify userName when calling with non-User credentials');
  }
  return principal.user;
}

function named({ people }: IamParts, name: string | undefined, context: CallContext): UserRecord {
  if (name === undefined || !/^[\w+=,.@-]{1,128}$/.test(name)) {
    throw invalid(`Value '${name}' at 'userName' must match [\\w+=,.@-]+`);
  }
  const user = people.user(context.account, name);
  if (user === undefined) {
    const problem = `The user with name ${name} cannot be found.`;
    throw awsError('NoSuchEntityException', problem, 404);
  }
  return user;
}

function keyOf(user: UserRecord, keyId: string | undefined): KeyRecord {
  const key = user.keys.find((each) => each.keyId === keyId);
  if (key === undefined) throw noSuchKey(String(keyId));
  return key;
}

function noSuchKey(keyId: string): Error {
  const problem = `The Access Key with id ${keyId} cannot be found.`;
  return awsError('NoSuchEntityException', problem, 404);
}

function described(user: UserRecord): User {
  return {
    Path: user.path,
    UserName: user.userName,
    UserId: user.userId,
    Arn: user.arn,
    CreateDate: new Date(user.createdAt),
  };
}

function metadata(key: KeyRecord): AccessKeyMetadata & Omit<AccessKey, 'SecretAccessKey'> {
  return {
    UserName: key.userName,
    AccessKeyId: key.keyId,
    Status: key.status,
    CreateDate: new Date(`${key.createdAt.slice(0, 19)}Z`),
  };
}

function tagsOf(user: UserRecord): Tag[] {
  return Object.entries(user.tags)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([Key, Value]) => ({ Key, Value }));
}
