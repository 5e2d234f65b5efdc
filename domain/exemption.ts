/**
 * Exemptions: users that Keyturn leaves alone for a time. Each has a reason, somebody who answers
 * for it, and an end; one that has ended exempts nobody.
 */
import { type Instant, isDue, millisBetween, millisOf } from './instant.ts';
import type { IamUser } from './key.ts';

export interface Exemption {
  /** Its place in the policy file, from 0. */
  readonly index: number;
  readonly account: string;
  readonly whom:
    | { readonly by: 'name'; readonly userName: string }
    /** Every user at or below an IAM path, `/…/`. */
    | { readonly by: 'path'; readonly path: string }
    | { readonly by: 'id'; readonly userId: string };
  readonly reason: string;
  /** Who decided it. */
  readonly by: string;
  readonly from: Instant;
  /** The first moment at which it no longer holds. */
  readonly until: Instant;
}

/** An exemption must be renewed at least once a year. */
export const longestExemptionDays = 366;

/** The exemption that holds for a user now; of several, the one that ends last. */
export function exemptionOf(
  exemptions: readonly Exemption[],
  user: IamUser,
  now: Instant,
): Exemption | undefined {
  return exemptions
    .filter((each) => isFor(each, user) && isDue(each.from, now) && !isDue(each.until, now))
    .toSorted((one, other) => other.until.localeCompare(one.until))[0];
}

/** Exemptions of a user that have ended. */
export function endedExemptions(
  exemptions: readonly Exemption[],
  user: IamUser,
  now: Instant,
): readonly Exemption[] {
  return exemptions.filter((each) => isFor(each, user) && isDue(each.until, now));
}

/** What is wrong with its dates, as the end of a sentence; undefined if nothing is. */
export function exemptionDatesProblem({
  from,
  until,
}: Pick<Exemption, 'from' | 'until'>): string | undefined {
  if (until <= from) return 'set it to a moment after from';
  return millisBetween(from, until) > millisOf({ days: longestExemptionDays })
    ? `set it to at most ${longestExemptionDays} days after from, and renew it then`
    : undefined;
}

/**
 * Whether two names are those of one user: IAM never has two that differ in case alone.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html (2026-11)
 */
export function isSameName(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function isFor({ account, whom }: Exemption, user: IamUser): boolean {
  if (account !== user.account) return false;
  switch (whom.by) {
    case 'name':
      return isSameName(whom.userName, user.userName);
    case 'path':
      return user.path.startsWith(whom.path);
    case 'id':
      return whom.userId === user.userId;
  }
}
