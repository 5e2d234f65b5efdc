/**
 * What rotating took people with Keyturn, beside what it took by hand. Journals tell how often
 * people acted; how long one act takes, and how long a rotation by hand took, are assumptions, and
 * stand beside every figure that rests on them.
 */

import { Bug } from './errors.ts';
import { type EvidenceFigures, hoursToRotate, type RotationTold } from './evidence-figures.ts';
import { type EvidenceSums, spreadOf } from './evidence-report.ts';
import type { Instant } from './instant.ts';

export interface Assumptions {
  /** Minutes of a person's work for one rotation by hand, at least and at most. */
  readonly manualMinutes: { readonly least: number; readonly most: number };
  /** Minutes that one press, or one answer to a page, takes with reading what it is about. */
  readonly pressMinutes: number;
}

export const usualAssumptions: Assumptions = {
  manualMinutes: { least: 12, most: 20 },
  pressMinutes: 2,
};

/** An outage or other trouble that a rotation brought about, as somebody noted it. */
export interface NotedIncident {
  readonly at: Instant;
  readonly kind: string;
  readonly minutes: number;
}

export interface IncidentSum {
  readonly kind: string;
  readonly count: number;
  readonly minutes: number;
}

export interface BeforeAfter {
  readonly from: Instant;
  readonly to: Instant;
  /** Keys that were replaced or retired in that time: what was done by hand otherwise. */
  readonly finished: number;
  /** All rotations that changed in it. */
  readonly rotations: number;
  readonly presses: number;
  /** Minutes of people with Keyturn: all, and for each that finished; null if none did. */
  readonly minutes: number;
  readonly minutesEach: number | null;
  readonly manualMinutes: { readonly least: number; readonly most: number };
  /** Hours from claim to end, waiting included; null if none was rotated. */
  readonly hours: EvidenceSums['hoursToRotate'];
  readonly failed: {
    readonly abandoned: number;
    readonly heldEver: number;
    readonly rollBacks: number;
    readonly failedRuns: number;
    readonly refusedRuns: number;
  };
  readonly pages: number;
  /** null if none were imported: then nothing is known of them, not that there were none. */
  readonly incidents: {
    /** Before the first report, in the time of the reports, and after the last. */
    readonly before: readonly IncidentSum[];
    readonly during: readonly IncidentSum[];
    readonly after: readonly IncidentSum[];
  } | null;
  readonly assumptions: readonly string[];
}

export function compare(
  figures: EvidenceFigures,
  assumed: Assumptions,
  incidents: readonly NotedIncident[] | null,
): BeforeAfter {
  const { rotations, ended, periods } = figures;
  const [first, last] = [periods[0]?.period, periods.at(-1)?.period];
  if (first === undefined || last === undefined) throw new Bug('figures of no period');
  const { from } = first;
  const { to } = last;
  const sum = (name: keyof RotationTold['figures'], of: readonly RotationTold[] = rotations) =>
    of.reduce((all, { figures: own }) => all + own[name], 0);
  const whole = ended.filter(({ record }) => isFinished.has(record.outcome));
  const finished = whole.length;
  const presses = sum('presses');
  const own = sum('presses', whole) * assumed.pressMinutes;
  const { least, most } = assumed.manualMinutes;
  return {
    from,
    to,
    finished,
    rotations: rotations.length,
    presses,
    minutes: rounded(presses * assumed.pressMinutes),
    minutesEach: finished === 0 ? null : rounded(own / finished),
    manualMinutes: { least: least * finished, most: most * finished },
    hours: spreadOf(hoursToRotate(figures)),
    failed: {
      abandoned: ended.filter(({ record }) => record.outcome === 'abandoned').length,
      heldEver: rotations.filter(({ figures: own }) => own.holds > 0).length,
      rollBacks: sum('rollBacks'),
      failedRuns: sum('failedRuns'),
      refusedRuns: sum('refusedRuns'),
    },
    pages: sum('pages'),
    incidents: incidents === null ? null : inTime(incidents, from, to),
    assumptions: assumptionsInWords(assumed),
  };
}

const isFinished: ReadonlySet<string> = new Set(['rotated', 'retired']);

function inTime(incidents: readonly NotedIncident[], from: Instant, to: Instant) {
  return {
    before: sumsOf(incidents.filter(({ at }) => at < from)),
    during: sumsOf(incidents.filter(({ at }) => from <= at && at < to)),
    after: sumsOf(incidents.filter(({ at }) => at >= to)),
  };
}

function sumsOf(incidents: readonly NotedIncident[]): readonly IncidentSum[] {
  const kinds = [...new Set(incidents.map(({ kind }) => kind))].toSorted();
  return kinds.map((kind) => {
    const own = incidents.filter((each) => each.kind === kind);
    return { kind, count: own.length, minutes: own.reduce((all, each) => all + each.minutes, 0) };
  });
}

function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Whole sentences. */
export function assumptionsInWords({ manualMinutes, pressMinutes }: Assumptions) {
  const { least, most } = manualMinutes;
  return [
    `A rotation by hand takes ${least === most ? least : `${least} to ${most}`} minutes of work.`,
    `A press, or an answer to a page, takes ${pressMinutes} minutes with reading what it is about.`,
    'Every press counts, also one that was refused or changed nothing, and all presses of a ' +
      'rotation up to the end of the reports, also those before their beginning.',
    'Rotations that ended as rotated or retired are what would have been done by hand.',
    'Changing an application over to its new key is in no journal, and is not counted; nor is ' +
      'setting Keyturn up.',
    'Hours run from claim to end and are mostly overlap and soak, in which nobody works.',
  ];
}
