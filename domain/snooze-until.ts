/** A snooze that names the moment it asks for, instead of hours. */
import type { Rotation } from './case.ts';
import { snoozeHoursLeft } from './decision.ts';
import { type Instant, inUtcWords, latest, millisBetween, millisOf, plus } from './instant.ts';

export type Asked =
  | { readonly ok: true; readonly hours: number }
  | { readonly ok: false; readonly why: string };

/** The moment that a snooze moves: what people are shown, or now if that has passed. */
export function snoozedFrom({ stage }: Rotation, now: Instant): Instant | null {
  switch (stage.name) {
    case 'proposed':
      return stage.approval.given ? latest(stage.due, now) : stage.answerBy;
    case 'overlapping':
      return latest(stage.deactivateAt, now);
    case 'soaking':
      return latest(stage.deleteAt, now);
    default:
      return null;
  }
}

/** The latest moment that a snooze may ask for, to the minute; null while none is possible. */
export function latestSnooze(rotation: Rotation, now: Instant): Instant | null {
  const from = snoozedFrom(rotation, now);
  const hours = snoozeHoursLeft(rotation);
  if (from === null || hours === 0) return null;
  const to = plus(from, { milliseconds: Math.floor(millisOf({ hours })) });
  return plus(to, { milliseconds: -millisOfMinute(to) });
}

/**
 * How many hours later than now shown that is. What is later than may be is refused, with the
 * latest moment named: whoever asked for a moment is not given another one in silence.
 */
export function hoursAsked(rotation: Rotation, until: Instant, now: Instant): Asked {
  const from = snoozedFrom(rotation, now);
  // Where no deadline runs, the stage itself says why none can be snoozed.
  if (from === null) return { ok: true, hours: 1 };
  const last = latestSnooze(rotation, now);
  if (last === null) {
    return no(`nothing is left of the ${rotation.policy.snoozeCapHours} hours of all snoozes`);
  }
  if (until <= from) return no(`the deadline is ${inUtcWords(from)}: choose a later moment`);
  if (until > last) return no(`the latest that it can be snoozed to is ${inUtcWords(last)}`);
  return { ok: true, hours: millisBetween(from, until) / millisOf({ hours: 1 }) };
}

function millisOfMinute(moment: Instant): number {
  return Number(moment.slice(17, 19)) * 1000 + Number(moment.slice(20, 23));
}

function no(why: string): Asked {
  return { ok: false, why };
}
