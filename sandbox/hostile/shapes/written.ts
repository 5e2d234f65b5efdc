/**
 * What is written for people to open: pages of evidence and of a plan, and CSV, with hostile text
 * wherever text comes from outside. Read by the parser that browsers' own rules are written for, a
 * page has the very parts that it has without; a table has its rows and columns, and no cell that a
 * spreadsheet obeys.
 */
import fc from 'fast-check';
import { cryptoIds } from '../../../adapters/crypto-ids.ts';
import { complianceCsv, rotationsCsv } from '../../../adapters/evidence-csv.ts';
import { evidencePage } from '../../../adapters/evidence-page.ts';
import { keysCsv, ownersCsv } from '../../../adapters/inventory-files.ts';
import { planPage } from '../../../commands/plan-page.ts';
import { compare, usualAssumptions } from '../../../domain/before-after.ts';
import { figuresOf } from '../../../domain/evidence-figures.ts';
import { recordOf } from '../../../domain/evidence-record.ts';
import {
  type EvidenceReport,
  reportHead,
  reportProblems,
} from '../../../domain/evidence-report.ts';
import { chained, firstHash, type JournalEntry } from '../../../domain/journal.ts';
import { anyNumber } from '../bites.ts';
import { cellsMustBeText } from '../csv-cells.ts';
import { chosen } from '../examples.ts';
import {
  type Injections,
  injecting,
  someInjections,
  toldInjections,
  withOutside,
} from '../outside-texts.ts';
import { pageMustBe, partsOf } from '../page-parts.ts';
import { playedJournals, playedSpan } from '../played-rotations.ts';
import { type CameTo, must, type Shape, shapeOf } from '../shape.ts';
import { complianceGiven, dayGiven, inventoryGiven, planGiven } from '../written-examples.ts';

interface Given {
  readonly journal: number;
  readonly texts: Injections;
}

const { digest } = cryptoIds;

export const writtenShape: Shape = shapeOf<Given>({
  name: 'what people open',
  share: 15,
  cases: fc.record({ journal: anyNumber, texts: someInjections }),
  check: async (given) => checkWritten(given, chosen(await playedJournals(), given.journal)),
  tell: ({ journal, texts }) => `journal ${journal}: ${toldInjections(texts)}`,
});

function checkWritten({ texts }: Given, plain: readonly JournalEntry[]): CameTo {
  const change = injecting(texts);
  const hostile = rechained(plain, change);
  const report = reportOf(hostile, change);
  must(reportProblems(report, digest).length === 0, 'the report is whole', report.rotations);
  pageMustBe(evidenceOf(report, change), partsOf(evidenceOf(reportOf(plain, same), same)));
  const plan = withOutside(planGiven, change, fromOutside);
  pageMustBe(planPage(plan), partsOf(planPage(planGiven)));
  cellsMustBeText(rotationsCsv(report.rotations), report.rotations.length, 'userName', [
    ...report.rotations.map(({ userName }) => userName),
  ]);
  const inventory = withOutside(inventoryGiven, change, fromOutside);
  const names = inventory.users.map(({ userName }) => userName);
  cellsMustBeText(keysCsv(inventory), names.length, 'userName', names);
  const day = withOutside(dayGiven, change, fromOutside);
  const values = day.ownership.listed.flatMap((each) =>
    each.problem === 'contradicts' ? each.says.map(({ value }) => value) : [each.owner ?? ''],
  );
  cellsMustBeText(ownersCsv(day), values.length, 'value', values);
  const said = withOutside(complianceGiven, change, fromOutside);
  cellsMustBeText(complianceCsv(said), said.accounts.length, 'account', [
    ...said.accounts.map(({ account }) => account),
  ]);
  return plain.at(-1)?.to ?? 'nothing';
}

const same = (text: string) => text;

/** What tags, names of users and aggregators, and answers of AWS may say. */
const fromOutside: ReadonlySet<string> = new Set([
  ...['userName', 'path', 'owner', 'team', 'application', 'environment', 'value', 'problem'],
  ...['because', 'standsInTheWay', 'decidedBy', 'policy', 'approvers', 'why', 'aggregator'],
]);

/** As Keyturn would have written it, had the texts been so. */
function rechained(entries: readonly JournalEntry[], change: (text: string) => string) {
  const chain: JournalEntry[] = [];
  for (const { schema, hash, previousHash, ...entry } of entries) {
    const before = chain.at(-1)?.hash ?? firstHash;
    chain.push(chained(withOutside(entry, change), before, digest));
  }
  return chain;
}

function reportOf(
  entries: readonly JournalEntry[],
  change: (text: string) => string,
): EvidenceReport {
  const rotationId = entries[0]?.rotationId ?? '';
  const record = recordOf(rotationId, entries, digest);
  const why = 'there is none, or it could not be read';
  const { date, takenAt, ownership } = withOutside(dayGiven, change, fromOutside);
  const [account] = dayGiven.accounts;
  const head = reportHead(
    {
      stage: 'test',
      period: { name: '20261102T080000Z-20261116T080000Z', timeZone: 'UTC', ...playedSpan },
      madeAt: playedSpan.to,
      previous: { name: null, digest: null, why },
      ...(account === undefined
        ? {}
        : {
            inventory: {
              ...{ date, takenAt, ownership, digest: dayGiven.digest, sums: account.sums },
              ...{ accounts: 1, notKept: 0 },
            },
          }),
      gaps: [],
      rotations: record === null ? [] : [record],
    },
    digest,
  );
  return { ...head, journals: [{ rotationId, entries }] };
}

function evidenceOf(report: EvidenceReport, change: (text: string) => string): string {
  const figures = figuresOf([report]);
  if (!figures.ok) throw new Error(figures.problems.join());
  const incident = { at: playedSpan.from, kind: change('outage'), minutes: 5 };
  const compared = compare(figures.value, usualAssumptions, [incident]);
  const compliance = [withOutside(complianceGiven, change, fromOutside)];
  const problems = new Map([[report.period.name, [change('a problem')]]]);
  return evidencePage({
    reports: [report],
    figures: figures.value,
    compared,
    compliance,
    problems,
  });
}
