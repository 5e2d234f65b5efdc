/** What the journal and Security Hub are told must be so. */
import { describe, expect, test } from 'vitest';
import { recordResult } from '../../app/record-result.ts';
import { Permanent } from '../../domain/errors.ts';
import { plus } from '../../domain/instant.ts';
import { givenShell } from '../app/given-shell.ts';
import { done, rotationId, story, user } from '../builders.ts';

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

  test.fails('another key is stale, and the policy only observes by now', async () => {
    const { given, effect, outstanding } = await givenAnother();
    const { policyFor } = given.shell;
    const observes: typeof policyFor = async (of) => {
      const resolved = await policyFor(of);
      return { ...resolved, policy: { ...resolved.policy, mode: 'observe' } };
    };
    await recordResult({ ...given.shell, policyFor: observes }, outstanding, effect);
    expect(given.recorded().f1?.workflow).toBe('NOTIFIED');
  });

  test.fails('another key is stale, and whether to touch the user is unknown', async () => {
    const { given, effect, outstanding } = await givenAnother();
    const profiles = {
      profileOf: () => Promise.reject(new Permanent('ListAttachedUserPolicies: AccessDenied')),
    };
    await recordResult({ ...given.shell, profiles }, outstanding, effect).catch(() => undefined);
    expect(given.recorded().f1?.workflow).not.toBe('RESOLVED');
  });

  test.fails('another key is stale, and the user is exempt by now', async () => {
    const { given, effect, outstanding } = await givenAnother();
    const profiles = {
      profileOf: async () => ({
        privileged: { is: true, because: 'x' } as const,
        sesSmtp: { is: false } as const,
      }),
    };
    await recordResult({ ...given.shell, profiles }, outstanding, effect);
    expect(given.recorded().f1?.workflow).toBe('NOTIFIED');
  });
});
