/**
 * What the reports of some periods come to together, for charts and for what is compared: each
 * rotation counts once, as the latest of the reports tells of it.
 */
import type { Ended, EvidenceRecord } from './evidence-record.ts';
import { isIn } from './evidence-record.ts';
import type { EvidenceReport, EvidenceSums } from './evidence-report.ts';
import { millisBetween } from './instant.ts';
import type { JournalEntry } from './journal.ts';
import { type Parsed, parsed, refused } from './parsed.ts';
import type { ReportPeriod } from './report-period.ts';
import { type Outcome, type StageName, stageNames } from './stage.ts';

/** What a journal tells beside its record. */
export interface JournalFigures {
  /** Days from the key's creation to its claim, rounded down. */
  readonly keyAgeDays: number;
  /** What people did: every press, also one that changed nothing, and every answer to a page. */
  readonly presses: number;
  /** Pages that Keyturn ordered. */
  readonly pages: number;
  /** How often it was put on hold. */
  readonly holds: number;
  /** Runs of runbooks that failed or never started, and runs that refused to change anything. */
  readonly failedRuns: number;
  readonly refusedRuns: number;
  /** How often a person had the old key switched on again. */
  readonly rollBacks: number;
}

export interface RotationTold {
  readonly record: EvidenceRecord;
  readonly figures: JournalFigures;
  readonly entries: readonly JournalEntry[];
}

/** One report among those that are looked at. */
export interface PeriodFigures {
  readonly period: ReportPeriod;
  readonly sums: EvidenceSums;
}

export interface EvidenceFigures {
  readonly stage: string;
  /** In the order of time. */
  readonly periods: readonly PeriodFigures[];
  /** By the moment of their claims. */
  readonly rotations: readonly RotationTold[];
  /** Those that are over, and that ended in one of the periods. */
  readonly ended: readonly (RotationTold & { readonly record: EvidenceRecord & Ended })[];
}

const outcomes: readonly Outcome[] = ['rotated', 'retired', 'already gone', 'exempt', 'abandoned'];

/** Everything together, or why these reports cannot be looked at as one. */
export function figuresOf(reports: readonly EvidenceReport[]): Parsed<EvidenceFigures> {
  const sorted = reports.toSorted((a, b) => (a.period.from < b.period.from ? -1 : 1));
  const [first] = sorted;
  if (first === undefined) return refused('there is no report: give one at least');
  const problems = togetherProblems(sorted, first.stage);
  if (problems.length > 0) return refused(...problems);
  const latest = new Map<string, RotationTold>();
  for (const report of sorted) {
    for (const told of toldBy(report)) {
      const before = latest.get(told.record.rotationId);
      if (before === undefined || before.record.entryCount <= told.record.entryCount) {
        latest.set(told.record.rotationId, told);
      }
    }
  }
  const rotations = [...latest.values()].toSorted((a, b) => byClaim(a.record, b.record));
  const periods = sorted.map(({ period, sums }) => ({ period, sums }));
  const ended = rotations.flatMap((told) => {
    const { record } = told;
    if (record.endedAt === null) return [];
    const { endedAt } = record;
    return periods.some(({ period }) => isIn(period, endedAt)) ? [{ ...told, record }] : [];
  });
  return parsed({ stage: first.stage, periods, rotations, ended });
}

function byClaim(a: EvidenceRecord, b: EvidenceRecord): number {
  if (a.openedAt !== b.openedAt) return a.openedAt < b.openedAt ? -1 : 1;
  return a.rotationId < b.rotationId ? -1 : 1;
}

function togetherProblems(sorted: readonly EvidenceReport[], stage: string): readonly string[] {
  const strange = sorted
    .filter((report) => report.stage !== stage)
    .map((report) => `the report ${report.period.name} is of stage ${report.stage}, not ${stage}`);
  const overlapping = sorted.flatMap(({ period }, index) => {
    const before = sorted[index - 1]?.period;
    if (before === undefined || before.to <= period.from) return [];
    return before.name === period.name
      ? [`the report ${period.name} is there twice`]
      : [`the reports ${before.name} and ${period.name} are of the same time in part`];
  });
  return [...strange, ...overlapping];
}

function toldBy({ rotations, journals }: EvidenceReport): readonly RotationTold[] {
  const journalOf = new Map(journals.map(({ rotationId, entries }) => [rotationId, entries]));
  return rotations.flatMap((record) => {
    const entries = journalOf.get(record.rotationId) ?? [];
    const figures = journalFigures(entries);
    // Without a journal there is nothing to count, and verifying says so.
    return figures === null ? [] : [{ record, figures, entries }];
  });
}

/** null if there is no entry. */
export function journalFigures(entries: readonly JournalEntry[]): JournalFigures | null {
  const [first] = entries;
  if (first === undefined) return null;
  const count = (counts: (entry: JournalEntry) => boolean) => entries.filter(counts).length;
  const { key } = first.state;
  return {
    keyAgeDays: Math.max(0, Math.floor(millisBetween(key.createdAt, first.at) / 86_400_000)),
    presses: count(({ actor }) => actor.kind === 'person'),
    pages: entries.flatMap(({ effects }) => effects).filter(({ effect }) => effect.type === 'page')
      .length,
    holds: count(({ from, to }) => to === 'held' && from !== 'held'),
    failedRuns: count(({ event, ignored }) => ignored === null && isFailure(event)),
    refusedRuns: count(
      ({ event, ignored }) =>
        ignored === null && event.type === 'run finished' && event.result.status === 'refused',
    ),
    rollBacks: count(({ event, ignored }) => ignored === null && event.type === 'rolled back'),
  };
}

function isFailure(event: JournalEntry['event']): boolean {
  if (event.type === 'run not started') return true;
  return event.type === 'run finished' && event.result.status === 'failed';
}

export interface Counted {
  readonly what: string;
  readonly count: number;
}

/** How many rotations are at each stage, and how those that are over ended; none is left out. */
export function byStageAndOutcome(rotations: readonly RotationTold[]): readonly Counted[] {
  const count = (stage: StageName, outcome: Outcome | null) =>
    rotations.filter(({ record }) => record.stage === stage && record.outcome === outcome).length;
  return [
    ...stageNames
      .filter((stage) => stage !== 'done')
      .map((stage) => ({ what: stage, count: count(stage, null) })),
    ...outcomes.map((outcome) => ({ what: `done: ${outcome}`, count: count('done', outcome) })),
  ];
}

/** Hours from claim to end of those that ended as rotated, shortest first. */
export function hoursToRotate({ ended }: Pick<EvidenceFigures, 'ended'>): readonly number[] {
  return ended
    .filter(({ record }) => record.outcome === 'rotated')
    .map(({ record }) => record.hoursToEnd)
    .toSorted((a, b) => a - b);
}
