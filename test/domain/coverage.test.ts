/** What a team is told that the inventory says nothing of. */
import { describe, expect, test } from 'vitest';
import { coverageOf, gapsBy, mostGaps, type Taken } from '../../domain/coverage.ts';
import { instant, plus } from '../../domain/instant.ts';

const takenAt = instant('2026-11-23T05:00:00Z');
const counts = { rowsNotRead: 0, usersFailed: 0, contradicted: 0, abandoned: 0, notKept: 0 };
const whole: Taken = { failed: [], notReached: [], ...counts, historiesMissed: 0 };
const one = '111122223333';

test('an inventory of everything leaves nothing to tell', () => {
  expect(coverageOf(whole, takenAt)).toEqual({ takenAt, gaps: [], more: 0 });
});

describe('each gap is a sentence', () => {
  test.each<[Partial<Taken>, string]>([
    [{ failed: [{ account: one, problem: 'no role' }] }, `account ${one} was not read: no role`],
    [{ notReached: [{ account: one, users: 'all' }] }, `there was no time for account ${one}`],
    [
      { notReached: [{ account: one, users: 3 }] },
      `there was no time for 3 users of account ${one}`,
    ],
    [{ rowsNotRead: 1 }, '1 row of credential reports could not be understood'],
    [{ usersFailed: 2 }, '2 users with stale keys could not be looked at'],
    [{ contradicted: 1 }, '1 key stale and Active, though their rotations say they are gone'],
    [{ abandoned: 2 }, '2 stale keys left alone: somebody abandoned the rotation'],
    [{ notKept: 1 }, '1 file of the inventory could not be kept'],
    [{ historiesMissed: 5 }, 'the last use of 5 keys was not noted'],
  ])('%j', (taken, sentence) => {
    expect(coverageOf({ ...whole, ...taken }, takenAt).gaps).toEqual([sentence]);
  });

  test('and a long problem is cut', () => {
    const failed = [{ account: one, problem: 'x'.repeat(5000) }];
    expect(coverageOf({ ...whole, failed }, takenAt).gaps[0]?.length).toBeLessThan(260);
  });
});

test('a few are listed, all are counted', () => {
  const failed = Array.from({ length: 40 }, (_each, index) => ({
    account: String(100_000_000_000 + index),
    problem: 'no role',
  }));
  const { gaps, more } = coverageOf({ ...whole, failed }, takenAt);
  expect([gaps.length, more]).toEqual([mostGaps, 40 - mostGaps]);
});

test('an inventory that was not taken for 26 hours is a gap itself', () => {
  const coverage = coverageOf(whole, takenAt);
  const after = (hours: number) => gapsBy(coverage, plus(takenAt, { hours })).gaps;
  expect(after(25.9)).toEqual([]);
  expect(after(26)).toEqual(['no inventory was taken since 2026-11-23 05:00 UTC']);
  expect(gapsBy(undefined, takenAt)).toEqual({ gaps: [], more: 0 });
});
