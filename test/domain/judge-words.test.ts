/** What the judge says beside its verdict: which gap, in which words, of which uses. */
import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../domain/evidence.ts';
import { plus } from '../../domain/instant.ts';
import { noEvidence } from '../../domain/judge.ts';
import { forcedBy, issued, story, use, user } from '../builders.ts';
import {
  gapsOf,
  judgedAt,
  onDeactivation,
  onDeletion,
  reading,
  standing,
  trailUse,
  unread,
} from '../testimony.ts';

const problemsOf = (evidence: Evidence) =>
  evidence.verdict === 'unknown' ? evidence.gaps.map(({ problem }) => problem) : [];
const standingIs = (changes: Parameters<typeof standing>[0]) => ({
  standing: reading(standing(changes)),
});
const ago = (hours: number) => plus(judgedAt, { hours: -hours });

test('nobody could be asked: unknown, seen by nobody, quiet from now on at the earliest', () => {
  expect(noEvidence('the witness did not answer', judgedAt)).toEqual({
    verdict: 'unknown',
    gaps: [{ about: 'standing', problem: 'the witness did not answer' }],
    at: judgedAt,
    oldKey: 'unknown',
    userGone: false,
    uses: [],
    pickup: { seen: false },
    regionsAsked: 0,
    quietHours: 24,
    quietAt: plus(judgedAt, { hours: 28 }),
  });
});

describe('what stands otherwise is told', () => {
  test.each<[string, Parameters<typeof standing>[0], string]>([
    [
      'a user who is gone',
      { userGone: true },
      `user svc-billing (${user.userId}) no longer exists`,
    ],
    [
      'an old key that is off',
      { oldKey: 'Inactive' },
      'old key …MPLE is Inactive, not Active: somebody else changed it',
    ],
    [
      'a place that gave the old key out',
      { keptIn: [issued.secretArn] },
      `readers of ${issued.secretArn} may have got old key …MPLE`,
    ],
    ['an age that is not known', { oldKeyCreatedAt: null }, 'old key …MPLE has no known age'],
    ['a new key that is off', { newKey: 'Inactive' }, 'new key …MPLE is Inactive'],
    [
      'a secret that gives something else',
      { currentVersionId: null },
      `AWSCURRENT of ${issued.secretArn} is not the version that holds the new key`,
    ],
    [
      'a copy that is behind',
      { copiesBehind: ['eu-west-3'] },
      'AWSCURRENT of the copy in eu-west-3 is not the version that holds the new key',
    ],
  ])('%s', (_, changes, problem) => {
    const evidence = onDeactivation(standingIs(changes));
    expect(gapsOf(evidence)).toEqual(['standing']);
    expect(problemsOf(evidence)).toEqual([problem]);
  });

  test('a deadline that has not come', () => {
    const evidence = onDeactivation({}, { notBefore: plus(judgedAt, { minutes: 1 }) });
    expect(problemsOf(evidence)).toEqual(['the deadline is 2026-11-04 11:01 UTC']);
  });

  test('a key of which nobody knows since when it is off', () => {
    const evidence = onDeletion({}, { deactivatedAt: null });
    expect(problemsOf(evidence)).toContain('it is not known when Keyturn switched the old key off');
  });
});

describe('what could not be read is told by its source', () => {
  test('of the new key, while nobody is seen to use it', () => {
    const evidence = onDeactivation({ newLastUsed: unread('A'), newTrail: unread('B') });
    expect(gapsOf(evidence)).toEqual(['last-used', 'cloudtrail', 'pickup']);
    expect(problemsOf(evidence).slice(0, 2)).toEqual(['A', 'B']);
  });

  test('a user whose id nobody could read is not called gone', () => {
    const evidence = onDeactivation(standingIs({ userId: null }));
    expect(evidence).toMatchObject({ verdict: 'safe', userGone: false });
  });

  test('changes of the key that could not be read are no change', () => {
    const evidence = onDeletion({ statusChanges: unread('C') });
    expect(gapsOf(evidence)).toEqual(['cloudtrail']);
    expect(problemsOf(evidence)).toEqual(['C']);
  });
});

describe('an unused key that stands otherwise', () => {
  test('goes only while it stands as when that was decided', () => {
    const asked = { issued: null, statusBefore: 'Active' };
    const isOff = onDeactivation(standingIs({ oldKey: 'Inactive', newKey: 'Gone' }), asked);
    expect(gapsOf(isOff)).toEqual(['standing']);
    const asFound = { issued: null, statusBefore: 'Inactive' };
    const isOn = onDeactivation(standingIs({ newKey: 'Gone' }), asFound);
    expect(gapsOf(isOn)).toEqual(['standing']);
  });
});

describe('an unused key', () => {
  const noNewKey = { standing: reading(standing({ newKey: 'Gone' })), newTrail: reading([]) };

  test('goes while it stands as when that was decided', () => {
    const asked = { issued: null, statusBefore: 'Active' };
    expect(onDeactivation(noNewKey, asked).verdict).toBe('safe');
  });

  test('is unused since its latest use, whichever source shows that', () => {
    const oldLastUsed = reading(use(ago(24 * 80), { source: 'last-used', service: 'EC2' }));
    const oldTrail = reading([trailUse(ago(24 * 10))]);
    const evidence = onDeactivation({ ...noNewKey, oldLastUsed, oldTrail }, { issued: null });
    expect(evidence.verdict).toBe('in use');
    expect(evidence.quietAt).toBe(plus(ago(24 * 10), { days: 90, hours: 4 }));
  });
});

describe('a trail that was cut off', () => {
  const cutOff = { complete: false, problem: 'too long', newest: [], since: story.opened } as const;
  const forced = { authority: forcedBy };

  test('is enough for a forced deletion if it reaches back to what is known to be clear', () => {
    expect(onDeletion({ oldTrail: cutOff }, forced).verdict).toBe('safe');
  });

  test('is not if nobody knows until when it was clear, nor if it was not read at all', () => {
    const asked = { ...forced, clearUntil: null };
    expect(gapsOf(onDeletion({ oldTrail: cutOff }, asked))).toEqual(['cloudtrail']);
    expect(gapsOf(onDeletion({ oldTrail: unread() }, forced))).toEqual(['cloudtrail']);
  });
});

describe('uses', () => {
  const by = (n: number) => use(ago(100 - n), { sourceIp: `192.0.2.${n}` });

  test('are told newest first, one of each user, ten at most', () => {
    const many = Array.from({ length: 12 }, (_, n) => trailUse(by(n).at, { use: by(n) }));
    const again = trailUse(ago(80), { use: { ...by(3), at: ago(80) } });
    const { uses } = onDeactivation({ oldTrail: reading([...many, again]) });
    expect(uses.map(({ sourceIp }) => sourceIp)).toEqual(
      [3, 11, 10, 9, 8, 7, 6, 5, 4, 2].map((n) => `192.0.2.${n}`),
    );
    expect(uses[0]?.at).toBe(ago(80));
  });

  test('the latest counts, whichever source shows it', () => {
    const other = { service: 'EC2', userAgent: 'unknown', source: 'last-used' } as const;
    const oldLastUsed = reading(use(ago(90), other));
    const { quietAt } = onDeactivation({ oldTrail: reading([trailUse(ago(10))]), oldLastUsed });
    // Two uses by two users, for all that is known: the floor and the lag from the later one.
    expect(quietAt).toBe(plus(ago(10), { hours: 28 }));
  });
});
