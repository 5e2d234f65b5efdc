/** Weeks begin on Monday in the zone's own time, whatever its clocks do meanwhile. */
import { describe, expect, test } from 'vitest';
import { instant } from '../../domain/instant.ts';
import { lastWholeWeek, periodBetween, weekBefore } from '../../domain/report-period.ts';

const now = instant('2026-11-23T06:00:00Z');
const monday = instant('2026-11-16T00:00:00Z');

describe('the last whole week', () => {
  test.each([
    ['2026-11-23T06:00:00Z', 'UTC', '2026-W47', '2026-11-16T00:00Z', '2026-11-23T00:00Z'],
    ['2026-11-23T00:00:00Z', 'UTC', '2026-W47', '2026-11-16T00:00Z', '2026-11-23T00:00Z'],
    ['2026-11-22T23:59:59Z', 'UTC', '2026-W46', '2026-11-09T00:00Z', '2026-11-16T00:00Z'],
    // Monday in Berlin, Sunday in UTC.
    ['2026-11-22T23:30:00Z', 'Europe/Berlin', '2026-W47', '2026-11-15T23:00Z', '2026-11-22T23:00Z'],
    // The clocks go back on the 25th: the week has an hour more.
    ['2026-10-26T05:00:00Z', 'Europe/Berlin', '2026-W43', '2026-10-18T22:00Z', '2026-10-25T23:00Z'],
    // ISO weeks: the first days of 2027 are in the last week of 2026.
    ['2027-01-04T06:00:00Z', 'UTC', '2026-W53', '2026-12-28T00:00Z', '2027-01-04T00:00Z'],
    ['2025-01-06T06:00:00Z', 'UTC', '2025-W01', '2024-12-30T00:00Z', '2025-01-06T00:00Z'],
  ])('at %s in %s is %s', (at, timeZone, name, from, to) => {
    expect(lastWholeWeek(instant(at), timeZone)).toEqual({
      name,
      from: instant(from),
      to: instant(to),
      timeZone,
    });
  });

  test('follows the week before, to the moment', () => {
    const week = lastWholeWeek(instant('2027-01-11T06:00:00Z'), 'America/New_York');
    const before = weekBefore(week);
    expect([week.name, before?.name]).toEqual(['2027-W01', '2026-W53']);
    expect(before?.to).toBe(week.from);
  });
});

describe('a period asked for', () => {
  test('is a week if it is one, and else is named after its ends', () => {
    const to = instant('2026-11-23T00:00:00Z');
    const week = periodBetween(monday, to, 'UTC', now);
    expect(week).toEqual({ ok: true, value: lastWholeWeek(now, 'UTC') });
    const elsewhere = periodBetween(monday, to, 'Europe/Berlin', now);
    expect(elsewhere).toMatchObject({ value: { name: '20261116T000000Z-20261123T000000Z' } });
    expect(elsewhere.ok && weekBefore(elsewhere.value)).toBeNull();
  });

  test('may end now, and not later', () => {
    expect(periodBetween(monday, now, 'UTC', now).ok).toBe(true);
    const late = periodBetween(monday, instant('2026-11-23T06:00:00.001Z'), 'UTC', now);
    expect(late).toMatchObject({ problems: [expect.stringContaining('is yet to come')] });
  });

  test('is refused with everything that is wrong with it', () => {
    const later = instant('2028-01-01T00:00:00Z');
    expect(periodBetween(monday, later, 'UTC', now)).toMatchObject({
      problems: [
        expect.stringContaining('yet to come'),
        expect.stringContaining('more than 366 days apart'),
      ],
    });
    expect(periodBetween(monday, monday, 'UTC', now)).toMatchObject({
      problems: [expect.stringContaining('is not before')],
    });
  });
});
