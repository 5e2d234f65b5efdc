/** Forged tags on a secret, followed to the end: a program that works loses its key. */
import { expect, test } from 'vitest';
import { plus } from '../../domain/instant.ts';
import { secretTags } from '../../domain/secret-tags.ts';
import { startConsumer } from '../../sandbox/consumer.ts';
import { given, keysOf, operator, region, start } from '../sandbox/given-native.ts';
import { account } from '../sandbox/given-world.ts';

const version = '11111111-2222-4333-8444-555555555555';

test.fails('two programs, a key each: who may only tag secrets has none of them cut', async () => {
  const { world, user, key: daily } = await given('approve');
  const createdAt = plus(start, { days: -60 });
  // The second program works every four days, by a key that nobody reported.
  const rare = world.cloud.addKey(account, user.userName, { createdAt });
  const used = { service: 's3', region, sourceIp: '203.0.113.9', userAgent: 'cron/1' } as const;
  for (const days of [-6, -2]) {
    world.cloud.recordPastUse(rare.keyId, {
      at: plus(start, { days }),
      eventName: 'ListBuckets',
      ...used,
    });
  }
  startConsumer(world, user, daily, {
    ...used,
    operation: 'ListBuckets',
    everyHours: 3,
    changesOverAfterHours: 100_000,
  });
  await operator(world, 'CreateSecret', {
    Name: 'keyturn/anything',
    ClientRequestToken: version,
    SecretString: '{}',
    Tags: Object.entries({
      [secretTags.userId]: user.userId,
      [secretTags.driver]: 'secrets-manager',
      [secretTags.version]: version,
      [secretTags.newKey]: daily.keyId,
      [secretTags.oldKey]: rare.keyId,
      [secretTags.currentSince]: start,
    }).map(([Key, Value]) => ({ Key, Value })),
  });
  await world.runUntil(plus(start, { days: 10 }));
  expect(keysOf(world).map(({ keyId, status }) => ({ keyId, status }))).toContainEqual({
    keyId: rare.keyId,
    status: 'Active',
  });
});
