/** Whom a key's uses are taken to be by, and how long the slowest of them asks for. */
import { describe, expect, test } from 'vitest';
import type { Use } from '../../domain/evidence.ts';
import { instant, plus } from '../../domain/instant.ts';
import { quietOf } from '../../domain/quiet.ts';
import { use } from '../builders.ts';

const now = instant('2026-11-10T12:00:00Z');
const daysAgo = (days: number, changes: Partial<Use> = {}): Use =>
  use(plus(now, { hours: -24 * days }), changes);

const quietDays = (...uses: readonly Use[]): number => {
  const inOrder = uses.toSorted((a, b) => a.at.localeCompare(b.at));
  const lastUse = inOrder.at(-1)?.at ?? now;
  return quietOf({ uses: inOrder, lastUse, sessionTokens: false }).hours / 24;
};

const other = { service: 'EC2', userAgent: 'terraform/1.9', sourceIp: '198.51.100.9' };

describe('two uses show a gap', () => {
  test('by the same user', () => {
    expect(quietDays(daysAgo(3), daysAgo(34))).toBe(62);
  });

  test('but not by two', () => {
    expect(quietDays(daysAgo(3), daysAgo(34, other))).toBe(1);
  });

  test('and three by whomever', () => {
    const another = { service: 'STS', userAgent: 'aws-sdk-go-v2/1.30', sourceIp: '192.0.2.4' };
    expect(quietDays(daysAgo(3), daysAgo(13, other), daysAgo(33, another))).toBe(40);
  });

  test('but one alone does not', () => {
    expect(quietDays(daysAgo(34))).toBe(1);
  });
});

describe('one user is', () => {
  const busy = Array.from({ length: 80 }, (_each, index) => daysAgo(index + 1));
  const withSlow = (of: (turn: number) => Partial<Use>): number =>
    quietDays(...busy, ...[0.5, 30.5, 60.5].map((ago, turn) => daysAgo(ago, of(turn))));

  test.each([
    ['one program at one service', () => ({ userAgent: 'report/1' })],
    ['one program at a service of its own', () => ({ service: 'SES' })],
    [
      'one product in any version',
      (turn: number) => ({ userAgent: `Boto3/1.${turn} md/x#${turn}` }),
    ],
    ['one product in brackets', (turn: number) => ({ userAgent: `[Boto3/1.${turn}]` })],
    ['one address', () => ({ sourceIp: '198.51.100.9' })],
    [
      'whoever asks one service, however',
      (turn: number) => ({ service: 'SES', userAgent: `x${turn}`, sourceIp: `192.0.2.${turn}` }),
    ],
  ])('%s', (_who, of) => {
    expect(withSlow(of)).toBe(60);
  });

  test('nobody who is told by nothing', () => {
    expect(withSlow(() => ({}))).toBe(2);
  });

  test('no address once there are more than ten', () => {
    const seen = Array.from({ length: 9 }, (_each, n) => daysAgo(5, { sourceIp: `192.0.2.${n}` }));
    const slow = [10.5, 50.5].map((ago) => daysAgo(ago, { sourceIp: '198.51.100.9' }));
    // The busy one's own address is one of them.
    expect(quietDays(...busy, ...slow, ...seen.slice(1))).toBe(80);
    expect(quietDays(...busy, ...slow, ...seen)).toBe(2);
  });

  test('no service of which last-used knows the later use alone', () => {
    const lastUsed = { source: 'last-used', userAgent: 'unknown', sourceIp: 'unknown' } as const;
    expect(quietDays(daysAgo(50), daysAgo(1, lastUsed))).toBe(1);
  });
});

describe('a slow user', () => {
  test('is waited for from its own last use on, and not from anybody else’s', () => {
    const busy = Array.from({ length: 80 }, (_each, index) => daysAgo(80 - index));
    const slow = [60.5, 30.5, 10.5].map((days) => daysAgo(days, other));
    const uses = [...busy, ...slow].toSorted((a, b) => a.at.localeCompare(b.at));
    const quiet = quietOf({ uses, lastUse: daysAgo(1).at, sessionTokens: false });
    expect(quiet).toEqual({ hours: 60 * 24, at: plus(daysAgo(10.5).at, { days: 60, hours: 4 }) });
  });
});

describe('a product', () => {
  test('is its whole name, and not how it begins', () => {
    const slow = { userAgent: 'Boto3/1.40', sourceIp: '198.51.100.9' };
    const alike = { userAgent: 'Botox/2', sourceIp: '192.0.2.4' };
    const far = daysAgo(34, { ...alike, service: 'EC2' });
    expect(quietDays(far, daysAgo(3, { ...slow, service: 'EC2' }))).toBe(62);
    expect(quietDays(daysAgo(34, { ...alike, source: 'last-used' }), daysAgo(3, slow))).toBe(1);
  });

  test('may have no name at all', () => {
    expect(quietDays(daysAgo(34, { userAgent: '' }), daysAgo(3, { userAgent: '' }))).toBe(62);
  });
});
