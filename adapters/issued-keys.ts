/**
 * Which keys the readers of a user's secrets may have got, by the tags and versions of every secret
 * and parameter that bears the user's id or name: neither shows a value. Whoever was renamed has
 * readers under the old name.
 */
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SSMClient } from '@aws-sdk/client-ssm';
import { currentVersion } from '../domain/custody.ts';
import type { Place } from '../domain/ports.ts';
import { placeholderName, secretNameOf } from '../domain/secret-name.ts';
import { issuedIn, secretTags } from '../domain/secret-tags.ts';
import type { IssuedAt, IssuedKeys, KeyHolder } from '../domain/secrets-from-outside.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { cryptoIds } from './crypto-ids.ts';
import { describeSecret } from './describe-secret.ts';
import { liveName } from './parameter-names.ts';
import { arnsByTag, latestVersionId, tagsOf } from './parameter-reads.ts';
import { secretsOfUser } from './secrets-of-user.ts';

/** In every account that `connectionFor` leads to, in the Region where keys are kept. */
export function issuedKeys(
  connectionFor: (place: Place) => AwsConnection,
  region: string,
): IssuedKeys {
  return {
    issuedTo: async (user) => {
      const { partition, account } = user;
      const connection = connectionFor({ partition, account, region });
      return [...(await inSecrets(connection, user)), ...(await inParameters(connection, user))];
    },
  };
}

/** The present name is asked by itself: the list is late, and lacks what has lost its tags. */
async function inSecrets(connection: AwsConnection, user: KeyHolder): Promise<readonly IssuedAt[]> {
  const client = connect(SecretsManagerClient, connection);
  const present = await describeSecret(client, secretNameOf(user));
  const found = [present];
  for (const arn of await secretsOfUser(client, user.userId)) {
    if (isKept.secret.test(arn) && arn !== present?.arn) {
      found.push(await describeSecret(client, arn));
    }
  }
  return found.flatMap((secret) => {
    // Nobody can read what is scheduled for deletion.
    if (secret === undefined || secret.closing) return [];
    return [{ arn: secret.arn, keyIds: keysOf(user, secret.tags, currentVersion(secret)) }];
  });
}

/** As with secrets. */
async function inParameters(
  connection: AwsConnection,
  user: KeyHolder,
): Promise<readonly IssuedAt[]> {
  const client = connect(SSMClient, connection);
  const { partition, account, userId } = user;
  const tagged = await arnsByTag(client, { key: secretTags.userId, value: userId });
  const theirs = tagged.filter((arn) => isKept.parameter.test(arn)).map(liveName);
  const found: IssuedAt[] = [];
  for (const name of new Set([liveName(secretNameOf(user)), ...theirs])) {
    const current = await latestVersionId(client, name);
    if (current === undefined) continue;
    const arn = `arn:${partition}:ssm:${connection.region}:${account}:parameter${name}`;
    found.push({ arn, keyIds: keysOf(user, await tagsOf(client, name), current) });
  }
  return found;
}

/** Keyturn writes nowhere else, whatever bears its tags. */
const isKept = { secret: /:secret:keyturn\//, parameter: /:parameter\/keyturn\/users\// } as const;

/** Before the first issue there is a placeholder, and no tag. */
function keysOf(
  user: KeyHolder,
  tags: Readonly<Record<string, string>>,
  current: string | undefined,
): readonly string[] | null {
  const isPlaceholder = current === undefined || current === cryptoIds.uuid(placeholderName(user));
  return issuedIn(tags) ?? (isPlaceholder ? [] : null);
}
