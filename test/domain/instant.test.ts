/** Moments and durations. */
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { Bug } from '../../domain/errors.ts';
import {
  earliest,
  fromMillis,
  instant,
  inUtcWords,
  isDue,
  latest,
  millisBetween,
  millisOf,
  parseInstant,
  plus,
  toMillis,
} from '../../domain/instant.ts';

const noon = instant('2026-11-02T12:00:00Z');

describe('every day and second there is', () => {
  const years = [1, 99, 100, 1600, 1900, 1969, 1970, 2000, 2024, 2026, 2100, 9999];
  const tails = ['00:00:00', '23:59:59', '24:00:00', '12:60:00', '12:00:60', '7:00:00'];

  test.each(years)('is read as Temporal reads it, in %d', (year) => {
    for (let month = 0; month <= 13; month++) {
      for (const day of [0, 1, 9, 10, 28, 29, 30, 31, 32]) {
        for (const tail of tails) {
          const two = (part: number) => String(part).padStart(2, '0');
          const text = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${tail}Z`;
          expect(parseInstant(text), text).toBe(byTemporal(text));
        }
      }
    }
  });

  test('counts milliseconds as Date does', () => {
    const longest = Date.parse('9999-12-31T23:59:59.999Z');
    for (let at = Date.parse('0001-01-01T00:00:00.001Z'); at < longest; at += 7_777_777_777) {
      expect(toMillis(fromMillis(at))).toBe(at);
    }
    expect(toMillis(fromMillis(longest))).toBe(longest);
  });
});

function byTemporal(text: string): string | undefined {
  try {
    return new Date(Temporal.Instant.from(text).epochMilliseconds).toISOString();
  } catch {
    return undefined;
  }
}

describe('reading a moment', () => {
  test.each([
    ['2026-11-02T12:00:00Z', '2026-11-02T12:00:00.000Z'],
    ['2026-11-02T12:00:00.25Z', '2026-11-02T12:00:00.250Z'],
    ['2026-11-02T12:00:00.123456789Z', '2026-11-02T12:00:00.123Z'],
    ['2026-11-02T13:00:00+01:00', '2026-11-02T12:00:00.000Z'],
    ['2026-11-02T06:30:00-05:30', '2026-11-02T12:00:00.000Z'],
    ['2024-02-29T00:00Z', '2024-02-29T00:00:00.000Z'],
  ])('%s is %s', (text, moment) => {
    expect(parseInstant(text)).toBe(moment);
    expect(instant(text)).toBe(moment);
  });

  test.each([
    '',
    'yesterday',
    '2026-11-02',
    '2026-11-02T12:00:00',
    '2026-02-29T12:00:00Z',
    '2026-11-02T25:00:00Z',
    '1793620800',
    'Mon, 02 Nov 2026 12:00:00 GMT',
  ])('"%s" names no moment', (text) => {
    expect(parseInstant(text)).toBeUndefined();
    expect(() => instant(text)).toThrow(Bug);
  });

  test('years beyond four digits, which would not sort as text, are no moment', () => {
    expect(parseInstant('+012026-11-02T12:00:00Z')).toBeUndefined();
    expect(parseInstant('-000001-11-02T12:00:00Z')).toBeUndefined();
  });
});

describe('reckoning', () => {
  test('the parts of a duration add up', () => {
    expect(millisOf({ days: 1, hours: 2, minutes: 3, seconds: 4, milliseconds: 5 })).toBe(
      93_784_005,
    );
    expect(millisOf({})).toBe(0);
  });

  test('plus goes forwards and backwards, over months and leap days', () => {
    expect(plus(noon, { hours: 36 })).toBe('2026-11-04T00:00:00.000Z');
    expect(plus(noon, { days: -2, milliseconds: -1 })).toBe('2026-10-31T11:59:59.999Z');
    expect(plus(instant('2028-02-28T12:00:00Z'), { days: 1 })).toBe('2028-02-29T12:00:00.000Z');
  });

  test('between is what plus added', () => {
    expect(millisBetween(noon, plus(noon, { minutes: 7 }))).toBe(420_000);
    expect(millisBetween(plus(noon, { minutes: 7 }), noon)).toBe(-420_000);
  });

  test('milliseconds there and back', () => {
    expect(fromMillis(toMillis(noon))).toBe(noon);
    expect(toMillis(fromMillis(0))).toBe(0);
  });
});

describe('deadlines', () => {
  const aMillisecond = { milliseconds: 1 };

  test('are due at their moment, not a millisecond before', () => {
    expect(isDue(noon, noon)).toBe(true);
    expect(isDue(noon, plus(noon, aMillisecond))).toBe(true);
    expect(isDue(plus(noon, aMillisecond), noon)).toBe(false);
  });

  test('the earliest and the latest of some', () => {
    const [before, after] = [plus(noon, { hours: -1 }), plus(noon, { hours: 1 })];
    expect(earliest(noon, after, before)).toBe(before);
    expect(latest(noon, after, before)).toBe(after);
    expect(earliest(noon)).toBe(noon);
    expect(latest(noon)).toBe(noon);
  });

  test('in words: the same for every reader', () => {
    expect(inUtcWords(instant('2026-11-02T14:03:59.999+01:00'))).toBe('2026-11-02 13:03 UTC');
  });
});
