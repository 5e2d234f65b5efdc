/** Whom the credential report makes worth a look: silence is a reason to look, never to act. */
import { describe, expect, test } from 'vitest';
import { instant, plus } from '../../domain/instant.ts';
import {
  asReported,
  type ReportedKey,
  type ReportedUse,
  type ReportedUser,
  shownOf,
} from '../../domain/inventory.ts';
import { defaultPolicy } from '../../domain/policy.ts';

const now = instant('2026-11-23T05:00:00Z');
const ago = (days: number) => plus(now, { days: -days });

const noKey = (slot: 1 | 2): ReportedKey => ({
  ...{ slot, active: false },
  ...{ rotatedAt: 'unknown', lastUsed: 'none' },
});
const key = (days: number, lastUsed: ReportedUse = ago(1)): ReportedKey => ({
  ...{ slot: 1, active: true },
  ...{ rotatedAt: ago(days), lastUsed },
});
const second = (each: ReportedKey): ReportedKey => ({ ...each, slot: 2 });

function shown(first: ReportedKey, other: ReportedKey = noKey(2)) {
  const user: ReportedUser = { userName: 'svc-billing', path: '/', keys: [first, other] };
  return shownOf(user, defaultPolicy, now);
}

describe('a user is looked at', () => {
  test.each([
    ['a key as old as the policy says', key(90), noKey(2), true],
    [
      'a key a second younger',
      { ...key(90), rotatedAt: plus(ago(90), { seconds: 1 }) },
      noKey(2),
      false,
    ],
    ['an old key in the second place', key(5), second(key(200)), true],
    ['a second key alone', noKey(1), second(key(200)), true],
    ['an Active key of unknown age', { ...key(1), rotatedAt: 'unknown' } as const, noKey(2), true],
    ['an old key that is off', { ...key(400), active: false }, noKey(2), false],
    ['no key', noKey(1), noKey(2), false],
  ])('for %s: %#', (_, first, other, looked) => {
    expect(shown(first, other).mayBeStale).toBe(looked);
  });

  test('as old as their own policy says', () => {
    const user: ReportedUser = { userName: 'x', path: '/', keys: [key(40), noKey(2)] };
    expect(shownOf(user, { staleDays: 30, warnDays: 20 }, now).mayBeStale).toBe(true);
  });
});

describe('a user is warned of', () => {
  test.each([
    ['from warnDays on', key(80), noKey(2), true],
    ['not a day earlier', key(79), noKey(2), false],
    ['not once another key is stale', key(80), second(key(95)), false],
  ])('%s', (_, first, other, warned) => {
    expect(shown(first, other).nears).toBe(warned);
  });
});

describe('a key is unused', () => {
  test.each([
    ['never used, and old', key(200, 'none'), true],
    ['never used, and young', key(20, 'none'), false],
    ['last used long ago', key(200, ago(120)), true],
    ['used yesterday', key(200, ago(1)), false],
    ['of which IAM does not say', key(200, 'unknown'), false],
    [
      'of unknown age, without a use',
      { ...key(200, 'none'), rotatedAt: 'unknown' } as const,
      false,
    ],
    [
      'older than the notes that IAM takes of uses',
      { ...key(200, 'none'), rotatedAt: instant('2015-04-21T23:59:59Z') },
      false,
    ],
    ['switched off', { ...key(200, 'none'), active: false }, false],
  ])('%s: %#', (_, first, unused) => {
    expect(shown(first).unused).toBe(unused);
  });
});

test('what the report does not tell of a user is left empty', () => {
  const user: ReportedUser = { userName: 'x', path: '/ci/', keys: [noKey(1), noKey(2)] };
  expect(asReported(user, 'aws', '111122223333')).toEqual({
    ...{ partition: 'aws', account: '111122223333' },
    ...{ userName: 'x', path: '/ci/', userId: '', tags: {} },
  });
});
