/**
 * What an inventory saw in each account, as numbers: for the metrics of all accounts together, and
 * account by account for whoever keeps the inventory, since each metric costs by itself.
 */
import { type Instant, isDue, millisBetween, plus } from './instant.ts';
import type { ReportedKey, ReportedUser } from './inventory.ts';
import {
  type AgeBucket,
  type AgeSums,
  ageSums,
  agesTogether,
  meanDays,
  noAges,
} from './key-ages.ts';
import type { Policy } from './policy.ts';

/** A user as the report shows it, under the policy that goes for it. */
export interface SeenUser {
  readonly user: ReportedUser;
  readonly policy: Pick<Policy, 'staleDays' | 'warnDays' | 'owner'>;
}

/** An account's sums, by what its credential report shows of Active keys. */
export interface AccountSums {
  readonly account: string;
  readonly users: number;
  readonly usersWithKeys: number;
  readonly ages: AgeSums;
  /** Keys at least as old as policy says for their users; those of unknown age count as such. */
  readonly stale: number;
  /** Keys old enough to be warned of, and not stale. */
  readonly nearing: number;
}

/** An account in one line: what JSON and CSV hold. */
export interface AccountFigures {
  readonly account: string;
  readonly users: number;
  readonly usersWithKeys: number;
  readonly activeKeys: number;
  readonly unknownAge: number;
  /** To a tenth of a day; null if no age is known. */
  readonly meanAgeDays: number | null;
  /** Whole days. */
  readonly oldestDays: number | null;
  readonly nearing: number;
  readonly stale: number;
  readonly buckets: Readonly<Record<AgeBucket, number>>;
}

export function accountSums(account: string, seen: readonly SeenUser[], now: Instant): AccountSums {
  const keys = seen.flatMap(({ user, policy }) =>
    user.keys.filter(({ active }) => active).map((key) => ({ key, policy })),
  );
  const isStale = ({ key, policy }: (typeof keys)[number]) => isOld(key, policy.staleDays, now);
  const isNearing = (each: (typeof keys)[number]) =>
    !isStale(each) && isOld(each.key, each.policy.warnDays, now);
  return {
    account,
    users: seen.length,
    usersWithKeys: seen.filter(({ user }) => user.keys.some(({ active }) => active)).length,
    ages: ageSums(keys.map(({ key }) => ageOf(key, now))),
    stale: keys.filter(isStale).length,
    nearing: keys.filter(isNearing).length,
  };
}

function isOld({ rotatedAt }: ReportedKey, days: number, now: Instant): boolean {
  return rotatedAt === 'unknown' || isDue(plus(rotatedAt, { days }), now);
}

function ageOf({ rotatedAt }: ReportedKey, now: Instant): number | 'unknown' {
  if (rotatedAt === 'unknown') return 'unknown';
  return Math.max(0, millisBetween(rotatedAt, now) / 86_400_000);
}

/** By account. */
export function perAccountFigures(sums: readonly AccountSums[]): readonly AccountFigures[] {
  return sums
    .map(({ ages, ...rest }) => {
      const mean = meanDays(ages);
      return {
        account: rest.account,
        users: rest.users,
        usersWithKeys: rest.usersWithKeys,
        activeKeys: ages.keys,
        unknownAge: ages.unknownAge,
        meanAgeDays: mean === null ? null : Math.round(mean * 10) / 10,
        oldestDays: ages.oldestDays === null ? null : Math.floor(ages.oldestDays),
        nearing: rest.nearing,
        stale: rest.stale,
        buckets: ages.buckets,
      };
    })
    .toSorted((a, b) => (a.account < b.account ? -1 : 1));
}

/** The keys of all accounts. */
export interface FleetSums {
  readonly ages: AgeSums;
  readonly stale: number;
  readonly nearing: number;
}

export function fleetSums(sums: readonly AccountSums[]): FleetSums {
  return {
    ages: sums.reduce((all, { ages }) => agesTogether(all, ages), noAges),
    stale: sums.reduce((all, { stale }) => all + stale, 0),
    nearing: sums.reduce((all, { nearing }) => all + nearing, 0),
  };
}
