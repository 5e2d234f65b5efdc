/**
 * "Secret Label Updated" as it really comes: late, twice, too early, about something else. What the
 * secret shows decides, so none of it does harm.
 */
import { describe, expect, test } from 'vitest';
import { advance } from '../../app/advance.ts';
import { plus } from '../../domain/instant.ts';
import { secretTags } from '../../domain/secret-tags.ts';
import { reportStaleUser } from '../../sandbox/reports.ts';
import {
  given,
  keysOf,
  operator,
  region,
  rotate,
  rotationsOf,
  stages,
  start,
} from './given-native.ts';
import { account } from './given-world.ts';

const secretsManager = 'aws.secretsmanager';

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

  test('then a native rotation that was overwritten by hand since is not built on', async () => {
    const { world, user } = await given();
    world.setCourier((_event, deliver) => {
      world.clock.at(plus(world.clock.now(), { hours: 1 }), deliver);
    });
    await rotate(world);
    await world.runUntil(plus(start, { minutes: 30 }));
    const byHand = { SecretId: 'keyturn/svc-native', SecretString: 'by hand' };
    await operator(world, 'PutSecretValue', byHand);
    await world.runUntil(plus(start, { hours: 3 }));
    expect(await stages(world, user)).toEqual([]);
    expect(world.deliveries.at(-1)?.received.reason).toContain('has to do with version');
  });

  test('then a rotation of the runbook’s is known by its version', async () => {
    const { world, user } = await given('auto');
    const Tags = [{ Key: secretTags.driver, Value: 'keyturn' }];
    await operator(world, 'TagResource', { SecretId: 'keyturn/svc-native', Tags });
    reportStaleUser(world, user, ['config']);
    await world.runUntil(plus(start, { hours: 1 }));
    expect(await stages(world, user)).toEqual(['overlapping']);
    const moved = world.deliveries.filter(({ event }) => Object(event).source === secretsManager);
    expect(moved.at(-1)?.received.reason).toContain('was issued by the rotation of');
  });

  test('then an event before the custodian has finished is looked at again', async () => {
    const { world, user } = await given();
    world.cloud.setInterceptor((call, proceed) => {
      const tags: readonly { Key?: string; Value?: string }[] = Object(call.input).Tags ?? [];
      const since = tags.find(({ Key }) => Key === secretTags.currentSince)?.Value;
      if (since !== undefined && since !== 'pending') throw new Error('denied');
      return proceed();
    });
    await rotate(world);
    await world.runUntil(plus(start, { minutes: 2 }));
    expect(await stages(world, user)).toEqual([]);
    await world.runUntil(plus(start, { minutes: 30 }));
    const [rotation] = await rotationsOf(world, user);
    expect(rotation?.stage).toMatchObject({ name: 'overlapping', issued: { testRequestIds: [] } });
    if (rotation?.stage.name !== 'overlapping') throw new Error('not overlapping');
    expect(rotation.stage.issued.currentSince).toBe(rotation.openedAt);
  });

  test.each([
    ['the old key is gone', 'DeleteAccessKey', 0, 'is gone: there is nothing to switch off'],
    ['the new key is gone', 'DeleteAccessKey', 1, 'is gone: nothing is built on it'],
    ['the old key is off', 'UpdateAccessKey', 0, 'is Inactive: there is nothing to switch off'],
  ])('then nothing is opened when %s', async (_, operation, index, reason) => {
    const { world, user } = await given();
    world.setCourier((_event, deliver) => {
      world.clock.at(plus(world.clock.now(), { hours: 1 }), deliver);
    });
    await rotate(world);
    await world.runUntil(plus(start, { minutes: 30 }));
    const { userName } = user;
    const input = { UserName: userName, AccessKeyId: keysOf(world)[index]?.keyId };
    const credentials = world.cloud.roleCredentials(account, 'operator', 'olivia');
    const Status = operation === 'UpdateAccessKey' ? { Status: 'Inactive' } : {};
    const call = { service: 'iam', operation, input: { ...input, ...Status }, region, credentials };
    await world.cloud.call(call);
    await world.runUntil(plus(start, { hours: 3 }));
    expect(await stages(world, user)).toEqual([]);
    expect(world.deliveries.at(-1)?.received.reason).toContain(reason);
  });

  test('then a key whose rotation was given up gets another one', async () => {
    const { world, user, key } = await given();
    reportStaleUser(world, user, ['config']);
    await world.runUntil(plus(start, { hours: 1 }));
    const [first] = await rotationsOf(world, user);
    const by = { kind: 'person', id: 'U0SAM', name: 'Sam Oncall' } as const;
    await advance(world.hub.tick, first?.id ?? '', { type: 'abandoned', by });
    await rotate(world);
    await world.runUntil(plus(start, { hours: 2 }));
    const second = (await rotationsOf(world, user)).find(({ generation }) => generation === 2);
    expect(second).toMatchObject({ key: { keyId: key.keyId }, stage: { name: 'overlapping' } });
  });
});
