/**
 * Windows as people write them, in the policy file and in tags alike:
 *
 *   mon-fri 02:00-05:00 Europe/Berlin
 *   sat+sun 22:00-04:00 UTC            (over midnight)
 *   daily 00:00-24:00 America/New_York
 *
 * Days are joined by `+`, which is allowed in the value of an IAM tag, or by a comma, which is not.
 */
import type { Hours, Window } from './window.ts';

const dayNames = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

const dayForm = `(?:${dayNames.join('|')})`;
const time = '(?:[01]\\d|2[0-3]):[0-5]\\d';
const zonePart = '[A-Za-z][A-Za-z0-9_+-]{0,31}';

/** Days, times and zone; whether the zone exists is left to windowProblem(). */
export const windowForm = new RegExp(
  `^(${dayForm}(?:[-+,]${dayForm}){0,6}|daily) (${time})-(${time}|24:00) ` +
    `(${zonePart}(?:/${zonePart}){0,2})$`,
);

/** undefined if the text is no window. Days may run over the end of a week: `fri-mon`. */
export function parseHours(text: string): Hours | undefined {
  const [, named, from, to, timeZone] = windowForm.exec(text) ?? [];
  if (named === undefined || from === undefined || to === undefined || timeZone === undefined) {
    return undefined;
  }
  const all = named === 'daily' ? [1, 2, 3, 4, 5, 6, 7] : named.split(/[+,]/).flatMap(daysIn);
  return { days: [...new Set(all)].toSorted((one, other) => one - other), from, to, timeZone };
}

/** The text that parseHours() reads as these hours. */
export function hoursText({ days, from, to, timeZone }: Hours): string {
  const named = days.length === 7 ? 'daily' : days.map((day) => dayNames[day - 1]).join('+');
  return `${named} ${from}-${to} ${timeZone}`;
}

/** In one line, for people. */
export function windowText(window: Window): string {
  return window === 'any time' ? window : window.map(hoursText).join(', and also ');
}

function daysIn(range: string): readonly number[] {
  const [first = '', last = first] = range.split('-');
  const from = dayNames.indexOf(first);
  const count = ((dayNames.indexOf(last) - from + 7) % 7) + 1;
  return Array.from({ length: count }, (_, index) => ((from + index) % 7) + 1);
}
