/** What every rotation store answers to people's questions, and what it tells the team once. */
import { expect, test } from 'vitest';
import { instant } from '../../domain/instant.ts';
import type { ApproachingKey, ObservedKey } from '../../domain/lists.ts';
import type { Owner } from '../../domain/people.ts';
import type { RotationStore } from '../../domain/ports.ts';
import { done, held, overlapping, proposed, soaking, staleKey } from '../builders.ts';
import { commit, later, unopened } from './committing.ts';

/** The id of a key that is none. */
const id = (end: string) => ['AKIA', 'IOSFODNN7', end].join('');

const owned = (slackUserId: string): { readonly owner: Owner } => ({
  owner: { known: true, slackUserId, name: 'Somebody' },
});
const olu = owned('U0123OWNER');

export function describeLines(given: () => RotationStore): void {
  test('lists what somebody owns: held ones first, then by deadline; none done', async () => {
    const of = (id: string, hours: number) =>
      commit(given(), unopened(id, olu, proposed({ answerBy: later(hours) })));
    await of('b', 9);
    await of('a', 10);
    await of('c', 2);
    await commit(given(), unopened('d', olu, held({ since: later(1) })));
    await commit(given(), unopened('x', owned('U0123OTHER')));
    await commit(given(), unopened('y', { owner: { known: false } }));
    const last = await of('z', 1);
    await commit(given(), last, { stage: done() });
    expect(await given().ownedBy('U0123OWNER', 9)).toEqual(['d', 'c', 'b', 'a']);
    expect(await given().ownedBy('U0123OWNER', 2)).toEqual(['d', 'c']);
    expect(await given().howManyOwnedBy('U0123OWNER')).toBe(4);
    expect(await given().ownedBy('U0123NOBODY', 9)).toEqual([]);
  });

  test('a rotation that is given to another is in the line of that person alone', async () => {
    const first = await commit(given(), unopened('a', olu));
    await commit(given(), { ...first, ...owned('U0123OTHER') });
    expect(await given().ownedBy('U0123OWNER', 9)).toEqual([]);
    expect(await given().ownedBy('U0123OTHER', 9)).toEqual(['a']);
  });

  test('lists and counts those at a stage, by deadline, until a moment', async () => {
    const at = (id: string, hours: number) =>
      commit(given(), unopened(id, {}, overlapping({ deactivateAt: later(hours) })));
    for (const [id, hours] of [
      ['e', 5],
      ['a', 7],
      ['c', 3],
      ['b', 6],
      ['d', 4],
    ] as const) {
      await at(id, hours);
    }
    await commit(given(), unopened('f', {}, soaking({ deleteAt: later(1) })));
    const all = { limit: 9 };
    expect(await given().standingAt('overlapping', all)).toEqual(['c', 'd', 'e', 'b', 'a']);
    expect(await given().standingAt('overlapping', { ...all, until: later(5) })).toEqual([
      'c',
      'd',
      'e',
    ]);
    expect(await given().standingAt('overlapping', { limit: 2 })).toEqual(['c', 'd']);
    expect(await given().howManyStandAt('overlapping')).toBe(5);
    expect(await given().howManyStandAt('overlapping', later(5))).toBe(3);
    expect(await given().howManyStandAt('held')).toBe(0);
    expect(await given().standingAt('soaking', all)).toEqual(['f']);
  });

  test('finds every rotation of keys by the end of their ids, newest first', async () => {
    const key = (keyId: string) => ({ key: { ...staleKey, keyId } });
    const first = await commit(given(), unopened('a', key(id('AAAWXYZ'))));
    await commit(given(), first, { stage: done() });
    const newer = { openedAt: later(2), ...key(id('BBBWXYZ')) };
    await commit(given(), unopened('b', newer));
    await commit(given(), unopened('c', key(id('AAAWXYA'))));
    expect(await given().ofKeysEnding('WXYZ', 9)).toEqual(['b', 'a']);
    expect(await given().ofKeysEnding('WXYZ', 1)).toEqual(['b']);
    expect(await given().ofKeysEnding('WX', 9)).toEqual([]);
  });
}

export function describeRecent(given: () => RotationStore): void {
  test('lists what is open, and what ended since a moment, each once', async () => {
    await commit(given(), unopened('a'));
    await commit(given(), unopened('b', {}, overlapping()));
    await commit(given(), unopened('c', {}, held()));
    for (const [id, hours] of [
      ['d', -3],
      ['e', -1],
      ['f', 0],
    ] as const) {
      const first = await commit(given(), unopened(id));
      await commit(given(), first, { stage: done({ at: later(hours) }) });
    }
    const listed = async (hours: number) => {
      const ids: string[] = [];
      for await (const id of given().openOrEndedSince(later(hours))) ids.push(id);
      return ids.toSorted();
    };
    expect(await listed(-1)).toEqual(['a', 'b', 'c', 'e', 'f']);
    expect(await listed(1)).toEqual(['a', 'b', 'c']);
  });
}

const approaching = (keyId: string, hours = 0): ApproachingKey => ({
  ...{ partition: 'aws', account: '111122223333', userName: 'svc-billing', keyId },
  ...{ createdAt: later(-2000), staleAt: later(160), noticedAt: later(hours) },
  ...{ owner: { known: false }, channel: 'default' },
});

const key = (keyId: string, hours = 0): ObservedKey => ({
  partition: 'aws',
  account: '111122223333',
  userName: 'svc-billing',
  keyId,
  seenAt: later(hours),
});

export function describeHistories(given: () => RotationStore): void {
  test('the history of a key is found by its user and the second of its creation', async () => {
    const createdAt = instant('2026-08-04T09:30:00.250Z');
    const key = { partition: 'aws', account: '111122223333', userName: 'svc', createdAt } as const;
    const history = { lastUse: later(1), shownUntil: later(2), pauses: [] };
    const pauses = [{ from: later(1), to: later(40) }];
    expect(await given().historyOf(key)).toBeUndefined();
    await given().noteHistory(key, history);
    await given().noteHistory(key, { ...history, pauses });
    const reported = { ...key, createdAt: instant('2026-08-04T09:30:00Z') };
    expect(await given().historyOf(reported)).toEqual({ ...history, pauses });
    for (const other of [
      { ...key, userName: 'svc-b' },
      { ...key, account: '444455556666' },
      { ...key, createdAt: instant('2026-08-04T09:30:01Z') },
    ]) {
      expect(await given().historyOf(other)).toBeUndefined();
    }
  });
}

export function describeCoverage(given: () => RotationStore): void {
  test('what the latest inventory leaves out is noted in place of the one before', async () => {
    expect(await given().coverage()).toBeUndefined();
    await given().noteCoverage({ takenAt: later(1), gaps: ['account 1'], more: 2 });
    const latest = { takenAt: later(25), gaps: [], more: 0 };
    await given().noteCoverage(latest);
    expect(await given().coverage()).toEqual(latest);
  });
}

export function describeNotebook(given: () => RotationStore): void {
  test('a key that becomes a finding soon is noted once, and listed until told', async () => {
    const [first, second] = [
      approaching('AKIAIOSFODNN7EXAMPLE', 1),
      approaching('AKIAI44QH8DHBEXAMPLE'),
    ];
    const user = { partition: 'aws', account: '111122223333', userName: 'svc-billing' } as const;
    expect(await given().approachingOf(user)).toEqual([]);
    await given().noteApproaching(first);
    await given().noteApproaching(second);
    await given().noteApproaching(approaching('AKIAIOSFODNN7EXAMPLE', 5));
    expect(await given().approachingUntold(9)).toEqual([second, first]);
    expect(await given().approachingUntold(1)).toEqual([second]);
    await given().approachingTold(second, later(6), 'person U0123OWNER');
    expect(await given().approachingUntold(9)).toEqual([first]);
    await given().noteApproaching({ ...second, noticedAt: later(9) });
    expect(await given().approachingUntold(9)).toEqual([first]);
    const noted = await given().approachingOf(user);
    expect(noted.map(({ keyId }) => keyId).toSorted()).toEqual(
      [second.keyId, first.keyId].toSorted(),
    );
    expect(await given().approachingOf({ ...user, userName: 'svc' })).toEqual([]);
    // Whose policy gives it more time approaches once more.
    const again = { ...second, staleAt: later(900), noticedAt: later(8) };
    await given().noteApproaching(again);
    expect(await given().approachingUntold(9)).toEqual([first, again]);
    expect(await given().approachingOf(user)).toHaveLength(3);
  });

  test('a key that is only observed is noted once, and listed until it is told', async () => {
    const first = { ...key('AKIAIOSFODNN7EXAMPLE', 1), channel: 'C0PAYMENTS' };
    const second = key('AKIAI44QH8DHBEXAMPLE', 0);
    await given().noteObserved(first);
    await given().noteObserved(second);
    await given().noteObserved(key('AKIAIOSFODNN7EXAMPLE', 5));
    expect(await given().observedUntold(9)).toEqual([second, first]);
    expect(await given().observedUntold(1)).toEqual([second]);
    await given().observedTold(second, later(6));
    expect(await given().observedUntold(9)).toEqual([first]);
    await given().noteObserved(second);
    expect(await given().observedUntold(9)).toEqual([first]);
  });

  test('one of several takes the summary of a day; what was told is never taken', async () => {
    const take = (hours: number) =>
      given().takeSummary('2026-11-23', later(hours), later(hours - 1));
    const all = await Promise.all([take(1), take(1), take(1)]);
    expect(all.toSorted()).toEqual(['busy', 'busy', 'yours']);
    expect(await take(1.5)).toBe('busy');
    await given().leaveSummary('2026-11-23', 'told', later(2));
    expect(await take(9)).toBe('told');
    expect(await given().takeSummary('2026-11-24', later(9), later(8))).toBe('yours');
  });

  test('a summary that could not be told, or whose teller went silent, is free', async () => {
    const take = (hours: number) =>
      given().takeSummary('2026-11-23', later(hours), later(hours - 1));
    await take(1);
    await given().leaveSummary('2026-11-23', 'untold', later(1));
    expect(await take(1.1)).toBe('yours');
    expect(await take(1.2)).toBe('busy');
    expect(await take(2.2)).toBe('yours');
  });
}
