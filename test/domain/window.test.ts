/** The low-traffic window through days, zones and changes of the clocks. */
import { describe, expect, test } from 'vitest';
import {
  fromMillis,
  type Instant,
  instant,
  millisBetween,
  plus,
  toMillis,
} from '../../domain/instant.ts';
import { isOpen, nextOpening, type Window, windowProblem } from '../../domain/window.ts';
import { parseHours } from '../../domain/window-text.ts';

const everyDay = [1, 2, 3, 4, 5, 6, 7];

const time = (hour: number) => `${String(hour).padStart(2, '0')}:00`;

function window(timeZone: string, fromHour: number, toHour: number, days = everyDay): Window {
  return [{ days, from: time(fromHour), to: time(toHour), timeZone }];
}

/** As people write it. */
function written(...texts: readonly string[]): Window {
  return texts.map((text) => {
    const hours = parseHours(text);
    if (hours === undefined) throw new Error(`${text} is no window`);
    return hours;
  });
}

/** When the window next opens and closes, from `moment` on, in whole minutes. */
function span(given: Window, moment: string): readonly [string, number] {
  const opens = nextOpening(given, instant(moment));
  let closes = opens;
  while (isOpen(given, closes)) closes = plus(closes, { minutes: 1 });
  return [opens, millisBetween(opens, closes) / 60_000];
}

/** The definition, by another way: the clock on the wall as the platform shows it. */
function wallSays(given: Window, moment: Instant): boolean {
  if (given === 'any time') return true;
  return given.every(({ days, from, to, timeZone }) => {
    const [weekday = '', now = ''] = wallClock(timeZone).format(toMillis(moment)).split(/,? /);
    const today = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(weekday) + 1;
    const yesterday = today === 1 ? 7 : today - 1;
    if (from < to) return days.includes(today) && from <= now && now < to;
    return (days.includes(today) && from <= now) || (days.includes(yesterday) && now < to);
  });
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function wallClock(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known !== undefined) return known;
  const shown = { weekday: 'short', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  const made = new Intl.DateTimeFormat('en-GB', { ...shown, timeZone });
  clocks.set(timeZone, made);
  return made;
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

describe('minutes, and over midnight', () => {
  const night = written('mon-fri 22:30-04:15 UTC');

  test.each([
    ['2026-11-02T12:00:00Z', '2026-11-02T22:30:00.000Z', 'Monday noon'],
    ['2026-11-02T22:29:59.999Z', '2026-11-02T22:30:00.000Z', 'a millisecond before'],
    ['2026-11-03T00:00:00Z', '2026-11-03T00:00:00.000Z', 'midnight'],
    ['2026-11-03T04:14:59.999Z', '2026-11-03T04:14:59.999Z', 'a millisecond before it closes'],
    ['2026-11-03T04:15:00Z', '2026-11-03T22:30:00.000Z', 'as it closes'],
    ['2026-11-07T04:00:00Z', '2026-11-07T04:00:00.000Z', "Saturday, still Friday's window"],
    ['2026-11-07T05:00:00Z', '2026-11-09T22:30:00.000Z', 'the weekend'],
    ['2026-11-09T03:00:00Z', '2026-11-09T22:30:00.000Z', 'Monday morning: Sunday has none'],
  ])('from %s it next opens at %s (%s)', (moment, opens) => {
    expect(nextOpening(night, instant(moment))).toBe(opens);
  });
});

describe('several windows', () => {
  test('are open while all of them are', () => {
    const both = written('mon-fri 22:00-04:00 UTC', 'daily 01:00-06:00 UTC');
    expect(span(both, '2026-11-02T12:00:00Z')).toEqual(['2026-11-03T01:00:00.000Z', 180]);
    expect(span(both, '2026-11-07T05:00:00Z')).toEqual(['2026-11-10T01:00:00.000Z', 180]);
  });

  test('in different zones meet where they meet, through the changes of both', () => {
    const both = written('daily 03:00-05:00 Europe/Berlin', 'daily 20:00-23:00 America/New_York');
    expect(span(both, '2026-11-10T12:00:00Z')).toEqual(['2026-11-11T02:00:00.000Z', 120]);
    // Berlin has put its clock back a week before New York does.
    expect(span(both, '2026-10-26T12:00:00Z')).toEqual(['2026-10-27T02:00:00.000Z', 60]);
  });

  test('on days that never meet are refused', () => {
    const never = written('mon 02:00-05:00 UTC', 'tue 02:00-05:00 UTC');
    expect(windowProblem(never)).toContain('stays closed');
  });
});

describe('a clock that changes inside the window, by the wall', () => {
  test.each([
    // 02:30 does not exist: it opens at once when the clock stands at 03:00.
    [
      'opens where minutes are left out',
      'daily 02:30-05:00 Europe/Berlin',
      '2026-03-28T12:00Z',
      '2026-03-29T01:00:00.000Z',
      120,
    ],
    [
      'closes where minutes are left out',
      'daily 01:00-02:30 Europe/Berlin',
      '2026-03-28T12:00Z',
      '2026-03-29T00:00:00.000Z',
      60,
    ],
    [
      'opens in the hour that comes twice',
      'daily 02:30-05:00 Europe/Berlin',
      '2026-10-24T12:00Z',
      '2026-10-25T00:30:00.000Z',
      30,
    ],
    [
      'the same again when the hour comes back',
      'daily 02:30-05:00 Europe/Berlin',
      '2026-10-25T01:00Z',
      '2026-10-25T01:30:00.000Z',
      150,
    ],
    [
      'closes in the hour that comes twice',
      'daily 01:00-02:30 Europe/Berlin',
      '2026-10-24T12:00Z',
      '2026-10-24T23:00:00.000Z',
      90,
    ],
    [
      'the same again',
      'daily 01:00-02:30 Europe/Berlin',
      '2026-10-25T00:30Z',
      '2026-10-25T01:00:00.000Z',
      30,
    ],
    [
      'over midnight as an hour is left out',
      'sat 22:00-04:00 Europe/Berlin',
      '2026-03-28T12:00Z',
      '2026-03-28T21:00:00.000Z',
      300,
    ],
    [
      'over midnight as an hour comes twice',
      'sat 22:00-04:00 Europe/Berlin',
      '2026-10-24T12:00Z',
      '2026-10-24T20:00:00.000Z',
      420,
    ],
    [
      'half an hour comes twice',
      'daily 01:00-04:00 Australia/Lord_Howe',
      '2026-04-04T12:00Z',
      '2026-04-04T14:00:00.000Z',
      210,
    ],
    [
      'half an hour is left out at its begin',
      'daily 02:15-04:00 Australia/Lord_Howe',
      '2026-10-03T12:00Z',
      '2026-10-03T15:30:00.000Z',
      90,
    ],
    [
      'a midnight that does not exist',
      'daily 00:00-02:00 America/Santiago',
      '2026-09-05T12:00Z',
      '2026-09-06T04:00:00.000Z',
      60,
    ],
  ] as const)('%s', (_, text, moment, opens, minutes) => {
    expect(span(written(text), moment)).toEqual([opens, minutes]);
  });
});

describe('a day that is left out (Apia had no 30 December 2011, a Friday)', () => {
  const before = '2011-12-29T20:00:00Z';

  test.each([
    [
      'a window of that day waits for the next Friday',
      'fri 02:00-05:00 Pacific/Apia',
      '2012-01-05T12:00:00.000Z',
      180,
    ],
    [
      'one that reaches into Saturday is open on Saturday',
      'fri 22:00-04:00 Pacific/Apia',
      '2011-12-30T10:00:00.000Z',
      240,
    ],
    [
      "Thursday's window over midnight ends with Thursday",
      'thu 22:00-04:00 Pacific/Apia',
      '2011-12-30T08:00:00.000Z',
      120,
    ],
    ["Saturday's is as always", 'sat 02:00-05:00 Pacific/Apia', '2011-12-30T12:00:00.000Z', 180],
  ] as const)('%s', (_, text, opens, minutes) => {
    expect(span(written(text), before)).toEqual([opens, minutes]);
  });
});

describe('whatever the moment', () => {
  const windows = [
    window('Europe/Berlin', 2, 5, [2, 3, 4]),
    window('America/New_York', 1, 3),
    window('Australia/Lord_Howe', 0, 24, [6]),
    window('Asia/Kathmandu', 23, 24, [1, 7]),
    window('America/Sao_Paulo', 0, 1),
    written('sat-mon 23:30-02:30 Europe/Berlin'),
    written('daily 22:00-06:00 Europe/London', 'daily 18:30-02:00 America/New_York'),
    written('sun 01:45-02:15 Australia/Lord_Howe'),
  ];

  test.each(windows.map((each) => [each]))(
    '%j is open just when the clock on the wall says so',
    (given) => {
      // Both changes of the year in all of these zones.
      for (const from of ['2026-03-06', '2026-03-27', '2026-04-03', '2026-10-02', '2026-10-23']) {
        for (let step = 0; step < 12 * 24 * 4; step++) {
          const moment = plus(instant(`${from}T00:00:00Z`), { minutes: 15 * step });
          expect(isOpen(given, moment), moment).toBe(wallSays(given, moment));
        }
      }
    },
  );

  test.each(windows.map((each) => [each]))(
    'the next opening of %j is open, not earlier, and within 8 days',
    (given) => {
      const start = toMillis(instant('2026-01-01T00:00:00Z'));
      for (let step = 0; step < 1500; step++) {
        const moment = fromMillis(start + step * 5.9 * 3_600_000);
        const opens = nextOpening(given, moment);
        expect(opens >= moment).toBe(true);
        expect(isOpen(given, opens)).toBe(true);
        expect(millisBetween(moment, opens)).toBeLessThan(8.1 * 24 * 3_600_000);
      }
    },
  );
});
