/** The witness with its real sources, in the modelled account, asked through Lambda. */
import {
  CreateAccessKeyCommand,
  DeleteAccessKeyCommand,
  IAMClient,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { accountRegions } from '../../adapters/account-regions.ts';
import { connect } from '../../adapters/aws-connection.ts';
import { cloudTrailUsage } from '../../adapters/cloudtrail-usage.ts';
import { iamUsers } from '../../adapters/iam-users.ts';
import { keyStanding } from '../../adapters/key-standing.ts';
import { lambdaWitness } from '../../adapters/lambda-witness.ts';
import { lastUsedSource } from '../../adapters/last-used.ts';
import type { Examination } from '../../domain/examination.ts';
import { plus } from '../../domain/instant.ts';
import { witnessHandler } from '../../functions/witness.ts';
import { account, type Given, given, region } from '../sandbox/account/given.ts';

const place = { partition: 'aws', account, region } as const;

/** A witness beside the keys of a user whose new key has been current for two hours. */
async function overlap() {
  const world = given();
  const { cloud, clock, operator } = world;
  const connectionIn = (where: string) => ({ ...operator, region: where });
  const sources = {
    lastUsed: lastUsedSource(operator, clock),
    trail: cloudTrailUsage({ connectionIn, region, partition: 'aws', clock }),
    regions: accountRegions(operator, 'aws', clock),
    standing: keyStanding(operator),
  };
  const handler = witnessHandler({ sources, clock, home: place });
  cloud.registerFunction({ account, region, name: 'keyturn-witness' }, handler);
  const witness = lambdaWitness(() => operator, 'keyturn-witness');

  const iam = connect(IAMClient, operator);
  const made = await iam.send(new CreateAccessKeyCommand({ UserName: 'svc-billing' }));
  const { AccessKeyId = '', SecretAccessKey = '' } = made.AccessKey ?? {};
  const secret = await connect(SecretsManagerClient, operator).send(
    new CreateSecretCommand({ Name: 'keyturn/svc-billing', SecretString: 'placeholder' }),
  );
  const [user] = cloud.truth(account).users;
  await clock.runUntil(plus(clock.now(), { hours: 2 }));
  const examination: Examination = {
    purpose: 'deactivate',
    user: { partition: 'aws', account, userName: 'svc-billing', userId: user?.userId ?? '' },
    oldKeyId: world.keyId,
    issued: {
      newKeyId: AccessKeyId,
      secretArn: secret.ARN ?? '',
      secretVersionId: secret.VersionId ?? '',
      currentSince: plus(clock.now(), { hours: -2 }),
      testRequestIds: [],
    },
    deactivatedAt: null,
    clearUntil: null,
    statusBefore: null,
    notBefore: clock.now(),
    authority: { kind: 'evidence' },
    copies: [],
  };
  const newKey = { keyId: AccessKeyId, secret: SecretAccessKey };
  return {
    ...world,
    iam,
    newKey,
    examination,
    examine: (e = examination) => witness.examine(place, e),
  };
}

async function use(world: Given, key: { keyId: string; secret: string }): Promise<void> {
  const sts = connect(STSClient, world.as(key.keyId, key.secret));
  await sts.send(new GetCallerIdentityCommand({}));
}

const days = (world: Given, count: number) =>
  world.clock.runUntil(plus(world.clock.now(), { days: count }));

describe('the witness in an account', () => {
  it('sees the old key in use, by whom and from where', async () => {
    const world = await overlap();
    await use(world, world);
    await world.clock.runUntil(plus(world.clock.now(), { hours: 1 }));
    const evidence = await world.examine();
    expect(evidence).toMatchObject({ verdict: 'in use', oldKey: 'Active' });
    expect(evidence.uses).toContainEqual(
      expect.objectContaining({ service: 'sts', sourceIp: '203.0.113.7', source: 'cloudtrail' }),
    );
  });

  it('is not satisfied until the new key was picked up', async () => {
    const world = await overlap();
    await days(world, 2);
    expect(await world.examine()).toMatchObject({
      verdict: 'unknown',
      gaps: [{ about: 'pickup' }],
    });
    await use(world, world.newKey);
    await days(world, 1);
    const evidence = await world.examine();
    expect(evidence).toMatchObject({ verdict: 'safe', basis: 'evidence', pickup: { seen: true } });
  });

  it('knows who switched the old key on again', async () => {
    const world = await overlap();
    await use(world, world.newKey);
    await days(world, 2);
    const key = { UserName: 'svc-billing', AccessKeyId: world.keyId };
    const set = (Status: 'Active' | 'Inactive') =>
      world.iam.send(new UpdateAccessKeyCommand({ ...key, Status }));
    await set('Inactive');
    const deactivatedAt = world.clock.now();
    const soak: Examination = { ...world.examination, purpose: 'delete', deactivatedAt };
    await days(world, 1);
    expect(await world.examine(soak)).toMatchObject({ verdict: 'safe', oldKey: 'Inactive' });
    await set('Active');
    await set('Inactive');
    await days(world, 1);
    const evidence = await world.examine(soak);
    expect(evidence).toMatchObject({ verdict: 'unknown', gaps: [{ about: 'standing' }] });
    expect(JSON.stringify(evidence)).toContain('assumed-role/operator');
  });

  it('shows that the key or the user is gone, and never calls that safe', async () => {
    const world = await overlap();
    const key = { UserName: 'svc-billing', AccessKeyId: world.keyId };
    await world.iam.send(new DeleteAccessKeyCommand(key));
    expect(await world.examine()).toMatchObject({ verdict: 'unknown', oldKey: 'Gone' });
    world.cloud.removeUser(account, 'svc-billing');
    world.cloud.addUser({ account, userName: 'svc-billing', createdAt: world.clock.now() });
    expect(await world.examine()).toMatchObject({ verdict: 'unknown', userGone: true });
  });
});

describe('users of an account', () => {
  it('are found by unique id and by name, with tags and keys', async () => {
    const world = given();
    const users = iamUsers(() => world.operator, 'us-east-1');
    const named = await users.byName('aws', account, 'svc-billing');
    expect(named).toMatchObject({ userName: 'svc-billing', tags: { team: 'billing' } });
    if (named === undefined) return;
    expect(await users.byId('aws', account, named.userId)).toEqual(named);
    expect(await users.keysOf(named)).toMatchObject([{ keyId: world.keyId, status: 'Active' }]);
    world.cloud.removeUser(account, 'svc-billing');
    expect(await users.byId('aws', account, named.userId)).toBeUndefined();
    expect(await users.keysOf(named)).toBeUndefined();
  });
});
