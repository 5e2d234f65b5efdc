/**
 * CSV that is safe to open in a spreadsheet: what it could take for a formula begins with an
 * apostrophe instead. Names of users and people are not ours.
 * https://owasp.org/www-community/attacks/CSV_Injection (2026-11)
 */
import { stringify } from 'csv-stringify/sync';

/** With a header, a byte order mark by which Excel knows UTF-8, and every cell in quotes. */
export function safeCsv(
  columns: readonly string[],
  rows: readonly Readonly<Record<string, unknown>>[],
): string {
  return stringify([...rows], {
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
