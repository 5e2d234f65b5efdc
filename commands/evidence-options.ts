/** What `evidence -- compare` and `-- page` are asked by, and figures of what they are given. */
import { parseArgs } from 'node:util';
import { parseIncidents } from '../adapters/incidents-csv.ts';
import {
  type Assumptions,
  type BeforeAfter,
  compare,
  type NotedIncident,
  usualAssumptions,
} from '../domain/before-after.ts';
import type { Compliance } from '../domain/compliance.ts';
import { messageOf } from '../domain/errors.ts';
import { type EvidenceFigures, figuresOf } from '../domain/evidence-figures.ts';
import type { EvidenceReport } from '../domain/evidence-report.ts';
import { type Parsed, parsed, refused } from '../domain/parsed.ts';
import { problemsOf, readEvidence, readText, togetherIn } from './evidence-files.ts';

export interface EvidenceOptions {
  readonly files: readonly string[];
  readonly before: string | undefined;
  readonly assumed: Assumptions;
  readonly out: string | undefined;
  readonly json: boolean;
}

const options = {
  before: { type: 'string' },
  'manual-minutes': { type: 'string' },
  'press-minutes': { type: 'string' },
  out: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const;

/** The options, or what is wrong with them. `allowed` are those that the command has. */
export function evidenceOptions(
  args: readonly string[],
  allowed: readonly ('out' | 'json')[],
): Parsed<EvidenceOptions> {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options,
      allowPositionals: true,
    });
    const manual = span(values['manual-minutes']);
    const press = minutes(values['press-minutes']) ?? usualAssumptions.pressMinutes;
    if (values.out !== undefined && !allowed.includes('out')) return refused('it has no --out');
    if (values.json && !allowed.includes('json')) return refused('it has no --json');
    if (positionals.length === 0) return refused('give a report at least');
    return parsed({
      files: positionals,
      before: values.before,
      assumed: { manualMinutes: manual, pressMinutes: press },
      out: values.out,
      json: values.json,
    });
  } catch (error) {
    return refused(messageOf(error));
  }
}

const number = /^\d{1,4}(?:\.\d{1,2})?$/;

function minutes(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!number.test(text))
    throw new Error(`--press-minutes takes a number such as 2, not "${text}"`);
  return Number(text);
}

function span(text: string | undefined): Assumptions['manualMinutes'] {
  if (text === undefined) return usualAssumptions.manualMinutes;
  const parts = text.split('-');
  const [least = '', most = least] = parts;
  const isSpan = parts.length <= 2 && number.test(least) && number.test(most);
  if (!isSpan || Number(least) > Number(most)) {
    throw new Error(`--manual-minutes takes minutes such as 12-20, not "${text}"`);
  }
  return { least: Number(least), most: Number(most) };
}

export interface Looked {
  readonly reports: readonly EvidenceReport[];
  readonly figures: EvidenceFigures;
  readonly compared: BeforeAfter;
  /** What Config said, in the order in which it was asked. */
  readonly compliance: readonly Compliance[];
  /**
   * What verifying found, by the name of each report, empty of those that are whole; and by the
   * file of each answer of Config that is not.
   */
  readonly problems: ReadonlyMap<string, readonly string[]>;
}

/** What can be verified, and holds nothing for a page of reports. */
const strangers = {
  journal: 'the journal of one rotation',
  inventory: 'the inventory of an account',
  'inventory-day': 'the inventory of a day',
  figures: 'the figures of the accounts on a day',
  table: 'a table',
} as const;

/** What the files come to, or every file and line that keeps them from it. */
export function lookedAt({ files, before, assumed }: EvidenceOptions): Parsed<Looked> {
  const read = files.map(readEvidence);
  const reports: EvidenceReport[] = [];
  const answers: (readonly [string, Compliance])[] = [];
  const unread = read.flatMap(({ file, found }) => {
    if (!found.ok) return found.problems.map((problem) => `${file}: ${problem}`);
    if (found.value.kind === 'compliance') answers.push([file, found.value.answer]);
    else if (found.value.kind === 'report') reports.push(found.value.report);
    else return [`${file}: it is ${strangers[found.value.kind]}: give reports`];
    return [];
  });
  const incidents = before === undefined ? parsed(null) : incidentsIn(before);
  const amiss = [...unread, ...(incidents.ok ? [] : incidents.problems)];
  if (amiss.length > 0 || !incidents.ok) return refused(...amiss);
  const figures = figuresOf(reports);
  if (!figures.ok) return figures;
  const together = togetherIn(read);
  const sorted = reports.toSorted((a, b) => (a.period.from < b.period.from ? -1 : 1));
  const problems = sorted.map(
    (report) => [report.period.name, problemsOf({ kind: 'report', report }, together)] as const,
  );
  const asked = answers.map(
    ([file, answer]) => [file, problemsOf({ kind: 'compliance', answer }, together)] as const,
  );
  return parsed({
    reports: sorted,
    figures: figures.value,
    compared: compare(figures.value, assumed, incidents.value),
    compliance: answers
      .map(([, answer]) => answer)
      .toSorted((a, b) => (a.askedAt < b.askedAt ? -1 : 1)),
    problems: new Map([...problems, ...asked.filter(([, found]) => found.length > 0)]),
  });
}

function incidentsIn(file: string): Parsed<readonly NotedIncident[]> {
  const content = readText(file);
  const found = content.ok ? parseIncidents(content.value) : content;
  return found.ok ? found : refused(...found.problems.map((problem) => `${file}: ${problem}`));
}

/** Every problem of the reports with its name. */
export function problemLines({ problems }: Looked): readonly string[] {
  return [...problems].flatMap(([name, found]) => found.map((each) => `${name}: ${each}`));
}
