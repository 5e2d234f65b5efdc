/**
 * Dummy users of drills in IAM, below their path and nowhere else: whoever is elsewhere is refused
 * before anything is done, besides what the function's role allows.
 */
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  IAMClient,
  UntagUserCommand,
} from '@aws-sdk/client-iam';
import { drillPath, dummyPrefix, isDummy, staleTag } from '../domain/drill.ts';
import type { DrillUsers } from '../domain/drill-ports.ts';
import { Permanent } from '../domain/errors.ts';
import { fromMillis } from '../domain/instant.ts';
import { Sealed } from '../domain/sealed.ts';
import { findUser, listKeys, userPages } from './access-keys.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { fromAws } from './aws-error.ts';
import { withheld } from './withheld.ts';

export function drillUsers(connection: AwsConnection): DrillUsers {
  const iam = connect(IAMClient, connection);
  return {
    make: async (userName) => {
      const command = new CreateUserCommand({
        UserName: userName,
        Path: drillPath,
        Tags: [{ Key: staleTag.name, Value: staleTag.value }],
      });
      const { User: made } = await iam.send(command).catch((error: unknown) => {
        throw fromAws(`making dummy user ${userName}`, error);
      });
      if (!made?.UserId) throw new Permanent(`IAM made ${userName} without a user id`);
      return { userId: made.UserId };
    },
    settle: async (userName) => {
      const command = new UntagUserCommand({ UserName: userName, TagKeys: [staleTag.name] });
      await iam.send(command).catch((error: unknown) => {
        throw fromAws(`taking a tag off dummy user ${userName}`, error);
      });
    },
    addKey: (userName) => addKey(connection, userName),
    keysOf: (userName) => listKeys(iam, userName),
    remove: async (userName) => {
      const user = await findUser(iam, userName);
      if (user === undefined) return;
      if (!isDummy('held', user.Path)) {
        throw new Permanent(`user ${userName} is not below ${drillPath}: it is no dummy`);
      }
      await removeUser(iam, userName);
    },
    madeBefore: async (at) => {
      const names: string[] = [];
      for await (const page of userPages(iam, 'this account')) {
        for (const { UserName: name, Path, CreateDate } of page) {
          const isOld = CreateDate !== undefined && fromMillis(CreateDate.getTime()) < at;
          const isOurs = name?.startsWith(dummyPrefix) && isDummy('held', Path);
          if (name !== undefined && isOurs && isOld) names.push(name);
        }
      }
      return names;
    },
  };
}

/** One attempt: a lost answer leaves a key of which nobody knows, and a second try another. */
async function addKey(connection: AwsConnection, userName: string) {
  const iam = connect(IAMClient, connection, { maxAttempts: 1 });
  const command = new CreateAccessKeyCommand({ UserName: userName });
  const { AccessKey: made } = await iam.send(command).catch((error: unknown) => {
    throw fromAws(`making a key for dummy user ${userName}`, withheld(error));
  });
  if (!made?.AccessKeyId || !made.SecretAccessKey || made.UserName !== userName) {
    throw new Permanent(`IAM answered without a whole key of dummy user ${userName}`);
  }
  return { keyId: made.AccessKeyId, secret: new Sealed(made.SecretAccessKey) };
}

async function removeUser(iam: IAMClient, userName: string): Promise<void> {
  try {
    for (const { keyId } of (await listKeys(iam, userName)) ?? []) {
      await iam.send(new DeleteAccessKeyCommand({ UserName: userName, AccessKeyId: keyId }));
    }
    await iam.send(new DeleteUserCommand({ UserName: userName }));
  } catch (error) {
    throw fromAws(`removing dummy user ${userName}`, error);
  }
}
