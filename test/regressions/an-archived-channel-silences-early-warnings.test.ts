/**
 * The default channel was archived, and nobody was warned any more of keys that become findings
 * soon: that hung on the summary there. And what warned owners took so long that other channels
 * were left without their summaries.
 */
import { beforeEach, describe, expect, test } from 'vitest';
import { memoryStore } from '../../adapters/memory-store.ts';
import { slackSummary } from '../../adapters/slack-summary.ts';
import { slackWarnings } from '../../adapters/slack-warnings.ts';
import { type SummaryShell, tellSummary } from '../../app/daily-summary.ts';
import { endless } from '../../app/time-left.ts';
import { Permanent, Transient } from '../../domain/errors.ts';
import { instant, plus } from '../../domain/instant.ts';
import type { RotationStore } from '../../domain/ports.ts';
import { type VirtualClock, virtualClock } from '../../sandbox/clock.ts';
import { type SlackStandIn, slackStandIn } from '../../sandbox/slack.ts';
import { held, owner, policyWith, staleKey } from '../builders.ts';
import { commit, unopened } from '../contracts/committing.ts';

const botToken = ['xoxb', 'sandbox'].join('-');
const start = instant('2026-11-23T09:00:00Z');
const [usual, payments] = ['C0KEYS', 'C0PAYMENTS'] as const;

let clock: VirtualClock;
let slack: SlackStandIn;
let store: RotationStore;
let shell: SummaryShell;
let errors: string[];

beforeEach(async () => {
  clock = virtualClock(start);
  store = memoryStore();
  errors = [];
  slack = slackStandIn({
    ...{ now: clock.now, botToken, appId: 'A0KEYTURN', teamId: 'T0SANDBOX' },
    channel: { id: usual, name: 'keys' },
    channels: [{ id: payments, name: 'payments' }],
  });
  const access = { botToken: async () => botToken, channel: usual, fetch: slack.fetch };
  shell = {
    ...{ store, clock, timeZone: 'UTC', usual },
    log: { info: () => undefined, error: (message) => errors.push(message) },
    ...{ teller: slackSummary(access), warner: slackWarnings(access) },
  };
  await store.noteApproaching({
    ...{ partition: 'aws', account: '111122223333', userName: 'svc', keyId: staleKey.keyId },
    ...{ createdAt: plus(start, { days: -81 }), staleAt: plus(start, { days: 9 }), owner },
    ...{ channel: payments, noticedAt: start },
  });
  const policy = policyWith({ channel: payments });
  await commit(store, unopened('a', {}, held()));
  const key = { ...staleKey, keyId: 'AKIAI44QH8DHBEXAMPLE' };
  await commit(store, unopened('b', { key, policy }, held()));
});

async function tell() {
  const telling = tellSummary(shell, endless);
  telling.catch(() => undefined);
  await clock.runUntil(plus(clock.now(), { minutes: 1 }));
  return telling;
}
const warnings = () =>
  [...slack.directs(), ...slack.messages()].filter(({ text }) => text.includes('finding soon'));
describe('the default channel takes nothing', () => {
  test('owners are warned all the same, once', async () => {
    slack.fail({ kind: 'error', error: 'is_archived', channel: usual });
    await expect(tell()).rejects.toThrow(Permanent);
    expect(slack.directs()).toMatchObject([{ slackUserId: 'U0123OWNER' }]);
    slack.fail(null);
    expect(await tell()).toMatchObject({ outcome: 'told', approaching: 0 });
    expect(warnings()).toHaveLength(1);
  });

  test('the summary that was told is not told again for a warning that was not', async () => {
    const { warner } = shell;
    const down = () => Promise.reject(new Transient('Slack is down'));
    shell = { ...shell, warner: { person: down, channel: down } };
    await expect(tell()).rejects.toThrow('Slack is down');
    const before = slack.messages().length;
    shell = { ...shell, warner };
    expect(await tell()).toMatchObject({ outcome: 'told before', approaching: 1 });
    expect([slack.messages().length, warnings().length]).toEqual([before, 1]);
  });
});

test('warnings begin once every channel has its summary', async () => {
  const order: string[] = [];
  const { teller, warner } = shell;
  shell = {
    ...shell,
    teller: {
      ...teller,
      summary: (summary, channel = usual) => {
        order.push(channel);
        return teller.summary(summary, channel);
      },
    },
    warner: {
      ...warner,
      person: async () => void order.push('warned'),
    },
  };
  await tell();
  expect(order).toEqual([usual, payments, 'warned']);
});

describe('whoever cannot be written to', () => {
  const person = () => Promise.reject(new Permanent('cannot_dm_bot'));

  test('is called upon in the channel of the key’s team', async () => {
    shell = { ...shell, warner: { ...shell.warner, person } };
    expect(await tell()).toMatchObject({ approaching: 1 });
    expect(warnings()).toMatchObject([{ channel: payments }]);
  });

  test.each(['is_archived', 'internal_error'])('else in the default one (%s)', async (error) => {
    shell = { ...shell, warner: { ...shell.warner, person } };
    await tellSummaries();
    slack.fail({ kind: 'error', error, channel: payments });
    expect(await tell()).toMatchObject({ approaching: 1 });
    expect(warnings()).toMatchObject([{ channel: usual }]);
  });

  test('nor anywhere is named in the log, and the telling fails', async () => {
    shell = { ...shell, warner: { person, channel: person } };
    await expect(tell()).rejects.toThrow('cannot_dm_bot');
    expect(errors).toContain('not told early');
    expect(await store.approachingUntold(9)).toHaveLength(1);
  });
});

/** Those of the day alone. */
async function tellSummaries(): Promise<void> {
  for (const name of ['2026-11-23', `2026-11-23#${payments}`]) {
    await store.takeSummary(name, start, start);
    await store.leaveSummary(name, 'told', start);
  }
}
