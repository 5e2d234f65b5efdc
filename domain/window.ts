/**
 * The low-traffic window in which keys may be issued or switched off: some hours of some days by
 * the clock on the wall of a time zone, through every change of that clock. Several windows
 * together are open when all of them are.
 */
import { Temporal } from 'temporal-polyfill';
import { Bug } from './errors.ts';
import {
  earliest,
  fromMillis,
  type Instant,
  instant,
  isDue,
  latest,
  millisOf,
  plus,
  toMillis,
} from './instant.ts';

/**
 * Days are ISO (1 is Monday) and name the day on which the window opens. `from` and `to` are local
 * times, `HH:MM`; where `to` is not later than `from`, it is of the day after. `to` may be `24:00`.
 */
export interface Hours {
  readonly days: readonly number[];
  readonly from: string;
  readonly to: string;
  readonly timeZone: string;
}

/** A list is open while each of its windows is. */
export type Window = 'any time' | readonly Hours[];

/** A window may be closed so long at most: one that opens more rarely is refused. */
export const longestClosedDays = 14;

/** So far ahead an opening is looked for. Every accepted window opens long before. */
const horizonDays = 400;

/** The first moment at or after `moment` at which the window is open. */
export function nextOpening(window: Window, moment: Instant): Instant {
  const opening = openingWithin(window, moment, horizonDays);
  if (opening !== undefined) return opening;
  throw new Bug(`the window ${JSON.stringify(window)} never opens: policyProblems() refuses it`);
}

/** Whether the window is open at that moment. */
export function isOpen(window: Window, moment: Instant): boolean {
  return openingWithin(window, moment, 0) === moment;
}

/**
 * Whether the window never stays closed for more than 14 days in the year that begins at `from`:
 * where its windows meet may depend on the season.
 */
export function opensOften(window: Window, from: Instant): boolean {
  const stretch = millisOf({ days: longestClosedDays });
  const year = millisOf({ days: 366 });
  for (let since = 0; since < year; since += stretch) {
    const moment = plus(from, { milliseconds: since });
    if (openingWithin(window, moment, longestClosedDays) === undefined) return false;
  }
  return true;
}

/** What keeps a window from opening, as one sentence; undefined if nothing does. */
export function windowProblem(window: Window): string | undefined {
  if (window === 'any time') return undefined;
  if (window.length === 0) return 'policy.window is an empty list: name hours, or any time';
  const wrong = window.map(hoursProblem).find((problem) => problem !== undefined);
  if (wrong !== undefined) return wrong;
  return opensOften(window, instant('2026-01-01T00:00:00Z'))
    ? undefined
    : `policy.window stays closed for more than ${longestClosedDays} days: let its hours meet`;
}

function hoursProblem({ days, from, to, timeZone }: Hours): string | undefined {
  if (days.length === 0 || !days.every((day) => Number.isInteger(day) && day >= 1 && day <= 7)) {
    return `policy.window.days is [${days.join(', ')}]: name days from 1 (Monday) to 7`;
  }
  if (!isTimeOfDay(from) || !(isTimeOfDay(to) || to === '24:00') || from === to) {
    const hours = `policy.window is open from ${from} to ${to}`;
    return `${hours}: name two different times from 00:00 to 24:00, such as 22:00 and 04:00`;
  }
  return isTimeZone(timeZone)
    ? undefined
    : `policy.window.timeZone is ${timeZone}: name a zone such as Europe/Berlin`;
}

function isTimeOfDay(time: string): boolean {
  return /^(?:[01]\d|2[0-3]):[0-5]\d$/.test(time);
}

/** Whether the library knows a time zone of that name; bare offsets such as +01:00 are none. */
function isTimeZone(name: string): boolean {
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}

/** Each window puts the moment off until none of them does any more. */
function openingWithin(window: Window, moment: Instant, days: number): Instant | undefined {
  if (window === 'any time') return moment;
  const end = plus(moment, { days });
  let candidate = moment;
  while (isDue(candidate, end)) {
    const openings = window.map((hours) => openingOf(hours, candidate));
    const next = latest(candidate, ...openings);
    if (next === candidate) return candidate;
    candidate = next;
  }
  return undefined;
}

/** Two weeks and a day ahead: in one of the two, no change of the clock can hide the day. */
function openingOf(hours: Hours, moment: Instant): Instant {
  const local = Temporal.Instant.fromEpochMilliseconds(toMillis(moment))
    .toZonedDateTimeISO(hours.timeZone)
    .toPlainDate();
  // Yesterday's window may reach into today.
  for (let ahead = -1; ahead <= 15; ahead++) {
    const day = local.add({ days: ahead });
    if (!hours.days.includes(day.dayOfWeek)) continue;
    const span = spansOn(day, hours).find(({ closes }) => moment < closes);
    if (span !== undefined) return latest(moment, span.opens);
  }
  throw new Bug(`the window ${JSON.stringify(hours)} never opens: policyProblems() refuses it`);
}

interface Span {
  readonly opens: Instant;
  readonly closes: Instant;
}

/**
 * When the window that opens on a day is open. Where the clock is put back across its end, it is
 * open, closed and open again; what lies in hours that are left out is not open at all.
 */
function spansOn(day: Temporal.PlainDate, { from, to, timeZone }: Hours): readonly Span[] {
  const midnight = day.toPlainDateTime();
  const start = midnight.add(sinceMidnight(from));
  const end = midnight.add(sinceMidnight(to)).add({ days: to <= from ? 1 : 0 });
  const first = start.toZonedDateTime(timeZone, { disambiguation: 'earlier' });
  const last = end.toZonedDateTime(timeZone, { disambiguation: 'later' });
  // The usual day: the clock does not change between the two.
  if (first.offsetNanoseconds === last.offsetNanoseconds) {
    return [{ opens: instantOf(first), closes: instantOf(last) }];
  }
  return spansAcross(start, end, first, last);
}

/** Piece by piece, each with the offset from UTC that holds in it. */
function spansAcross(
  start: Temporal.PlainDateTime,
  end: Temporal.PlainDateTime,
  first: Temporal.ZonedDateTime,
  last: Temporal.ZonedDateTime,
): readonly Span[] {
  const spans: Span[] = [];
  let piece: Temporal.ZonedDateTime | null = first;
  while (piece !== null && Temporal.ZonedDateTime.compare(piece, last) < 0) {
    const { offsetNanoseconds } = piece;
    const next: Temporal.ZonedDateTime | null = piece.getTimeZoneTransition('next');
    const opens = latest(atOffset(start, offsetNanoseconds), instantOf(piece));
    const closes = atOffset(end, offsetNanoseconds);
    const span = { opens, closes: next === null ? closes : earliest(closes, instantOf(next)) };
    if (span.opens < span.closes) spans.push(span);
    piece = next;
  }
  return spans;
}

function sinceMidnight(time: string): Temporal.Duration {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return Temporal.Duration.from({ hours, minutes });
}

function atOffset(wall: Temporal.PlainDateTime, offsetNanoseconds: number): Instant {
  const utc = wall.toZonedDateTime('UTC').epochMilliseconds;
  return fromMillis(utc - offsetNanoseconds / 1_000_000);
}

function instantOf(moment: Temporal.ZonedDateTime): Instant {
  return fromMillis(moment.epochMilliseconds);
}
