/**
 * The low-traffic window in which keys may be issued or switched off: some hours of some days in a
 * time zone, through daylight-saving changes.
 */
import { Temporal } from 'temporal-polyfill';
import { Bug } from './errors.ts';
import { fromMillis, type Instant, toMillis } from './instant.ts';

/**
 * Days are ISO: 1 is Monday. Opens at `fromHour` and closes at `toHour` of the same day, local
 * time.
 */
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
  for (let ahead = 0; ahead <= 14; ahead++) {
    const day = local.toPlainDate().add({ days: ahead });
    if (!window.days.includes(day.dayOfWeek)) continue;
    const opens = startOf(day, window.fromHour, window.timeZone);
    const closes = startOf(day, window.toHour, window.timeZone);
    // A window inside the hour that daylight saving leaves out does not open that day.
    if (closes <= opens) continue;
    if (moment < opens) return opens;
    if (moment < closes) return moment;
  }
  throw new Bug(`the window ${JSON.stringify(window)} never opens: policyProblems() refuses it`);
}

/** Whether the window is open at that moment. */
export function isOpen(window: Window, moment: Instant): boolean {
  return nextOpening(window, moment) === moment;
}

function startOf(day: Temporal.PlainDate, hour: number, timeZone: string): Instant {
  const midnight = day.toPlainDateTime();
  return fromMillis(midnight.add({ hours: hour }).toZonedDateTime(timeZone).epochMilliseconds);
}

/** Whether the library knows a time zone of that name. */
function isTimeZone(name: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}

/** What keeps a window from ever opening, as one sentence; undefined if nothing does. */
export function windowProblem(window: Window): string | undefined {
  if (window === 'any time') return undefined;
  const { days, fromHour, toHour, timeZone } = window;
  const isHour = (hour: number) => Number.isInteger(hour) && hour >= 0 && hour <= 24;
  if (days.length === 0 || !days.every((day) => Number.isInteger(day) && day >= 1 && day <= 7)) {
    return `policy.window.days is [${days.join(', ')}]: name days from 1 (Monday) to 7`;
  }
  if (!isHour(fromHour) || !isHour(toHour) || fromHour >= toHour) {
    const hours = `policy.window is open from ${fromHour} to ${toHour}`;
    return `${hours}: it must open before it closes, 0 to 24`;
  }
  return isTimeZone(timeZone)
    ? undefined
    : `policy.window.timeZone is ${timeZone}: name a zone such as Europe/Berlin`;
}
