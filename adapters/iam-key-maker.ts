/**
 * Creates and deletes access keys, as the one role that may. Each session of that role is named
 * after the attempt's token, so that CloudTrail proves which key an attempt made.
 */
import {
  CreateAccessKeyCommand,
  type CreateAccessKeyCommandOutput,
  DeleteAccessKeyCommand,
  IAMClient,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { parseArn } from '../domain/arn.ts';
import type { KeyMaker, Making } from '../domain/custody.ts';
import { messageOf, Permanent } from '../domain/errors.ts';
import { fromMillis } from '../domain/instant.ts';
import type { Place } from '../domain/ports.ts';
import { Sealed } from '../domain/sealed.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { awsErrorName, fromAws, mayHaveTakenEffect } from './aws-error.ts';
import { withheld } from './withheld.ts';

/** Seconds; the shortest that STS gives. */
const sessionSeconds = 900;

/** `roleArn` is the key-making role, which the connection's credentials may assume. */
export function iamKeyMaker(connection: AwsConnection, roleArn: string): KeyMaker {
  return {
    create: async (user, token) => {
      refuseEmpty(user.userName);
      const iam = await sessionOf(connection, roleArn, token, { maxAttempts: 1 });
      const tried = `creating an access key for user ${user.userName}`;
      try {
        const command = new CreateAccessKeyCommand({ UserName: user.userName });
        return makingOf(await iam.send(command), user.userName);
      } catch (error) {
        const failure = fromAws(tried, withheld(error));
        if (!mayHaveTakenEffect(error)) throw failure;
        return { outcome: 'unknown', problem: messageOf(failure) };
      }
    },
    remove: async (user, keyId, token) => {
      refuseEmpty(user.userName);
      refuseEmpty(keyId);
      const iam = await sessionOf(connection, roleArn, token);
      try {
        const command = { UserName: user.userName, AccessKeyId: keyId };
        await iam.send(new DeleteAccessKeyCommand(command));
      } catch (error) {
        const name = awsErrorName(error);
        if (name === 'NoSuchEntityException' || name === 'NoSuchEntity') return;
        throw fromAws(`deleting access key ${keyId} of user ${user.userName}`, error);
      }
    },
    sessionArn: (token) => sessionArn(roleArn, token),
  };
}

/** An answer that does not hold a whole key of the user leaves a key of which nothing is known. */
function makingOf({ AccessKey: made }: CreateAccessKeyCommandOutput, userName: string): Making {
  const { AccessKeyId: keyId, SecretAccessKey: secret, UserName: owner } = made ?? {};
  if (!keyId || !secret || owner !== userName) {
    return { outcome: 'unknown', problem: 'IAM answered without a whole key of that user' };
  }
  const createdAt = fromMillis((made?.CreateDate ?? new Date(0)).getTime());
  return { outcome: 'made', key: { keyId, secret: new Sealed(secret), createdAt } };
}

/** IAM in a session of the role. Assuming it anew each time keeps sessions and tokens together. */
async function sessionOf(
  connection: AwsConnection,
  roleArn: string,
  token: string,
  options: { readonly maxAttempts?: number } = {},
): Promise<IAMClient> {
  const tried = `assuming role ${roleArn} as ${token}`;
  const answer = await connect(STSClient, connection)
    .send(
      new AssumeRoleCommand({
        RoleArn: roleArn,
        RoleSessionName: token,
        DurationSeconds: sessionSeconds,
      }),
    )
    .catch((error: unknown) => {
      throw fromAws(tried, withheld(error));
    });
  const { AccessKeyId, SecretAccessKey, SessionToken } = answer.Credentials ?? {};
  if (!AccessKeyId || !SecretAccessKey || !SessionToken) {
    throw new Permanent(`${tried}: STS answered without credentials`);
  }
  const credentials = {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
  };
  return connect(IAMClient, { ...connection, credentials: async () => credentials }, options);
}

/** `sessionArn` for whoever only looks: of the role of that name in any account. */
export function keyMakerSessions(
  roleName: string,
): (where: Pick<Place, 'partition' | 'account'>, token: string) => string {
  return ({ partition, account }, token) =>
    sessionArn(`arn:${partition}:iam::${account}:role/${roleName}`, token);
}

/**
 * An assumed role's ARN has the role's name without its path.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns
 */
function sessionArn(roleArn: string, token: string): string {
  const arn = parseArn(roleArn);
  const name = arn?.resource.split('/').at(-1);
  if (arn === undefined || !name) throw new Permanent(`${roleArn} is not the ARN of a role`);
  return `arn:${arn.partition}:sts::${arn.account}:assumed-role/${name}/${token}`;
}

/** IAM takes an empty user name for the caller's own. */
function refuseEmpty(name: string): void {
  if (name === '') throw new Permanent('refused to touch keys of a user, or a key, without a name');
}
