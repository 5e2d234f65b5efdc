/** What a tick counts of the rotations that were due: alarms are made of it (infra/alarms.yml). */
import type { Rotation } from '../domain/case.ts';
import { type Instant, isDue, plus } from '../domain/instant.ts';

export interface Standing {
  /** On hold. Each is looked at, and so counted, once a day. */
  readonly held: number;
  /**
   * Due for an hour or longer: within a minute each is woken, unless something keeps failing. What
   * cannot be read, rotation or effect, counts as soon as it is due.
   */
  readonly overdue: number;
}

/** A standing that grows. */
export type Tally = { -readonly [count in keyof Standing]: Standing[count] };

const overdueAfter = { hours: 1 };

/** Counts a rotation that has been due since a moment. */
export function count(tally: Tally, { stage }: Rotation, due: Instant, now: Instant): void {
  if (stage.name === 'held') tally.held += 1;
  if (isDue(plus(due, overdueAfter), now)) tally.overdue += 1;
}

/** A reading of what is due: since when, of one that cannot be read, nobody can tell. */
export async function orCounted<T>(tally: Tally, reading: Promise<T>): Promise<T> {
  try {
    return await reading;
  } catch (error) {
    tally.overdue += 1;
    throw error;
  }
}
