/**
 * Keys that become findings soon, from the real handler of the inventory through the real handler
 * of the summary to the sandbox's Slack: who is told, once, and who is not.
 */
import { describe, expect, test } from 'vitest';
import { type Duration, instant, plus } from '../../domain/instant.ts';
import type { Mode } from '../../domain/policy.ts';
import type { PolicyBook, Rule } from '../../domain/policy-book.ts';
import { people, sandboxBook, slackSetup } from '../../sandbox/settings.ts';
import { createWorld } from '../../sandbox/world.ts';
import { done, held, staleKey } from '../builders.ts';
import { commit, unopened } from '../contracts/committing.ts';

const account = '111122223333';
const start = instant('2026-11-02T05:00:00Z');
const place = { partition: 'aws', account, region: 'us-east-1' } as const;
const olivia = people.olivia.slackUserId;

interface Given {
  readonly mode?: Mode;
  readonly rules?: readonly Rule[];
  readonly exemptions?: PolicyBook['exemptions'];
}

async function givenWorld({ mode = 'auto', ...rest }: Given = {}) {
  const book = { ...sandboxBook(mode), ...rest };
  const accounts = [account];
  const world = await createWorld({ start, place, seed: 'early', mode, accounts, book });
  const keyOf = (userName: string, days: number) =>
    world.cloud.addKey(account, userName, { createdAt: plus(world.clock.now(), { days: -days }) });
  return {
    world,
    keyOf,
    settle: (userName: string, days: number, tags: Readonly<Record<string, string>> = {}) => {
      const createdAt = plus(world.clock.now(), { days: -days });
      world.cloud.addUser({ account, userName, createdAt, tags });
      return keyOf(userName, days);
    },
    take: async () => {
      const taken = await world.handlers.onInventory({});
      if ('outcome' in taken) throw new Error(taken.problem);
      return taken;
    },
    tell: async () => {
      const telling = world.handlers.dailySummary({});
      // It may fail before anybody waits for it.
      telling.catch(() => undefined);
      await world.runUntil(plus(world.clock.now(), { minutes: 2 }));
      return telling;
    },
    pass: (time: Duration) => world.runUntil(plus(world.clock.now(), time)),
    /** What was said of keys that become findings soon: to persons alone, and in channels. */
    warned: () => ({
      persons: world.slack.directs().filter(isWarning),
      channels: world.slack.messages().filter(isWarning),
    }),
    callsOf: (operation: string) =>
      world.cloud.history.filter((call) => call.operation === operation).length,
  };
}

const isWarning = ({ text }: { readonly text: string }) =>
  /becomes? (?:a )?findings? soon/.test(text);

const tagged = { 'keyturn:owner': olivia };

describe('an owner', () => {
  test('is told of a key ten days before, in words, and never again', async () => {
    const { settle, take, tell, pass, warned } = await givenWorld();
    const { keyId } = settle('svc-billing', 81, tagged);
    expect(await take()).toMatchObject({ nearing: 1, approachingNoted: 1, approachingLeft: 0 });
    expect(await tell()).toMatchObject({ outcome: 'nothing to tell', approaching: 1 });
    const { persons, channels } = warned();
    expect(persons).toMatchObject([{ slackUserId: olivia }]);
    expect(channels).toEqual([]);
    const [{ text } = { text: '' }] = persons;
    expect(text).toContain(
      `…${keyId.slice(-4)} of ${account}/svc-billing: 81 days old, a finding on 2026-11-11`,
    );
    expect(text).toContain('What you can do now: find out which programs use it');
    for (const _ of [1, 2, 3]) {
      await pass({ days: 1 });
      expect(await take()).toMatchObject({ approachingNoted: 0 });
      expect(await tell()).toMatchObject({ approaching: 0 });
    }
    expect(warned().persons).toHaveLength(1);
  });

  test('gets one message of all keys, and of twenty-five keys every one', async () => {
    const { settle, keyOf, take, tell, warned } = await givenWorld();
    const keys = Array.from({ length: 24 }, (_, index) => settle(`svc-${index}`, 85, tagged));
    keys.push(keyOf('svc-0', 84));
    expect(await take()).toMatchObject({ approachingNoted: 25 });
    expect(await tell()).toMatchObject({ approaching: 25 });
    const said = warned().persons.map(({ text }) => text);
    expect(said).toHaveLength(2);
    for (const { keyId } of keys) expect(said.join(' ')).toContain(`…${keyId.slice(-4)} of`);
  });

  test('whom Slack does not take hears it in the channel, called upon by name', async () => {
    const { world, settle, take, tell, warned } = await givenWorld();
    settle('svc-billing', 81, tagged);
    await take();
    world.slack.fail({ kind: 'error', error: 'cannot_dm_bot', method: 'conversations.open' });
    expect(await tell()).toMatchObject({ approaching: 1 });
    expect(warned().persons).toEqual([]);
    expect(warned().channels).toMatchObject([{ channel: slackSetup.channel.id }]);
    expect(warned().channels[0]?.text).toContain(`<@${olivia}>`);
  });

  test('whom nobody could tell is told by the next summary', async () => {
    const { world, settle, take, tell, pass, warned } = await givenWorld();
    settle('svc-billing', 81, tagged);
    await take();
    world.slack.fail({ kind: 'unreachable' });
    await expect(tell()).rejects.toThrow('it is tried again');
    expect(warned()).toEqual({ persons: [], channels: [] });
    world.slack.fail(null);
    await pass({ days: 1 });
    await tell();
    expect(warned().persons).toHaveLength(1);
  });
});

test('where nobody is known as the owner the channel is told, and what is missing', async () => {
  const { settle, take, tell, warned } = await givenWorld();
  settle('svc-nobody', 89);
  await take();
  await tell();
  const { persons, channels } = warned();
  expect(persons).toEqual([]);
  expect(channels).toMatchObject([{ channel: slackSetup.channel.id }]);
  expect(channels[0]?.text).toContain('Nobody is known as its owner: tag the IAM user');
});

describe('nobody is told of a key', () => {
  test.each([
    ['that is too young', {}, 79],
    ['that is a finding by now', {}, 90],
    ['that policy only observes', { mode: 'observe' } as const, 85],
  ])('%s', async (_, given, days) => {
    const { settle, take, tell, warned, callsOf } = await givenWorld(given);
    settle('svc-billing', days, tagged);
    expect(await take()).toMatchObject({ approachingNoted: 0 });
    await tell();
    expect(warned()).toEqual({ persons: [], channels: [] });
    if (days < 90) expect(callsOf('GetUser')).toBe(0);
  });

  test('of a user who is exempt, without asking IAM', async () => {
    const whom = { by: 'name', userName: 'svc-frozen' } as const;
    const until = plus(start, { days: 30 });
    const exemption = { index: 0, account, whom, reason: 'Freeze.', by: 'Sam Oncall' };
    const { settle, take, callsOf } = await givenWorld({
      exemptions: [{ ...exemption, from: start, until }],
    });
    settle('svc-frozen', 85, tagged);
    expect(await take()).toMatchObject({ approachingNoted: 0 });
    expect(callsOf('GetUser')).toBe(0);
  });

  test('of a user who is privileged', async () => {
    const { world, settle, take } = await givenWorld();
    settle('svc-admin', 85, tagged);
    world.cloud.attachPolicy(account, 'svc-admin', 'arn:aws:iam::aws:policy/AdministratorAccess');
    expect(await take()).toMatchObject({ approachingNoted: 0, approachingLeft: 0 });
  });
});

test.each([
  ['under way', held(), 0],
  ['that gave it up', done({ outcome: 'abandoned' }), 1],
])('of a key with a rotation %s', async (_, stage, noted) => {
  const { world, settle, take } = await givenWorld();
  const { keyId } = settle('svc-billing', 85, tagged);
  await commit(world.store, unopened('a', { key: { ...staleKey, keyId } }, stage));
  expect(await take()).toMatchObject({ approachingNoted: noted });
});

test('the second key of a user is told of in its own time', async () => {
  const { settle, keyOf, take, pass } = await givenWorld();
  settle('svc-billing', 85, tagged);
  keyOf('svc-billing', 79);
  expect(await take()).toMatchObject({ approachingNoted: 1 });
  await pass({ days: 1 });
  expect(await take()).toMatchObject({ approachingNoted: 1 });
});

test('IAM is asked about a user once, however often the inventory is taken', async () => {
  const { settle, take, pass, callsOf } = await givenWorld();
  settle('svc-billing', 81, tagged);
  await take();
  const asked = ['GetUser', 'ListAccessKeys'].map(callsOf);
  await pass({ days: 1 });
  await take();
  expect(['GetUser', 'ListAccessKeys'].map(callsOf)).toEqual(asked);
  expect(Math.min(...asked)).toBeGreaterThan(0);
});

test('a key beside a stale one is warned of all the same', async () => {
  const { settle, keyOf, take } = await givenWorld();
  settle('svc-billing', 200, tagged);
  keyOf('svc-billing', 85);
  expect(await take()).toMatchObject({ opened: 1, nearing: 0, approachingNoted: 1 });
});
