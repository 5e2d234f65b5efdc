/** Which keys are claimed, as what, in which order; and what an earlier rotation says to that. */
import { describe, expect, it } from 'vitest';
import { plus } from '../../domain/instant.ts';
import { claimableBy, ranked, staleAmong } from '../../domain/stale.ts';
import { done, held, overlapping, policyWith, rotationAt, story, use } from '../builders.ts';

const now = story.opened;
const policy = policyWith();
const key = (keyId: string, ageDays: number, status: 'Active' | 'Inactive' = 'Active') => ({
  keyId,
  status,
  createdAt: plus(now, { days: -ageDays }),
});
const usedDaysAgo = (days: number) => use(plus(now, { days: -days }));

describe('stale', () => {
  it('are Active keys from the day on that the policy names', () => {
    const keys = [key('A', 90), key('B', 89.99), key('C', 500, 'Inactive'), key('D', 91)];
    expect(staleAmong(keys, policy, now).map(({ keyId }) => keyId)).toEqual(['A', 'D']);
    expect(staleAmong(keys, policyWith({ staleDays: 91 }), now)).toHaveLength(1);
  });
});

describe('the order', () => {
  it('is by last use, the least recent first, whatever the ids and ages; then by id', () => {
    const known = [
      { key: key('A', 500), usage: { is: 'used', lastUsed: usedDaysAgo(1) } },
      { key: key('B', 100), usage: { is: 'used', lastUsed: usedDaysAgo(60) } },
      { key: key('E', 100), usage: { is: 'unknown', problem: 'IAM says no' } },
      { key: key('D', 300), usage: { is: 'unused', lastUsed: null } },
      { key: key('C', 200), usage: { is: 'unused', lastUsed: usedDaysAgo(120) } },
    ] as const;
    expect(ranked(known, policy).map((each) => `${each.key.keyId} ${each.kind}`)).toEqual([
      'D retire',
      'E replace',
      'C retire',
      'B replace',
      'A replace',
    ]);
    const kept = ranked(known, policyWith({ unused: 'replace' }));
    expect(new Set(kept.map(({ kind }) => kind))).toEqual(new Set(['replace']));
  });
});

describe('a claim', () => {
  const later = plus(story.deleted, { minutes: 1 });

  it.each([
    ['nothing before', undefined, later, { is: 'free', generation: 1 }],
    ['one under way', rotationAt(overlapping()), later, { is: 'under way' }],
    ['one on hold', rotationAt(held()), later, { is: 'under way' }],
    ['a key thought deleted', rotationAt(done()), later, { is: 'contradicted' }],
    ['retired', rotationAt(done({ outcome: 'retired' })), later, { is: 'contradicted' }],
    ['abandoned', rotationAt(done({ outcome: 'abandoned' })), later, { is: 'free', generation: 2 }],
    ['exempt', rotationAt(done({ outcome: 'exempt' })), later, { is: 'free', generation: 2 }],
    [
      'abandoned after the report',
      rotationAt(done({ outcome: 'abandoned' })),
      story.deleted,
      { is: 'ended since' },
    ],
  ])('%s', (_, holder, sentAt, answer) => {
    expect(claimableBy(holder, sentAt, later)).toMatchObject(answer);
  });
});
