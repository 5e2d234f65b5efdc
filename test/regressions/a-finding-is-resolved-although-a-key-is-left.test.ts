/**
 * Every "nothing to claim" was read as "no stale key is left": also where the key is there, and
 * nobody may touch it, or nobody can tell.
 */
import { describe, expect, test } from 'vitest';
import { recordResult } from '../../app/record-result.ts';
import { Permanent } from '../../domain/errors.ts';
import { plus } from '../../domain/instant.ts';
import { givenShell } from '../app/given-shell.ts';
import { done, oldKeyId, rotationId, story, user } from '../builders.ts';

const privilegedBy = (because: string) => ({
  profileOf: async () => ({
    privileged: { is: true, because } as const,
    sesSmtp: { is: false } as const,
  }),
});
const privileged = privilegedBy('x');

describe('Security Hub: RESOLVED only if no stale key of the user is left', () => {
  const givenAnother = async () => {
    const given = await givenShell();
    await given.put(done(), [], { findings: [given.addFinding('f1')] });
    given.world.cloud.addKey(user.account, user.userName, {
      keyId: 'AKIAI44QH8DHBEXAMPLE',
      createdAt: plus(story.opened, { days: -100 }),
    });
    const effect = { type: 'record result', workflow: 'RESOLVED', note: 'Rotated.' } as const;
    const outstanding = {
      id: `${rotationId}/1/0`,
      rotationId,
      version: 1,
      effect,
      attempts: 0,
      notBefore: story.opened,
    };
    return { given, effect, outstanding };
  };

  test('another key is stale, and the policy only observes by now', async () => {
    const { given, effect, outstanding } = await givenAnother();
    const { policyFor } = given.shell;
    const observes: typeof policyFor = async (of) => {
      const resolved = await policyFor(of);
      return { ...resolved, policy: { ...resolved.policy, mode: 'observe' } };
    };
    await recordResult({ ...given.shell, policyFor: observes }, outstanding, effect);
    expect(given.recorded().f1).toEqual({
      workflow: 'NOTIFIED',
      note: expect.stringContaining('stale key remains: policy only observes'),
    });
  });

  test('another key is stale, and whether to touch the user is unknown', async () => {
    const { given, effect, outstanding } = await givenAnother();
    const profiles = {
      profileOf: () => Promise.reject(new Permanent('ListAttachedUserPolicies: AccessDenied')),
    };
    const recording = recordResult({ ...given.shell, profiles }, outstanding, effect);
    await expect(recording).rejects.toThrow('AccessDenied');
    expect(given.recorded().f1?.workflow).toBe('NEW');
  });

  test('another key is stale, and the user is exempt by now', async () => {
    const { given, effect, outstanding } = await givenAnother();
    await recordResult({ ...given.shell, profiles: privileged }, outstanding, effect);
    expect(given.recorded().f1).toEqual({
      workflow: 'NOTIFIED',
      note: expect.stringContaining('is privileged: x'),
    });
  });

  test('no key is stale any more: exempt or not, it is RESOLVED', async () => {
    const { given, effect, outstanding } = await givenAnother();
    const users = { ...given.shell.users, keysOf: async () => [] };
    await recordResult({ ...given.shell, users, profiles: privileged }, outstanding, effect);
    expect(given.recorded().f1).toEqual({ workflow: 'RESOLVED', note: 'Rotated.' });
  });

  test('a key is Active although its rotation says that it is gone', async () => {
    const { given, effect, outstanding } = await givenAnother();
    const keys = (await given.shell.users.keysOf(user)) ?? [];
    const keysOf = async () => keys.filter(({ keyId }) => keyId === oldKeyId);
    const users = { ...given.shell.users, keysOf };
    await recordResult({ ...given.shell, users }, outstanding, effect);
    expect(given.recorded().f1).toEqual({
      workflow: 'NOTIFIED',
      note: expect.stringContaining('yet the key is Active'),
    });
  });

  test('a reason of any length leaves a note that Security Hub takes', async () => {
    const { given, effect, outstanding } = await givenAnother();
    const because = 'x'.repeat(2000);
    await recordResult({ ...given.shell, profiles: privilegedBy(because) }, outstanding, effect);
    expect(given.recorded().f1?.workflow).toBe('NOTIFIED');
    expect(given.recorded().f1?.note).toHaveLength(512);
  });
});
