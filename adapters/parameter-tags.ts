/**
 * Tags on the parameters that hold keys, as secrets-manager-tags.ts has them for secrets.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_AddTagsToResource.html
 * (2026-11)
 */
import { AddTagsToResourceCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { SecretTags } from '../domain/custody.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { fromAws } from './aws-error.ts';
import { liveName } from './parameter-names.ts';

/** Tags on parameters of the connection's account and Region. */
export function parameterTags(connection: AwsConnection): SecretTags {
  const client = connect(SSMClient, connection);
  return {
    tag: async (arn, tags) => {
      const name = liveName(arn);
      const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
      try {
        await client.send(
          new AddTagsToResourceCommand({ ResourceType: 'Parameter', ResourceId: name, Tags }),
        );
      } catch (error) {
        throw fromAws(`tagging parameter ${name}`, error);
      }
    },
  };
}
