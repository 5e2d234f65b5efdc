/** What the evidence commands share: reading the files that they are given, and verifying them. */
import { readFileSync } from 'node:fs';
import { accountFiguresCsv } from '../adapters/account-figures-csv.ts';
import { cryptoIds } from '../adapters/crypto-ids.ts';
import { complianceCsv, rotationsCsv } from '../adapters/evidence-csv.ts';
import { type EvidenceFile, parseEvidenceFile } from '../adapters/evidence-file.ts';
import { keysCsv, ownersCsv } from '../adapters/inventory-files.ts';
import { type Compliance, complianceProblems } from '../domain/compliance.ts';
import { messageOf } from '../domain/errors.ts';
import {
  type EvidenceReport,
  journalFileProblems,
  reportProblems,
} from '../domain/evidence-report.ts';
import { type FiguresOfDay, figuresProblems } from '../domain/figures-of-day.ts';
import { dayProblems, type InventoryDay, strangersTo } from '../domain/inventory-day.ts';
import { type AccountInventory, inventoryProblems } from '../domain/inventory-record.ts';
import { type Parsed, parsed, refused } from '../domain/parsed.ts';

export interface ReadFile {
  readonly file: string;
  readonly found: Parsed<EvidenceFile>;
}

export function readEvidence(file: string): ReadFile {
  const content = readText(file);
  return { file, found: content.ok ? parseEvidenceFile(content.value) : content };
}

export function readText(file: string): Parsed<string> {
  try {
    return parsed(readFileSync(file, 'utf8'));
  } catch (error) {
    return refused(`the file cannot be read: ${messageOf(error)}`);
  }
}

function reportsAmong(read: readonly ReadFile[]): readonly EvidenceReport[] {
  return read.flatMap(({ found }) =>
    found.ok && found.value.kind === 'report' ? [found.value.report] : [],
  );
}

/** What is given together, each by its kind. */
export interface GivenTogether {
  readonly reports: readonly EvidenceReport[];
  readonly inventories: readonly AccountInventory[];
  readonly days: readonly InventoryDay[];
  readonly figures: readonly FiguresOfDay[];
  readonly answers: readonly Compliance[];
}

export function togetherIn(read: readonly ReadFile[]): GivenTogether {
  const inventories = read.flatMap(({ found }) =>
    found.ok && found.value.kind === 'inventory' ? [found.value.inventory] : [],
  );
  const days = read.flatMap(({ found }) =>
    found.ok && found.value.kind === 'inventory-day' ? [found.value.day] : [],
  );
  const figures = read.flatMap(({ found }) =>
    found.ok && found.value.kind === 'figures' ? [found.value.figures] : [],
  );
  const answers = read.flatMap(({ found }) =>
    found.ok && found.value.kind === 'compliance' ? [found.value.answer] : [],
  );
  return { reports: reportsAmong(read), inventories, days, figures, answers };
}

/** The CSV that belongs to each. */
function tablesOf({
  reports,
  inventories,
  days,
  figures,
  answers,
}: GivenTogether): readonly string[] {
  return [
    ...reports.map(({ rotations }) => rotationsCsv(rotations)),
    ...inventories.map(keysCsv),
    ...days.map(ownersCsv),
    ...figures.map(({ accounts }) => accountFiguresCsv(accounts)),
    ...answers.map(complianceCsv),
  ];
}

/** Everything by which a file is not as Keyturn wrote it, or does not follow one given with it. */
export function problemsOf(found: EvidenceFile, all: GivenTogether): readonly string[] {
  const { digest } = cryptoIds;
  switch (found.kind) {
    case 'compliance':
      return complianceProblems(found.answer, digest);
    case 'journal':
      return journalFileProblems(found.file, digest);
    case 'inventory':
      return inventoryProblems(found.inventory, digest);
    case 'inventory-day':
      return [...dayProblems(found.day, digest), ...strangersTo(found.day, all.inventories)];
    case 'figures':
      return figuresProblems(found.figures, digest);
    case 'table':
      return tablesOf(all).includes(found.text)
        ? []
        : ['it is the table of no file that is given with it: give the JSON of its name as well'];
    case 'report':
      return [
        ...reportProblems(found.report, digest),
        ...broken(found.report, all.reports),
        ...otherInventory(found.report, all.days),
      ];
  }
}

/** Where the report before is at hand and is another than it was. */
function broken({ previous, stage }: EvidenceReport, all: readonly EvidenceReport[]) {
  return all
    .filter((each) => each.stage === stage && each.period.name === previous.name)
    .filter(({ digest }) => previous.digest !== null && digest !== previous.digest)
    .map(({ period }) => `it follows another report ${period.name} than the one given`);
}

/** Where the day that it tells of is at hand and is another than it was. */
function otherInventory({ inventory }: EvidenceReport, days: readonly InventoryDay[]) {
  return days
    .filter(({ date }) => date === inventory?.date)
    .filter(({ digest }) => digest !== inventory?.digest)
    .map(({ date }) => `it tells of another inventory of ${date} than the one given`);
}
