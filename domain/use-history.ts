/**
 * How long a key rested between uses, as IAM's daily credential reports showed its last use. They
 * see what CloudTrail's event history does not: a job that only works on objects has no history but
 * this. Kept is what says something later, so that a history stays as small as a key's slow days
 * are few. Why it is read so stands in docs/adr/0013-a-rhythm-that-only-last-used-shows.md.
 */
import { type Instant, isDue, millisBetween, millisOf, plus } from './instant.ts';
import type { Partition } from './key.ts';

/** A pause is remembered for so long after it ended. */
const historyDays = 90;
/** Reports come once a day: a shorter time without a new use shows nothing of a key's rhythm. */
const leastPause = millisOf({ hours: 24 });

/** Which key, as a report names it: it knows no key ids. */
export interface HistoryOf {
  readonly partition: Partition;
  readonly account: string;
  readonly userName: string;
  readonly createdAt: Instant;
}

/** What tells keys of a user apart there: `2026-08-04T09:30:00`. */
export function toSecond(createdAt: Instant): string {
  return createdAt.slice(0, '2026-08-04T09:30:00'.length);
}

/** From a use until the next one that a report showed. */
export interface Pause {
  readonly from: Instant;
  readonly to: Instant;
}

export interface UseHistory {
  /** The latest use that a report showed. */
  readonly lastUse: Instant;
  /** When the latest report was made that still showed it as such. */
  readonly shownUntil: Instant;
  /** Those of more than a day, oldest first. */
  readonly pauses: readonly Pause[];
}

/** The history once a report of that moment showed that last use. An older report adds nothing. */
export function withReport(
  before: UseHistory | undefined,
  lastUse: Instant,
  reportAt: Instant,
): UseHistory {
  if (before === undefined) return { lastUse, shownUntil: reportAt, pauses: [] };
  if (reportAt <= before.shownUntil || lastUse < before.lastUse) return before;
  const kept = pausesUntil(before, lastUse).filter(
    ({ to }) => !isDue(plus(to, { days: historyDays }), reportAt),
  );
  return { lastUse, shownUntil: reportAt, pauses: kept };
}

/**
 * Its pauses, with the one that a use at that moment ends. Where no report showed the use before it
 * for a day, others may have come in between and been overwritten: that is no pause.
 */
export function pausesUntil(
  { lastUse: from, shownUntil, pauses }: UseHistory,
  to: Instant,
): readonly Pause[] {
  const isPause = to > shownUntil && millisBetween(from, shownUntil) >= leastPause;
  return isPause ? [...pauses, { from, to }] : pauses;
}
