/** Nobody is left untold: every way that fails, and who hears instead. */
import { describe, expect, test } from 'vitest';
import { performOutstanding } from '../../app/perform.ts';
import { tellingBacklog } from '../../app/tell-backlog.ts';
import { handful, inDigests } from '../../app/tell-owner.ts';
import { endless } from '../../app/time-left.ts';
import type { Effect } from '../../domain/effect.ts';
import { plus } from '../../domain/instant.ts';
import { type Notices, noNotices } from '../../domain/notices.ts';
import type { Policy } from '../../domain/policy.ts';
import { integrationSecret, names, slackSetup } from '../../sandbox/settings.ts';
import {
  done,
  held,
  overlapping,
  owner,
  policyWith,
  rotationId,
  staleKey,
  story,
} from '../builders.ts';
import { type GivenShell, givenShell } from './given-shell.ts';

const until = story.deactivateAt;
const order = (occasion: 'begun' | 'half-time' | 'soon' | 'missed' = 'begun'): Effect => ({
  type: 'tell owner',
  occasion,
  until,
  to: 'U0123OWNER',
});
const notices: Notices = {
  ...noNotices,
  running: { since: story.issued, until, halfTime: false, soon: false },
};

/** A rotation whose message is in its channel, with one order to tell its owner. */
async function owed(
  occasion: 'begun' | 'half-time' | 'soon' | 'missed' = 'begun',
  policy: Partial<Policy> = {},
  has: Notices = notices,
) {
  const given = await givenShell(story.issued);
  const first: Effect = { type: 'update message', news: null };
  await given.put(overlapping(), [first], { notices: has, policy: policyWith(policy) });
  await performOutstanding(given.shell);
  await given.moved(overlapping(), [order(occasion)]);
  return given;
}

const told = (given: GivenShell) =>
  given.world.slack.directs().map(({ slackUserId }) => slackUserId);
const lines = (given: GivenShell, message: string) =>
  given.world.log.filter((line) => line.message === message).map(({ facts }) => facts);
const byWhich = (given: GivenShell) => lines(given, 'told').map(({ by }) => by);
const left = async ({ shell }: GivenShell) =>
  (await shell.store.outstanding(plus(shell.clock.now(), { days: 30 }), 100)).length;
/** Somebody puts another token into the secret. */
function putIntegrationSecret({ world }: GivenShell, slackBotToken: string) {
  return world.cloud.call({
    service: 'secretsmanager',
    operation: 'PutSecretValue',
    input: {
      SecretId: names.connections,
      SecretString: JSON.stringify({ ...integrationSecret, slackBotToken }),
      ClientRequestToken: '0b6f1d9e-7a52-5d0c-8e4b-93f2c1a07d65',
    },
    region: world.place.region,
    credentials: world.cloud.roleCredentials(world.place.account, 'operator', 'operator'),
  });
}

/** Time passes, and what waits is tried. */
async function triedFor(given: GivenShell, minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) {
    await performOutstanding(given.shell);
    await given.later({ minutes: 1 });
  }
}

test('the owner is told alone, once, and the record says so', async () => {
  const given = await owed();
  await triedFor(given, 3);
  expect(told(given)).toEqual(['U0123OWNER']);
  expect(given.world.slack.directs()[0]?.text).toContain('switched off at 2026-11-04 11:00 UTC');
  expect(byWhich(given)).toEqual(['Olu Owner (U0123OWNER)']);
  expect(given.replies()).toEqual([]);
  expect(await left(given)).toBe(0);
});

describe('an owner who cannot be written to is called upon in the thread', () => {
  test('having left the company', async () => {
    const given = await owed();
    given.world.slack.deactivate('U0123OWNER');
    await triedFor(given, 3);
    expect(told(given)).toEqual([]);
    expect(given.replies()).toMatchObject([
      { text: expect.stringMatching(/^<@U0123OWNER>: A new/) },
    ]);
    expect(lines(given, 'told')).toMatchObject([
      { by: 'thread in C0ACCESSKEYS', failed: [expect.stringContaining('user_disabled')] },
    ]);
  });

  test.each(['user_not_found', 'user_disabled', 'user_not_visible', 'cannot_dm_bot'])(
    '%s',
    async (error) => {
      const given = await owed();
      given.world.slack.fail({ kind: 'error', error, method: 'conversations.open' });
      await triedFor(given, 2);
      expect(given.replies()).toHaveLength(1);
      expect(await left(given)).toBe(0);
    },
  );

  test('being unknown: and what is missing is said', async () => {
    const given = await givenShell(story.issued);
    const nobody = { owner: { known: false }, notices } as const;
    await given.put(overlapping(), [{ type: 'update message', news: null }], nobody);
    await given.moved(overlapping(), [{ ...order(), to: null } as Effect]);
    await triedFor(given, 2);
    expect(given.replies()).toMatchObject([{ text: expect.stringContaining('keyturn:owner') }]);
  });
});

describe('where the thread cannot be written in either', () => {
  test.each([['is_archived'], ['not_in_channel'], ['channel_not_found']])(
    '%s: the default channel hears',
    async (error) => {
      const given = await owed('begun', { channel: 'C0PAYMENTS' });
      given.world.slack.deactivate('U0123OWNER');
      given.world.slack.fail({ kind: 'error', error, channel: 'C0PAYMENTS' });
      await triedFor(given, 2);
      const [, news] = given.heads();
      expect(news).toMatchObject({ channel: slackSetup.channel.id });
      expect(news?.text).toMatch(/^<@U0123OWNER>: /);
      expect(lines(given, 'channel refused')).toMatchObject([{ channel: 'C0PAYMENTS' }]);
      expect(await left(given)).toBe(0);
    },
  );

  test('a deleted message: the channel hears', async () => {
    const given = await owed();
    given.world.slack.deactivate('U0123OWNER');
    given.world.slack.remove(given.heads()[0]?.ts ?? '');
    await triedFor(given, 2);
    expect(given.heads()).toMatchObject([{ text: expect.stringMatching(/^<@U0123OWNER>: /) }]);
  });

  test('every channel archived: PagerDuty rings, with what is to be passed on', async () => {
    const given = await owed();
    given.world.slack.deactivate('U0123OWNER');
    given.world.slack.archive(slackSetup.channel.id);
    await triedFor(given, 2);
    const [incident, ...more] = given.world.pagerDuty.incidents();
    expect(more).toEqual([]);
    expect(incident).toMatchObject({
      dedupKey: `rot/${rotationId}/deadline/begun/${until}/2`,
      severity: 'warning',
      summary: expect.stringMatching(/^Tell the owner, Olu Owner, and resolve this: A new key/),
    });
  });

  test('and PagerDuty refuses: SNS is the last', async () => {
    const given = await owed();
    given.world.slack.fail({ kind: 'error', error: 'token_revoked' });
    given.world.pagerDuty.fail({ kind: 'status', status: 400 });
    await triedFor(given, 2);
    expect(byWhich(given)).toEqual(['SNS']);
    expect(await left(given)).toBe(0);
  });
});

describe('what may pass', () => {
  test('is waited for as long as Slack asks', async () => {
    const given = await owed();
    given.world.slack.fail({ kind: 'rate limited', retryAfterSeconds: 600 });
    await performOutstanding(given.shell);
    given.world.slack.fail(null);
    const calls = given.world.slack.calls();
    await triedFor(given, 9);
    expect(given.world.slack.calls()).toBe(calls);
    await triedFor(given, 3);
    expect(told(given)).toEqual(['U0123OWNER']);
  });

  test('is tried for about an hour, then somebody else is told', async () => {
    const given = await owed();
    given.world.slack.fail({ kind: 'unreachable' });
    await triedFor(given, 30);
    expect(given.world.pagerDuty.incidents()).toEqual([]);
    await triedFor(given, 90);
    expect(given.world.pagerDuty.incidents()).toHaveLength(1);
    given.world.slack.fail(null);
    await triedFor(given, 10);
    expect(told(given)).toEqual([]);
  });

  test('shortly before the deadline nobody waits for that', async () => {
    const given = await owed('soon');
    given.world.slack.fail({ kind: 'unreachable' });
    await given.later({ hours: 47, minutes: 10 });
    await triedFor(given, 5);
    expect(given.world.pagerDuty.incidents()).toHaveLength(1);
  });
});

describe('a token that was taken away', () => {
  test('is read anew at once, and the call is made again', async () => {
    const given = await owed();
    await given.later({ minutes: 1 });
    const fresh = ['xoxb', 'another', 'token'].join('-');
    given.world.slack.changeToken(fresh);
    await putIntegrationSecret(given, fresh);
    await performOutstanding(given.shell);
    expect(told(given)).toEqual(['U0123OWNER']);
  });

  test('and not replaced falls back at once', async () => {
    const given = await owed();
    given.world.slack.changeToken(['xoxb', 'another', 'token'].join('-'));
    await performOutstanding(given.shell);
    expect(byWhich(given)).toEqual(['PagerDuty']);
  });
});

describe('what is late', () => {
  test.each(['half-time', 'soon'] as const)(
    '%s of a deadline that moved is not told',
    async (it) => {
      const later = { since: story.issued, until: plus(until, { hours: 4 }) };
      const moved = { ...noNotices, running: { ...later, halfTime: false, soon: false } };
      const given = await owed(it, {}, moved);
      await triedFor(given, 2);
      expect(told(given)).toEqual([]);
      expect(await left(given)).toBe(0);
    },
  );

  test('nor of a deadline that has passed, nor of what is done', async () => {
    const given = await owed('soon');
    await given.later({ days: 3 });
    await triedFor(given, 1);
    const other = await owed('begun');
    await other.moved(done());
    await triedFor(other, 1);
    expect([...told(given), ...told(other)]).toEqual([]);
  });

  test('but a missed deadline is, as the rotation stands by then', async () => {
    const given = await owed('missed');
    await given.moved(held());
    await triedFor(given, 1);
    expect(given.world.slack.directs()[0]?.text).toMatch(/^The deadline passed\. On hold/);
  });
});

describe('many rotations of one owner', () => {
  async function storm(count: number) {
    const given = await givenShell(story.issued);
    for (let index = 0; index < count; index++) {
      const key = { ...staleKey, keyId: `AKIA${String(index).padStart(4, '0')}IODNN7EXAMPLE` };
      const id = `7f9c24e8-3b1a-5c4e-9f6d-${String(index).padStart(12, '0')}`;
      await given.put(overlapping(), [order()], { id, key, notices, owner });
    }
    return given;
  }

  test('are told of in one digest, which settles them all', async () => {
    const given = await storm(57);
    const { messages } = await performOutstanding(given.shell);
    expect(messages.length).toBeGreaterThan(0);
    await tellingBacklog(given.shell, messages, endless).end();
    expect(given.world.slack.directs()).toHaveLength(1);
    expect(given.world.slack.directs()[0]?.text).toMatch(/^57 of your access keys.*and 37 more\.$/);
    expect(await left(given)).toBe(0);
  });

  test('but a handful are told of one by one', async () => {
    const given = await storm(handful);
    await triedFor(given, 1);
    expect(given.world.slack.directs()).toHaveLength(handful);
  });

  test('the digest goes the same ways: of one who left, the channel hears once', async () => {
    const given = await storm(handful + 1);
    given.world.slack.deactivate('U0123OWNER');
    await triedFor(given, 1);
    expect(given.heads()).toMatchObject([{ text: expect.stringMatching(/^<@U0123OWNER>: 6 of/) }]);
    expect(await left(given)).toBe(0);
  });

  test('those that failed are tried again, all of them', async () => {
    const given = await storm(handful + 1);
    given.world.slack.fail({ kind: 'unreachable' });
    await triedFor(given, 1);
    expect(await left(given)).toBe(handful + 1);
    given.world.slack.fail(null);
    await triedFor(given, 3);
    expect(given.world.slack.directs()).toHaveLength(1);
    expect(await left(given)).toBe(0);
  });

  test('owners are not mixed', () => {
    const of = (to: string | null, id: string) => ({
      id,
      rotationId: id,
      version: 1,
      effect: { ...order(), to } as Effect,
      attempts: 0,
      notBefore: story.issued,
    });
    const all = Array.from({ length: 14 }, (_, index) => of(index % 2 ? 'U0A' : 'U0B', `${index}`));
    const turns = inDigests([...all, of(null, 'none'), of('U0C', 'few')]);
    expect(turns.map((turn) => turn.length)).toEqual([7, 7, 1, 1]);
  });
});
