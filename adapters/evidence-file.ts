/**
 * Evidence as files: JSON, a rotation a line, so that a difference shows where it is; and read back
 * with every problem named. What an entry holds is kept to the letter: that is what was hashed.
 */
import * as v from 'valibot';
import type { Compliance } from '../domain/compliance.ts';
import { messageOf } from '../domain/errors.ts';
import type { AuthorisedAct, EvidenceRecord } from '../domain/evidence-record.ts';
import type {
  EvidenceReport,
  EvidenceSums,
  Gap,
  JournalFile,
  PreviousReport,
  ReportHead,
} from '../domain/evidence-report.ts';
import type { FiguresOfDay } from '../domain/figures-of-day.ts';
import type { InventoryDay } from '../domain/inventory-day.ts';
import type { AccountInventory } from '../domain/inventory-record.ts';
import type { JournalEntry } from '../domain/journal.ts';
import { type Parsed, parsed, refused } from '../domain/parsed.ts';
import type { ReportPeriod } from '../domain/report-period.ts';
import { stageNames } from '../domain/stage.ts';
import {
  daySchema,
  figuresSchema,
  inventorySchema,
  inventoryToldSchema,
} from './inventory-schema.ts';
import { actor, count, moment, type SchemaOf } from './stored-facts.ts';
import { parseStoredEntry } from './stored-journal.ts';

/** What a report's file is made of; between them come the journals. */
export function reportFrame(head: ReportHead): { readonly start: string; readonly end: string } {
  const { rotations, digest, ...rest } = head;
  const lines = rotations.map((each) => JSON.stringify(each)).join(',\n');
  const start = JSON.stringify({ ...rest, digest }).slice(0, -1);
  return { start: `${start},\n"rotations":[\n${lines}\n],\n"journals":[\n`, end: '\n]}\n' };
}

export function journalText(rotationId: string, entries: readonly JournalEntry[]): string {
  return JSON.stringify({ rotationId, entries });
}

export function journalFileText({ entries, ...rest }: JournalFile): string {
  const lines = entries.map((each) => JSON.stringify(each)).join(',\n');
  return `${JSON.stringify(rest).slice(0, -1)},\n"entries":[\n${lines}\n]}\n`;
}

export type EvidenceFile =
  | { readonly kind: 'report'; readonly report: EvidenceReport }
  | { readonly kind: 'journal'; readonly file: JournalFile }
  | { readonly kind: 'compliance'; readonly answer: Compliance }
  | { readonly kind: 'inventory'; readonly inventory: AccountInventory }
  | { readonly kind: 'inventory-day'; readonly day: InventoryDay }
  | { readonly kind: 'figures'; readonly figures: FiguresOfDay }
  /** A CSV file: by itself it proves nothing, beside its JSON that it says the same. */
  | { readonly kind: 'table'; readonly text: string };

const text = v.string();
const orNull = <S extends v.GenericSchema>(schema: S) => v.nullable(schema);

const act: SchemaOf<AuthorisedAct> = v.strictObject({
  act: v.picklist(['approved', 'attested', 'forced']),
  by: actor,
  at: moment,
});

const facts = {
  rotationId: text,
  partition: text,
  account: text,
  userName: text,
  userId: text,
  kind: v.picklist(['replace', 'retire']),
  oldKeyId: text,
  newKeyId: orNull(text),
  stage: v.picklist(stageNames),
  openedAt: moment,
  acts: v.array(act),
  entryCount: count,
  lastHash: text,
  whole: v.boolean(),
  problems: v.array(text),
};

const outcome = v.picklist(['rotated', 'retired', 'already gone', 'exempt', 'abandoned']);

const record: SchemaOf<EvidenceRecord> = v.union(
  [
    v.strictObject({ ...facts, outcome, endedAt: moment, hoursToEnd: v.number() }),
    v.strictObject({ ...facts, outcome: v.null(), endedAt: v.null(), hoursToEnd: v.null() }),
  ],
  'is no record of a rotation',
);

const period: SchemaOf<ReportPeriod> = v.strictObject({
  name: text,
  from: moment,
  to: moment,
  timeZone: text,
});

const previous: SchemaOf<PreviousReport> = v.union([
  v.strictObject({ name: text, digest: text }),
  v.strictObject({ name: orNull(text), digest: v.null(), why: text }),
]);

const sums: SchemaOf<EvidenceSums> = v.strictObject({
  rotations: count,
  opened: count,
  done: v.strictObject({
    rotated: count,
    retired: count,
    'already gone': count,
    exempt: count,
    abandoned: count,
  }),
  held: count,
  hoursToRotate: orNull(v.strictObject({ median: v.number(), max: v.number() })),
  problems: count,
});

const gap: SchemaOf<Gap> = v.strictObject({ rotationId: text, problem: text });

const entries = v.array(v.unknown());

const report = v.strictObject({
  schema: v.literal(1),
  stage: text,
  period,
  madeAt: moment,
  previous,
  inventory: v.exactOptional(inventoryToldSchema),
  sums,
  gaps: v.array(gap),
  rotations: v.array(record),
  digest: text,
  journals: v.array(v.strictObject({ rotationId: text, entries })),
});

const journal = v.strictObject({
  schema: v.literal(1),
  rotationId: text,
  entryCount: count,
  lastHash: text,
  entries,
});

const compliance: SchemaOf<Compliance> = v.strictObject({
  schema: v.literal(1),
  kind: v.literal('compliance'),
  askedAt: moment,
  askedOf: v.strictObject({ region: text, aggregator: orNull(text) }),
  rules: v.array(text),
  accounts: v.array(
    v.strictObject({
      account: text,
      users: count,
      compliant: count,
      nonCompliant: count,
      notEvaluated: count,
    }),
  ),
  digest: text,
});

/** What a file holds, or everything by which it is no evidence of Keyturn's. */
export function parseEvidenceFile(content: string): Parsed<EvidenceFile> {
  // Every table of ours begins with a byte order mark, and no JSON does.
  if (content.startsWith('\uFEFF')) return parsed({ kind: 'table', text: content });
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (error) {
    return refused(`the file is not JSON (${messageOf(error)}): fetch it again, whole`);
  }
  const { schema, period: ofReport, kind } = Object(value);
  if (typeof schema === 'number' && schema > 1) {
    return refused(`the file has schema ${schema}, this Keyturn reads 1: use a newer one`);
  }
  const asKind = otherKinds[String(kind)];
  if (asKind !== undefined) return asKind(value);
  return ofReport === undefined ? parseJournalFile(value) : parseReport(value);
}

/** Files that name their kind. */
const otherKinds: Readonly<Record<string, (value: unknown) => Parsed<EvidenceFile>>> = {
  compliance: (value) => {
    const read = v.safeParse(compliance, value);
    if (!read.success) return unlike('answer of Config', read.issues);
    return parsed({ kind: 'compliance', answer: read.output });
  },
  inventory: (value) => {
    const read = v.safeParse(inventorySchema, value);
    if (!read.success) return unlike('inventory', read.issues);
    return parsed({ kind: 'inventory', inventory: read.output });
  },
  'inventory-day': (value) => {
    const read = v.safeParse(daySchema, value);
    if (!read.success) return unlike("day's inventory", read.issues);
    return parsed({ kind: 'inventory-day', day: read.output });
  },
  figures: (value) => {
    const read = v.safeParse(figuresSchema, value);
    if (!read.success) return unlike('figures', read.issues);
    return parsed({ kind: 'figures', figures: read.output });
  },
};

function parseReport(value: unknown): Parsed<EvidenceFile> {
  const read = v.safeParse(report, value);
  if (!read.success) return unlike('report', read.issues);
  const journals = read.output.journals.map((each) => ({
    rotationId: each.rotationId,
    entries: entriesIn(each.rotationId, each.entries),
  }));
  const problems = journals.flatMap((each) => (each.entries.ok ? [] : each.entries.problems));
  if (problems.length > 0) return refused(...problems);
  const whole = journals.map(({ rotationId, entries: found }) => ({
    rotationId,
    entries: found.ok ? found.value : [],
  }));
  return parsed({ kind: 'report', report: { ...read.output, journals: whole } });
}

function parseJournalFile(value: unknown): Parsed<EvidenceFile> {
  const read = v.safeParse(journal, value);
  if (!read.success) return unlike('journal', read.issues);
  const found = entriesIn(read.output.rotationId, read.output.entries);
  if (!found.ok) return found;
  return parsed({ kind: 'journal', file: { ...read.output, entries: found.value } });
}

function unlike(kind: string, issues: readonly v.BaseIssue<unknown>[]): Parsed<never> {
  const problems = issues.map((issue) => `${v.getDotPath(issue) ?? 'the file'}: ${issue.message}`);
  return refused(...problems.map((each) => `this is no ${kind} of Keyturn's: ${each}`));
}

function entriesIn(rotationId: string, list: readonly unknown[]): Parsed<readonly JournalEntry[]> {
  const read = list.map(parseStoredEntry);
  const problems = read.flatMap((each, index) =>
    each.ok
      ? []
      : each.problems.map((problem) => `rotation ${rotationId}: entry ${index + 1}: ${problem}`),
  );
  if (problems.length > 0) return refused(...problems);
  return parsed(read.flatMap((each) => (each.ok ? [each.value] : [])));
}
