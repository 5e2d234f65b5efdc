/** CSV as a spreadsheet reads it: so many rows and columns, and no cell that is obeyed. */
import { parse } from 'csv-parse/sync';
import { must } from './shape.ts';

/** What spreadsheets take for the start of a formula, or skip before one. */
const obeyed = /^[\s=+\-@\uFF1D\uFF0B\uFF0D\uFF20]/u;

/** Throws Broken unless the column holds just these values, each as text. */
export function cellsMustBeText(
  csv: string,
  rows: number,
  column: string,
  values: readonly string[],
): void {
  // Throws where a row has another number of cells than the header.
  const [head = [], ...lines] = parse(csv, { bom: true });
  must(lines.length === rows, 'a table has its rows', lines.length);
  const cells = lines.map((line) => line[head.indexOf(column)] ?? '');
  for (const [index, cell] of cells.entries()) {
    // Written as UTF-8, which knows no half characters.
    const value = (values[index] ?? '').toWellFormed();
    must(cell === value || cell === `'${value}`, `a cell says ${JSON.stringify(value)}`, cell);
  }
  for (const cell of lines.flat()) must(!obeyed.test(cell), 'no cell is a formula', cell);
}
