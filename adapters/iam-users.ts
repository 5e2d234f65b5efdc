/**
 * IAM users and their keys, read from the account that they are in. The unique id is the
 * identity.
 */
import { IAMClient, type User } from '@aws-sdk/client-iam';
import { Permanent } from '../domain/errors.ts';
import type { IamUser, Partition } from '../domain/key.ts';
import type { ListedUser, Place, Users } from '../domain/ports.ts';
import { contradiction, findUser, listKeys, nameOfUser, userPages } from './access-keys.ts';
import { type AwsConnection, connect } from './aws-connection.ts';

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
      const userName = await nameOfUser(iam, userId, `account ${account}`);
      if (userName === undefined) return undefined;
      // ListUsers returns no tags. A name that changed hands meanwhile says nothing of the user.
      const user = await byName(iam, partition, account, userName);
      if (user?.userId !== userId) throw contradiction(userName, userId);
      return user;
    },
    byName: (partition, account, userName) =>
      byName(iamOf(partition, account), partition, account, userName),
    everyone: async (partition, account) => {
      const listed: ListedUser[] = [];
      for await (const page of userPages(iamOf(partition, account), `account ${account}`)) {
        for (const user of page) {
          const { userName, userId } = userFrom(user, partition, account);
          listed.push({ userName, userId });
        }
      }
      return listed;
    },
    keysOf: async (user) => {
      const iam = iamOf(user.partition, user.account);
      const now = await byName(iam, user.partition, user.account, user.userName);
      return now?.userId === user.userId ? listKeys(iam, user.userName) : undefined;
    },
  };
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
