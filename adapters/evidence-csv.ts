/** A report's rotations as CSV, a line each, safe to open in a spreadsheet. */
import type { Compliance } from '../domain/compliance.ts';
import type { AuthorisedAct, EvidenceRecord } from '../domain/evidence-record.ts';
import { actorName } from '../domain/people.ts';
import { safeCsv } from './safe-csv.ts';

const columns = [
  'rotationId',
  'partition',
  'account',
  'userName',
  'userId',
  'kind',
  'oldKeyId',
  'newKeyId',
  'stage',
  'outcome',
  'openedAt',
  'endedAt',
  'hoursToEnd',
  'approved',
  'attested',
  'forced',
  'entryCount',
  'lastHash',
  'whole',
  'problems',
] as const;

export function rotationsCsv(rotations: readonly EvidenceRecord[]): string {
  return safeCsv(columns, rotations.map(rowOf));
}

const complianceColumns = ['account', 'users', 'compliant', 'nonCompliant', 'notEvaluated'];

/** What Config says, a line for each account. */
export function complianceCsv({ accounts }: Compliance): string {
  return safeCsv(
    complianceColumns,
    accounts.map((each) => ({ ...each })),
  );
}

function rowOf(record: EvidenceRecord): Readonly<Record<(typeof columns)[number], unknown>> {
  const { acts, problems, ...facts } = record;
  const who = (act: AuthorisedAct['act']) =>
    acts
      .filter((each) => each.act === act)
      .map(({ by, at }) => `${actorName(by)}${by.kind === 'person' ? ` (${by.id})` : ''} ${at}`)
      .join('; ');
  return {
    ...facts,
    approved: who('approved'),
    attested: who('attested'),
    forced: who('forced'),
    problems: problems.join('; '),
  };
}
