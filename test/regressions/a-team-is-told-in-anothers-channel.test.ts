/**
 * Policy gave each team a channel of its own, and the summary of the day, with the keys that are
 * only observed, went to the default one alone: who had to act was told where they did not look.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import { memoryStore } from '../../adapters/memory-store.ts';
import { slackSummary } from '../../adapters/slack-summary.ts';
import { slackWarnings } from '../../adapters/slack-warnings.ts';
import { type SummaryShell, tellSummary } from '../../app/daily-summary.ts';
import { mostRead } from '../../app/gather-summary.ts';
import { observedNoter } from '../../app/note-observed.ts';
import { endless } from '../../app/time-left.ts';
import { Transient } from '../../domain/errors.ts';
import { instant, plus } from '../../domain/instant.ts';
import type { RotationStore } from '../../domain/ports.ts';
import { type VirtualClock, virtualClock } from '../../sandbox/clock.ts';
import { type SlackStandIn, slackStandIn } from '../../sandbox/slack.ts';
import { held, hubFinding, overlapping, owner, policyWith, staleKey, user } from '../builders.ts';
import { commit, unopened } from '../contracts/committing.ts';

/** The id of a key that is none. */
const id = (end: string) => ['AKIA', 'IOSFODNN7', end].join('');

const botToken = ['xoxb', 'sandbox'].join('-');
const start = instant('2026-11-23T09:00:00Z');
const [usual, payments, search] = ['C0KEYS', 'C0PAYMENTS', 'C0SEARCH'] as const;

let clock: VirtualClock;
let slack: SlackStandIn;
let store: RotationStore;
let shell: SummaryShell;
let refused: string[];

beforeEach(() => {
  clock = virtualClock(start);
  store = memoryStore();
  refused = [];
  const channel = { id: usual, name: 'keys' };
  const app = { appId: 'A0KEYTURN', teamId: 'T0SANDBOX' };
  const channels = [
    { id: payments, name: 'payments' },
    { id: search, name: 'search' },
  ];
  slack = slackStandIn({ now: clock.now, botToken, ...app, channel, channels });
  const access = { botToken: async () => botToken, channel: usual, fetch: slack.fetch };
  shell = {
    ...{ store, clock, timeZone: 'UTC', usual },
    log: { info: () => undefined, error: () => undefined },
    teller: slackSummary({ ...access, onRefused: (which) => refused.push(which) }),
    warner: slackWarnings(access),
  };
});

const tell = () => tellSummary(shell, endless);
const heads = () => slack.messages().filter(({ threadTs }) => threadTs === null);
const headIn = (channel: string) => heads().find((each) => each.channel === channel);
const threadsIn = (channel: string) =>
  slack.messages().filter((each) => each.threadTs !== null && each.channel === channel);
const inChannel = (channel?: string) =>
  channel === undefined ? {} : { policy: policyWith({ channel }) };
const stage = overlapping({ deactivateAt: plus(start, { hours: 20 }) });

async function stands(end: string, at: typeof stage | ReturnType<typeof held>, channel?: string) {
  const key = { ...staleKey, keyId: id(end) };
  await commit(store, unopened(end, { key, ...inChannel(channel) }, at));
}

async function isObserved(end: string, channel?: string) {
  const policy = policyWith(channel === undefined ? {} : { channel });
  const { createdAt } = staleKey;
  const keys = [{ keyId: id(end), status: 'Active', createdAt }] as const;
  await observedNoter(store, clock)({ user, owner, keys, finding: hubFinding, policy });
}

describe('each channel gets what its policy names', () => {
  test('rotations, due and held ones, and the default one the rest', async () => {
    await stands('XXXAAAA', stage, payments);
    await stands('XXXBBBB', stage);
    await stands('XXXCCCC', held(), payments);
    await stands('XXXDDDD', held(), usual);
    expect(await tell()).toMatchObject({ outcome: 'told' });
    expect(heads().map(({ channel }) => channel)).toEqual([usual, payments]);
    for (const [channel, own, others] of [
      [payments, ['…AAAA', '…CCCC'], ['…BBBB', '…DDDD']],
      [usual, ['…BBBB', '…DDDD'], ['…AAAA', '…CCCC']],
    ] as const) {
      const head = headIn(channel);
      expect(head?.text).toContain('Deadlines within 48 hours: 1.');
      expect(head?.text).toContain('On hold until somebody acts: 1.');
      for (const each of own) expect(JSON.stringify(head?.blocks)).toContain(each);
      for (const each of others) expect(JSON.stringify(head?.blocks)).not.toContain(each);
    }
  });

  test('observed keys, in the thread there', async () => {
    await isObserved('XXXAAAA', search);
    await isObserved('XXXBBBB');
    expect(await tell()).toMatchObject({ outcome: 'told', observed: 2 });
    expect(threadsIn(search)).toMatchObject([{ text: expect.stringContaining('…AAAA') }]);
    expect(threadsIn(usual)).toMatchObject([{ text: expect.stringContaining('…BBBB') }]);
    expect(threadsIn(search)).toHaveLength(1);
  });

  test('what there are too many of to read is counted in the default one', async () => {
    const { howManyStandAt } = store;
    await stands('XXXAAAA', stage, payments);
    store.howManyStandAt = async (at, until) =>
      at === 'overlapping' ? mostRead + 7 : howManyStandAt(at, until);
    await tell();
    expect(headIn(payments)?.text).toContain('Deadlines within 48 hours: 1.');
    expect(headIn(usual)?.text).toContain(`Deadlines within 48 hours: ${mostRead + 6}.`);
  });
});

describe('once in each', () => {
  test('whoever tells again tells nobody twice', async () => {
    await stands('XXXAAAA', stage, payments);
    await stands('XXXBBBB', stage);
    await Promise.allSettled([tell(), tell()]);
    expect(await tell()).toMatchObject({ outcome: 'told before' });
    expect(heads()).toHaveLength(2);
  });

  test('one that Slack does not take keeps no other, and is told by another try', async () => {
    await stands('XXXAAAA', stage, payments);
    await stands('XXXBBBB', stage, search);
    await stands('XXXCCCC', stage);
    slack.fail({ kind: 'error', error: 'internal_error', channel: payments });
    await expect(tell()).rejects.toThrow(Transient);
    expect(heads().map(({ channel }) => channel)).toEqual([usual, search]);
    slack.fail(null);
    expect(await tell()).toMatchObject({ outcome: 'told' });
    expect(heads().map(({ channel }) => channel)).toEqual([usual, search, payments]);
  });

  test('a channel that is gone: the default one hears whose it is', async () => {
    await stands('XXXAAAA', stage, payments);
    await isObserved('XXXBBBB', payments);
    slack.fail({ kind: 'error', error: 'is_archived', channel: payments });
    expect(await tell()).toMatchObject({ outcome: 'told', observed: 1 });
    expect(refused).toEqual([payments]);
    expect(JSON.stringify(headIn(usual)?.blocks)).toContain(`for the channel ${payments}`);
    expect(threadsIn(usual)).toHaveLength(1);
  });
});
