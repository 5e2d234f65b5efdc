/**
 * The evidence of a period: every rotation that changed in it, each with its whole journal up to
 * the period's end, and what they come to. It says the same whenever it is made, so that making it
 * again shows whether anything kept was changed meanwhile. The digest covers all but the journals,
 * whose chains end in hashes that it covers, and the moment at which the report was made.
 */
import { type Ended, type EvidenceRecord, isIn, recordOf } from './evidence-record.ts';
import type { Instant } from './instant.ts';
import { daySums, type InventoryDay } from './inventory-day.ts';
import type { InventorySums } from './inventory-record.ts';
import type { Digest, JournalEntry } from './journal.ts';
import type { ReportPeriod } from './report-period.ts';
import type { Outcome } from './stage.ts';

/** The report of the week before, by its digest. */
export type PreviousReport =
  | { readonly name: string; readonly digest: string }
  | { readonly name: string | null; readonly digest: null; readonly why: string };

/** What the store does not hold as it should, beside what a chain shows by itself. */
export interface Gap {
  readonly rotationId: string;
  readonly problem: string;
}

export interface EvidenceSums {
  /** Rotations that changed in the period. */
  readonly rotations: number;
  readonly opened: number;
  /** Ended in the period, by outcome. */
  readonly done: Readonly<Record<Outcome, number>>;
  /** On hold when it ended. */
  readonly held: number;
  /** Hours from claim to end of the rotations that ended as rotated; null if there is none. */
  readonly hoursToRotate: { readonly median: number; readonly max: number } | null;
  /** Of chains, and gaps. */
  readonly problems: number;
}

/** The last inventory of the period, as the file of its day has it. */
export interface InventoryTold extends Pick<InventoryDay, 'date' | 'takenAt' | 'ownership'> {
  /** Of the day's file. */
  readonly digest: string;
  readonly accounts: number;
  /** Accounts of which there is no file of that day. */
  readonly notKept: number;
  /** Of all accounts together. */
  readonly sums: InventorySums;
}

export interface ReportHead {
  readonly schema: 1;
  readonly stage: string;
  readonly period: ReportPeriod;
  readonly madeAt: Instant;
  readonly previous: PreviousReport;
  /** Left out where none was kept in the period. */
  readonly inventory?: InventoryTold;
  readonly sums: EvidenceSums;
  readonly gaps: readonly Gap[];
  /** By id. */
  readonly rotations: readonly EvidenceRecord[];
  readonly digest: string;
}

export interface KeptJournal {
  readonly rotationId: string;
  readonly entries: readonly JournalEntry[];
}

/** As it is written and read: the head, then a journal for each rotation, in the same order. */
export interface EvidenceReport extends ReportHead {
  readonly journals: readonly KeptJournal[];
}

/** A journal that stands alone. */
export interface JournalFile {
  readonly schema: 1;
  readonly rotationId: string;
  readonly entryCount: number;
  readonly lastHash: string;
  readonly entries: readonly JournalEntry[];
}

/** What a report is made of, journals apart: those are never all in memory. */
export type Gathered = Pick<
  ReportHead,
  'stage' | 'period' | 'madeAt' | 'previous' | 'inventory' | 'gaps' | 'rotations'
>;

/** The head of a report. Rotations and gaps are brought into their order. */
export function reportHead(gathered: Gathered, digest: Digest): ReportHead {
  const { stage, period, madeAt, previous, inventory } = gathered;
  const byId = (a: Gap | EvidenceRecord, b: Gap | EvidenceRecord) =>
    a.rotationId < b.rotationId ? -1 : Number(a.rotationId > b.rotationId);
  const rotations = gathered.rotations.toSorted(byId);
  const gaps = gathered.gaps.toSorted(byId);
  const told = inventory === undefined ? {} : { inventory };
  const head = { schema: 1 as const, stage, period, madeAt, previous, ...told };
  const whole = { ...head, sums: sumsOf(rotations, gaps, period), gaps, rotations };
  return { ...whole, digest: digestOf(whole, digest) };
}

export function journalFile(rotationId: string, entries: readonly JournalEntry[]): JournalFile {
  const lastHash = entries.at(-1)?.hash ?? '';
  return { schema: 1, rotationId, entryCount: entries.length, lastHash, entries };
}

function digestOf(
  { schema, stage, period, previous, inventory, sums, gaps, rotations }: Omit<ReportHead, 'digest'>,
  digest: Digest,
): string {
  const told = inventory === undefined ? {} : { inventory };
  return digest({ schema, stage, period, previous, ...told, sums, gaps, rotations });
}

/** What a report tells of a day's inventory. */
export function inventoryTold(day: InventoryDay): InventoryTold {
  const { date, takenAt, digest, accounts, notKept, ownership } = day;
  const listed = ownership.listed.slice(0, mostUsersTold);
  return {
    ...{ date, takenAt, digest },
    accounts: accounts.length,
    notKept: notKept.length,
    sums: daySums(day),
    ownership: { ...ownership, listed },
  };
}

/** So many are named in a report; the file of the day names more. */
const mostUsersTold = 500;

function sumsOf(
  rotations: readonly EvidenceRecord[],
  gaps: readonly Gap[],
  period: ReportPeriod,
): EvidenceSums {
  const ended = rotations.filter(
    (each): each is EvidenceRecord & Ended => each.endedAt !== null && isIn(period, each.endedAt),
  );
  const done = { rotated: 0, retired: 0, 'already gone': 0, exempt: 0, abandoned: 0 };
  for (const { outcome } of ended) done[outcome] += 1;
  const hours = ended
    .filter(({ outcome }) => outcome === 'rotated')
    .map(({ hoursToEnd }) => hoursToEnd);
  return {
    rotations: rotations.length,
    opened: rotations.filter(({ openedAt }) => isIn(period, openedAt)).length,
    done,
    held: rotations.filter(({ stage }) => stage === 'held').length,
    hoursToRotate: spreadOf(hours),
    problems: gaps.length + rotations.reduce((sum, each) => sum + each.problems.length, 0),
  };
}

/** null of none. */
export function spreadOf(hours: readonly number[]): EvidenceSums['hoursToRotate'] {
  const sorted = hours.toSorted((a, b) => a - b);
  const middle = sorted.slice(Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2) + 1);
  const max = sorted.at(-1);
  if (max === undefined) return null;
  const sum = middle.reduce((before, each) => before + each, 0);
  return { median: Math.round((sum / middle.length) * 100) / 100, max };
}

/** Everything by which a report is not as Keyturn made it, and every problem that it tells of. */
export function reportProblems(report: EvidenceReport, digest: Digest): readonly string[] {
  const { rotations, gaps, journals, period } = report;
  const listed = new Set(rotations.map(({ rotationId }) => rotationId));
  return [
    ...gaps.map(({ rotationId, problem }) => `rotation ${rotationId}: ${problem}`),
    ...rotations.flatMap((record) => recordProblems(record, report, digest)),
    ...journals
      .filter(({ rotationId }) => !listed.has(rotationId))
      .map(({ rotationId }) => `rotation ${rotationId}: there is its journal, but no record of it`),
    ...orderProblems('record', rotations),
    ...orderProblems('journal', journals),
    ...differences('the sums', report.sums, sumsOf(rotations, gaps, period), digest),
    ...(digestOf(report, digest) === report.digest
      ? []
      : ['the digest is of another report: something but the journals was changed or dropped']),
  ];
}

function recordProblems(
  record: EvidenceRecord,
  { journals, period }: EvidenceReport,
  digest: Digest,
): readonly string[] {
  const { rotationId } = record;
  const named = (problem: string) => `rotation ${rotationId}: ${problem}`;
  const kept = journals.find((each) => each.rotationId === rotationId);
  if (kept === undefined) return [named('its journal was dropped')];
  const told = recordOf(rotationId, kept.entries, digest);
  if (told === null) return [named('its journal is empty')];
  const { problems, ...facts } = record;
  const { problems: found, ...proven } = told;
  return [
    ...found,
    ...problems.filter((each) => !found.includes(each)),
    ...differences('its record', facts, proven, digest),
    ...(kept.entries.some(({ at }) => isIn(period, at)) ? [] : ['nothing of it is of this period']),
    ...(kept.entries.every(({ at }) => at < period.to) ? [] : ['it goes beyond the period']),
  ].map(named);
}

/** Each once, by id. */
function orderProblems(
  what: string,
  list: readonly { readonly rotationId: string }[],
): readonly string[] {
  return list.flatMap(({ rotationId }, index) => {
    const before = list[index - 1]?.rotationId;
    if (before === undefined || before < rotationId) return [];
    return [
      before === rotationId
        ? `rotation ${rotationId}: its ${what} is there twice`
        : `rotation ${rotationId}: its ${what} is out of order`,
    ];
  });
}

/** In which order the fields of an object stand makes none. */
function differences(
  what: string,
  told: object,
  proven: object,
  digest: Digest,
): readonly string[] {
  const names = Object.keys({ ...told, ...proven });
  return names.flatMap((name) => {
    const [says, shows] = [told, proven].map((each): unknown => Reflect.get(each, name));
    if (digest([says]) === digest([shows])) return [];
    const [claim, proof] = [says, shows].map((each) => JSON.stringify(each));
    return [`${what} says ${name} ${claim}, by the journals it is ${proof}`];
  });
}

/** Everything by which a journal that stands alone is not whole. */
export function journalFileProblems(file: JournalFile, digest: Digest): readonly string[] {
  const record = recordOf(file.rotationId, file.entries, digest);
  if (record === null) return ['it holds no entry'];
  const { entryCount, lastHash } = record;
  const { entryCount: count, lastHash: hash } = file;
  return [
    ...record.problems,
    ...differences(
      'the file',
      { entryCount: count, lastHash: hash },
      { entryCount, lastHash },
      digest,
    ),
  ];
}
