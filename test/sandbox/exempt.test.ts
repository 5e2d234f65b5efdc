/** Users that come to be exempt, or privileged, while their key is rotated: no further act. */
import { describe, expect, test } from 'vitest';
import { plus } from '../../domain/instant.ts';
import { sandboxBook } from '../../sandbox/settings.ts';
import { account, givenWorld } from './given-world.ts';

const administrator = 'arn:aws:iam::aws:policy/AdministratorAccess';

describe('a user who is exempt by now', () => {
  test('by a policy of its own, before the new key: nothing is made', async () => {
    const given = await givenWorld({ mode: 'approve' });
    await given.until('proposed');
    await given.pass({ minutes: 5 });
    given.world.cloud.attachPolicy(account, given.user.userName, administrator);
    await given.press('ada', 'Approve');
    await given.until('done', { hours: 12 });
    expect((await given.rotation()).stage).toMatchObject({ outcome: 'exempt' });
    expect(given.newKeys()).toEqual([]);
    expect(given.workflow()).toBe('NOTIFIED');
  });

  test('by a policy of its own, before the old key is switched off: it stays on', async () => {
    const given = await givenWorld();
    await given.until('overlapping');
    given.world.cloud.attachPolicy(account, given.user.userName, administrator);
    await given.until('done');
    const { stage } = await given.rotation();
    expect(stage).toMatchObject({ outcome: 'exempt' });
    expect(JSON.stringify(stage)).toContain('is Active');
    expect(given.oldKeyChanges()).toEqual(['Active']);
  });

  test('by a policy of its own, before the old key is deleted: it stays, off', async () => {
    const given = await givenWorld();
    await given.until('soaking');
    given.world.cloud.attachPolicy(account, given.user.userName, administrator);
    await given.until('done');
    expect((await given.rotation()).stage).toMatchObject({ outcome: 'exempt' });
    expect(given.oldKeyChanges()).toEqual(['Active', 'Inactive']);
  });

  test('by an exemption that begins meanwhile', async () => {
    const from = plus((await givenWorld()).world.clock.now(), { days: 1 });
    const exemption = {
      index: 0,
      account,
      whom: { by: 'name', userName: 'svc-billing' },
      reason: 'Moves to a role next week.',
      by: 'Sam Oncall',
      from,
      until: plus(from, { days: 30 }),
    } as const;
    const book = { ...sandboxBook('auto'), exemptions: [exemption] };
    const given = await givenWorld({ book });
    await given.until('done');
    expect((await given.rotation()).stage).toMatchObject({ outcome: 'exempt' });
    expect(given.thread().at(-1)).toContain('Moves to a role next week.');
    expect(given.oldKeyChanges()).toEqual(['Active']);
  });

  test('nobody can tell, IAM being silent: nothing is switched off, somebody is told', async () => {
    const given = await givenWorld();
    await given.until('overlapping');
    given.faults.fail({ service: 'iam', operation: 'ListAttachedUserPolicies' }, 'denied');
    await given.until('held');
    await given.pass({ hours: 1 });
    expect(given.oldKeyChanges()).toEqual(['Active']);
    expect(given.incidents()).toMatchObject([{ status: 'triggered' }]);
  });
});
