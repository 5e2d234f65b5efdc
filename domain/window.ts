/**
 * The low-traffic window in which keys may be issued or switched off: some hours of some days in a
 * time zone, through daylight-saving changes.
 */
import { Temporal } from 'temporal-polyfill';
import { fromMillis, type Instant, toMillis } from './instant.ts';

/** Days are ISO: 1 is Monday. Opens at `fromHour` and closes at `toHour` of the same day, local time. */
export type Window =
  | 'any time'
  | {
      readonly days: readonly number[];
      readonly fromHour: number;
      readonly toHour: number;
      readonly timeZone: string;
    };

/** The first moment at or after `moment` at which the window is open. */
export function nextOpening(window: Window, moment: Instant): Instant {
  if (window === 'any time') return moment;
  const local = Temporal.Instant.fromEpochMilliseconds(toMillis(moment)).toZonedDateTimeISO(
    window.timeZone,
  );
  for (let ahead = 0; ahead <= 7; ahead++) {
    const day = local.toPlainDate().add({ days: ahead });
    if (!window.days.includes(day.dayOfWeek)) continue;
    const opens = startOf(day, window.fromHour, window.timeZone);
    const closes = startOf(day, window.toHour, window.timeZone);
    if (moment < opens) return opens;
    if (moment < closes) return moment;
  }
  return nextOpening({ ...window, days: [1, 2, 3, 4, 5, 6, 7] }, moment);
}

/** Whether the window is open at that moment. */
export function isOpen(window: Window, moment: Instant): boolean {
  return nextOpening(window, moment) === moment;
}

function startOf(day: Temporal.PlainDate, hour: number, timeZone: string): Instant {
  const midnight = day.toPlainDateTime();
  return fromMillis(midnight.add({ hours: hour }).toZonedDateTime(timeZone).epochMilliseconds);
}
