/** The time that a report is of: an ISO week in a time zone, or any other span that is over. */
import { Temporal } from 'temporal-polyfill';
import { type Instant, instant } from './instant.ts';
import { type Parsed, parsed, refused } from './parsed.ts';

export interface ReportPeriod {
  /** `2026-W45`, or of no whole week `20261102T000000Z-20261104T120000Z`. */
  readonly name: string;
  readonly from: Instant;
  /** The first moment that is not in it any more. */
  readonly to: Instant;
  readonly timeZone: string;
}

/** A report of more would be read by nobody, and might not fit into memory. */
const mostDays = 366;

/** The last week from Monday to Sunday that was over by now. */
export function lastWholeWeek(now: Instant, timeZone: string): ReportPeriod {
  const today = Temporal.Instant.from(now).toZonedDateTimeISO(timeZone).toPlainDate();
  return weekOf(today.subtract({ days: today.dayOfWeek + 6 }), timeZone);
}

/** The week before one; null if the period is no week. */
export function weekBefore({ name, from, timeZone }: ReportPeriod): ReportPeriod | null {
  if (!/^\d{4}-W\d{2}$/.test(name)) return null;
  const monday = Temporal.Instant.from(from).toZonedDateTimeISO(timeZone).toPlainDate();
  return weekOf(monday.subtract({ days: 7 }), timeZone);
}

/** The period from one moment to another, or why it can be no report's. */
export function periodBetween(
  from: Instant,
  to: Instant,
  timeZone: string,
  now: Instant,
): Parsed<ReportPeriod> {
  const days = Temporal.Instant.from(from).until(to, { largestUnit: 'hours' }).hours / 24;
  const problems = [
    ...(from < to ? [] : [`from ${from} is not before to ${to}`]),
    ...(to <= now ? [] : [`to ${to} is yet to come: a report is of what is over`]),
    ...(days <= mostDays ? [] : [`from and to are more than ${mostDays} days apart`]),
  ];
  if (problems.length > 0) return refused(...problems);
  const first = Temporal.Instant.from(from).toZonedDateTimeISO(timeZone).toPlainDate();
  const week = weekOf(first.subtract({ days: first.dayOfWeek - 1 }), timeZone);
  if (week.from === from && week.to === to) return parsed(week);
  return parsed({ name: `${compact(from)}-${compact(to)}`, from, to, timeZone });
}

function weekOf(monday: Temporal.PlainDate, timeZone: string): ReportPeriod {
  const midnight = (date: Temporal.PlainDate) =>
    instant(date.toZonedDateTime(timeZone).toInstant().toString());
  const { yearOfWeek, weekOfYear } = monday;
  return {
    name: `${yearOfWeek}-W${String(weekOfYear).padStart(2, '0')}`,
    from: midnight(monday),
    to: midnight(monday.add({ days: 7 })),
    timeZone,
  };
}

/** `20261102T000000Z`: an object key in which nothing needs escaping. */
function compact(moment: Instant): string {
  return moment.replaceAll(/[-:]|\.000/g, '');
}
