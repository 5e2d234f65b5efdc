/**
 * Every error of Slack's that operators meet, everywhere that it can strike: somebody is told of a
 * deadline all the same, once, by the next way; and what a channel was to show, it shows once the
 * trouble is over. What each way says, tell-owner.test.ts and update-message.test.ts show.
 */
import { describe, expect, test } from 'vitest';
import { performOutstanding } from '../../app/perform.ts';
import type { Effect } from '../../domain/effect.ts';
import { plus } from '../../domain/instant.ts';
import { noNotices } from '../../domain/notices.ts';
import type { SlackFailure } from '../../sandbox/slack-failure.ts';
import { held, overlapping, rotationId, story } from '../builders.ts';
import { type GivenShell, givenShell } from './given-shell.ts';

const until = story.deactivateAt;
const running = { since: story.issued, until, halfTime: false, soon: false };
const order: Effect = { type: 'tell owner', occasion: 'begun', until, to: 'U0123OWNER' };

/** A rotation whose message stands in its channel, and whose owner is to be told. */
async function owed() {
  const given = await givenShell(story.issued);
  const first: Effect = { type: 'update message', news: null };
  await given.put(overlapping(), [first], { notices: { ...noNotices, running } });
  await performOutstanding(given.shell);
  await given.moved(overlapping(), [order]);
  return given;
}

/** Whose way it was that worked, of each telling. */
const byWhich = ({ world }: GivenShell) =>
  world.log.filter(({ message }) => message === 'told').map(({ facts }) => facts.by);

const left = async ({ shell }: GivenShell) =>
  (await shell.store.outstanding(plus(shell.clock.now(), { days: 40 }), 100)).length;

async function triedFor(given: GivenShell, minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) {
    await performOutstanding(given.shell);
    await given.later({ minutes: 1 });
  }
}

const error = (name: string): SlackFailure => ({ kind: 'error', error: name });

/** What needs a person, and what passes by itself. */
const lasting = [
  ...['channel_not_found', 'not_in_channel', 'is_archived', 'restricted_action'],
  ...['token_revoked', 'token_expired', 'invalid_auth', 'account_inactive', 'missing_scope'],
  ...['message_not_found', 'user_disabled', 'user_not_found', 'cannot_dm_bot'],
];
const passing: readonly (readonly [string, SlackFailure])[] = [
  ['ratelimited', error('ratelimited')],
  ['429', { kind: 'rate limited', retryAfterSeconds: 30 }],
  ['internal_error', error('internal_error')],
  ['503', { kind: 'status', status: 503 }],
  ['no network', { kind: 'unreachable' }],
];

describe('the owner alone cannot be written to: the thread calls upon them', () => {
  test.each(lasting)('%s', async (name) => {
    const given = await owed();
    given.world.slack.fail({ ...error(name), method: 'conversations.open' } as SlackFailure);
    await triedFor(given, 3);
    expect(byWhich(given)).toEqual(['thread in C0ACCESSKEYS']);
    expect(given.replies()).toMatchObject([{ text: expect.stringMatching(/^<@U0123OWNER>: /) }]);
    expect(await left(given)).toBe(0);
  });
});

describe('nobody in Slack can be written to: PagerDuty rings', () => {
  test.each(lasting)('at once: %s', async (name) => {
    const given = await owed();
    given.world.slack.fail(error(name));
    await triedFor(given, 1);
    expect(byWhich(given)).toEqual(['PagerDuty']);
    expect(given.world.pagerDuty.incidents()).toHaveLength(1);
    expect(await left(given)).toBe(0);
  });

  test.each(passing)('after about an hour: %s', async (_, failure) => {
    const given = await owed();
    given.world.slack.fail(failure);
    await triedFor(given, 15);
    expect(byWhich(given)).toEqual([]);
    await triedFor(given, 105);
    expect(byWhich(given)).toEqual(['PagerDuty']);
    expect(await left(given)).toBe(0);
  });

  test.each(lasting)('nor can PagerDuty: SNS has it: %s', async (name) => {
    const given = await owed();
    given.world.slack.fail(error(name));
    given.world.pagerDuty.fail({ kind: 'status', status: 400 });
    await triedFor(given, 1);
    expect(byWhich(given)).toEqual(['SNS']);
    expect(await left(given)).toBe(0);
  });
});

test('where every way fails it is tried again until one works', async () => {
  const given = await owed();
  given.world.slack.fail(error('account_inactive'));
  given.world.pagerDuty.fail({ kind: 'unreachable' });
  given.faults.fail({ service: 'sns', operation: 'Publish' }, 'unavailable');
  await triedFor(given, 120);
  expect(byWhich(given)).toEqual([]);
  expect(await left(given)).toBe(1);
  given.world.pagerDuty.fail(null);
  await triedFor(given, 240);
  expect(byWhich(given)).toEqual(['PagerDuty']);
});

describe('what the channel was to show, it shows once the trouble is over, and once', () => {
  const all = [...lasting.map((name) => [name, error(name)] as const), ...passing];

  test.each(all)('%s', async (_, failure) => {
    const given = await givenShell(story.issued);
    await given.put(overlapping(), [{ type: 'update message', news: null }]);
    await performOutstanding(given.shell);
    await given.moved(held(), [{ type: 'update message', news: 'It is held.' }]);
    given.world.slack.fail(failure);
    await triedFor(given, 30);
    expect(given.replies()).toEqual([]);
    expect(await left(given)).toBe(1);
    given.world.slack.fail(null);
    await triedFor(given, 60);
    expect(given.replies().map(({ text }) => text)).toEqual(['It is held.']);
    expect(given.heads()).toMatchObject([{ text: expect.stringContaining('On hold') }]);
    expect((await given.shell.store.messageOf(rotationId))?.ts).toBe(given.heads()[0]?.ts);
    expect(await left(given)).toBe(0);
  });
});
