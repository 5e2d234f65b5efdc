/** The low-traffic window through days, zones and changes of the clocks. */
import { describe, expect, test } from 'vitest';
import { fromMillis, instant, millisBetween, plus, toMillis } from '../../domain/instant.ts';
import { isOpen, nextOpening, type Window } from '../../domain/window.ts';

const everyDay = [1, 2, 3, 4, 5, 6, 7];

function window(timeZone: string, fromHour: number, toHour: number, days = everyDay): Window {
  return { days, fromHour, toHour, timeZone };
}

/** When the window next opens and closes, from `moment` on, in whole minutes. */
function span(given: Window, moment: string): readonly [string, number] {
  const opens = nextOpening(given, instant(moment));
  let closes = opens;
  while (isOpen(given, closes)) closes = plus(closes, { minutes: 1 });
  return [opens, millisBetween(opens, closes) / 60_000];
}

describe('any time', () => {
  test('is open at once', () => {
    const moment = instant('2026-11-02T12:34:56.789Z');
    expect(nextOpening('any time', moment)).toBe(moment);
    expect(isOpen('any time', moment)).toBe(true);
  });
});

describe('one window', () => {
  const night = window('UTC', 2, 5, [2, 4]);

  test.each([
    ['2026-11-02T12:00:00Z', '2026-11-03T02:00:00.000Z', 'the day before'],
    ['2026-11-03T01:59:59.999Z', '2026-11-03T02:00:00.000Z', 'a millisecond before'],
    ['2026-11-03T02:00:00Z', '2026-11-03T02:00:00.000Z', 'as it opens'],
    ['2026-11-03T04:59:59.999Z', '2026-11-03T04:59:59.999Z', 'a millisecond before it closes'],
    ['2026-11-03T05:00:00Z', '2026-11-05T02:00:00.000Z', 'as it closes'],
    ['2026-11-05T05:00:00Z', '2026-11-10T02:00:00.000Z', 'after the last of the week'],
  ])('from %s it next opens at %s (%s)', (moment, opens) => {
    expect(nextOpening(night, instant(moment))).toBe(opens);
  });

  test('of one day a week, just closed, opens a week later', () => {
    const weekly = window('UTC', 0, 1, [7]);
    expect(nextOpening(weekly, instant('2026-11-08T01:00:00Z'))).toBe('2026-11-15T00:00:00.000Z');
  });

  test('until 24 lasts to the end of the day and no longer', () => {
    const late = window('UTC', 22, 24, [1]);
    expect(isOpen(late, instant('2026-11-02T23:59:59.999Z'))).toBe(true);
    expect(isOpen(late, instant('2026-11-03T00:00:00Z'))).toBe(false);
  });

  test('from 0 to 24 on every day never closes', () => {
    const always = window('America/New_York', 0, 24);
    const start = toMillis(instant('2026-10-31T00:00:00Z'));
    for (let hour = 0; hour < 72; hour++) {
      expect(isOpen(always, fromMillis(start + hour * 3_600_000))).toBe(true);
    }
  });

  test('the days are those of the zone, not of UTC', () => {
    const monday = window('Pacific/Auckland', 1, 3, [1]);
    // Monday 01:00 in Auckland (UTC+13) is Sunday noon in UTC.
    expect(nextOpening(monday, instant('2026-11-01T00:00:00Z'))).toBe('2026-11-01T12:00:00.000Z');
    const sunday = window('America/Los_Angeles', 22, 24, [7]);
    expect(isOpen(sunday, instant('2026-11-09T06:30:00Z'))).toBe(true);
  });
});

describe('zones with odd offsets', () => {
  test.each([
    ['Asia/Kathmandu', '2026-11-01T20:15:00.000Z'],
    ['Asia/Kolkata', '2026-11-01T20:30:00.000Z'],
    ['Australia/Eucla', '2026-11-01T17:15:00.000Z'],
    ['Pacific/Chatham', '2026-11-02T12:15:00.000Z'],
    ['Pacific/Kiritimati', '2026-11-02T12:00:00.000Z'],
    ['America/St_Johns', '2026-11-02T05:30:00.000Z'],
  ])('02:00 in %s is %s', (zone, opens) => {
    expect(nextOpening(window(zone, 2, 5), instant('2026-11-01T17:00:00Z'))).toBe(opens);
  });
});

describe('when the clocks change', () => {
  test.each([
    ['Europe/Berlin, an ordinary night', 'Europe/Berlin', 1, 4, '2026-03-27T12:00:00Z', 180],
    ['Europe/Berlin, an hour is left out', 'Europe/Berlin', 1, 4, '2026-03-28T12:00:00Z', 120],
    ['Europe/Berlin, an hour comes twice', 'Europe/Berlin', 1, 4, '2026-10-24T12:00:00Z', 240],
    ['New York, an hour is left out', 'America/New_York', 1, 4, '2026-03-07T18:00:00Z', 120],
    ['New York, an hour comes twice', 'America/New_York', 1, 4, '2026-10-31T18:00:00Z', 240],
    [
      'Lord Howe, half an hour is left out',
      'Australia/Lord_Howe',
      1,
      4,
      '2026-10-03T12:00:00Z',
      150,
    ],
  ])(
    '%s: it is open from 1 to 4 by the clock on the wall',
    (_, zone, from, to, moment, minutes) => {
      expect(span(window(zone, from, to), moment)[1]).toBe(minutes);
    },
  );

  test('a window that opens in the hour left out opens when that hour is over', () => {
    const [opens, minutes] = span(window('Europe/Berlin', 2, 5), '2026-03-28T12:00:00Z');
    expect(opens).toBe('2026-03-29T01:00:00.000Z');
    expect(minutes).toBe(120);
  });

  test('a window that lies in the hour left out does not open that day', () => {
    expect(nextOpening(window('Europe/Berlin', 2, 3), instant('2026-03-29T00:00:00Z'))).toBe(
      '2026-03-30T00:00:00.000Z',
    );
  });

  test('a window in the hour that comes twice lasts through both', () => {
    const [opens, minutes] = span(window('Europe/Berlin', 2, 3), '2026-10-24T12:00:00Z');
    expect(opens).toBe('2026-10-25T00:00:00.000Z');
    expect(minutes).toBe(120);
  });
});

describe('whatever the moment', () => {
  const windows = [
    window('Europe/Berlin', 2, 5, [2, 3, 4]),
    window('America/New_York', 1, 3),
    window('Australia/Lord_Howe', 0, 24, [6]),
    window('Asia/Kathmandu', 23, 24, [1, 7]),
    window('America/Sao_Paulo', 0, 1),
  ];

  test.each(windows)('the next opening of %j is open, not earlier, and within 8 days', (given) => {
    const start = toMillis(instant('2026-01-01T00:00:00Z'));
    for (let step = 0; step < 1500; step++) {
      const moment = fromMillis(start + step * 5.9 * 3_600_000);
      const opens = nextOpening(given, moment);
      expect(opens >= moment).toBe(true);
      expect(isOpen(given, opens)).toBe(true);
      expect(millisBetween(moment, opens)).toBeLessThan(8.1 * 24 * 3_600_000);
    }
  });
});
