/**
 * The whole path of a native rotation: Secrets Manager's schedule drives the custodian, the event
 * brings the old key into the machine at `overlapping`, and deactivation, soak and deletion make
 * room for the next one.
 */
import { describe, expect, test } from 'vitest';
import { instant, plus } from '../../domain/instant.ts';
import type { IamUser } from '../../domain/key.ts';
import { ownerTag } from '../../domain/owner.ts';
import type { Mode } from '../../domain/policy.ts';
import { secretTags } from '../../domain/secret-tags.ts';
import { applicationRole, pastUses, startConsumer } from '../../sandbox/consumer.ts';
import { reportStaleUser } from '../../sandbox/reports.ts';
import { names } from '../../sandbox/settings.ts';
import { createWorld, type World } from '../../sandbox/world.ts';
import { account } from './given-world.ts';

const region = 'us-east-1';
const start = instant('2026-11-02T08:00:00Z');
const sentinel = 'CANARY';
const habit = {
  service: 's3',
  operation: 'ListBuckets',
  everyHours: 6,
  region,
  sourceIp: '203.0.113.17',
  userAgent: 'aws-sdk-js/3',
  changesOverAfterHours: 8,
} as const;

async function given(mode: Mode = 'approve') {
  const world = await createWorld({
    start,
    place: { partition: 'aws', account, region },
    accounts: [account],
    mode,
    seed: 'native',
    sentinel,
  });
  const { cloud } = world;
  cloud.createRole(account, applicationRole);
  const createdAt = plus(start, { days: -120 });
  const tags = { [ownerTag]: 'U0OLIVIA' };
  const user = cloud.addUser({ account, userName: 'svc-native', createdAt, tags });
  const key = cloud.addKey(account, user.userName, { createdAt });
  pastUses(world, key.keyId, [habit], 14);
  startConsumer(world, user, key, habit);
  await operator(world, 'CreateSecret', {
    Name: 'keyturn/svc-native',
    SecretString: JSON.stringify({ placeholder: true, userName: user.userName }),
    Tags: Object.entries({
      [secretTags.userId]: user.userId,
      [secretTags.userName]: user.userName,
      [secretTags.driver]: 'secrets-manager',
    }).map(([Key, Value]) => ({ Key, Value })),
  });
  return { world, user, key };
}

function operator(world: World, operation: string, input: object): Promise<unknown> {
  const credentials = world.cloud.roleCredentials(account, 'operator', 'olivia');
  return world.cloud.call({ service: 'secretsmanager', operation, input, region, credentials });
}

function rotate(world: World): Promise<unknown> {
  return operator(world, 'RotateSecret', {
    SecretId: 'keyturn/svc-native',
    RotationLambdaARN: `arn:aws:lambda:${region}:${account}:function:${names.custodian}`,
    RotationRules: { AutomaticallyAfterDays: 30 },
  });
}

async function rotationsOf({ store }: World, { userId }: IamUser) {
  const loaded = await Promise.all(
    (await store.ofUser(account, userId)).map((id) => store.load(id)),
  );
  return loaded.filter((each) => each !== undefined);
}

const stages = async (world: World, user: IamUser) =>
  (await rotationsOf(world, user)).map(({ stage }) => stage.name);

const keysOf = (world: World) =>
  world.cloud.truth(account).keys.filter(({ deletedAt }) => deletedAt === null);

/** No value and no token anywhere that people or machines read. */
async function checkCanary(world: World, user: IamUser): Promise<void> {
  const journals = await Promise.all(
    (await world.store.ofUser(account, user.userId)).map((id) => world.store.journal(id)),
  );
  const { log, deliveries, cloud } = world;
  const tags = cloud.truth(account).secrets.map((secret) => secret.tags);
  const { published, busEvents } = cloud;
  const said = [journals, log, deliveries, tags, published, busEvents, world.slack.messages()];
  expect(JSON.stringify(said)).not.toContain(sentinel);
}

describe('given a secret that Secrets Manager rotates every 30 days', () => {
  test('then each rotation runs to done, and makes room for the next', async () => {
    const { world, user, key } = await given();
    await rotate(world);
    await world.runUntil(plus(start, { minutes: 30 }));
    const [first] = await rotationsOf(world, user);
    const current = keysOf(world)[1]?.keyId;
    expect(first?.key.keyId).toBe(key.keyId);
    expect(first?.stage).toMatchObject({
      name: 'overlapping',
      issued: { newKeyId: current, secretVersionId: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    });
    if (first?.stage.name !== 'overlapping') throw new Error('not overlapping');
    expect(first.stage.issued.testRequestIds.length).toBeGreaterThan(1);
    expect(world.slack.messages()[0]?.text).toContain('svc-native');

    await world.runUntil(plus(start, { days: 29 }));
    expect((await rotationsOf(world, user))[0]?.stage).toMatchObject({ outcome: 'rotated' });
    expect(keysOf(world).map(({ keyId }) => keyId)).toEqual([current]);

    await world.runUntil(plus(start, { days: 30, hours: 2 }));
    expect(await stages(world, user)).toEqual(['done', 'overlapping']);
    expect((await rotationsOf(world, user))[1]?.key.keyId).toBe(current);
    expect(keysOf(world)).toHaveLength(2);
    await checkCanary(world, user);
  });

  test('then a claim that waits for approval goes on from the new key', async () => {
    const { world, user } = await given();
    reportStaleUser(world, user, ['config']);
    await world.runUntil(plus(start, { hours: 1 }));
    expect(await stages(world, user)).toEqual(['proposed']);
    await rotate(world);
    await world.runUntil(plus(start, { hours: 2 }));
    expect(await stages(world, user)).toEqual(['overlapping']);
    await world.runUntil(plus(start, { days: 9 }));
    expect((await rotationsOf(world, user))[0]?.stage).toMatchObject({ outcome: 'rotated' });
    const answers = world.deliveries.map(({ received }) => received.reason);
    expect(answers).toContainEqual(expect.stringContaining('its rotation is overlapping'));
    await checkCanary(world, user);
  });

  test('then one that is held unanswered does too', async () => {
    const { world, user } = await given();
    reportStaleUser(world, user, ['config']);
    await world.runUntil(plus(start, { days: 8 }));
    expect(await stages(world, user)).toEqual(['held']);
    await rotate(world);
    await world.runUntil(plus(start, { days: 8, hours: 1 }));
    expect(await stages(world, user)).toEqual(['overlapping']);
    expect(world.pagerDuty.incidents().every(({ status }) => status === 'resolved')).toBe(true);
  });

  test('then a claim that the runbook tries to carry out is refused by the custodian', async () => {
    const { world, user } = await given('auto');
    reportStaleUser(world, user, ['config']);
    await world.runUntil(plus(start, { days: 2 }));
    const [rotation] = await rotationsOf(world, user);
    expect(rotation?.stage).toMatchObject({ name: 'held', reason: { code: 'issue failed' } });
    expect(JSON.stringify(rotation?.stage)).toContain(
      'Secrets Manager rotates it, not the runbook',
    );
    expect(keysOf(world)).toHaveLength(1);
    await rotate(world);
    await world.runUntil(plus(start, { days: 2, hours: 1 }));
    expect(await stages(world, user)).toEqual(['overlapping']);
  });

  test('in mode observe nothing is opened', async () => {
    const { world, user } = await given('observe');
    await rotate(world);
    await world.runUntil(plus(start, { hours: 1 }));
    expect(await stages(world, user)).toEqual([]);
    expect(world.deliveries.at(-1)?.received.reason).toContain('policy only observes');
  });
});

describe('given events that come late, twice, or of somebody else', () => {
  test('then the same event again changes nothing', async () => {
    const { world, user } = await given();
    await rotate(world);
    await world.runUntil(plus(start, { hours: 1 }));
    const event = world.deliveries.at(-1)?.event;
    const [before] = await rotationsOf(world, user);
    expect(await world.deliver(event)).toMatchObject({ outcome: 'ignored' });
    expect(await rotationsOf(world, user)).toEqual([before]);
    await world.runUntil(plus(start, { days: 20 }));
    const reason = 'no rotation of';
    expect((await world.deliver(event)).reason).not.toContain(reason);
    expect(await stages(world, user)).toEqual(['done']);
  });

  test('then an event that is late by a day finds the rotation all the same', async () => {
    const { world, user } = await given();
    world.setCourier((_event, deliver) => {
      world.clock.at(plus(world.clock.now(), { days: 1 }), deliver);
    });
    await rotate(world);
    await world.runUntil(plus(start, { hours: 23 }));
    expect(await stages(world, user)).toEqual([]);
    await world.runUntil(plus(start, { hours: 26 }));
    expect(await stages(world, user)).toEqual(['overlapping']);
  });

  test('then an outside edit under an overlap is held, and somebody is told', async () => {
    const { world, user } = await given();
    await rotate(world);
    await world.runUntil(plus(start, { hours: 1 }));
    await operator(world, 'PutSecretValue', {
      SecretId: 'keyturn/svc-native',
      SecretString: 'by hand',
    });
    await world.runUntil(plus(start, { hours: 1, minutes: 5 }));
    const [rotation] = await rotationsOf(world, user);
    expect(rotation?.stage).toMatchObject({ name: 'held', reason: { code: 'changed outside' } });
    expect(world.pagerDuty.incidents()).toHaveLength(1);
  });

  test('then a secret that is nobody’s is ignored', async () => {
    const { world } = await given();
    await operator(world, 'CreateSecret', { Name: 'keyturn/stray', SecretString: 'one' });
    await operator(world, 'CreateSecret', { Name: 'other', SecretString: 'one' });
    await world.runUntil(plus(start, { minutes: 5 }));
    const reasons = world.deliveries.map(({ received }) => received.reason);
    expect(reasons).toContainEqual(expect.stringContaining('is not one of Keyturn'));
    expect(world.deliveries.every(({ received }) => received.outcome === 'ignored')).toBe(true);
  });
});
