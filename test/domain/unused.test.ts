/** Which keys are unused: only those that cannot have been used for 90 days. */
import { describe, expect, it } from 'vitest';
import { type Duration, instant, millisOf, plus } from '../../domain/instant.ts';
import { isUnused, usageOf } from '../../domain/unused.ts';
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

describe('what is known of a key', () => {
  const key = { createdAt: ago({ days: 400 }) };
  const lastUsed = use(ago({ days: 1 }));
  const isIssued = false;

  it('is unknown when it could not be asked, whatever its age', () => {
    const problem = 'Throttling: try again';
    expect(usageOf(key, { known: false, problem }, now)).toEqual({ is: 'unknown', problem });
  });

  it('is its last use', () => {
    expect(usageOf(key, { known: true, lastUsed, isIssued }, now)).toEqual({
      is: 'used',
      lastUsed,
    });
    expect(usageOf(key, { known: true, lastUsed: null, isIssued }, now)).toEqual({
      is: 'unused',
      lastUsed: null,
    });
  });

  it('keeps what Keyturn issued, used or not', () => {
    for (const each of [lastUsed, null]) {
      const known = { known: true, lastUsed: each, isIssued: true } as const;
      expect(usageOf(key, known, now)).toEqual({ is: 'kept', lastUsed: each });
    }
  });
});
