/** The policy of one user: defaults, rules, tags and exemptions of a book come to one answer. */

import { Bug } from './errors.ts';
import { endedExemptions, exemptionOf } from './exemption.ts';
import { type Instant, inUtcWords } from './instant.ts';
import type { IamUser } from './key.ts';
import { defaultPolicy, type Policy } from './policy.ts';
import {
  needsUnits,
  type PolicyBook,
  type PolicyChanges,
  ruleLabel,
  rulesFor,
} from './policy-book.ts';
import { tightened } from './policy-tags.ts';
import { ringOf } from './rings.ts';

export interface Resolved {
  readonly policy: Policy;
  /** The user is left alone until then. */
  readonly exemption: ResolvedExemption | null;
  /** What was ignored, and why. */
  readonly notes: readonly string[];
}

export interface ResolvedExemption {
  readonly reason: string;
  readonly until: Instant;
  readonly by: string;
}

export interface Explained extends Resolved {
  /** Who gave each field: `built in`, `defaults`, a rule, or a tag. */
  readonly origins: Readonly<Record<keyof Policy, string>>;
}

/**
 * What holds for a user at a moment. `units` are the ids of the organizational units that the
 * user's account is in, its own first and the root last; empty only for a book without rules for
 * units: throws Bug otherwise, since a rule left out might have been the stricter one.
 */
export function resolvePolicy(
  book: PolicyBook,
  user: IamUser,
  units: readonly string[],
  now: Instant,
): Resolved {
  const { policy, exemption, notes } = explainPolicy(book, user, units, now);
  return { policy, exemption, notes };
}

/** As resolvePolicy(), and where each field comes from. */
export function explainPolicy(
  book: PolicyBook,
  user: IamUser,
  units: readonly string[],
  now: Instant,
): Explained {
  if (needsUnits(book) && units.length === 0) {
    throw new Bug(`the units of account ${user.account} are unknown, but rules ask for them`);
  }
  const scopes: readonly (readonly [string, PolicyChanges])[] = [
    ['built in', defaultPolicy],
    ['defaults', book.defaults],
    ...rulesFor(book.rules, user, units).map((rule) => [ruleLabel(rule), rule.changes] as const),
  ];
  let ruled: Policy = defaultPolicy;
  for (const [, changes] of scopes) ruled = { ...ruled, ...changes };
  const { policy, by, notes } = tightened(warningFirst(inRing(ruled, book)), user.tags, now);
  return {
    policy,
    exemption: exemptionFor(book, user, now),
    notes: [...notes, ...endedNotes(book, user, now)],
    origins: originsOf(scopes, by),
  };
}

/** Whom no rule puts into a ring is in the last one. */
function inRing(policy: Policy, { rings = [] }: PolicyBook): Policy {
  return rings.length === 0 ? policy : { ...policy, ring: ringOf(policy, rings) };
}

/** A scope that sets staleDays alone may stand over one that warns later: warn the day before. */
function warningFirst(policy: Policy): Policy {
  const { warnDays, staleDays } = policy;
  return warnDays < staleDays ? policy : { ...policy, warnDays: staleDays - 1 };
}

function exemptionFor(book: PolicyBook, user: IamUser, now: Instant): ResolvedExemption | null {
  const found = exemptionOf(book.exemptions, user, now);
  if (found === undefined) return null;
  const { reason, until, by } = found;
  return { reason, until, by };
}

function endedNotes(book: PolicyBook, user: IamUser, now: Instant): readonly string[] {
  return endedExemptions(book.exemptions, user, now).map(
    ({ index, until }) => `exemptions[${index}] ended at ${inUtcWords(until)}: it exempts nobody`,
  );
}

function originsOf(
  scopes: readonly (readonly [string, PolicyChanges])[],
  tags: Readonly<Partial<Record<keyof Policy, string>>>,
): Readonly<Record<keyof Policy, string>> {
  const each = scopes.map(([label, changes]) =>
    Object.fromEntries(Object.keys(changes).map((field) => [field, label])),
  );
  const tagged = Object.entries(tags).map(([field, tag]) => [field, `tag ${tag}`]);
  return Object.assign({}, ...each, Object.fromEntries(tagged));
}
