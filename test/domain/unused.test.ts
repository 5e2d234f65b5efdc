/** Which keys are unused: only those that cannot have been used for 90 days. */
import { describe, expect, it } from 'vitest';
import { type Duration, instant, millisOf, plus } from '../../domain/instant.ts';
import { isUnused } from '../../domain/unused.ts';
import { use } from '../builders.ts';

const now = instant('2026-11-02T09:00:00Z');
const ago = (duration: Duration) => plus(now, { milliseconds: -millisOf(duration) });
const edge = { days: 90, hours: 4, minutes: 15 };

describe('a key that was never used', () => {
  it.each<[Duration, boolean]>([
    [{ days: 90 }, true],
    [{ days: 90, milliseconds: -1 }, false],
    [{ days: 400 }, true],
    [{ days: 1 }, false],
    [{ days: -1 }, false],
  ])('and is %j old: %s', (age, answer) => {
    expect(isUnused({ createdAt: ago(age) }, null, now)).toBe(answer);
  });
});

describe('a key of 400 days', () => {
  it.each<[Duration, boolean]>([
    [edge, true],
    [{ ...edge, milliseconds: -1 }, false],
    [{ days: 90 }, false],
    [{ days: 399 }, true],
    [{ minutes: 1 }, false],
    [{ days: -1 }, false],
  ])('last used %j ago: %s', (time, answer) => {
    const lastUsed = use(ago(time));
    expect(isUnused({ createdAt: ago({ days: 400 }) }, lastUsed, now)).toBe(answer);
  });
});

it('a use before the key was made does not make it unused', () => {
  const lastUsed = use(ago({ days: 300 }));
  expect(isUnused({ createdAt: ago({ days: 5 }) }, lastUsed, now)).toBe(false);
});
