/**
 * What rotations come to in a day, counted from their journals: the same journals and the same day
 * give the same numbers, however often and by whomever they are counted. Where rotations stand is
 * told of the moment at which the journals were read.
 */
import { journalFigures } from './evidence-figures.ts';
import { isIn } from './evidence-record.ts';
import { type Instant, instant, millisBetween, plus } from './instant.ts';
import type { JournalEntry } from './journal.ts';
import { type OpenStage, openStages } from './line.ts';
import type { Outcome } from './stage.ts';

/** A day in UTC, which has 24 hours wherever people are. */
export interface Day {
  readonly from: Instant;
  /** The first moment that is not in it any more. */
  readonly to: Instant;
}

/** The last day that is over. */
export function dayBefore(now: Instant): Day {
  const to = instant(`${now.slice(0, 10)}T00:00:00Z`);
  return { from: plus(to, { days: -1 }), to };
}

export const outcomes = ['rotated', 'retired', 'already gone', 'exempt', 'abandoned'] as const;

/** Hours, and of how many. */
export interface Hours {
  readonly count: number;
  readonly hours: number;
}

export interface RotationFigures {
  /** Rotations that stand there now. */
  readonly standing: Readonly<Record<OpenStage, number>>;
  /** All that follows is of the day. */
  readonly opened: number;
  readonly ended: Readonly<Record<Outcome, number>>;
  /** From claim to end, of those that ended as rotated. */
  readonly toRotate: Hours;
  /** Of those that left a stage, how long they were at it. */
  readonly at: Readonly<Record<OpenStage, Hours>>;
  readonly snoozes: number;
  /** Rotations put on hold. */
  readonly holds: number;
  /** Old keys that a person had switched on again. */
  readonly rollBacks: number;
  /** Runs of runbooks that failed or never started. */
  readonly failedRuns: number;
  /** Runs that changed nothing because the witness did not say safe. */
  readonly refusedRuns: number;
}

/** Counts one journal after the other, and keeps none of them. */
export interface RotationTally {
  /** The whole journal of one rotation, oldest entry first. */
  add(entries: readonly JournalEntry[]): void;
  figures(): RotationFigures;
}

const nothing: Hours = { count: 0, hours: 0 };

export function rotationTally(day: Day): RotationTally {
  const standing = everyStage(() => 0);
  const at = everyStage(() => nothing);
  const ended = { rotated: 0, retired: 0, 'already gone': 0, exempt: 0, abandoned: 0 };
  const sums = { opened: 0, snoozes: 0, holds: 0, rollBacks: 0, failedRuns: 0, refusedRuns: 0 };
  let toRotate = nothing;
  return {
    add: (entries) => {
      const last = entries.at(-1)?.to;
      if (last !== undefined && last !== 'done') standing[last] += 1;
      const ofDay = entries.filter((entry) => isIn(day, entry.at));
      sums.opened += ofDay.filter(({ from }) => from === null).length;
      sums.snoozes += ofDay.filter(isSnooze).length;
      const { holds, rollBacks, failedRuns, refusedRuns } = { ...none, ...journalFigures(ofDay) };
      sums.holds += holds;
      sums.rollBacks += rollBacks;
      sums.failedRuns += failedRuns;
      sums.refusedRuns += refusedRuns;
      for (const { stage, left, hours } of staysIn(entries)) {
        if (isIn(day, left)) at[stage] = plusOne(at[stage], hours);
      }
      const end = ofDay.find(({ from, to }) => to === 'done' && from !== 'done');
      if (end?.state.stage.name !== 'done') return;
      const { outcome } = end.state.stage;
      ended[outcome] += 1;
      const [first] = entries;
      if (outcome === 'rotated' && first !== undefined) {
        toRotate = plusOne(toRotate, hoursBetween(first.at, end.at));
      }
    },
    figures: () => ({ standing, at, ended, toRotate, ...sums }),
  };
}

const none = { holds: 0, rollBacks: 0, failedRuns: 0, refusedRuns: 0 };

function everyStage<T>(of: () => T): Record<OpenStage, T> {
  return Object.fromEntries(openStages.map((stage) => [stage, of()])) as Record<OpenStage, T>;
}

function isSnooze({ event, ignored }: JournalEntry): boolean {
  return ignored === null && (event.type === 'snoozed' || event.type === 'snoozed until');
}

/** Each stay at a stage that was left again. Coming back begins another one. */
function staysIn(entries: readonly JournalEntry[]) {
  const stays: { stage: OpenStage; left: Instant; hours: number }[] = [];
  let since: Instant | undefined;
  for (const { from, to, at } of entries) {
    if (from === to) continue;
    if (from !== null && from !== 'done' && since !== undefined) {
      stays.push({ stage: from, left: at, hours: hoursBetween(since, at) });
    }
    since = at;
  }
  return stays;
}

function plusOne({ count, hours }: Hours, more: number): Hours {
  return { count: count + 1, hours: hours + more };
}

function hoursBetween(start: Instant, end: Instant): number {
  return millisBetween(start, end) / 3_600_000;
}
