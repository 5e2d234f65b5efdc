/**
 * The vault in AWS Secrets Manager. Promises: a version's value never changes, AWSCURRENT moves
 * only where it is told to, and no error shows a value.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html (read 2026-11)
 */
import {
  CreateSecretCommand,
  GetSecretValueCommand,
  type GetSecretValueCommandInput,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { labels, type Vault, type VaultContent } from '../domain/custody.ts';
import { Conflict, Permanent } from '../domain/errors.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { awsErrorName, fromAws } from './aws-error.ts';
import { describeSecret } from './describe-secret.ts';
import { contentOf, keyJson, placeholderJson } from './key-json.ts';
import { secretsOfUser } from './secrets-of-user.ts';
import { withheld } from './withheld.ts';

/** The vault in the connection's account and Region. */
export function secretsManagerVault(connection: AwsConnection): Vault {
  const client = connect(SecretsManagerClient, connection);
  return {
    describe: (nameOrArn) => describeSecret(client, nameOrArn),
    placesOf: (userId) => secretsOfUser(client, userId),
    open: async (secret) => {
      try {
        await client.send(
          new CreateSecretCommand({
            Name: secret.name,
            Description: 'The current access key of an IAM user, kept by Keyturn',
            ClientRequestToken: secret.placeholderId,
            SecretString: placeholderJson(secret.userName),
            Tags: Object.entries(secret.tags).map(([Key, Value]) => ({ Key, Value })),
          }),
        );
      } catch (error) {
        if (awsErrorName(error) === 'ResourceExistsException') return;
        throw fromAws(`creating secret ${secret.name}`, error);
      }
    },
    read: async (arn, versionId) => (await read(client, arn, { VersionId: versionId }))?.content,
    readCurrent: (arn) => read(client, arn, { VersionStage: labels.current }),
    putPending: async (arn, token, key) => {
      const value = keyJson(key);
      const tried = `storing a key as version ${token} of ${arn}`;
      try {
        await client.send(
          new PutSecretValueCommand({
            SecretId: arn,
            ClientRequestToken: token,
            SecretString: value,
            // Without it the version would become AWSCURRENT at once.
            VersionStages: [labels.pending],
          }),
        );
      } catch (error) {
        const safe = withheld(error, key.secret.reveal());
        if (awsErrorName(error) === 'ResourceExistsException') {
          throw new Conflict(`${tried}: that version has another value`, { cause: safe });
        }
        throw fromAws(tried, safe);
      }
    },
    moveCurrent: (arn, move) => moveCurrent(client, arn, move),
    clearPending: (arn, versionId) => clearPending(client, arn, versionId),
  };
}

/** A version that does not exist and one without a value get the same answer. */
async function read(
  client: SecretsManagerClient,
  arn: string,
  which: Pick<GetSecretValueCommandInput, 'VersionId' | 'VersionStage'>,
): Promise<{ readonly versionId: string; readonly content: VaultContent } | undefined> {
  const tried = `reading ${which.VersionId ?? which.VersionStage} of ${arn}`;
  try {
    const answer = await client.send(new GetSecretValueCommand({ SecretId: arn, ...which }));
    const { VersionId: versionId, SecretString: text } = answer;
    if (versionId === undefined) throw new Permanent(`${tried}: the answer names no version`);
    return { versionId, content: text === undefined ? { kind: 'foreign' } : contentOf(text) };
  } catch (error) {
    if (awsErrorName(error) === 'ResourceNotFoundException') return undefined;
    if (error instanceof Permanent) throw error;
    throw fromAws(tried, withheld(error));
  }
}

/** Secrets Manager moves the label only if it is on the version that it is to be taken from. */
async function moveCurrent(
  client: SecretsManagerClient,
  arn: string,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<void> {
  const tried = `moving AWSCURRENT of ${arn} from version ${from} to ${to}`;
  try {
    await client.send(
      new UpdateSecretVersionStageCommand({
        SecretId: arn,
        VersionStage: labels.current,
        RemoveFromVersionId: from,
        MoveToVersionId: to,
      }),
    );
  } catch (error) {
    if (awsErrorName(error) === 'InvalidParameterException') {
      throw new Conflict(`${tried}: it was not there any more`, { cause: error });
    }
    throw fromAws(tried, error);
  }
}

async function clearPending(
  client: SecretsManagerClient,
  arn: string,
  versionId: string,
): Promise<void> {
  const tried = `taking AWSPENDING off version ${versionId} of ${arn}`;
  try {
    await client.send(
      new UpdateSecretVersionStageCommand({
        SecretId: arn,
        VersionStage: labels.pending,
        RemoveFromVersionId: versionId,
      }),
    );
  } catch (error) {
    // The label is not on that version, or there is no such version: then there is nothing to do.
    const name = awsErrorName(error);
    if (name === 'InvalidParameterException' || name === 'ResourceNotFoundException') return;
    throw fromAws(tried, error);
  }
}
