/** Ages of keys in numbers: of one account, of each, and of all together. */
import { describe, expect, test } from 'vitest';
import { accountFiguresCsv, figuresText } from '../../adapters/account-figures-csv.ts';
import { cryptoIds } from '../../adapters/crypto-ids.ts';
import {
  accountSums,
  fleetSums,
  perAccountFigures,
  type SeenUser,
} from '../../domain/account-figures.ts';
import { figuresOfDay, figuresProblems } from '../../domain/figures-of-day.ts';
import { instant, plus } from '../../domain/instant.ts';
import type { ReportedKey } from '../../domain/inventory.ts';
import { meanDays } from '../../domain/key-ages.ts';

const now = instant('2026-11-23T05:00:00Z');
const policy = { staleDays: 90, warnDays: 80 };

function key(days: number | 'unknown', active = true): ReportedKey {
  const rotatedAt = days === 'unknown' ? days : plus(now, { hours: -24 * days });
  return { slot: 1, active, rotatedAt, lastUsed: 'none' };
}

const none = key(0, false);
const user = (...keys: readonly ReportedKey[]): SeenUser => ({
  user: { userName: 'svc', path: '/', keys: [keys[0] ?? none, keys[1] ?? none] },
  policy,
});

const one = () =>
  accountSums(
    '111122223333',
    [user(key(10), key(85)), user(key(200), key(400, false)), user(), user(key('unknown'))],
    now,
  );

describe('an account', () => {
  test('is summed up by its Active keys', () => {
    expect(one()).toEqual({
      account: '111122223333',
      users: 4,
      usersWithKeys: 3,
      ages: {
        keys: 4,
        unknownAge: 1,
        days: 295,
        oldestDays: 200,
        buckets: {
          Under30Days: 1,
          '30To59Days': 0,
          '60To89Days': 1,
          '90To179Days': 0,
          '180To364Days': 1,
          '365DaysAndMore': 0,
        },
      },
      stale: 2,
      nearing: 1,
    });
  });

  test.each([
    [29.9, 'Under30Days'],
    [30, '30To59Days'],
    [60, '60To89Days'],
    [89.99, '60To89Days'],
    [90, '90To179Days'],
    [180, '180To364Days'],
    [365, '365DaysAndMore'],
  ] as const)('a key of %d days counts in %s', (days, bucket) => {
    const { buckets } = accountSums('111122223333', [user(key(days))], now).ages;
    expect(Object.entries(buckets).filter(([, count]) => count > 0)).toEqual([[bucket, 1]]);
  });

  test.each([
    [79.9, 0, 0],
    [80, 1, 0],
    [89.9, 1, 0],
    [90, 0, 1],
  ])('at %d days %d is nearing and %d stale', (days, nearing, stale) => {
    expect(accountSums('1', [user(key(days))], now)).toMatchObject({ nearing, stale });
  });

  test('goes by the policy of each user', () => {
    const strict = { ...user(key(50)), policy: { staleDays: 45, warnDays: 30 } };
    expect(accountSums('1', [strict, user(key(50))], now)).toMatchObject({ stale: 1, nearing: 0 });
  });
});

test('accounts add up to all of them, whatever has no keys', () => {
  const other = accountSums('444455556666', [user(key(405))], now);
  const empty = accountSums('123456789012', [], now);
  const { ages, stale, nearing } = fleetSums([one(), other, empty]);
  expect({ keys: ages.keys, stale, nearing, oldest: ages.oldestDays }).toEqual({
    ...{ keys: 5, stale: 3, nearing: 1, oldest: 405 },
  });
  expect(meanDays(ages)).toBe(175);
  expect(meanDays(fleetSums([empty]).ages)).toBeNull();
  expect(fleetSums([]).ages.oldestDays).toBeNull();
});

describe('account by account', () => {
  const figures = () => perAccountFigures([accountSums('444455556666', [], now), one()]);

  test('by number, rounded as people read it', () => {
    expect(figures().map(({ account }) => account)).toEqual(['111122223333', '444455556666']);
    expect(figures()[0]).toMatchObject({ activeKeys: 4, meanAgeDays: 98.3, oldestDays: 200 });
    expect(figures()[1]).toMatchObject({ activeKeys: 0, meanAgeDays: null, oldestDays: null });
  });

  test('as a table: an id is text, what is unknown is empty', () => {
    const lines = accountFiguresCsv(figures())
      .replace(/^\uFEFF/, '')
      .split('\r\n');
    expect(lines).toEqual([
      '"account","users","usersWithKeys","activeKeys","unknownAge","meanAgeDays","oldestDays",' +
        '"nearing","stale","keysUnder30Days","keys30To59Days","keys60To89Days",' +
        '"keys90To179Days","keys180To364Days","keys365DaysAndMore"',
      '"111122223333",4,3,4,1,98.3,200,1,2,1,0,1,0,1,0',
      '"444455556666",0,0,0,0,,,0,0,0,0,0,0,0,0',
      '',
    ]);
  });

  test('as JSON, a line each', () => {
    const kept = figuresOfDay(now, figures(), cryptoIds.digest);
    expect(JSON.parse(figuresText(kept))).toEqual(kept);
    expect(figuresText(kept).split('\n')).toHaveLength(figures().length + 4);
    expect(figuresProblems(kept, cryptoIds.digest)).toEqual([]);
    expect(figuresProblems({ ...kept, accounts: [] }, cryptoIds.digest)).toHaveLength(1);
  });
});
