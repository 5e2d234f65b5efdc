/** Users with a stale key, and the programs that use it: each reads the secret when told to. */
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  ListAccessKeysCommand,
} from '@aws-sdk/client-iam';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import * as v from 'valibot';
import { type IamUser, userArn } from '../../domain/key.ts';
import { ownerTag } from '../../domain/owner.ts';
import { secretNameOf } from '../../domain/secret-name.ts';
import type { World } from './world.ts';

type Pair = { readonly accessKeyId: string; readonly secretAccessKey: string };

export interface Subject {
  readonly user: IamUser;
  readonly oldKey: Pair;
  /** One request with the key that it holds; the ARN that it was answered with. */
  use(): Promise<string>;
  /** Reads what is AWSCURRENT in the secret, and uses that from now on. */
  changeOver(): Promise<Pair>;
  /** As IAM lists them: `AKIA…: Active`. */
  keys(): Promise<Readonly<Record<string, string>>>;
}

const stored = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ accessKeyId: v.string(), secretAccessKey: v.string() }),
);

export async function givenSubject(
  world: World,
  account: string,
  userName: string,
  owner?: string,
): Promise<Subject> {
  const iam = new IAMClient(world.operatorOf(account));
  const Tags = owner === undefined ? [] : [{ Key: ownerTag, Value: owner }];
  const order = new CreateUserCommand({ UserName: userName, Path: '/ci/', Tags });
  const { User } = await iam.send(order);
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: userName }));
  const { AccessKeyId: accessKeyId = '', SecretAccessKey: secretAccessKey = '' } = AccessKey ?? {};
  const at = { partition: 'aws', account, path: '/ci/', userName } as const;
  const user = { ...at, userId: User?.UserId ?? '', arn: userArn(at), tags: {} };
  const oldKey = { accessKeyId, secretAccessKey };
  let held: Pair = oldKey;
  return {
    user,
    oldKey,
    use: async () => {
      const sts = new STSClient(world.as(held));
      return (await sts.send(new GetCallerIdentityCommand({}))).Arn ?? '';
    },
    changeOver: async () => {
      const secrets = new SecretsManagerClient(world.operatorOf(account));
      const SecretId = secretNameOf(user);
      // By name: asked for nothing in particular, moto goes on with the version of before.
      const asked = { SecretId, VersionStage: 'AWSCURRENT' };
      const { SecretString } = await secrets.send(new GetSecretValueCommand(asked));
      held = v.parse(stored, SecretString);
      return held;
    },
    keys: async () => {
      const listed = await iam.send(new ListAccessKeysCommand({ UserName: userName }));
      const all = listed.AccessKeyMetadata ?? [];
      return Object.fromEntries(all.map(({ AccessKeyId, Status }) => [AccessKeyId, Status]));
    },
  };
}
