/** Secrets Manager drives the custodian: on schedule, again after failures, beside other claims. */
import { describe, expect, test } from 'vitest';
import { secretTags } from '../../domain/secret-tags.ts';
import { outsider, storedValue } from './custody-acts.ts';
import { faultKinds } from './custody-world.ts';
import {
  account,
  claimOf,
  daysAgo,
  deleteKey,
  expectRotated,
  nativeWorld,
  oldKeyId,
} from './native-world.ts';

describe('given a secret that Secrets Manager rotates every 30 days', () => {
  test('the first rotation replaces the only key, and tells of it in tags', async () => {
    const world = await nativeWorld();
    const { VersionId } = await world.rotate();
    await world.pass({ hours: 1 });
    expect(world.invoked.map(({ step }) => step)).toEqual([
      'createSecret',
      'setSecret',
      'testSecret',
      'finishSecret',
    ]);
    const current = await expectRotated(world);
    expect(world.labelled('AWSCURRENT')).toEqual([VersionId]);
    const rotation = world.deps.ids.uuid(`${world.arn()}/${VersionId}`);
    expect(world.tags()[secretTags.rotation]).toBe(rotation);
    expect(storedValue(world, VersionId)).toMatchObject({ accessKeyId: current, rotation });
    expect(world.tags()[secretTags.tests]?.split(' ').length).toBeGreaterThan(1);
    expect(await claimOf(world)).toBeUndefined();
  });

  test('the next one replaces the key that is current, once there is room', async () => {
    const world = await nativeWorld();
    await world.rotate();
    await world.pass({ hours: 1 });
    const second = world.currentKeyId() ?? '';
    await deleteKey(world, oldKeyId);
    await world.pass({ days: 30 });
    const third = await expectRotated(world, second);
    expect(third).not.toBe(second);
  });

  test('without room nothing is made, and it happens by itself once there is some', async () => {
    const world = await nativeWorld();
    await world.rotate();
    await world.pass({ days: 31 });
    const second = world.currentKeyId() ?? '';
    expect(world.created()).toHaveLength(1);
    const refused = world.invoked.at(-1);
    expect(refused?.problem).toContain(`has a second key, ${oldKeyId} (Active), so that there is`);
    expect(refused?.problem).toContain('rotate again when Keyturn reports that rotation as done');
    expect(await claimOf(world)).toBeUndefined();
    expect(world.currentKeyId()).toBe(second);
    await deleteKey(world, oldKeyId);
    await world.pass({ days: 31 });
    await expectRotated(world, second);
  });

  test('RotateSecret refuses while a rotation is not complete', async () => {
    const world = await nativeWorld();
    world.meddle((call, proceed) => {
      if (call.operation === 'GetCallerIdentity') throw new Error('refused');
      return proceed();
    });
    await world.rotate();
    await world.pass({ hours: 1 });
    await expect(world.rotate()).rejects.toThrow("A previous rotation isn't complete");
  });
});

test('given that the last facts were never written, the next rotation goes on', async () => {
  const world = await nativeWorld();
  world.meddle((call, proceed) => {
    const isLast = JSON.stringify(call.input).includes('"Value":"20');
    if (call.operation === 'TagResource' && isLast) throw new Error('denied');
    return proceed();
  });
  await world.rotate();
  await world.pass({ days: 1 });
  const second = world.currentKeyId() ?? '';
  expect(world.tags()[secretTags.currentSince]).toBe('pending');
  world.meddle((_call, proceed) => proceed());
  await deleteKey(world, oldKeyId);
  const before = world.invoked.length;
  await world.pass({ days: 32 });
  expect(await expectRotated(world, second)).not.toBe(second);
  // What an earlier token made current is not taken for what this one was to make.
  expect(world.invoked.slice(before).map(({ problem }) => problem)).toEqual(
    Array(4).fill(undefined),
  );
});

describe('the two drivers', () => {
  test('Secrets Manager is refused a secret of the runbook', async () => {
    const world = await nativeWorld({ [secretTags.driver]: 'keyturn' });
    await world.rotate();
    await world.pass({ hours: 1 });
    expect(world.invoked[0]?.problem).toContain(
      "Keyturn's runbook rotates it, not Secrets Manager",
    );
    expect(world.created()).toEqual([]);
  });

  test('the runbook is refused a secret of Secrets Manager, at every step but undo', async () => {
    const world = await nativeWorld();
    for (const step of ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const) {
      const outcome = await world.run(step);
      expect(outcome.ok ? '' : outcome.error.message).toContain(
        'Secrets Manager rotates it, not the runbook: use RotateSecret',
      );
    }
    expect(await world.run('undo')).toMatchObject({ ok: true, answer: { Issued: 'false' } });
    expect(world.created()).toEqual([]);
  });

  test('what the runbook made is undone although the driver has changed since', async () => {
    const world = await nativeWorld({ [secretTags.driver]: 'keyturn' });
    expect((await world.run('createSecret')).ok).toBe(true);
    const Tags = [{ Key: secretTags.driver, Value: 'secrets-manager' }];
    await outsider(world, 'secretsmanager', 'TagResource', { SecretId: world.arn(), Tags });
    expect((await world.run('undo')).ok).toBe(true);
    expect(world.keys().map(({ keyId }) => keyId)).toEqual([oldKeyId]);
    await world.rotate();
    await world.pass({ hours: 1 });
    await expectRotated(world);
  });
});

describe('given that something is not as it should be', () => {
  test.each([
    ['another user’s id', { [secretTags.userId]: 'AIDACKCEVSQ6C2EXAMPLE' }, 'deleted and made'],
    ['another user’s name', { [secretTags.userName]: 'svc-other' }, 'do not say whose keys'],
    ['no user', { [secretTags.userId]: '' }, 'do not say whose keys'],
    ['an unknown driver', { [secretTags.driver]: 'both' }, 'Set it to one of keyturn'],
  ])('in the tags: %s', async (_, tags, problem) => {
    const world = await nativeWorld(tags);
    await world.rotate();
    await world.pass({ hours: 1 });
    expect(world.invoked[0]?.problem).toContain(problem);
    expect(world.created()).toEqual([]);
  });

  test('several Active keys and a placeholder: which to replace cannot be known', async () => {
    const world = await nativeWorld();
    world.cloud.addKey(account, 'svc-billing', { createdAt: daysAgo(9) });
    await world.rotate();
    await world.pass({ hours: 1 });
    expect(world.invoked[0]?.problem).toContain('several Active keys');
    expect(world.created()).toEqual([]);
  });

  test('a step that no rotation waits for is refused', async () => {
    const world = await nativeWorld();
    const payload = {
      SecretId: world.arn(),
      ClientRequestToken: '3f07b899-3f68-4111-8f4e-812e980ef362',
    };
    for (const Step of ['createSecret', 'testSecret', 'finishSecret']) {
      await expect(world.invoke({ Step, ...payload })).rejects.toThrow('no rotation waits for it');
    }
    expect(world.created()).toEqual([]);
  });

  test('configured without rotating, the function is only tried', async () => {
    const world = await nativeWorld();
    await world.rotate({ RotateImmediately: false });
    await world.pass({ hours: 1 });
    expect(world.invoked.map(({ step }) => step)).toEqual(['testSecret']);
    expect(world.created()).toEqual([]);
    await world.pass({ days: 30 });
    await expectRotated(world);
  });

  test('AWSPENDING of a failed rotation taken off by hand: the next one clears up', async () => {
    const world = await nativeWorld();
    world.meddle((call, proceed) => {
      if (call.operation === 'GetCallerIdentity') throw new Error('refused');
      return proceed();
    });
    const { VersionId } = await world.rotate();
    await world.pass({ minutes: 20 });
    expect(world.keys()).toHaveLength(2);
    world.meddle((_call, proceed) => proceed());
    await outsider(world, 'secretsmanager', 'CancelRotateSecret', { SecretId: world.arn() });
    await outsider(world, 'secretsmanager', 'UpdateSecretVersionStage', {
      SecretId: world.arn(),
      VersionStage: 'AWSPENDING',
      RemoveFromVersionId: VersionId,
    });
    await world.pass({ hours: 30 });
    await world.rotate();
    await world.pass({ hours: 1 });
    await expectRotated(world);
    expect(world.created()).toHaveLength(2);
  });
});

describe('given a fault at any AWS call of a native rotation', () => {
  test.each(faultKinds)(
    '%s: it ends with one usable current key, and nothing left',
    async (kind) => {
      const undisturbed = await nativeWorld();
      undisturbed.faults.set(null);
      await undisturbed.rotate();
      await undisturbed.pass({ hours: 1 });
      const count = undisturbed.callsOfLastRun();
      expect(count).toBeGreaterThan(40);
      for (let call = 2; call <= count; call++) {
        const world = await nativeWorld();
        world.strike({ call, kind });
        await world.rotate();
        await world.pass({ hours: 12 });
        const current = await expectRotated(world).catch((error: unknown) => {
          throw new Error(`${kind} at call ${call}`, { cause: error });
        });
        expect(current).not.toBe('');
        expect(world.created().length).toBeLessThanOrEqual(2);
        // What was left would be found by the next rotation.
        if (call % 8 !== 0) continue;
        await deleteKey(world, oldKeyId);
        await world.pass({ days: 32 });
        await expectRotated(world, current);
      }
    },
    120_000,
  );
});
