/**
 * The one question that a cycle asks of a trail: all uses of all access keys of an account since a
 * moment. Whoever asks within the cycle asks it in the same terms, so that one query serves them.
 */
import { fromMillis, type Instant, plus, toMillis } from './instant.ts';

/**
 * How far a query looks back and how long what it says serves, unless a deployment says otherwise.
 */
export const usualQuerySpan = { days: 90, cycleMinutes: 30 } as const;
export const mostQueryDays = 90;
/**
 * What serves two hours and came a quarter of an hour late is still well within the lag of 4 h that
 * is counted into quiet.
 */
export const cycleMinutesAllowed = { least: 15, most: 120 } as const;

/**
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html
 * (2026-11)
 */
export const logGroupForm = /^[\w./#-]{1,512}$/;
/** Database and table, as Athena has them without quotation: small letters, digits, underscores. */
export const tableForm = /^[a-z0-9_]{1,128}\.[a-z0-9_]{1,128}$/;
/** https://docs.aws.amazon.com/athena/latest/APIReference/API_WorkGroup.html (2026-11) */
export const workgroupForm = /^[\w.-]{1,128}$/;

/** Where a trail with data events can be queried, beside the keys. */
export type TrailQuery =
  | { readonly kind: 'logs-insights'; readonly logGroup: string; readonly span: QuerySpan }
  | {
      readonly kind: 'athena';
      readonly table: string;
      readonly workgroup: string;
      readonly span: QuerySpan;
    };

export interface QuerySpan {
  readonly days: number;
  readonly cycleMinutes: number;
}

export interface QueryTerms {
  readonly account: string;
  /** When the cycle began. */
  readonly cycle: Instant;
  readonly since: Instant;
  /** Sorted, none twice. */
  readonly regions: readonly string[];
}

/** The terms of the cycle that `now` is in. */
export function queryTerms(
  account: string,
  regions: readonly string[],
  { days, cycleMinutes }: QuerySpan,
  now: Instant,
): QueryTerms {
  const length = cycleMinutes * 60_000;
  const cycle = fromMillis(Math.floor(toMillis(now) / length) * length);
  const each = [...new Set(regions)].sort((a, b) => a.localeCompare(b, 'en'));
  return { account, cycle, since: plus(cycle, { days: -days }), regions: each };
}
