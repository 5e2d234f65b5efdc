/**
 * A report's rotations as CSV, a line each, safe to open in a spreadsheet: what a spreadsheet could
 * take for a formula begins with an apostrophe instead. Names of users and people are not ours.
 * https://owasp.org/www-community/attacks/CSV_Injection (2026-11)
 */
import { stringify } from 'csv-stringify/sync';
import type { AuthorisedAct, EvidenceRecord } from '../domain/evidence-record.ts';
import { actorName } from '../domain/people.ts';

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

/** With a header, a byte order mark by which Excel knows UTF-8, and every cell in quotes. */
export function rotationsCsv(rotations: readonly EvidenceRecord[]): string {
  return stringify(rotations.map(rowOf), {
    columns: [...columns],
    header: true,
    bom: true,
    quoted: true,
    quoted_empty: true,
    escape_formulas: true,
    record_delimiter: 'windows',
    cast: {
      string: (cell) => (/^\s/.test(cell) ? `'${cell}` : cell),
      boolean: (answer) => (answer ? 'yes' : 'no'),
    },
  });
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
