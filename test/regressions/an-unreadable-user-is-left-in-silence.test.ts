/**
 * Where a user's policies cannot be read, nobody touches the user: rightly. But nobody heard of it
 * either, and the stale key stayed for good.
 */
import { expect, test } from 'vitest';
import { receive } from '../../app/receive.ts';
import { unreadTeller } from '../../app/tell-unread.ts';
import { Permanent, Transient } from '../../domain/errors.ts';
import { instant, millisOf } from '../../domain/instant.ts';
import { virtualClock } from '../../sandbox/clock.ts';
import { company } from '../app/company.ts';
import { eventOf } from '../fixtures/events.ts';
import { givenWorld } from '../sandbox/given-world.ts';

test('a user whose policies cannot be read is told to somebody', async () => {
  const given = await givenWorld();
  given.faults.fail({ service: 'iam', operation: 'ListAttachedUserPolicies' }, 'denied');
  await given.pass({ days: 2 });
  const { world } = given;
  const told = [
    ...world.slack.messages(),
    ...world.pagerDuty.incidents(),
    ...world.undelivered,
    ...(await world.store.ofUser(given.user.account, given.user.userId)),
  ];
  expect(told).not.toEqual([]);
});

test('the event is kept with what is wrong, and the answer says so', async () => {
  const profiles = {
    profileOf: () => Promise.reject(new Permanent('ListAttachedUserPolicies: AccessDenied')),
  };
  const deps = company({ profiles });
  const event = eventOf('hub-fsbp');
  const received = await receive(deps, event);
  expect(received).toMatchObject({ outcome: 'ignored', rotations: [] });
  expect(received.reason).toContain('AccessDenied');
  expect(deps.letters).toEqual([{ event, problems: [expect.stringContaining('AccessDenied')] }]);
  expect(deps.unread).toEqual([
    { account: '111122223333', problem: expect.stringContaining('AccessDenied') },
  ]);
});

test('what may pass is thrown, and nothing is kept', async () => {
  const profiles = { profileOf: () => Promise.reject(new Transient('throttled')) };
  const deps = company({ profiles });
  await expect(receive(deps, eventOf('hub-fsbp'))).rejects.toThrow(Transient);
  expect([...deps.letters, ...deps.unread]).toEqual([]);
});

test('a user who is exempt is nobody to tell of', async () => {
  const profiles = {
    profileOf: async () => ({
      privileged: { is: true, because: 'x' } as const,
      sesSmtp: { is: false } as const,
    }),
  };
  const deps = company({ profiles });
  expect(await receive(deps, eventOf('hub-fsbp'))).toMatchObject({ outcome: 'ignored' });
  expect([...deps.letters, ...deps.unread]).toEqual([]);
});

test('the team is told once per account and day, and again if telling failed', async () => {
  const clock = virtualClock(instant('2026-11-02T08:00:00Z'));
  const told: string[] = [];
  let isDown = true;
  const tellTeam = async (news: string) => {
    if (isDown) throw new Transient('Slack is down');
    told.push(news);
  };
  const tell = unreadTeller({ tellTeam }, clock);
  await expect(tell('111122223333', 'p')).rejects.toThrow(Transient);
  isDown = false;
  await tell('111122223333', 'AccessDenied');
  await tell('111122223333', 'q');
  expect(told).toEqual([expect.stringContaining('AccessDenied')]);
  await tell('444455556666', 'r');
  expect(told).toHaveLength(2);
  await clock.sleep(millisOf({ hours: 24 }) - 1);
  await tell('111122223333', 's');
  expect(told).toHaveLength(2);
  await clock.sleep(1);
  await tell('111122223333', 't');
  expect(told).toHaveLength(3);
});
