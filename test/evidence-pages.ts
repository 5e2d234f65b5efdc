/** Pages of evidence, and what Config answered, for tests. */
import { cryptoIds } from '../adapters/crypto-ids.ts';
import { evidencePage } from '../adapters/evidence-page.ts';
import { compare, type NotedIncident, usualAssumptions } from '../domain/before-after.ts';
import type { Compliance } from '../domain/compliance.ts';
import { figuresOf } from '../domain/evidence-figures.ts';
import { type EvidenceReport, reportProblems } from '../domain/evidence-report.ts';
import { instant } from '../domain/instant.ts';

/** The page of these reports, verified as the command does. Throws where they have no figures. */
export function pageOf(
  reports: readonly EvidenceReport[],
  incidents: readonly NotedIncident[] | null = null,
  compliance: readonly Compliance[] = [],
): string {
  const figures = figuresOf(reports);
  if (!figures.ok) throw new Error(figures.problems.join());
  const problems = new Map(
    reports.map((each) => [each.period.name, reportProblems(each, cryptoIds.digest)]),
  );
  const compared = compare(figures.value, usualAssumptions, incidents);
  return evidencePage({ reports, figures: figures.value, compared, compliance, problems });
}

/** What it said on a day of November 2026 of an account. */
export const answerOfConfig = (
  day: string,
  compliant: number,
  nonCompliant: number,
  askedOf = { aggregator: 'organization', rule: 'access-keys-rotated' },
): Compliance => ({
  schema: 1,
  kind: 'compliance',
  askedAt: instant(`2026-11-${day}T08:00:00Z`),
  askedOf: { region: 'us-east-1', aggregator: askedOf.aggregator },
  rules: [askedOf.rule],
  accounts: [
    {
      account: '111122223333',
      users: compliant + nonCompliant + 1,
      compliant,
      nonCompliant,
      notEvaluated: 1,
    },
  ],
  digest: '',
});
