/**
 * The policy of an organisation: what holds everywhere, rules for parts of it, exemptions, and the
 * people who act.
 *
 * A rule speaks of the users that match everything it names. Field by field, the most specific rule
 * that sets the field wins: defaults < organizational unit (a deeper one over its parents) <
 * account < IAM path (a longer one over a shorter). What names more than one of them is compared by
 * path first, then account, then unit. Among equals the later rule wins.
 */
import type { Exemption } from './exemption.ts';
import type { IamUser } from './key.ts';
import type { Person } from './people.ts';
import type { Policy } from './policy.ts';

/** The fields that a scope sets; all others are left to less specific scopes. */
export type PolicyChanges = { readonly [F in keyof Policy]?: Policy[F] };

/** Whom a rule is for. At least one of them is named. */
export interface Scope {
  /** The id of an organizational unit or root; accounts anywhere below it count. */
  readonly unit?: string;
  readonly accounts?: readonly string[];
  /** Users at or below an IAM path, `/…/`. */
  readonly path?: string;
}

export interface Rule {
  /** Its place in the policy file, from 0. */
  readonly index: number;
  readonly scope: Scope;
  readonly changes: PolicyChanges;
}

export interface PolicyBook {
  readonly defaults: PolicyChanges;
  readonly rules: readonly Rule[];
  readonly exemptions: readonly Exemption[];
  readonly people: readonly Person[];
  /** Steps of a roll-out, the first one first (rings.ts); absent: everything at once. */
  readonly rings?: readonly string[];
}

/** A book that leaves everything at the product's defaults. */
export const emptyBook: PolicyBook = { defaults: {}, rules: [], exemptions: [], people: [] };

/** Whether a policy can be resolved only by somebody who knows the organisation's tree. */
export function needsUnits(book: PolicyBook): boolean {
  return book.rules.some(({ scope }) => scope.unit !== undefined);
}

/**
 * The rules for a user, the most specific last. `units` are the ids of the units that the user's
 * account is in, its own first, the root last.
 */
export function rulesFor(
  rules: readonly Rule[],
  user: Pick<IamUser, 'account' | 'path'>,
  units: readonly string[],
): readonly Rule[] {
  const isIn = ({ unit, accounts, path }: Scope) =>
    (unit === undefined || units.includes(unit)) &&
    (accounts === undefined || accounts.includes(user.account)) &&
    (path === undefined || user.path.startsWith(path));
  return rules
    .filter(({ scope }) => isIn(scope))
    .map((rule) => ({ rule, rank: rankOf(rule.scope, units) }))
    .toSorted((one, other) => compare(one.rank, other.rank) || one.rule.index - other.rule.index)
    .map(({ rule }) => rule);
}

/** Path, account, unit: how specific each is; 0 for what is not named. */
function rankOf(scope: Scope, units: readonly string[]): readonly number[] {
  return [
    scope.path?.length ?? 0,
    scope.accounts === undefined ? 0 : 1,
    scope.unit === undefined ? 0 : units.length - units.indexOf(scope.unit),
  ];
}

function compare(one: readonly number[], other: readonly number[]): number {
  const first = one.findIndex((rank, index) => rank !== other[index]);
  return first < 0 ? 0 : (one[first] ?? 0) - (other[first] ?? 0);
}

/** `rules[2] (account 111122223333, path /ci/)`: a rule named to people. */
export function ruleLabel({ index, scope }: Rule): string {
  const { unit, accounts, path } = scope;
  const named = [
    ...(unit === undefined ? [] : [`unit ${unit}`]),
    ...(accounts === undefined
      ? []
      : [`${accounts.length === 1 ? 'account' : 'accounts'} ${accounts.join(' ')}`]),
    ...(path === undefined ? [] : [`path ${path}`]),
  ];
  return `rules[${index}] (${named.join(', ')})`;
}
