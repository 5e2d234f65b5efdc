/**
 * The daily inventory: which users may have a stale Active key, by IAM's credential report. The
 * report is up to four hours old and names users, not key ids, so it only selects whom to look at;
 * what is done follows from the keys as IAM lists them then. What it does not say counts as a
 * reason to look.
 */
import { type Instant, instant, isDue, plus, toMillis } from './instant.ts';
import type { AccessKey, IamUser, Partition } from './key.ts';
import type { Policy } from './policy.ts';
import type { Tags } from './policy-tags.ts';

/** One of the two places for a key that a user's row has. */
export interface ReportedKey {
  readonly slot: 1 | 2;
  readonly active: boolean;
  /**
   * When it was created or last changed: a key that was switched off and on counts from then.
   * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html (2026-11)
   */
  readonly rotatedAt: Instant | 'unknown';
  readonly lastUsed: ReportedUse;
}

/** `none`: IAM writes `N/A`, for a key never used or not since it began to note uses. */
export type ReportedUse = Instant | 'none' | 'unknown';

/** A row of the report. The root user has none here: nobody rotates its keys. */
export interface ReportedUser {
  readonly userName: string;
  /** Starts and ends with `/`. */
  readonly path: string;
  readonly keys: readonly [ReportedKey, ReportedKey];
}

export interface CredentialReport {
  readonly generatedAt: Instant;
  readonly users: readonly ReportedUser[];
  /** Everything wrong with rows that could not be understood; `users` lacks their users. */
  readonly problems: readonly string[];
}

/** The credential reports of accounts. */
export interface CredentialReports {
  /**
   * The newest there is, made if there is none: that takes seconds to minutes. Throws Transient or
   * Permanent, and Permanent for a report that is none of that account.
   */
  read(partition: Partition, account: string): Promise<CredentialReport>;
}

/** Which keys a user of that name has now, by one question; undefined if there is no such user. */
export interface KeyLists {
  /** Throws Transient or Permanent. */
  keysNamed(
    partition: Partition,
    account: string,
    userName: string,
  ): Promise<readonly AccessKey[] | undefined>;
}

/** The tags of Keyturn's on every user of an account, by name: a few questions for all of them. */
export interface UserTagLists {
  /** Throws Transient or Permanent. */
  tagsOf(partition: Partition, account: string): Promise<ReadonlyMap<string, Tags>>;
}

/** The accounts that are served, each by its id. Throws Transient or Permanent, never guesses. */
export interface ServedAccounts {
  everyServed(): Promise<readonly string[]>;
}

/** What the report shows of a user's Active keys. */
export interface Shown {
  /** One may be stale: the user is looked at. */
  readonly mayBeStale: boolean;
  /** None may be stale, and one is old enough to be warned of. */
  readonly nears: boolean;
  /** One was not used for as long as a key may be old; unknown is never unused. */
  readonly unused: boolean;
}

/**
 * IAM notes uses of keys since then: `N/A` says nothing of a key that was there before.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html (2026-11)
 */
const usesNotedSince = instant('2015-04-22T00:00:00Z');

export function shownOf(
  user: ReportedUser,
  policy: Pick<Policy, 'staleDays' | 'warnDays'>,
  now: Instant,
): Shown {
  const active = user.keys.filter((key) => key.active);
  const isOld = (days: number) => (key: ReportedKey) =>
    key.rotatedAt === 'unknown' || isDue(plus(key.rotatedAt, { days }), now);
  const mayBeStale = active.some(isOld(policy.staleDays));
  return {
    mayBeStale,
    nears: !mayBeStale && active.some(isOld(policy.warnDays)),
    unused: active.some((key) => keyIsUnused(key, policy.staleDays, now)),
  };
}

/** Whether the report shows that an Active key was not used for so many days. */
export function keyIsUnused(
  { rotatedAt, lastUsed }: Omit<ReportedKey, 'slot'>,
  days: number,
  now: Instant,
): boolean {
  if (lastUsed === 'unknown' || rotatedAt === 'unknown') return false;
  if (lastUsed === 'none' && !isDue(usesNotedSince, rotatedAt)) return false;
  return isDue(plus(lastUsed === 'none' ? rotatedAt : lastUsed, { days }), now);
}

/**
 * The user as far as the report tells, to ask the policy how old keys may be. Rules go by account,
 * unit and path; tags, which the report lacks, never say that, and neither does the unique id.
 */
export function asReported(
  { userName, path }: ReportedUser,
  partition: Partition,
  account: string,
): IamUser {
  return { partition, account, userName, path, userId: '', tags: {} };
}

/** So many keep their order; there is time for far more on any day. */
const together = 100;

/** Multiples of it, but for whole numbers, spread evenly: a few days begin all over a list. */
const goldenRatio = 0.618_034;

const dayMillis = 24 * 3_600_000;

/** All of them, begun at another place each day: where time runs out, others are left out. */
export function fromAnotherEachDay<T>(items: readonly T[], now: Instant): readonly T[] {
  const places = Math.ceil(items.length / together);
  const days = Math.floor(toMillis(now) / dayMillis);
  const start = Math.floor(((days * goldenRatio) % 1) * places) * together;
  return [...items.slice(start), ...items.slice(0, start)];
}
