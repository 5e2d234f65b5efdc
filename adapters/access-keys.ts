/**
 * Reading users and their access keys from IAM, through every page. Never creates or changes. A
 * user's name may change (UpdateUser), the unique id never does.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateUser.html (read 2026-11)
 */
import {
  GetUserCommand,
  type IAMClient,
  ListAccessKeysCommand,
  ListUsersCommand,
  type User,
} from '@aws-sdk/client-iam';
import { Permanent, Transient } from '../domain/errors.ts';
import { fromMillis } from '../domain/instant.ts';
import type { AccessKey, IamUser } from '../domain/key.ts';
import { awsErrorName, fromAws } from './aws-error.ts';

/** The user of that name, or undefined. IAM would answer with the caller for an empty name. */
export async function findUser(iam: IAMClient, userName: string): Promise<User | undefined> {
  refuseEmpty(userName);
  return existing(`reading IAM user ${userName}`, async () => {
    const answer = await iam.send(new GetUserCommand({ UserName: userName }));
    return answer.User;
  });
}

/** The name that the user of that unique id has now; undefined if no page lists the user. */
export async function nameOfUser(
  iam: IAMClient,
  userId: string,
  where = 'this account',
): Promise<string | undefined> {
  if (userId === '') throw new Permanent('refused to look for an IAM user without a unique id');
  for await (const page of userPages(iam, where)) {
    const found = page.find((user) => user.UserId === userId);
    if (found !== undefined) return found.UserName;
  }
  return undefined;
}

/** On a page. IAM gives 100 unless asked for more: an account may have 5,000. */
const mostUsers = 1000;

/** Every user of the account, through every page, as IAM lists them: without tags. */
export async function* userPages(iam: IAMClient, where: string): AsyncGenerator<readonly User[]> {
  let marker: string | undefined;
  do {
    const page = await iam
      .send(new ListUsersCommand({ MaxItems: mostUsers, ...(marker && { Marker: marker }) }))
      .catch((error: unknown) => {
        throw fromAws(`listing the IAM users of ${where}`, error);
      });
    yield page.Users ?? [];
    marker = page.IsTruncated === true ? page.Marker : undefined;
    if (page.IsTruncated === true && marker === undefined) {
      throw new Permanent(`IAM cut the user list of ${where} short without a marker`);
    }
  } while (marker !== undefined);
}

export type Whereabouts =
  | { readonly there: true; readonly path: string | undefined }
  /** No page of users lists the unique id. Another user may have the name by now. */
  | { readonly there: false; readonly namesakeId: string | null };

/**
 * Whether that very user is still there under that name. Throws Permanent if it has another name:
 * then it is not gone. Throws Transient while IAM's answers contradict each other.
 */
export async function whereabouts(
  iam: IAMClient,
  { userName, userId }: Pick<IamUser, 'userName' | 'userId'>,
): Promise<Whereabouts> {
  const named = await findUser(iam, userName);
  if (named !== undefined && named.UserId === undefined) {
    throw new Permanent(`IAM shows user ${userName} without a user id`);
  }
  if (named?.UserId === userId) return { there: true, path: named.Path };
  const name = await nameOfUser(iam, userId);
  if (name === undefined) return { there: false, namesakeId: named?.UserId ?? null };
  if (name === userName) throw contradiction(userName, userId);
  throw new Permanent(
    `user ${userName} (${userId}) was renamed to ${name}: its keys live on under that name; ` +
      'rename the user back, or abandon the rotation and do the rest by hand',
  );
}

/** A user that one answer of IAM's shows and another does not: gone or renamed a moment ago. */
export function contradiction(userName: string, userId: string): Transient {
  return new Transient(
    `IAM shows user ${userName} (${userId}) in one answer and not in another: it is asked again`,
  );
}

/** The user's keys, or undefined if there is no such user. */
export async function listKeys(
  iam: IAMClient,
  userName: string,
): Promise<readonly AccessKey[] | undefined> {
  refuseEmpty(userName);
  return existing(`listing the access keys of IAM user ${userName}`, async () => {
    const keys: AccessKey[] = [];
    let marker: string | undefined;
    do {
      const page = await iam.send(
        new ListAccessKeysCommand({
          UserName: userName,
          ...(marker === undefined ? {} : { Marker: marker }),
        }),
      );
      for (const { AccessKeyId, Status, CreateDate } of page.AccessKeyMetadata ?? []) {
        if (AccessKeyId === undefined || CreateDate === undefined) {
          throw new Permanent(`IAM lists a key of user ${userName} without its id or age`);
        }
        if (Status !== 'Active' && Status !== 'Inactive') {
          throw new Permanent(`IAM lists a key of user ${userName} as ${Status}: not understood`);
        }
        const createdAt = fromMillis(CreateDate.getTime());
        keys.push({ keyId: AccessKeyId, status: Status, createdAt });
      }
      marker = page.IsTruncated === true ? page.Marker : undefined;
      if (page.IsTruncated === true && marker === undefined) {
        throw new Permanent(`IAM cut the key list of user ${userName} short without a marker`);
      }
    } while (marker !== undefined);
    return keys;
  });
}

async function existing<T>(tried: string, ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    const name = awsErrorName(error);
    if (name === 'NoSuchEntityException' || name === 'NoSuchEntity') return undefined;
    throw fromAws(tried, error);
  }
}

function refuseEmpty(userName: string): void {
  if (userName === '') {
    throw new Permanent('refused to ask IAM about a user without a name: it would mean the caller');
  }
}
