/**
 * Where an owner cannot be told, whoever is on call in PagerDuty is. All deadlines of a stage had
 * one name there, so that an open incident swallowed every later one; and of many rotations told of
 * at once, only the team of the first was rung.
 */
import { expect, test } from 'vitest';
import { performOutstanding } from '../../app/perform.ts';
import type { Effect } from '../../domain/effect.ts';
import { plus } from '../../domain/instant.ts';
import type { Occasion } from '../../domain/notices.ts';
import { noNotices } from '../../domain/notices.ts';
import { slackSetup } from '../../sandbox/settings.ts';
import { type GivenShell, givenShell, otherKey } from '../app/given-shell.ts';
import { held, overlapping, policyWith, rotationId, story } from '../builders.ts';

const until = story.deactivateAt;
const later = plus(until, { hours: 4 });
const order = (occasion: Occasion, at = until, to = 'U0123OWNER'): Effect => ({
  type: 'tell owner',
  occasion,
  until: at,
  to,
});
const running = (at = until) => ({
  notices: {
    ...noNotices,
    running: { since: story.issued, until: at, halfTime: false, soon: false },
  },
});

const sam = { known: true, slackUserId: 'U0SAM', name: 'Sam Oncall' } as const;

const keys = ({ world }: GivenShell) => world.pagerDuty.incidents().map((each) => each.dedupKey);

/** The owner has left, and no channel takes anything. */
async function untellable(): Promise<GivenShell> {
  const given = await givenShell(story.issued);
  given.world.slack.deactivate('U0123OWNER');
  given.world.slack.archive(slackSetup.channel.id);
  return given;
}

test('each deadline, each occasion and each new owner rings', async () => {
  const given = await untellable();
  given.world.slack.deactivate(sam.slackUserId);
  await given.put(overlapping(), [order('begun')], running());
  await performOutstanding(given.shell);
  await given.moved(overlapping(), [order('half-time')]);
  await performOutstanding(given.shell);
  await given.givenTo(sam, [order('given', until, sam.slackUserId)]);
  await performOutstanding(given.shell);
  await given.moved(overlapping(), [order('begun', later, sam.slackUserId)]);
  await performOutstanding(given.shell);
  await given.moved(held(), [order('missed', later, sam.slackUserId)]);
  await performOutstanding(given.shell);
  expect(keys(given)).toEqual([
    `rot/${rotationId}/deadline/begun/${until}/1`,
    `rot/${rotationId}/deadline/half-time/${until}/2`,
    `rot/${rotationId}/deadline/given/${until}/3`,
    `rot/${rotationId}/deadline/begun/${later}/4`,
    `rot/${rotationId}/deadline/missed/${later}/5`,
  ]);
  expect(Math.max(...keys(given).map(({ length }) => length))).toBeLessThanOrEqual(255);
});

test('the same one rings once, although the hub dies before it has noted it', async () => {
  const given = await untellable();
  await given.put(overlapping(), [order('begun')], running());
  const { settle } = given.shell.store;
  given.shell.store.settle = () => Promise.reject(new Error('the function ran out of time'));
  await performOutstanding(given.shell);
  given.shell.store.settle = settle;
  await given.later({ minutes: 5 });
  await performOutstanding(given.shell);
  expect(given.world.pagerDuty.incidents()).toMatchObject([{ triggers: 2 }]);
});

test('a digest rings once for each team that looks after one of the keys', async () => {
  const given = await untellable();
  for (let index = 0; index < 6; index++) {
    const of = otherKey(`AKIA${String(index).padStart(4, '0')}IODNN7EXAMPLE`, running());
    const pagerDuty = ['default', 'payments', 'search'][index % 3] ?? '';
    await given.put(overlapping(), [order('begun')], { ...of, policy: policyWith({ pagerDuty }) });
  }
  const { trigger } = given.shell.pager;
  const rung: (string | undefined)[] = [];
  given.shell.pager.trigger = (incident) => {
    if ('rotation' in incident) rung.push(incident.rotation.policy.pagerDuty);
    return trigger(incident);
  };
  await performOutstanding(given.shell);
  expect(rung.toSorted()).toEqual(['default', 'payments', 'search']);
  expect(new Set(keys(given)).size).toBe(3);
  const [first] = given.world.pagerDuty.incidents();
  expect(first?.summary).toContain('2 of your access keys');
});
