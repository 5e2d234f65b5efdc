/**
 * Moments and durations. An Instant is an ISO-8601 UTC text with milliseconds, so it is readable in
 * a journal, sorts as text, and is the same in state, store and JSON. Nothing here reads a clock.
 */
import { Temporal } from 'temporal-polyfill';
import { Bug } from './errors.ts';

declare const brand: unique symbol;

/**
 * A moment in UTC, always of the form `2026-11-02T03:14:07.250Z`. Compare with the functions below.
 */
export type Instant = string & { readonly [brand]: 'Instant' };

/** A length of time; the parts add up. */
export interface Duration {
  readonly days?: number;
  readonly hours?: number;
  readonly minutes?: number;
  readonly seconds?: number;
  readonly milliseconds?: number;
}

/** Days that every month named here has; the 29th of February depends on the year. */
const days = [
  '(?:0[1-9]|1[0-2])-(?:0[1-9]|1\\d|2[0-8])',
  '(?:0[13-9]|1[0-2])-(?:29|30)',
  '(?:0[13578]|1[02])-31',
].join('|');

/** The form in which nearly every moment comes, and in which one is kept: nothing to convert. */
const plainForm = new RegExp(
  `^\\d{4}-(?:${days})T(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(?:\\.\\d{3})?Z$`,
);

/** The Instant that an ISO-8601 text with a zone names, or undefined if it names none. */
export function parseInstant(text: string): Instant | undefined {
  if (plainForm.test(text)) {
    return (text.length === 24 ? text : `${text.slice(0, 19)}.000Z`) as Instant;
  }
  try {
    const moment = fromMillis(Temporal.Instant.from(text).epochMilliseconds);
    // Years of more than four digits would not sort as text.
    return /^\d/.test(moment) ? moment : undefined;
  } catch {
    return undefined;
  }
}

/** The Instant that a text known to be ISO-8601 names. Throws Bug on any other text. */
export function instant(text: string): Instant {
  const parsed = parseInstant(text);
  if (parsed === undefined) throw new Bug(`"${text}" is not an ISO-8601 moment with a zone`);
  return parsed;
}

/** The Instant so many milliseconds after 1970-01-01T00:00:00Z. */
export function fromMillis(epochMillis: number): Instant {
  return new Date(epochMillis).toISOString() as Instant;
}

/** Milliseconds since 1970-01-01T00:00:00Z. */
export function toMillis(moment: Instant): number {
  const year = digits(moment, 0) * 100 + digits(moment, 2);
  // Date.UTC takes 99 for 1999.
  if (year < 100 || moment.length !== 24) return Date.parse(moment);
  return Date.UTC(
    year,
    digits(moment, 5) - 1,
    digits(moment, 8),
    digits(moment, 11),
    digits(moment, 14),
    digits(moment, 17),
    digits(moment, 20) * 10 + moment.charCodeAt(22) - zero,
  );
}

const zero = '0'.charCodeAt(0);

/** The two digits there as a number. */
function digits(text: string, at: number): number {
  return (text.charCodeAt(at) - zero) * 10 + text.charCodeAt(at + 1) - zero;
}

/** A duration in milliseconds. */
export function millisOf(duration: Duration): number {
  const { days = 0, hours = 0, minutes = 0, seconds = 0, milliseconds = 0 } = duration;
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds) * 1000 + milliseconds;
}

/** The moment a duration after another (before it, if the duration is negative). */
export function plus(moment: Instant, duration: Duration): Instant {
  // Part of an hour may come to a hair less than the millisecond that is meant.
  return fromMillis(toMillis(moment) + Math.round(millisOf(duration)));
}

/** Milliseconds from `start` to `end`; negative if `end` is earlier. */
export function millisBetween(start: Instant, end: Instant): number {
  return toMillis(end) - toMillis(start);
}

/** Whether the deadline has come: `now` is at or after it. */
export function isDue(deadline: Instant, now: Instant): boolean {
  return deadline <= now;
}

export function earliest(first: Instant, ...rest: Instant[]): Instant {
  return rest.reduce((least, moment) => (moment < least ? moment : least), first);
}

export function latest(first: Instant, ...rest: Instant[]): Instant {
  return rest.reduce((most, moment) => (moment > most ? moment : most), first);
}

/** `2026-11-23 14:00 UTC`: the same for every reader, in every zone. */
export function inUtcWords(moment: Instant): string {
  return `${moment.slice(0, 10)} ${moment.slice(11, 16)} UTC`;
}
