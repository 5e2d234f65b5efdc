/**
 * Makes the evidence of a period: reads every rotation once, keeps the journal of each that ended,
 * and the report of all that changed. One journal at a time is in memory, and the texts of those
 * that belong into the report. Doing it twice puts the same twice.
 */
import { messageOf, Permanent, Transient } from '../domain/errors.ts';
import type { EvidenceArchive, JournalText } from '../domain/evidence-archive.ts';
import { type EvidenceRecord, isIn, journalUntil, recordOf } from '../domain/evidence-record.ts';
import {
  type EvidenceSums,
  type Gap,
  journalFile,
  type PreviousReport,
  reportHead,
} from '../domain/evidence-report.ts';
import type { JournalEntry } from '../domain/journal.ts';
import type { Clock, Ids, RotationStore } from '../domain/ports.ts';
import { type ReportPeriod, weekBefore } from '../domain/report-period.ts';
import { type ExtrasKept, type ExtrasShell, keepExtras, lastInventory } from './report-extras.ts';
import { mayBegin, type TimeLeft } from './time-left.ts';

export interface EvidenceShell {
  readonly store: Pick<RotationStore, 'everyRotation' | 'journal' | 'lastHash'>;
  readonly archive: EvidenceArchive;
  readonly clock: Clock;
  readonly ids: Pick<Ids, 'digest'>;
  readonly stage: string;
  /** What goes with reports; left out where nothing does. */
  readonly extras?: ExtrasShell;
}

export interface Reported extends EvidenceSums {
  readonly report: string;
  readonly digest: string;
  /** Whether the report before could be named by its digest. */
  readonly follows: boolean;
  /** Rotations looked at. */
  readonly looked: number;
  readonly writtenTo: string;
  /** The day of the inventory that it tells of; null if it tells of none. */
  readonly inventory: string | null;
  /** null where nothing goes with reports. */
  readonly extras: ExtrasKept | null;
}

/** What one rotation adds to the report. */
interface Added {
  readonly gaps: readonly Gap[];
  readonly kept: { readonly record: EvidenceRecord; readonly text: JournalText } | null;
}

/**
 * Throws Transient when a store does not answer or time runs out: then no report was written, and
 * the journals that were are what the next attempt writes again. Throws Permanent as the archive
 * does.
 */
export async function reportEvidence(
  shell: EvidenceShell,
  period: ReportPeriod,
  time: TimeLeft,
): Promise<Reported> {
  const { store, archive, clock, ids, stage, extras } = shell;
  const previous = await previousTo(archive, period);
  const gaps: Gap[] = [];
  const kept = new Map<string, NonNullable<Added['kept']>>();
  let looked = 0;
  for await (const rotationId of store.everyRotation()) {
    if (!mayBegin(time)) throw outOfTime(period, looked);
    const added = await addedBy(shell, rotationId, period);
    gaps.push(...added.gaps);
    if (added.kept !== null) kept.set(rotationId, added.kept);
    looked += 1;
  }
  if (!mayBegin(time)) throw outOfTime(period, looked);
  const rotations = [...kept.values()].map(({ record }) => record);
  const inventory = extras && (await lastInventory(extras, period));
  const told = inventory === undefined ? {} : { inventory };
  const gathered = { stage, period, madeAt: clock.now(), previous, ...told, gaps, rotations };
  const head = reportHead(gathered, ids.digest);
  const texts = head.rotations.flatMap(({ rotationId }) => kept.get(rotationId)?.text ?? []);
  const writtenTo = await archive.keepReport(head, texts);
  const follows = previous.digest !== null;
  const { digest, sums } = head;
  const also = extras === undefined ? null : await keepExtras(extras, head, texts);
  const beside = { inventory: inventory?.date ?? null, extras: also };
  return { report: period.name, digest, follows, looked, ...sums, writtenTo, ...beside };
}

function outOfTime({ name }: ReportPeriod, looked: number): Transient {
  return new Transient(
    `time ran out for the report ${name} after ${looked} rotations, and none was written: give ` +
      'the function more time',
  );
}

async function previousTo(archive: EvidenceArchive, period: ReportPeriod): Promise<PreviousReport> {
  const before = weekBefore(period);
  if (before === null) {
    return { name: null, digest: null, why: 'only reports of whole weeks follow one another' };
  }
  const { name } = before;
  const digest = await archive.digestOf(name);
  if (digest !== undefined) return { name, digest };
  return { name, digest: null, why: 'there is none, or it could not be read' };
}

async function addedBy(
  { store, archive, ids }: EvidenceShell,
  rotationId: string,
  period: ReportPeriod,
): Promise<Added> {
  const gapped = (problem: string): Added => ({ gaps: [{ rotationId, problem }], kept: null });
  let entries: readonly JournalEntry[];
  let isTorn: boolean;
  try {
    // First where the journal should have come to at least, since it may grow meanwhile.
    const stateHash = await store.lastHash(rotationId);
    entries = await store.journal(rotationId);
    isTorn = !entries.some(({ hash }) => hash === stateHash);
  } catch (error) {
    // One that cannot be read is told of, and keeps nobody from reading the others.
    if (error instanceof Permanent) return gapped(`it cannot be read: ${messageOf(error)}`);
    throw error;
  }
  const gaps = isTorn
    ? [{ rotationId, problem: 'its state is gone, or its journal has lost its end' }]
    : [];
  const until = journalUntil(entries, period.to);
  if (!until.some(({ at }) => isIn(period, at))) {
    // What was of this period may be what is missing.
    return { gaps: [...gaps, ...holeIn(rotationId, entries)], kept: null };
  }
  const record = recordOf(rotationId, until, ids.digest);
  if (record === null) return { gaps, kept: null };
  // As long as it is by now: the report of an earlier week must not put a shorter one in front.
  if (record.stage === 'done') await archive.keepJournal(journalFile(rotationId, entries));
  return { gaps, kept: { record, text: archive.textOf(rotationId, until) } };
}

/** The first entry that should be there and is not: later ones show that there was one. */
function holeIn(rotationId: string, entries: readonly JournalEntry[]): readonly Gap[] {
  const hole = entries.findIndex(({ version }, index) => version !== index + 1);
  if (hole < 0) return [];
  return [{ rotationId, problem: `its journal lacks entry ${hole + 1}, or has it elsewhere` }];
}
