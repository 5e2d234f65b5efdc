/** Writing to Slack: what is sent, and what each kind of failure becomes. */
import { beforeEach, describe, expect, test } from 'vitest';
import { slackNotifier } from '../../adapters/slack-notifier.ts';
import { Permanent, Transient } from '../../domain/errors.ts';
import { type SlackStandIn, slackStandIn } from '../../sandbox/slack.ts';
import { overlapping, proposed, rotationAt, story } from '../builders.ts';

const botToken = ['xoxb', 'sentinel', 'token'].join('-');
const channel = { id: 'C0KEYS', name: 'keys' };
const rotation = rotationAt(proposed());
const later = rotationAt(overlapping());

let slack: SlackStandIn;
const notifierFor = (changes: { token?: string; channel?: string } = {}) =>
  slackNotifier({
    botToken: async () => changes.token ?? botToken,
    channel: changes.channel ?? channel.id,
    fetch: slack.fetch,
  });

beforeEach(() => {
  slack = slackStandIn({
    now: () => story.opened,
    botToken,
    appId: 'A0KEYTURN',
    teamId: 'T0SANDBOX',
    channel,
    members: ['U0123OWNER'],
  });
});

describe('a token that Slack refuses', () => {
  const revoked = ['xoxb', 'sentinel', 'revoked'].join('-');
  const withTokens = (again?: () => Promise<string>) =>
    slackNotifier({
      botToken: async () => revoked,
      ...(again === undefined ? {} : { botTokenAgain: again }),
      channel: channel.id,
      fetch: slack.fetch,
    });

  test('is read again, and what was to be said is said', async () => {
    await withTokens(async () => botToken).tellTeam('One key has no owner.');
    expect(slack.messages()).toHaveLength(1);
    expect(slack.calls()).toBe(2);
  });

  test('and is the same still is not tried with again', async () => {
    for (const notifier of [withTokens(), withTokens(async () => revoked)]) {
      const before = slack.calls();
      await expect(notifier.tellTeam('x')).rejects.toThrow('put a valid bot token into');
      expect(slack.calls()).toBe(before + 1);
    }
  });

  test.each(['token_revoked', 'token_expired', 'not_authed', 'invalid_auth', 'account_inactive'])(
    '%s asks for another, once',
    async (error) => {
      slack.fail({ kind: 'error', error });
      let asked = 0;
      const notifier = withTokens(async () => {
        asked += 1;
        return botToken;
      });
      await expect(notifier.tellTeam('x')).rejects.toBeInstanceOf(Permanent);
      expect([asked, slack.calls()]).toEqual([1, 2]);
    },
  );

  test.each(['channel_not_found', 'ratelimited', 'missing_scope'])(
    '%s is another matter',
    async (error) => {
      slack.fail({ kind: 'error', error });
      const notifier = withTokens(() => Promise.reject(new Error('nobody asks')));
      await expect(notifier.tellTeam('x')).rejects.toThrow(error);
    },
  );
});

describe('messages', () => {
  test('one message per rotation, rendered anew in place', async () => {
    const notifier = notifierFor();
    const place = await notifier.post(rotation, story.opened);
    await notifier.update(place, later, story.issued);
    expect(slack.messages()).toHaveLength(1);
    const [message] = slack.messages();
    expect(message).toMatchObject({ ...place, threadTs: null, edits: 1 });
    expect(message?.text).toContain('Both keys work');
    expect(JSON.stringify(message?.blocks)).toContain('<@U0123OWNER>');
  });

  test('the channel is remembered by id, though posted to by name', async () => {
    const place = await notifierFor({ channel: '#keys' }).post(rotation, story.opened);
    expect(place.channel).toBe('C0KEYS');
  });

  test('news goes to the thread, to the team, or to one person', async () => {
    const notifier = notifierFor();
    const place = await notifier.post(rotation, story.opened);
    await notifier.reply(place, 'Approved by <Ada>.');
    await notifier.tellTeam('One key has no owner.');
    await notifier.whisper('C0KEYS', 'U0123OWNER', 'You may not.');
    const [, reply, team] = slack.messages();
    expect(reply).toMatchObject({ threadTs: place.ts, text: 'Approved by &lt;Ada&gt;.' });
    expect(team).toMatchObject({ threadTs: null, text: 'One key has no owner.' });
    expect(slack.whispers()).toMatchObject([{ slackUserId: 'U0123OWNER', text: 'You may not.' }]);
  });
});

describe('what may pass is Transient', () => {
  test.each([
    [{ kind: 'unreachable' }, 2],
    [{ kind: 'status', status: 503 }, 2],
    [{ kind: 'rate limited', retryAfterSeconds: 30 }, 1],
    [{ kind: 'error', error: 'ratelimited' }, 1],
    [{ kind: 'error', error: 'internal_error' }, 1],
    [{ kind: 'error', error: 'service_unavailable' }, 1],
  ] as const)('%j', async (failure, calls) => {
    slack.fail(failure);
    const attempt = notifierFor().post(rotation, story.opened);
    await expect(attempt).rejects.toBeInstanceOf(Transient);
    await expect(attempt).rejects.toThrow(/post the message of rotation .* it is tried again/u);
    expect(slack.calls()).toBe(calls);
    slack.fail(null);
    expect(slack.messages()).toEqual([]);
  });
});

test('what is not to be made once more is made once', async () => {
  slack.fail({ kind: 'unreachable' });
  const settings = { botToken: async () => botToken, channel: channel.id, fetch: slack.fetch };
  const attempt = slackNotifier({ ...settings, retries: 0 }).tellTeam('News.');
  await expect(attempt).rejects.toBeInstanceOf(Transient);
  expect(slack.calls()).toBe(1);
});

describe('what needs a person is Permanent, and says what to do', () => {
  test.each([
    ['channel_not_found', 'invite the app'],
    ['not_in_channel', 'invite the app'],
    ['is_archived', 'unarchive'],
    ['token_revoked', 'valid bot token'],
    ['invalid_auth', 'valid bot token'],
    ['missing_scope', 'chat:write'],
    ['message_not_found', 'a new one has to be posted'],
    ['something_new', 'look the error up'],
  ])('%s', async (error, cure) => {
    slack.fail({ kind: 'error', error });
    const attempt = notifierFor().tellTeam('News.');
    await expect(attempt).rejects.toBeInstanceOf(Permanent);
    await expect(attempt).rejects.toThrow(cure);
  });

  test('a client error that is none of Slack’s', async () => {
    slack.fail({ kind: 'status', status: 403 });
    await expect(notifierFor().tellTeam('News.')).rejects.toBeInstanceOf(Permanent);
  });

  test('a wrong channel, a deleted message, a person elsewhere, a wrong token', async () => {
    const notifier = notifierFor();
    const place = await notifier.post(rotation, story.opened);
    slack.remove(place.ts);
    await expect(notifier.update(place, later, story.issued)).rejects.toThrow('message_not_found');
    await expect(notifierFor({ channel: 'C0OTHER' }).tellTeam('x')).rejects.toThrow(
      'channel_not_found',
    );
    await expect(notifier.whisper('C0KEYS', 'U0ELSEWHERE', 'x')).rejects.toThrow(
      'user_not_in_channel',
    );
    await expect(notifierFor({ token: 'xoxb-wrong' }).tellTeam('x')).rejects.toThrow(
      'invalid_auth',
    );
  });
});

test('a token that was rotated is used at the next call', async () => {
  let token = 'xoxb-old';
  const notifier = slackNotifier({
    botToken: async () => token,
    channel: channel.id,
    fetch: slack.fetch,
  });
  await expect(notifier.tellTeam('x')).rejects.toThrow('invalid_auth');
  token = botToken;
  await notifier.tellTeam('x');
  expect(slack.messages()).toHaveLength(1);
});

test('no error carries the token', async () => {
  for (const error of ['token_revoked', 'internal_error']) {
    slack.fail({ kind: 'error', error });
    const thrown: unknown = await notifierFor()
      .tellTeam('News.')
      .catch((each: unknown) => each);
    expect(thrown).toBeInstanceOf(Error);
    expect(deepText(thrown)).not.toContain('sentinel');
  }
});

function deepText(thrown: unknown): string {
  const parts: string[] = [];
  for (let each: unknown = thrown; each instanceof Error; each = each.cause) {
    parts.push(each.message, each.stack ?? '', JSON.stringify(each));
  }
  return parts.join('\n');
}
