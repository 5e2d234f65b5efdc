/** Which keys become findings soon: Active ones, from the age they are warned of until stale. */
import { expect, test } from 'vitest';
import { approachingAmong, approachingRows, warningLine } from '../../domain/early-warning.ts';
import { instant, plus } from '../../domain/instant.ts';
import type { AccessKey, KeyStatus } from '../../domain/key.ts';

const now = instant('2026-11-23T05:00:00Z');
const policy = { staleDays: 90, warnDays: 80 };
const since = (days: number) => plus(now, { hours: -24 * days });

const listed = (days: number, status: KeyStatus = 'Active'): AccessKey => ({
  ...{ keyId: 'AKIAIOSFODNN7EXAMPLE', status, createdAt: since(days) },
});

const row = (days: number | 'unknown', active = true) => {
  const rotatedAt = days === 'unknown' ? days : since(days);
  const none = { slot: 2, active: false, rotatedAt: since(85), lastUsed: 'none' } as const;
  const keys = [{ slot: 1, active, rotatedAt, lastUsed: 'none' }, none] as const;
  return { userName: 'svc', path: '/', keys };
};

test.each([
  [79.9, false],
  [80, true],
  [89.9, true],
  [90, false],
])('at %d days: %s', (days, isNear) => {
  const staleAt = isNear ? [plus(since(days), { days: 90 })] : [];
  expect(approachingRows(row(days), policy, now)).toEqual(staleAt);
  const among = approachingAmong([listed(days)], policy, now);
  expect(among.map((each) => each.staleAt)).toEqual(staleAt);
});

test('no key that is off, and none of unknown age', () => {
  expect(approachingRows(row(85, false), policy, now)).toEqual([]);
  expect(approachingRows(row('unknown'), policy, now)).toEqual([]);
  expect(approachingAmong([listed(85, 'Inactive')], policy, now)).toEqual([]);
});

test('a key in words, with whole days and the day in UTC', () => {
  const whose = { partition: 'aws', account: '111122223333', userName: 'svc-billing' } as const;
  const rest = { owner: { known: false }, channel: 'default', noticedAt: now } as const;
  const key = { ...whose, ...rest, ...listed(80.9), staleAt: instant('2026-12-02T23:59:00Z') };
  expect(warningLine(key, now)).toBe(
    '…MPLE of 111122223333/svc-billing: 80 days old, a finding on 2026-12-02',
  );
});
