/** Figures of accounts as CSV and as JSON: numbers and account ids, which nobody outside writes. */
import { stringify } from 'csv-stringify/sync';
import type { AccountFigures } from '../domain/account-figures.ts';
import { ageBuckets } from '../domain/key-ages.ts';

/** A header, then a line each; a cell is empty where no age is known. Ids stay text in quotes. */
export function accountFiguresCsv(figures: readonly AccountFigures[]): string {
  return stringify(
    figures.map(({ buckets, ...rest }) => {
      const named = ageBuckets.map(({ name }) => [`keys${name}`, buckets[name]]);
      return { ...rest, ...Object.fromEntries(named) };
    }),
    {
      columns: [
        'account',
        'users',
        'usersWithKeys',
        'activeKeys',
        'unknownAge',
        'meanAgeDays',
        'oldestDays',
        'nearing',
        'stale',
        ...ageBuckets.map(({ name }) => `keys${name}`),
      ],
      header: true,
      bom: true,
      quoted_string: true,
      record_delimiter: 'windows',
    },
  );
}

/** The same as JSON, a line each. */
export function accountFiguresJson(figures: readonly AccountFigures[]): string {
  return figures.map((each) => `${JSON.stringify(each)}\n`).join('');
}
