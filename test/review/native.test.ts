/** Native rotation: what its events and tags can cause that nobody decided. */
import { describe, expect, test } from 'vitest';
import { advance } from '../../app/advance.ts';
import { plus } from '../../domain/instant.ts';
import { secretTags } from '../../domain/secret-tags.ts';
import { reportStaleUser } from '../../sandbox/reports.ts';
import { given, operator, rotate, rotationsOf, stages, start } from '../sandbox/given-native.ts';
import { account } from '../sandbox/given-world.ts';

const sam = { kind: 'person', id: 'U0SAM', name: 'Sam Oncall' } as const;

test.fails("an event delivered twice does not undo an admin's Abandon", async () => {
  const { world, user } = await given();
  await rotate(world);
  await world.runUntil(plus(start, { hours: 1 }));
  const event = world.deliveries.at(-1)?.event;
  const [first] = await rotationsOf(world, user);
  await advance(world.hub.tick, first?.id ?? '', { type: 'abandoned', by: sam });
  await world.deliver(event);
  expect(await stages(world, user)).toEqual(['done']);
});

test('the stop switch changes no stage, whatever events come', async () => {
  const { world, user } = await given();
  reportStaleUser(world, user, ['config']);
  await world.runUntil(plus(start, { hours: 1 }));
  expect(await stages(world, user)).toEqual(['proposed']);
  await world.stop('incident 42');
  await world.runUntil(plus(start, { hours: 2 }));
  await rotate(world);
  await world.runUntil(plus(start, { hours: 5 }));
  expect(await stages(world, user)).toEqual(['proposed']);
});

describe('tags on a secret, by whoever may tag secrets', () => {
  test.fails("do not have another program's key taken for a replacement", async () => {
    const { world, user, key } = await given('approve');
    // Two programs, a key each: nobody has rotated anything.
    const other = world.cloud.addKey(account, user.userName, {
      createdAt: plus(start, { days: -20 }),
    });
    const version = '11111111-2222-4333-8444-555555555555';
    await operator(world, 'PutSecretValue', {
      SecretId: 'keyturn/svc-native',
      ClientRequestToken: version,
      SecretString: '{}',
    });
    await operator(world, 'TagResource', {
      SecretId: 'keyturn/svc-native',
      Tags: Object.entries({
        [secretTags.version]: version,
        [secretTags.newKey]: other.keyId,
        [secretTags.oldKey]: key.keyId,
        [secretTags.currentSince]: start,
      }).map(([Key, Value]) => ({ Key, Value })),
    });
    await world.runUntil(plus(start, { hours: 1 }));
    expect(await stages(world, user)).toEqual([]);
  });

  test.fails('do not approve what waits for approval', async () => {
    const { world, user, key } = await given('approve');
    const other = world.cloud.addKey(account, user.userName, {
      createdAt: plus(start, { days: -20 }),
    });
    reportStaleUser(world, user, ['config']);
    await world.runUntil(plus(start, { hours: 1 }));
    expect(await stages(world, user)).toEqual(['proposed']);
    // A secret that is not even called after the user.
    await operator(world, 'CreateSecret', {
      Name: 'keyturn/anything',
      ClientRequestToken: '11111111-2222-4333-8444-555555555555',
      SecretString: '{}',
      Tags: Object.entries({
        [secretTags.userId]: user.userId,
        [secretTags.driver]: 'secrets-manager',
        [secretTags.version]: '11111111-2222-4333-8444-555555555555',
        [secretTags.newKey]: other.keyId,
        [secretTags.oldKey]: key.keyId,
        [secretTags.currentSince]: start,
      }).map(([Key, Value]) => ({ Key, Value })),
    });
    await world.runUntil(plus(start, { hours: 2 }));
    expect(await stages(world, user)).toEqual(['proposed']);
  });
});
