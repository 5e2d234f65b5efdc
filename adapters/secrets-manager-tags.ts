/**
 * Tags on secrets: written by the custodian, read by the hub without any right to the values.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_TagResource.html (2026-11)
 */
import { SecretsManagerClient, TagResourceCommand } from '@aws-sdk/client-secrets-manager';
import type { SecretTags } from '../domain/custody.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { fromAws } from './aws-error.ts';

/** Tags on secrets of the connection's account and Region. */
export function secretsManagerTags(connection: AwsConnection): SecretTags {
  const client = connect(SecretsManagerClient, connection);
  return {
    tag: async (arn, tags) => {
      const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
      try {
        await client.send(new TagResourceCommand({ SecretId: arn, Tags }));
      } catch (error) {
        throw fromAws(`tagging secret ${arn}`, error);
      }
    },
  };
}
