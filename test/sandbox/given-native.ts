/**
 * A world with a user whose secret Secrets Manager rotates every 30 days, and a program that takes
 * up each new key 8 hours after it was told.
 */
import { expect } from 'vitest';
import { instant, plus } from '../../domain/instant.ts';
import type { IamUser } from '../../domain/key.ts';
import { ownerTag } from '../../domain/owner.ts';
import type { Mode } from '../../domain/policy.ts';
import { secretTags } from '../../domain/secret-tags.ts';
import { applicationRole, pastUses, startConsumer } from '../../sandbox/consumer.ts';
import { names } from '../../sandbox/settings.ts';
import { createWorld, type World } from '../../sandbox/world.ts';
import { account } from './given-world.ts';

export const region = 'us-east-1';
export const start = instant('2026-11-02T08:00:00Z');
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

export async function given(mode: Mode = 'approve') {
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

export function operator(world: World, operation: string, input: object): Promise<unknown> {
  const credentials = world.cloud.roleCredentials(account, 'operator', 'olivia');
  return world.cloud.call({ service: 'secretsmanager', operation, input, region, credentials });
}

export function rotate(world: World): Promise<unknown> {
  return operator(world, 'RotateSecret', {
    SecretId: 'keyturn/svc-native',
    RotationLambdaARN: `arn:aws:lambda:${region}:${account}:function:${names.custodian}`,
    RotationRules: { AutomaticallyAfterDays: 30 },
  });
}

export async function rotationsOf({ store }: World, { userId }: IamUser) {
  const loaded = await Promise.all(
    (await store.ofUser(account, userId)).map((id) => store.load(id)),
  );
  return loaded.filter((each) => each !== undefined);
}

export const stages = async (world: World, user: IamUser) =>
  (await rotationsOf(world, user)).map(({ stage }) => stage.name);

export const keysOf = (world: World) =>
  world.cloud.truth(account).keys.filter(({ deletedAt }) => deletedAt === null);

/** No value and no token anywhere that people or machines read. */
export async function checkCanary(world: World, user: IamUser): Promise<void> {
  const journals = await Promise.all(
    (await world.store.ofUser(account, user.userId)).map((id) => world.store.journal(id)),
  );
  const { log, deliveries, cloud } = world;
  const tags = cloud.truth(account).secrets.map((secret) => secret.tags);
  const { published, busEvents } = cloud;
  const said = [journals, log, deliveries, tags, published, busEvents, world.slack.messages()];
  expect(JSON.stringify(said)).not.toContain(sentinel);
}
