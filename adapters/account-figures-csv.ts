/** Figures of accounts as CSV and as JSON: numbers and account ids, which nobody outside writes. */
import { stringify } from 'csv-stringify/sync';
import type { AccountFigures } from '../domain/account-figures.ts';
import type { FiguresOfDay } from '../domain/figures-of-day.ts';
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

/** JSON with a line for each account. */
export function figuresText({ accounts, digest, ...rest }: FiguresOfDay): string {
  const lines = accounts.map((each) => JSON.stringify(each)).join(',\n');
  return `${JSON.stringify({ ...rest, digest }).slice(0, -1)},\n"accounts":[\n${lines}\n]}\n`;
}
