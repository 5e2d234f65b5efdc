/**
 * Whoever could tag secrets, and nothing else, had one program's key taken for the replacement of
 * another's: what waits for approval went on without it, and in the end a program that works lost
 * its key. Now the secret must be the user's own, and CloudTrail must show who made the new key.
 */
import { describe, expect, test } from 'vitest';
import { plus } from '../../domain/instant.ts';
import type { IamUser } from '../../domain/key.ts';
import { secretTags } from '../../domain/secret-tags.ts';
import { startConsumer } from '../../sandbox/consumer.ts';
import { reportStaleUser } from '../../sandbox/reports.ts';
import type { World } from '../../sandbox/world.ts';
import { given, keysOf, operator, region, stages, start } from '../sandbox/given-native.ts';
import { account } from '../sandbox/given-world.ts';

const version = '11111111-2222-4333-8444-555555555555';

test('two programs, a key each: who may only tag secrets has none of them cut', async () => {
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
  await claimByTags(world, user, { newKey: daily, oldKey: rare });
  await world.runUntil(plus(start, { days: 10 }));
  expect(keysOf(world).map(({ keyId, status }) => ({ keyId, status }))).toContainEqual({
    keyId: rare.keyId,
    status: 'Active',
  });
});

describe('tags on a secret, by whoever may tag secrets', () => {
  test("do not have another program's key taken for a replacement", async () => {
    const { world, user, key } = await given('approve');
    // Two programs, a key each: nobody has rotated anything.
    const other = world.cloud.addKey(account, user.userName, {
      createdAt: plus(start, { days: -20 }),
    });
    await operator(world, 'PutSecretValue', {
      SecretId: 'keyturn/svc-native',
      ClientRequestToken: version,
      SecretString: '{}',
    });
    await operator(world, 'TagResource', {
      SecretId: 'keyturn/svc-native',
      Tags: tagged(replacing({ newKey: other, oldKey: key })),
    });
    await world.runUntil(plus(start, { hours: 1 }));
    expect(await stages(world, user)).toEqual([]);
  });

  test('do not approve what waits for approval', async () => {
    const { world, user, key } = await given('approve');
    const other = world.cloud.addKey(account, user.userName, {
      createdAt: plus(start, { days: -20 }),
    });
    reportStaleUser(world, user, ['config']);
    await world.runUntil(plus(start, { hours: 1 }));
    expect(await stages(world, user)).toEqual(['proposed']);
    await claimByTags(world, user, { newKey: other, oldKey: key });
    await world.runUntil(plus(start, { hours: 2 }));
    expect(await stages(world, user)).toEqual(['proposed']);
  });
});

interface Pair {
  readonly newKey: { readonly keyId: string };
  readonly oldKey: { readonly keyId: string };
}

/** What the custodian writes of a native rotation. */
function replacing({ newKey, oldKey }: Pair): Readonly<Record<string, string>> {
  return {
    [secretTags.version]: version,
    [secretTags.newKey]: newKey.keyId,
    [secretTags.oldKey]: oldKey.keyId,
    [secretTags.currentSince]: start,
  };
}

function tagged(tags: Readonly<Record<string, string>>) {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

/** A secret that is not even called after the user. */
async function claimByTags(world: World, { userId }: IamUser, pair: Pair): Promise<void> {
  const whose = { [secretTags.userId]: userId, [secretTags.driver]: 'secrets-manager' };
  await operator(world, 'CreateSecret', {
    Name: 'keyturn/anything',
    ClientRequestToken: version,
    SecretString: '{}',
    Tags: tagged({ ...whose, ...replacing(pair) }),
  });
}
