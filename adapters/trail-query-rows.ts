/**
 * The rows that a query over a trail gives, read from their texts. A row that cannot be read makes
 * the whole answer unreadable: it may be a use.
 */
import * as v from 'valibot';
import { Permanent } from '../domain/errors.ts';
import { type Instant, instant, inUtcWords, isDue, parseInstant, plus } from '../domain/instant.ts';
import { lagHours } from '../domain/quiet.ts';
import type { TrailUse } from '../domain/testimony.ts';

const moment = v.pipe(
  v.string(),
  v.check((text) => parseInstant(text) !== undefined, 'is not a moment'),
  v.transform(instant),
);
/** CloudTrail leaves out what it does not know. */
const text = v.optional(v.nullable(v.string()));

const rowSchema = v.object({
  /** Empty where the row is of anything but long-term keys. */
  keyId: v.pipe(v.string(), v.regex(/^(?:AKIA[A-Z0-9]{12,28})?$/, 'is not an access key id')),
  service: text,
  region: text,
  sourceIp: text,
  userAgent: text,
  first: moment,
  last: moment,
  lastEvent: text,
  /** More than 0 where somebody asked for session tokens. */
  asked: v.pipe(
    v.string(),
    v.regex(/^\d+(?:\.\d+)?$/, 'is not a number'),
    v.transform((number) => Number(number) > 0),
  ),
});

export type Row = Readonly<v.InferOutput<typeof rowSchema>>;

/** Throws Permanent naming the row and everything wrong with it. */
export function rowsOf(cells: readonly Readonly<Record<string, unknown>>[], tried: string) {
  return cells.map((each, index): Row => {
    const result = v.safeParse(rowSchema, each);
    if (result.success) return result.output;
    const problems = result.issues.map((issue) => `${v.getDotPath(issue)}: ${issue.message}`);
    throw new Permanent(`${tried}: row ${index + 1} cannot be read: ${problems.join('; ')}`);
  });
}

/** Uses of that key, newest first: of each row the first and the last. */
export function usesOf(rows: readonly Row[], keyId: string): readonly TrailUse[] {
  return rows
    .filter((row) => row.keyId === keyId)
    .flatMap((row) => (row.first === row.last ? [row.last] : [row.last, row.first]).map(useIn(row)))
    .sort((a, b) => b.use.at.localeCompare(a.use.at));
}

function useIn(row: Row): (at: Instant) => TrailUse {
  return (at) => ({
    use: {
      at,
      service: row.service?.replace(/\.amazonaws\.com(\.cn)?$/, '') || 'unknown',
      region: row.region || 'unknown',
      sourceIp: row.sourceIp || 'unknown',
      userAgent: row.userAgent || 'unknown',
      source: 'cloudtrail',
    },
    // Whoever asked for session tokens at any time in that half day may still hold them.
    eventName: row.asked ? 'GetSessionToken' : (row.lastEvent ?? 'unknown'),
    // A row is of many calls. Keyturn's own are told by their program.
    requestId: 'unknown',
  });
}

/** The newest event that the rows show; undefined if there is none. */
export function newestIn(rows: readonly Row[]): Instant | undefined {
  return rows
    .map(({ last }) => last)
    .toSorted()
    .at(-1);
}

/**
 * A trail that is no longer written shows no use and looks like silence. Throws Permanent where
 * nothing shows that it was written within the lag that is counted into quiet.
 */
export function refuseStale(newest: Instant | undefined, asked: Instant, tried: string): void {
  const advice = 'see whether the trail is on and delivers to where the query reads';
  if (newest === undefined) throw new Permanent(`${tried}: it shows no event at all; ${advice}`);
  if (!isDue(plus(newest, { hours: lagHours }), asked)) return;
  const since = inUtcWords(newest);
  throw new Permanent(`${tried}: it shows no event since ${since}; ${advice}`);
}
