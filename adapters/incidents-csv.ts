/**
 * Incidents that somebody noted, as CSV with the columns date, kind and minutes in any order; more
 * columns are left alone. All lines are good, or every bad one is named and none counts.
 */
import { parse } from 'csv-parse/sync';
import * as v from 'valibot';
import type { NotedIncident } from '../domain/before-after.ts';
import { messageOf } from '../domain/errors.ts';
import { parseInstant } from '../domain/instant.ts';
import { type Parsed, parsed, refused } from '../domain/parsed.ts';
import { cutText, nothingHidden } from './cut-text.ts';

const wanted = ['date', 'kind', 'minutes'] as const;

/** More than a year in one incident is a slip of the pen. */
const mostMinutes = 366 * 24 * 60;

const rows = v.array(
  v.object({ info: v.object({ lines: v.number() }), record: v.array(v.string()) }),
);

/** What the file holds, or everything wrong with it, each with its line. */
export function parseIncidents(content: string): Parsed<readonly NotedIncident[]> {
  let found: v.InferOutput<typeof rows>;
  try {
    const options = { bom: true, info: true, relax_column_count: true, skip_empty_lines: true };
    found = v.parse(rows, parse(content, { ...options, trim: true }));
  } catch (error) {
    return refused(`it is no CSV: ${messageOf(error)}`);
  }
  const [head, ...lines] = found;
  const names = head?.record.map((name) => name.toLowerCase()) ?? [];
  const amiss = wanted.flatMap((name) => {
    const count = names.filter((each) => each === name).length;
    if (count === 1) return [];
    return [`its first line has ${count === 0 ? 'no' : 'more than one'} column ${name}`];
  });
  if (amiss.length > 0) return refused(...amiss);
  const read = lines.map(({ info, record }) => {
    const cell = (name: (typeof wanted)[number]) => record[names.indexOf(name)] ?? '';
    const line = `line ${info.lines}`;
    if (record.length !== names.length) {
      return refused(`${line}: it has ${record.length} cells, the first line has ${names.length}`);
    }
    return incident(line, cell('date'), cell('kind'), cell('minutes'));
  });
  const problems = read.flatMap((each) => (each.ok ? [] : each.problems));
  if (problems.length > 0) return refused(...problems);
  return parsed(read.flatMap((each) => (each.ok ? [each.value] : [])));
}

function incident(line: string, date: string, kind: string, minutes: string) {
  const at = parseInstant(/^\d{4}-\d{2}-\d{2}$/.test(date) ? `${date}T00:00:00Z` : date);
  const long = /^\d+(?:\.\d+)?$/.test(minutes) ? Number(minutes) : Number.NaN;
  const problems = [
    ...(at === undefined ? [`date ${said(date)} is no day such as 2026-11-02, nor a moment`] : []),
    ...(kind === '' ? ['kind is empty: say what it was'] : []),
    ...(long <= mostMinutes ? [] : [`minutes ${said(minutes)} is no number up to ${mostMinutes}`]),
  ];
  if (at === undefined || problems.length > 0) {
    return refused(...problems.map((problem) => `${line}: ${problem}`));
  }
  return parsed({ at, kind, minutes: long });
}

function said(text: string): string {
  return `"${cutText(nothingHidden(text), 40)}"`;
}
