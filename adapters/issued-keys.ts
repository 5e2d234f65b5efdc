/**
 * Which keys the readers of a user's secret may have got, by the tags and versions of the secret
 * and of the parameter of that name: neither shows a value.
 */

import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ListTagsForResourceCommand, SSMClient } from '@aws-sdk/client-ssm';
import { labels } from '../domain/custody.ts';
import type { Place } from '../domain/ports.ts';
import { placeholderName, secretNameOf } from '../domain/secret-name.ts';
import { issuedIn } from '../domain/secret-tags.ts';
import type { IssuedAt, IssuedKeys, KeyHolder } from '../domain/secrets-from-outside.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { fromAws } from './aws-error.ts';
import { cryptoIds } from './crypto-ids.ts';
import { describeSecret } from './describe-secret.ts';
import { liveName } from './parameter-names.ts';
import { latestVersionId } from './parameter-reads.ts';

/** In every account that `connectionFor` leads to, in the Region where keys are kept. */
export function issuedKeys(
  connectionFor: (place: Place) => AwsConnection,
  region: string,
): IssuedKeys {
  return {
    issuedTo: async (user) => {
      const { partition, account } = user;
      const connection = connectionFor({ partition, account, region });
      const found = [await inSecret(connection, user), await inParameter(connection, user)];
      return found.filter((each) => each !== undefined);
    },
  };
}

async function inSecret(connection: AwsConnection, user: KeyHolder): Promise<IssuedAt | undefined> {
  const client = connect(SecretsManagerClient, connection);
  const secret = await describeSecret(client, secretNameOf(user));
  // Nobody can read what is scheduled for deletion.
  if (secret === undefined || secret.closing) return undefined;
  const versions = Object.entries(secret.labels);
  const [current] = versions.find(([, each]) => each.includes(labels.current)) ?? [];
  return { arn: secret.arn, keyIds: keysOf(user, secret.tags, current) };
}

async function inParameter(
  connection: AwsConnection,
  user: KeyHolder,
): Promise<IssuedAt | undefined> {
  const client = connect(SSMClient, connection);
  const name = liveName(secretNameOf(user));
  const current = await latestVersionId(client, name);
  if (current === undefined) return undefined;
  const { partition, account } = user;
  const arn = `arn:${partition}:ssm:${connection.region}:${account}:parameter${name}`;
  return { arn, keyIds: keysOf(user, await tagsOf(client, name), current) };
}

/** Before the first issue there is a placeholder, and no tag. */
function keysOf(
  user: KeyHolder,
  tags: Readonly<Record<string, string>>,
  current: string | undefined,
): readonly string[] | null {
  const isPlaceholder = current === undefined || current === cryptoIds.uuid(placeholderName(user));
  return issuedIn(tags) ?? (isPlaceholder ? [] : null);
}

async function tagsOf(client: SSMClient, name: string): Promise<Readonly<Record<string, string>>> {
  const resource = { ResourceType: 'Parameter', ResourceId: name } as const;
  try {
    const { TagList = [] } = await client.send(new ListTagsForResourceCommand(resource));
    return Object.fromEntries(TagList.map(({ Key = '', Value = '' }) => [Key, Value]));
  } catch (error) {
    throw fromAws(`reading the tags of parameter ${name}`, error);
  }
}
