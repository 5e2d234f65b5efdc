/**
 * A secret without its values. The hub looks at secrets by this alone, so that it needs no right to
 * read one.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_DescribeSecret.html (2026-11)
 */
import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { VaultSecret } from '../domain/custody.ts';
import { Permanent } from '../domain/errors.ts';
import type { Place } from '../domain/ports.ts';
import type { SecretDescriptions } from '../domain/secrets-from-outside.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { awsErrorName, fromAws } from './aws-error.ts';

/** Descriptions of secrets anywhere that `connectionFor` leads to. */
export function secretDescriptions(
  connectionFor: (place: Place) => AwsConnection,
): SecretDescriptions {
  return {
    describe: async (where, arn) =>
      describeSecret(connect(SecretsManagerClient, connectionFor(where)), arn),
  };
}

/** undefined if there is no such secret. Throws Transient or Permanent. */
export async function describeSecret(
  client: SecretsManagerClient,
  nameOrArn: string,
): Promise<VaultSecret | undefined> {
  const tried = `describing secret ${nameOrArn}`;
  if (nameOrArn === '') throw new Permanent(`${tried}: its name is empty`);
  try {
    const answer = await client.send(new DescribeSecretCommand({ SecretId: nameOrArn }));
    if (answer.ARN === undefined) throw new Permanent(`${tried}: the answer names no secret`);
    const tags = (answer.Tags ?? []).map(({ Key = '', Value = '' }) => [Key, Value]);
    return {
      arn: answer.ARN,
      tags: Object.fromEntries(tags),
      labels: answer.VersionIdsToStages ?? {},
      closing: answer.DeletedDate !== undefined,
    };
  } catch (error) {
    if (awsErrorName(error) === 'ResourceNotFoundException') return undefined;
    throw fromAws(tried, error);
  }
}
