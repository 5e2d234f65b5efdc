/** Reading a user and their access keys from IAM, through every page. Never creates or changes. */
import {
  GetUserCommand,
  type IAMClient,
  ListAccessKeysCommand,
  type User,
} from '@aws-sdk/client-iam';
import { Permanent } from '../domain/errors.ts';
import { fromMillis } from '../domain/instant.ts';
import type { AccessKey } from '../domain/key.ts';
import { awsErrorName, fromAws } from './aws-error.ts';

/** The user of that name, or undefined. IAM would answer with the caller for an empty name. */
export async function findUser(iam: IAMClient, userName: string): Promise<User | undefined> {
  refuseEmpty(userName);
  return existing(`reading IAM user ${userName}`, async () => {
    const answer = await iam.send(new GetUserCommand({ UserName: userName }));
    return answer.User;
  });
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
