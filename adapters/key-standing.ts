/**
 * How keys and secret stand now: IAM's GetUser and ListAccessKeys, Secrets Manager's
 * DescribeSecret. It reads which version carries AWSCURRENT, never what a version holds.
 */
import { IAMClient } from '@aws-sdk/client-iam';
import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Permanent } from '../domain/errors.ts';
import type { AccessKey } from '../domain/key.ts';
import type { StandingSource } from '../domain/usage-sources.ts';
import { findUser, listKeys } from './access-keys.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { awsErrorName, fromAws } from './aws-error.ts';

/** Standing in the connection's account and Region (the secret's). */
export function keyStanding(connection: AwsConnection): StandingSource {
  const iam = connect(IAMClient, connection);
  const secrets = connect(SecretsManagerClient, connection);
  return {
    standing: async ({ user, oldKeyId, issued }) => {
      const found = await findUser(iam, user.userName);
      const keys = found === undefined ? undefined : await listKeys(iam, user.userName);
      const oldKey = keyIn(keys, oldKeyId);
      return {
        userGone: keys === undefined,
        userId: keys === undefined ? null : idOf(found, user.userName),
        oldKey: oldKey?.status ?? 'Gone',
        oldKeyCreatedAt: oldKey?.createdAt ?? null,
        newKey: keyIn(keys, issued.newKeyId)?.status ?? 'Gone',
        currentVersionId: await currentVersion(secrets, issued.secretArn),
      };
    },
    statusOf: async ({ userName }, keyId) =>
      keyIn(await listKeys(iam, userName), keyId)?.status ?? 'Gone',
  };
}

function keyIn(keys: readonly AccessKey[] | undefined, keyId: string): AccessKey | undefined {
  return keys?.find((key) => key.keyId === keyId);
}

function idOf(found: { readonly UserId?: string | undefined } | undefined, name: string): string {
  if (found?.UserId === undefined) throw new Permanent(`IAM shows user ${name} without a user id`);
  return found.UserId;
}

/** The version with AWSCURRENT; null if the secret is gone or about to be: nobody can read it. */
async function currentVersion(
  secrets: SecretsManagerClient,
  secretArn: string,
): Promise<string | null> {
  try {
    const secret = await secrets.send(new DescribeSecretCommand({ SecretId: secretArn }));
    if (secret.DeletedDate !== undefined) return null;
    const versions = Object.entries(secret.VersionIdsToStages ?? {});
    return versions.find(([, stages]) => stages.includes('AWSCURRENT'))?.[0] ?? null;
  } catch (error) {
    if (awsErrorName(error) === 'ResourceNotFoundException') return null;
    throw fromAws(`describing secret ${secretArn}`, error);
  }
}
