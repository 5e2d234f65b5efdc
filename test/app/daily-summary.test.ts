/** The summary of a day: what it says, that it is told once, and what becomes of failures. */
import { beforeEach, describe, expect, test } from 'vitest';
import { memoryStore } from '../../adapters/memory-store.ts';
import { slackSummary } from '../../adapters/slack-summary.ts';
import { slackWarnings } from '../../adapters/slack-warnings.ts';
import { lapsesAfter, type SummaryShell, tellSummary } from '../../app/daily-summary.ts';
import { endless } from '../../app/time-left.ts';
import { Permanent, Transient } from '../../domain/errors.ts';
import { instant, plus } from '../../domain/instant.ts';
import type { ObservedKey } from '../../domain/lists.ts';
import type { RotationStore } from '../../domain/ports.ts';
import { type VirtualClock, virtualClock } from '../../sandbox/clock.ts';
import { type SlackStandIn, slackStandIn } from '../../sandbox/slack.ts';
import { held, overlapping, proposed, soaking, staleKey } from '../builders.ts';
import { commit, unopened } from '../contracts/committing.ts';

/** The id of a key that is none. */
const id = (end: string) => ['AKIA', 'IOSFODNN7', end].join('');

const botToken = ['xoxb', 'sandbox'].join('-');
const start = instant('2026-11-23T09:00:00Z');

let clock: VirtualClock;
let slack: SlackStandIn;
let store: RotationStore;
let shell: SummaryShell;

beforeEach(() => {
  clock = virtualClock(start);
  store = memoryStore();
  slack = slackStandIn({
    now: clock.now,
    botToken,
    appId: 'A0KEYTURN',
    teamId: 'T0SANDBOX',
    channel: { id: 'C0KEYS', name: 'keys' },
  });
  const access = { botToken: async () => botToken, channel: 'C0KEYS', fetch: slack.fetch };
  shell = {
    ...{ store, clock, timeZone: 'UTC', usual: 'C0KEYS' },
    log: { info: () => undefined, error: () => undefined },
    teller: slackSummary(access),
    warner: slackWarnings(access),
  };
});

const tell = (more: Partial<SummaryShell> = {}) => tellSummary({ ...shell, ...more }, endless);
const later = (hours: number) => plus(start, { hours });

function observed(index: number): ObservedKey {
  const keyId = id(`EX${String(index).padStart(5, '0')}`);
  const whose = { partition: 'aws', account: '111122223333', userName: `svc-${index}` } as const;
  return { ...whose, keyId, seenAt: plus(start, { seconds: index - 9999 }) };
}

describe('what the inventory does not cover', () => {
  const gaps = ['account 444455556666 was not read: no <!channel> role'];

  test('is told in the default channel even where no key is being rotated', async () => {
    await store.noteCoverage({ takenAt: start, gaps, more: 3 });
    expect(await tell()).toMatchObject({ outcome: 'told' });
    const [message] = slack.messages();
    expect(message?.text).toContain('The inventory does not cover everything: 4.');
    const shown = JSON.stringify(message?.blocks);
    expect(shown).toContain('account 444455556666 was not read');
    expect(shown).toContain('and 3 more');
  });

  test('nothing is said where it covers everything', async () => {
    await store.noteCoverage({ takenAt: start, gaps: [], more: 0 });
    expect(await tell()).toMatchObject({ outcome: 'nothing to tell' });
    expect(slack.messages()).toEqual([]);
  });

  test('what cannot be read is told, and the rest with it', async () => {
    await commit(store, unopened('a'));
    const coverage = async () => {
      throw new Transient('the table is down');
    };
    expect(await tell({ store: { ...store, coverage } })).toMatchObject({ outcome: 'told' });
    const shown = JSON.stringify(slack.messages()[0]?.blocks);
    expect(shown).toContain('what it covers could not be read: the table is down');
  });
});

describe('what it says', () => {
  test('how many stand where, what is due soon, what is held, and who has to act', async () => {
    const key = (end: string) => ({ key: { ...staleKey, keyId: id(`XXX${end}`) } });
    const due = overlapping({ deactivateAt: later(47) });
    await commit(store, unopened('a', key('AAAA'), due));
    await commit(store, unopened('b', key('BBBB'), soaking({ deleteAt: later(49) })));
    await commit(store, unopened('c', key('CCCC'), proposed({ answerBy: later(2) })));
    const since = later(-30);
    await commit(
      store,
      unopened('d', { ...key('DDDD'), owner: { known: false } }, held({ since })),
    );
    await store.rememberMessage('d', { channel: 'C0KEYS', ts: '1.2' });
    expect(await tell()).toEqual({
      ...{ outcome: 'told', day: '2026-11-23' },
      ...{ observed: 0, approaching: 0 },
    });
    const [message, ...others] = slack.messages();
    expect(others).toEqual([]);
    expect(message?.text).toBe(
      'Key rotations on 2026-11-23. Proposed: 1; Overlap: both keys work: 1; ' +
        'Soak: the old key is off: 1; On hold: 1. Deadlines within 48 hours: 2. ' +
        'On hold until somebody acts: 1.',
    );
    const shown = JSON.stringify(message?.blocks);
    const places = ['…CCCC', '…AAAA', '…DDDD'].map((end) => shown.indexOf(end));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places[0]).toBeGreaterThan(0);
    expect(shown).not.toContain('…BBBB');
    expect(shown).toContain('To act: <@U0123OWNER>');
    expect(shown).toContain('To act: an approver or an admin');
    expect(shown).toContain('To act: its owner, who is unknown, or an approver or an admin');
    expect(shown).toContain(`On hold since <!date^${Date.parse(since) / 1000}^`);
    expect(shown).toContain('<#C0KEYS>');
  });

  test('nothing, where there is nothing', async () => {
    expect(await tell()).toMatchObject({ outcome: 'nothing to tell' });
    expect(slack.calls()).toBe(0);
  });

  test('of a storm no more than Slack takes, with hostile names', async () => {
    const userName = `"\\<!channel>${'&"'.repeat(60)}`;
    for (let index = 0; index < 20; index += 1) {
      const keyId = id(`XXXX${index + 100}`);
      const key = { ...staleKey, keyId, user: { ...staleKey.user, userName } };
      const reason = { code: 'paused', text: `"<!here> ${'\\"&'.repeat(400)}` } as const;
      await commit(store, unopened(`h${index}`, { key }, held({ reason })));
      const due = unopened(`d${index}`, { key: { ...key, keyId: `${keyId}D` } }, proposed());
      await commit(store, { ...due, stage: proposed({ answerBy: later(1) }) });
    }
    await tell();
    const [message] = slack.messages();
    expect(message?.text).toContain(
      'Deadlines within 48 hours: 20. On hold until somebody acts: 20',
    );
    expect(JSON.stringify(message)).toContain('And 14 more');
    expect(JSON.stringify(message)).not.toMatch(/<!channel>|<!here>/);
  });
});

describe('stale keys that are only observed', () => {
  test('stand in the thread, each once, a message a second', async () => {
    for (let index = 0; index < 60; index += 1) await store.noteObserved(observed(index));
    const telling = tell();
    await clock.runUntil(plus(start, { minutes: 1 }));
    expect(await telling).toMatchObject({ outcome: 'told', observed: 60 });
    const [summary, ...thread] = slack.messages();
    expect(summary?.text).toContain('No key is being rotated.');
    expect(summary?.text).toContain('policy only observes: the thread lists them');
    expect(thread.map(({ threadTs }) => threadTs)).toEqual(Array(3).fill(summary?.ts));
    const at = thread.map(({ postedAt }) => Date.parse(postedAt));
    expect(at.every((each, index) => index === 0 || each - (at[index - 1] ?? 0) >= 1000)).toBe(
      true,
    );
    expect(thread[0]?.text).toContain('…0000 of 111122223333/svc-0;');
    expect(thread[2]?.text).toContain('…0059 of 111122223333/svc-59');
    await store.noteObserved(observed(7));
    await clock.runUntil(later(24));
    expect(await tell()).toMatchObject({ outcome: 'nothing to tell' });
  });

  test('that Slack did not take wait for the next day', async () => {
    await store.noteObserved(observed(1));
    const { teller } = shell;
    const broken = { ...teller, observed: () => Promise.reject(new Transient('Slack is down')) };
    const telling = tell({ teller: broken });
    const refused = expect(telling).rejects.toThrow('Slack is down');
    await clock.runUntil(later(1));
    await refused;
    expect(await tell()).toMatchObject({ outcome: 'told before' });
    await clock.runUntil(later(24));
    const next = tell();
    await clock.runUntil(later(25));
    expect(await next).toMatchObject({ outcome: 'told', observed: 1 });
  });
});

describe('the day', () => {
  beforeEach(async () => {
    await commit(store, unopened('a', {}, proposed()));
  });

  test('is told once, whoever else begins', async () => {
    const all = await Promise.allSettled([tell(), tell(), tell()]);
    expect(all.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await tell()).toMatchObject({ outcome: 'told before' });
    expect(slack.messages()).toHaveLength(1);
  });

  test('begins where the team is', async () => {
    await tell();
    expect(await tell({ timeZone: 'Pacific/Auckland' })).toMatchObject({ outcome: 'told before' });
    await clock.runUntil(later(3));
    expect(await tell({ timeZone: 'Pacific/Auckland' })).toMatchObject({ day: '2026-11-24' });
  });

  test('is told by another try when Slack did not take it', async () => {
    slack.fail({ kind: 'unreachable' });
    await expect(tell()).rejects.toThrow(Transient);
    slack.fail({ kind: 'error', error: 'is_archived' });
    await expect(tell()).rejects.toThrow(Permanent);
    slack.fail(null);
    expect(await tell()).toMatchObject({ outcome: 'told' });
  });

  test.each([
    ...['ratelimited', 'channel_not_found', 'not_in_channel', 'is_archived', 'missing_scope'],
    ...['token_revoked', 'account_inactive'],
  ])('is left untold by %s, so that another try on that day tells it', async (error) => {
    slack.fail({ kind: 'error', error });
    await expect(tell()).rejects.toThrow(error);
    expect(slack.messages()).toEqual([]);
    slack.fail(null);
    expect(await tell()).toMatchObject({ outcome: 'told' });
    expect(slack.messages()).toHaveLength(1);
  });

  test('is taken over from one who died, once it cannot be at it any more', async () => {
    await store.takeSummary('2026-11-23', start, start);
    await clock.runUntil(plus(start, lapsesAfter));
    await expect(tell()).rejects.toThrow('try again later');
    await clock.runUntil(plus(clock.now(), { milliseconds: 1 }));
    expect(await tell()).toMatchObject({ outcome: 'told' });
  });
});
