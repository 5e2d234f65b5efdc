/**
 * The applications of a drill: each keeps its first keys in a secret of its own, as an application
 * would that was set up by hand, and is let in by STS, which needs no permission and which
 * CloudTrail shows.
 */
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import * as v from 'valibot';
import type { DrillApps, HeldKey } from '../domain/drill-ports.ts';
import { Permanent } from '../domain/errors.ts';
import { isDue, plus } from '../domain/instant.ts';
import type { Clock, Ids } from '../domain/ports.ts';
import { Sealed } from '../domain/sealed.ts';
import { secretNameOf } from '../domain/secret-name.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { awsErrorName, fromAws, isThrottled } from './aws-error.ts';
import { contentOf } from './key-json.ts';
import { withheld } from './withheld.ts';

/** Nothing of Keyturn's reacts to it: its own secrets begin with `keyturn/`. */
const ownSecret = (userName: string) => `keyturn-drill/${userName}`;

/** In the user agent of what they do. */
const appMark = 'keyturn-drill-app/1';

const held = v.pipe(
  v.string(),
  v.parseJson(),
  v.array(v.object({ accessKeyId: v.string(), secretAccessKey: v.string() })),
);

export function drillApps(
  connection: AwsConnection,
  clock: Clock,
  ids: Pick<Ids, 'uuid'>,
): DrillApps {
  const secrets = connect(SecretsManagerClient, connection);
  return {
    keep: async (userName, keys) => {
      const SecretString = JSON.stringify(
        keys.map(({ keyId, secret }) => ({
          accessKeyId: keyId,
          secretAccessKey: secret.reveal(),
        })),
      );
      const command = new CreateSecretCommand({ Name: ownSecret(userName), SecretString });
      await secrets.send(command).catch((error: unknown) => {
        throw fromAws(`keeping the keys of ${userName}`, withheld(error));
      });
    },
    keysOf: async (userName) => {
      const text = await currentValue(secrets, ownSecret(userName));
      if (text === undefined) throw new Permanent(`the secret of ${userName} is gone`);
      const read = v.safeParse(held, text);
      // Never what is there instead: an error of a parser quotes it.
      if (!read.success) throw new Permanent(`the secret of ${userName} holds no keys`);
      return read.output.map(({ accessKeyId, secretAccessKey }) => ({
        keyId: accessKeyId,
        secret: new Sealed(secretAccessKey),
      }));
    },
    currentOf: async (userName) => {
      const text = await currentValue(secrets, secretNameOf({ userName }));
      const content = text === undefined ? undefined : contentOf(text);
      return content?.kind === 'key' ? content.key : undefined;
    },
    use: (key, userId) => use(connection, key, userId),
    crowd: async (userName, seconds) => {
      const until = plus(clock.now(), { seconds });
      let refused = 0;
      for (;;) {
        refused += await burst(connection, ownSecret(userName), ids.uuid(userName));
        if (isDue(until, clock.now())) return refused;
        await clock.sleep(1000);
      }
    },
    forget: async (userName) => {
      for (const SecretId of [ownSecret(userName), secretNameOf({ userName })]) {
        const command = { SecretId, ForceDeleteWithoutRecovery: true };
        await secrets.send(new DeleteSecretCommand(command)).catch((error: unknown) => {
          if (awsErrorName(error) === 'ResourceNotFoundException') return;
          throw fromAws(`deleting secret ${SecretId}`, error);
        });
      }
    },
  };
}

/** What AWSCURRENT holds; undefined if there is no such secret. */
async function currentValue(
  secrets: SecretsManagerClient,
  SecretId: string,
): Promise<string | undefined> {
  try {
    const command = new GetSecretValueCommand({ SecretId, VersionStage: 'AWSCURRENT' });
    return (await secrets.send(command)).SecretString;
  } catch (error) {
    if (awsErrorName(error) === 'ResourceNotFoundException') return undefined;
    throw fromAws(`reading secret ${SecretId}`, withheld(error));
  }
}

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html (2026-11) */
async function use(connection: AwsConnection, key: HeldKey, userId: string): Promise<boolean> {
  const pair = { accessKeyId: key.keyId, secretAccessKey: key.secret.reveal() };
  const as = { ...connection, credentials: async () => pair, userAgent: appMark };
  try {
    const { UserId } = await connect(STSClient, as).send(new GetCallerIdentityCommand({}));
    return UserId === userId;
  } catch (error) {
    if (refusals.includes(awsErrorName(error))) return false;
    throw fromAws(`using key ${key.keyId}`, withheld(error));
  }
}

const refusals: readonly string[] = ['InvalidClientTokenId', 'SignatureDoesNotMatch'];

/** So many calls once a second, more than Secrets Manager answers in a second. */
const atOnce = 60;

/**
 * Writes that change nothing, of the kind that the custodian makes: PutSecretValue has 50 a second,
 * together with UpdateSecretVersionStage and others, and the same token with the same value makes
 * no version.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html (2026-11)
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html (2026-11)
 */
async function burst(connection: AwsConnection, SecretId: string, token: string): Promise<number> {
  const secrets = connect(SecretsManagerClient, connection, { maxAttempts: 1 });
  const write = async (): Promise<number> => {
    const command = {
      SecretId,
      SecretString: 'busy',
      ClientRequestToken: token,
      VersionStages: ['BUSY'],
    };
    try {
      await secrets.send(new PutSecretValueCommand(command));
      return 0;
    } catch (error) {
      if (isThrottled(error)) return 1;
      throw fromAws(`keeping secret ${SecretId} busy`, withheld(error));
    }
  };
  const refused = await Promise.all(Array.from({ length: atOnce }, write));
  return refused.reduce<number>((sum, each) => sum + each, 0);
}
