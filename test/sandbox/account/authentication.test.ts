/** Who gets in: keys, sessions, propagation; and what the sandbox refuses to answer at all. */
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import {
  CreateAccessKeyCommand,
  DeleteAccessKeyCommand,
  IAMClient,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import {
  DescribeSecretCommand,
  GetRandomPasswordCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, test } from 'vitest';
import { type AwsConnection, connect } from '../../../adapters/aws-connection.ts';
import { account, type Given, given, otherAccount, refusal } from './given.ts';

const whoAmI = (connection: AwsConnection) =>
  connect(STSClient, connection).send(new GetCallerIdentityCommand({}));

const describeSecret = (connection: AwsConnection) =>
  connect(SecretsManagerClient, connection).send(new DescribeSecretCommand({ SecretId: 'x' }));

async function issued({ operator }: Given) {
  const iam = connect(IAMClient, operator);
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'svc-billing' }));
  return { id: AccessKey?.AccessKeyId ?? '', secret: AccessKey?.SecretAccessKey ?? '' };
}

async function setStatus({ operator, keyId }: Given, Status: 'Active' | 'Inactive') {
  const order = { UserName: 'svc-billing', AccessKeyId: keyId, Status };
  await connect(IAMClient, operator).send(new UpdateAccessKeyCommand(order));
}

describe('authentication', () => {
  test('an Active key is its user, with the request id in $metadata', async () => {
    const world = given();
    const answer = await whoAmI(world.as(world.keyId, world.secret));
    expect(answer.Arn).toBe(`arn:aws:iam::${account}:user/svc-billing`);
    expect(answer.Account).toBe(account);
    expect(answer.$metadata.httpStatusCode).toBe(200);
    expect(answer.$metadata.requestId).toBe(world.cloud.history.at(-1)?.requestId);
  });

  test('an unknown key is refused with the error of each service', async () => {
    const world = given();
    const stranger = world.as('AKIAIOSFODNN7EXAMPLE', world.secret);
    expect(await refusal(whoAmI(stranger))).toBe('InvalidClientTokenId 403');
    expect(await refusal(describeSecret(stranger))).toBe('UnrecognizedClientException 400');
  });

  test('a wrong secret is a wrong signature', async () => {
    const world = given();
    const forger = world.as(world.keyId, 'EXAMPLE'.repeat(6));
    expect(await refusal(whoAmI(forger))).toBe('SignatureDoesNotMatch 403');
    expect(await refusal(describeSecret(forger))).toBe('InvalidSignatureException 400');
  });

  test('an Inactive key does not authenticate until it is Active again', async () => {
    const world = given();
    await setStatus(world, 'Inactive');
    expect(await refusal(whoAmI(world.as(world.keyId, world.secret)))).toBe(
      'InvalidClientTokenId 403',
    );
    await setStatus(world, 'Active');
    expect(await refusal(whoAmI(world.as(world.keyId, world.secret)))).toBe('not refused');
  });

  test('a deleted key does not authenticate', async () => {
    const world = given();
    const order = { UserName: 'svc-billing', AccessKeyId: world.keyId };
    await connect(IAMClient, world.operator).send(new DeleteAccessKeyCommand(order));
    expect(await refusal(whoAmI(world.as(world.keyId, world.secret)))).toBe(
      'InvalidClientTokenId 403',
    );
  });

  test('the keys of a removed user do not authenticate', async () => {
    const world = given();
    world.cloud.removeUser(account, 'svc-billing');
    expect(await refusal(whoAmI(world.as(world.keyId, world.secret)))).toBe(
      'InvalidClientTokenId 403',
    );
  });

  test('a Region of another partition knows none of the keys', async () => {
    const world = given();
    const abroad = world.as(world.keyId, world.secret, 'cn-north-1');
    expect(await refusal(whoAmI(abroad))).toBe('InvalidClientTokenId 403');
  });

  test('a connection without credentials is refused before anything is asked', async () => {
    const { cloud } = given();
    const bare = { region: 'eu-west-1', plugin: cloud.plugin };
    expect(await refusal(whoAmI(bare))).toBe('CredentialsProviderError 400');
    expect(cloud.history).toEqual([]);
  });

  test('a connection spread with other credentials calls as those', async () => {
    const world = given();
    const credentials = async () => ({
      accessKeyId: world.keyId,
      secretAccessKey: world.secret,
    });
    const answer = await whoAmI({ ...world.operator, credentials });
    expect(answer.Arn).toContain(':user/svc-billing');
  });
});

describe('propagation', () => {
  test('a new key fails for ten seconds, then works', async () => {
    const world = given();
    const key = await issued(world);
    const connection = world.as(key.id, key.secret);
    expect(await refusal(whoAmI(connection))).toBe('InvalidClientTokenId 403');
    await world.clock.sleep(9_999);
    expect(await refusal(whoAmI(connection))).toBe('InvalidClientTokenId 403');
    await world.clock.sleep(1);
    expect(await refusal(whoAmI(connection))).toBe('not refused');
  });

  test('a relapsing key fails once more shortly after its first success', async () => {
    const world = given({ relapseShare: 1 });
    const key = await issued(world);
    const connection = world.as(key.id, key.secret);
    await world.clock.sleep(10_000);
    expect(await refusal(whoAmI(connection))).toBe('not refused');
    await world.clock.sleep(5_000);
    expect(await refusal(whoAmI(connection))).toBe('InvalidClientTokenId 403');
    expect(await refusal(whoAmI(connection))).toBe('not refused');
    await world.clock.sleep(1_000);
    expect(await refusal(whoAmI(connection))).toBe('not refused');
  });

  test('a key that nobody tried again soon shows no relapse', async () => {
    const world = given({ relapseShare: 1 });
    const key = await issued(world);
    const connection = world.as(key.id, key.secret);
    await world.clock.sleep(10_000);
    await whoAmI(connection);
    await world.clock.sleep(15_001);
    expect(await refusal(whoAmI(connection))).toBe('not refused');
  });

  test('about a tenth of keys relapse, the same ones for the same seed', async () => {
    const relapsing = async (seed: string) => {
      const world = given({ seed, relapseShare: 0.1 });
      const found: string[] = [];
      for (let count = 0; count < 200; count++) {
        const userName = `user-${count}`;
        world.cloud.addUser({ account, userName, createdAt: world.clock.now() });
        const iam = connect(IAMClient, world.operator);
        const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: userName }));
        const { AccessKeyId = '', SecretAccessKey = '' } = AccessKey ?? {};
        await world.clock.sleep(10_000);
        const connection = world.as(AccessKeyId, SecretAccessKey);
        await whoAmI(connection);
        if ((await refusal(whoAmI(connection))) !== 'not refused') found.push(userName);
      }
      return found;
    };
    const first = await relapsing('one');
    expect(first.length).toBeGreaterThan(8);
    expect(first.length).toBeLessThan(40);
    expect(await relapsing('one')).toEqual(first);
    expect(await relapsing('two')).not.toEqual(first);
  });
});

describe('roles', () => {
  const role = `arn:aws:iam::${otherAccount}:role/keyturn-launcher`;
  const operatorRole = `arn:aws:iam::${account}:role/operator`;
  const assume = (connection: AwsConnection, more: object = {}) =>
    connect(STSClient, connection).send(
      new AssumeRoleCommand({ RoleArn: role, RoleSessionName: 'rotation-1', ...more }),
    );

  test('a trusted role gets a session, which ends', async () => {
    const world = given();
    world.cloud.createRole(otherAccount, 'keyturn-launcher', {
      trusts: [{ principalArn: operatorRole, externalId: 'keyturn' }],
    });
    const { Credentials, AssumedRoleUser } = await assume(world.operator, {
      ExternalId: 'keyturn',
      DurationSeconds: 900,
    });
    const session = `arn:aws:sts::${otherAccount}:assumed-role/keyturn-launcher/rotation-1`;
    expect(AssumedRoleUser?.Arn).toBe(session);
    const connection = world.cloud.connection({
      region: 'eu-west-1',
      credentials: {
        accessKeyId: Credentials?.AccessKeyId ?? '',
        secretAccessKey: Credentials?.SecretAccessKey ?? '',
        sessionToken: Credentials?.SessionToken ?? '',
      },
    });
    expect((await whoAmI(connection)).Arn).toBe(session);
    const withoutToken = world.as(
      Credentials?.AccessKeyId ?? '',
      Credentials?.SecretAccessKey ?? '',
    );
    expect(await refusal(whoAmI(withoutToken))).toBe('InvalidClientTokenId 403');
    await world.clock.sleep(900_000);
    expect(await refusal(whoAmI(connection))).toBe('ExpiredToken 403');
    expect(await refusal(describeSecret(connection))).toBe('ExpiredTokenException 400');
  });

  test.each([
    ['no such role', undefined, { ExternalId: 'keyturn' }],
    ['another principal', { principalArn: `${operatorRole}-2` }, {}],
    ['another account', { account: otherAccount }, {}],
    ['no external id', { principalArn: operatorRole, externalId: 'keyturn' }, {}],
    ['a wrong one', { account, externalId: 'keyturn' }, { ExternalId: 'other' }],
  ])('refuses: %s', async (_why, trust, input) => {
    const world = given();
    if (trust !== undefined) {
      world.cloud.createRole(otherAccount, 'keyturn-launcher', { trusts: [trust] });
    }
    expect(await refusal(assume(world.operator, input))).toBe('AccessDenied 403');
  });

  test('a session cannot take a longer session than an hour', async () => {
    const world = given();
    world.cloud.createRole(otherAccount, 'keyturn-launcher', { trusts: [{ account }] });
    const long = assume(world.operator, { DurationSeconds: 3601 });
    expect(await refusal(long)).toBe('ValidationError 400');
    const fromUser = assume(world.as(world.keyId, world.secret), { DurationSeconds: 3601 });
    expect(await refusal(fromUser)).toBe('not refused');
  });
});

describe('what is not modelled', () => {
  test('fails by name, and is no outage', async () => {
    const { operator } = given();
    const client = connect(SecretsManagerClient, operator);
    const asked = client.send(new GetRandomPasswordCommand({}));
    await expect(asked).rejects.toThrow(
      'secretsmanager:GetRandomPassword is not part of the sandbox',
    );
    expect(await refusal(client.send(new GetRandomPasswordCommand({})))).toBe('NotModelled 400');
  });

  test('so does an input field that the model does not know', async () => {
    const { operator } = given();
    const lookup = new LookupEventsCommand({ EventCategory: 'insight' });
    await expect(connect(CloudTrailClient, operator).send(lookup)).rejects.toThrow(
      'cloudtrail:LookupEvents with EventCategory is not part of the sandbox',
    );
  });

  test('a client made without connect() is told so', () => {
    const { cloud } = given();
    const client = new STSClient({ region: 'eu-west-1' });
    expect(() => client.middlewareStack.use(cloud.plugin)).toThrow('connect()');
  });
});
