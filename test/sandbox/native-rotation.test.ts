/**
 * The whole path of a native rotation: Secrets Manager's schedule drives the custodian, the event
 * brings the old key into the machine at `overlapping`, and deactivation, soak and deletion make
 * room for the next one.
 */
import { describe, expect, test } from 'vitest';
import { plus } from '../../domain/instant.ts';
import { reportStaleUser } from '../../sandbox/reports.ts';
import { checkCanary, given, keysOf, rotate, rotationsOf, stages, start } from './given-native.ts';

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
