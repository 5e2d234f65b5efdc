/**
 * IAM users and their keys, read from the account that they are in. The unique id is the
 * identity.
 */
import { IAMClient, ListUsersCommand, type User } from '@aws-sdk/client-iam';
import { Permanent } from '../domain/errors.ts';
import type { IamUser, Partition } from '../domain/key.ts';
import type { Place, Users } from '../domain/ports.ts';
import { findUser, listKeys } from './access-keys.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { fromAws } from './aws-error.ts';

/** Users through `connectionFor`; IAM is global, so one home Region serves the whole partition. */
export function iamUsers(
  connectionFor: (place: Place) => AwsConnection,
  homeRegion: string,
): Users {
  const iamOf = (partition: Partition, account: string): IAMClient =>
    connect(IAMClient, connectionFor({ partition, account, region: homeRegion }));
  const byName = async (iam: IAMClient, partition: Partition, account: string, name: string) => {
    const found = await findUser(iam, name);
    return found === undefined ? undefined : userFrom(found, partition, account);
  };
  return {
    byId: async (partition, account, userId) => {
      const iam = iamOf(partition, account);
      const userName = await nameOf(iam, account, userId);
      if (userName === undefined) return undefined;
      // ListUsers returns no tags. The name may have changed hands since the page was read.
      const user = await byName(iam, partition, account, userName);
      return user?.userId === userId ? user : undefined;
    },
    byName: (partition, account, userName) =>
      byName(iamOf(partition, account), partition, account, userName),
    keysOf: async (user) => {
      const iam = iamOf(user.partition, user.account);
      const now = await byName(iam, user.partition, user.account, user.userName);
      return now?.userId === user.userId ? listKeys(iam, user.userName) : undefined;
    },
  };
}

async function nameOf(
  iam: IAMClient,
  account: string,
  userId: string,
): Promise<string | undefined> {
  if (userId === '') throw new Permanent('refused to look for an IAM user without a unique id');
  let marker: string | undefined;
  do {
    const page = await iam
      .send(new ListUsersCommand(marker === undefined ? {} : { Marker: marker }))
      .catch((error: unknown) => {
        throw fromAws(`listing the IAM users of account ${account}`, error);
      });
    const found = page.Users?.find((user) => user.UserId === userId);
    if (found !== undefined) return found.UserName;
    marker = page.IsTruncated === true ? page.Marker : undefined;
    if (page.IsTruncated === true && marker === undefined) {
      throw new Permanent(`IAM cut the user list of account ${account} short without a marker`);
    }
  } while (marker !== undefined);
  return undefined;
}

/**
 * Throws Permanent if the ARN names another account or partition: then the wrong door was opened.
 */
function userFrom(found: User, partition: Partition, account: string): IamUser {
  const { UserName: userName, UserId: userId, Path: path, Arn: arn, Tags } = found;
  if (!userName || !userId || !path || !arn) {
    throw new Permanent(`IAM shows a user of account ${account} without name, id, path or ARN`);
  }
  if (!arn.startsWith(`arn:${partition}:iam::${account}:user/`)) {
    throw new Permanent(
      `asked account ${account} (${partition}) for user ${userName} but ${arn} answered; ` +
        'check the role that connects to that account',
    );
  }
  const tags = Object.fromEntries((Tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? '']));
  return { partition, account, userName, userId, path, tags };
}
