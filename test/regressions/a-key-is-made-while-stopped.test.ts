/** While Keyturn is stopped no key is made, whoever orders it. */
import { describe, expect, test } from 'vitest';
import { Transient } from '../../domain/errors.ts';
import { plus } from '../../domain/instant.ts';
import { awsError } from '../../sandbox/account/service.ts';
import { keyIds, through } from '../app/custody-acts.ts';
import { answerOf, custodyWorld, errorOf, oldKeyId, setSwitch } from '../app/custody-world.ts';
import { given, keysOf, rotate, start } from '../sandbox/given-native.ts';

test('by a native rotation', async () => {
  const { world } = await given();
  await world.stop('incident 42');
  await world.runUntil(plus(start, { hours: 1 }));
  await rotate(world);
  await world.runUntil(plus(start, { hours: 5 }));
  expect(keysOf(world)).toHaveLength(1);
  await world.go();
  await world.runUntil(plus(start, { days: 31 }));
  expect(keysOf(world).length).toBeGreaterThan(1);
});

describe('by a runbook that was started before', () => {
  test('createSecret says so, and makes nothing, not even a secret', async () => {
    const world = custodyWorld();
    await setSwitch(world.cloud, world.region, 'incident 42');
    const error = errorOf(await world.run('createSecret'));
    expect(error).toBeInstanceOf(Transient);
    expect(error.message).toContain('stopped');
    expect(error.message).toContain('incident 42');
    expect(world.secret()).toBeUndefined();
    expect(keyIds(world)).toEqual([oldKeyId]);
    await setSwitch(world.cloud, world.region, 'go');
    answerOf(await world.run('createSecret'));
  });

  test('stopped while createSecret already works: no key is made', async () => {
    const world = custodyWorld();
    world.meddle(async (call, proceed) => {
      if (call.operation !== 'CreateSecret') return proceed();
      world.meddle((_call, onwards) => onwards());
      await setSwitch(world.cloud, world.region, 'incident 42');
      return proceed();
    });
    expect(errorOf(await world.run('createSecret')).message).toContain('incident 42');
    expect(keyIds(world)).toEqual([oldKeyId]);
  });

  test('a switch that cannot be read counts as stopped', async () => {
    const world = custodyWorld();
    world.meddle(async ({ operation, input }, proceed) => {
      const isSwitch = operation === 'GetParameter' && Object(input).Name === '/keyturn/dev/stop';
      if (isSwitch) throw awsError('AccessDeniedException', 'no', 400);
      return proceed();
    });
    expect(errorOf(await world.run('createSecret')).message).toContain('cannot be read');
    expect(keyIds(world)).toEqual([oldKeyId]);
  });

  test('what was made before is finished, or undone', async () => {
    const finished = custodyWorld();
    await through(finished, 'createSecret');
    await setSwitch(finished.cloud, finished.region, 'incident 42');
    await through(finished, 'createSecret', 'setSecret', 'testSecret', 'finishSecret');
    expect(finished.currentKeyId()).not.toBeNull();
    const undone = custodyWorld();
    await through(undone, 'createSecret');
    await setSwitch(undone.cloud, undone.region, 'incident 42');
    await through(undone, 'undo');
    expect(keyIds(undone)).toEqual([oldKeyId]);
  });
});
