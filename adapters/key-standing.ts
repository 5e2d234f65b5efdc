/**
 * How keys and secret stand now: IAM's GetUser, ListUsers and ListAccessKeys, Secrets Manager's
 * DescribeSecret, Systems Manager's DescribeParameters. It reads which version is AWSCURRENT, never
 * what a version holds. A user is
 * gone only if no page of users lists the unique id: one under another name is an error.
 */
import { IAMClient } from '@aws-sdk/client-iam';
import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SSMClient } from '@aws-sdk/client-ssm';
import { parseArn } from '../domain/arn.ts';
import { currentVersion } from '../domain/custody.ts';
import { type Drills, isDummy } from '../domain/drill.ts';
import { Permanent } from '../domain/errors.ts';
import { parsePlace } from '../domain/further-place.ts';
import type { AccessKey, IamUser } from '../domain/key.ts';
import { secretNameOf } from '../domain/secret-name.ts';
import { type KeyHolder, mayHaveGiven } from '../domain/secrets-from-outside.ts';
import type { Issued } from '../domain/stage.ts';
import type { StandingSource } from '../domain/usage-sources.ts';
import { placesIn } from '../domain/written-places.ts';
import { contradiction, listKeys, whereabouts } from './access-keys.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { awsErrorName, fromAws } from './aws-error.ts';
import { describeSecret } from './describe-secret.ts';
import { issuedKeys } from './issued-keys.ts';
import { liveName } from './parameter-names.ts';
import { latestVersionId, tagsOf } from './parameter-reads.ts';

/** Standing in the connection's account and Region (the secret's). */
export function keyStanding(connection: AwsConnection, drills: Drills = 'none'): StandingSource {
  const iam = connect(IAMClient, connection);
  return {
    standing: async ({ user, oldKeyId, issued, copies }) => {
      const found = await whereabouts(iam, user);
      const keys = found.there ? await keysOf(iam, user) : undefined;
      const oldKey = keyIn(keys, oldKeyId);
      return {
        userGone: !found.there,
        userId: found.there ? user.userId : found.namesakeId,
        ...(found.there && isDummy(drills, found.path) ? { isDummy: true } : {}),
        oldKey: oldKey?.status ?? 'Gone',
        oldKeyCreatedAt: oldKey?.createdAt ?? null,
        newKey: (issued && keyIn(keys, issued.newKeyId)?.status) ?? 'Gone',
        currentVersionId: issued && (await versionNow(connection, issued.secretArn)),
        copiesBehind:
          issued === null ? [] : await behind(connection, secretNameOf(user), issued, copies),
        keptIn: issued === null ? await kept(connection, user, oldKeyId) : [],
      };
    },
    statusOf: async (user, keyId) => {
      const found = await whereabouts(iam, user);
      if (!found.there && found.namesakeId !== null) {
        throw new Permanent(
          `user ${user.userName} is now ${found.namesakeId}, not ${user.userId}: the user was ` +
            'deleted and made again; look at the account',
        );
      }
      const keys = found.there ? await keysOf(iam, user) : undefined;
      return keyIn(keys, keyId)?.status ?? 'Gone';
    },
  };
}

/** The keys of a user who is there. */
async function keysOf(
  iam: IAMClient,
  { userName, userId }: Pick<IamUser, 'userName' | 'userId'>,
): Promise<readonly AccessKey[]> {
  const keys = await listKeys(iam, userName);
  if (keys === undefined) throw contradiction(userName, userId);
  return keys;
}

function keyIn(keys: readonly AccessKey[] | undefined, keyId: string): AccessKey | undefined {
  return keys?.find((key) => key.keyId === keyId);
}

/** The version with AWSCURRENT; null if the secret is gone or about to be: nobody can read it. */
async function versionNow(connection: AwsConnection, secretArn: string): Promise<string | null> {
  if (parseArn(secretArn)?.service === 'ssm') {
    const id = await latestVersionId(connect(SSMClient, connection), liveName(secretArn));
    return id ?? null;
  }
  const secrets = connect(SecretsManagerClient, connection);
  try {
    const secret = await secrets.send(new DescribeSecretCommand({ SecretId: secretArn }));
    if (secret.DeletedDate !== undefined) return null;
    return currentVersion({ labels: secret.VersionIdsToStages ?? {} }) ?? null;
  } catch (error) {
    if (awsErrorName(error) === 'ResourceNotFoundException') return null;
    throw fromAws(`describing secret ${secretArn}`, error);
  }
}

/** The places whose readers may have got the key, or any. */
async function kept(
  connection: AwsConnection,
  user: KeyHolder,
  keyId: string,
): Promise<readonly string[]> {
  const places = await issuedKeys(() => connection, connection.region).issuedTo(user);
  return places.filter((place) => mayHaveGiven(place, keyId)).map(({ arn }) => arn);
}

/** The further places that do not show their readers the new key, or are not known to. */
async function behind(
  connection: AwsConnection,
  secretName: string,
  issued: Issued,
  copies: readonly string[],
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const text of copies) {
    if (!(await isThere(connection, secretName, issued, text))) found.push(text);
  }
  return found;
}

async function isThere(
  connection: AwsConnection,
  secretName: string,
  { secretVersionId, secretArn, newKeyId }: Issued,
  text: string,
): Promise<boolean> {
  const place = parsePlace(text);
  switch (place?.kind) {
    case 'secrets-manager':
      return (
        (await versionNow({ ...connection, region: place.region }, secretName)) === secretVersionId
      );
    case 'parameter-store': {
      const ssm = connect(SSMClient, { ...connection, region: place.region });
      return (await latestVersionId(ssm, liveName(secretName))) === secretVersionId;
    }
    case 'github-actions':
      // Nobody can read it back: what the custodian noted when it wrote there.
      return placesIn(await tagsOfSecret(connection, secretArn)).some(
        (each) => each.place === text && each.state === 'written' && each.keyId === newKeyId,
      );
    default:
      return false;
  }
}

async function tagsOfSecret(
  connection: AwsConnection,
  secretArn: string,
): Promise<Readonly<Record<string, string>>> {
  if (parseArn(secretArn)?.service === 'ssm') {
    return tagsOf(connect(SSMClient, connection), liveName(secretArn));
  }
  const client = connect(SecretsManagerClient, connection);
  return (await describeSecret(client, secretArn))?.tags ?? {};
}
