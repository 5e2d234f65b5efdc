/**
 * What is wrong with a policy book although each of its values alone is right: rules that
 * contradict each other, that can never take effect, or that name people who are not there.
 */
import { copyProblems } from './copy-problems.ts';
import { type Exemption, isSameName } from './exemption.ts';
import { byTag, personNamed } from './owner.ts';
import type { Person } from './people.ts';
import { defaultPolicy } from './policy.ts';
import {
  type PolicyBook,
  type PolicyChanges,
  type Rule,
  ruleLabel,
  type Scope,
} from './policy-book.ts';

/** `problem` follows the field's own path, as in: rules[1].warnDays is 90: set it below …. */
export interface BookProblem {
  readonly path: readonly (string | number)[];
  readonly problem: string;
}

export function bookProblems(book: PolicyBook): readonly BookProblem[] {
  const scopes = [
    { at: ['defaults'], changes: book.defaults },
    ...book.rules.map(({ index, changes }) => ({ at: ['rules', index], changes })),
  ];
  return [
    ...scopes.flatMap(({ at, changes }) => [
      ...warnProblems(at, changes, book.defaults),
      ...approverProblems(at, changes, book.people),
      ...ownerProblems(at, changes, book.people),
      ...nobodyApproves(at, changes, book),
      ...ringProblems(at, changes, book),
      ...copyProblems(changes.copies ?? []).map((problem) => ({
        path: [...at, 'copies'],
        problem,
      })),
    ]),
    ...book.rules.flatMap((rule) => overruled(rule, book.rules)),
    ...samePeople(book.people),
    ...sameUsers(book.exemptions),
    ...sameRings(book.rings ?? []),
  ];
}

/** A scope that sets one of the two is compared with what holds everywhere for the other. */
function warnProblems(
  at: readonly (string | number)[],
  changes: PolicyChanges,
  defaults: PolicyChanges,
): readonly BookProblem[] {
  const { warnDays, staleDays } = changes;
  if (warnDays === undefined && staleDays === undefined) return [];
  const all = { ...defaultPolicy, ...defaults, ...changes };
  if (all.warnDays < all.staleDays) return [];
  const problem =
    warnDays === undefined
      ? `is ${all.staleDays} but warnDays is ${all.warnDays}: set warnDays here as well, below it`
      : `is ${all.warnDays}: set it below staleDays, ${all.staleDays}`;
  return [{ path: [...at, warnDays === undefined ? 'staleDays' : 'warnDays'], problem }];
}

const mayApprove = ({ roles }: Person) => roles.includes('approver') || roles.includes('admin');

function approverProblems(
  at: readonly (string | number)[],
  { approvers }: PolicyChanges,
  people: readonly Person[],
): readonly BookProblem[] {
  if (approvers === undefined || approvers === 'any') return [];
  return approvers.flatMap((named, index) => {
    const path = [...at, 'approvers', index];
    const person = people.find(({ name, slackUserId }) => name === named || slackUserId === named);
    if (person === undefined) {
      return [{ path, problem: `is ${JSON.stringify(named)}: add that person to people` }];
    }
    return person.roles.length > 0
      ? []
      : [{ path, problem: `is ${JSON.stringify(named)}: give that person a role in people` }];
  });
}

/** Whom nobody knows, nobody can tell. */
function ownerProblems(
  at: readonly (string | number)[],
  { owner }: PolicyChanges,
  people: readonly Person[],
): readonly BookProblem[] {
  if (owner === undefined || owner === byTag || personNamed(owner, people) !== undefined) return [];
  const problem = `is ${JSON.stringify(owner)}: add that person to people, or write ${byTag}`;
  return [{ path: [...at, 'owner'], problem }];
}

/** A ring that is not in the list would be taken for the last one. */
function ringProblems(
  at: readonly (string | number)[],
  { ring }: PolicyChanges,
  { rings = [] }: PolicyBook,
): readonly BookProblem[] {
  if (ring === undefined || rings.includes(ring)) return [];
  const problem = `is ${JSON.stringify(ring)}: add it to rings, at its place in their order`;
  return [{ path: [...at, 'ring'], problem }];
}

function sameRings(rings: readonly string[]): readonly BookProblem[] {
  return rings.flatMap((ring, index) =>
    rings.indexOf(ring) === index
      ? []
      : [{ path: ['rings', index], problem: `is ${JSON.stringify(ring)}: name each ring once` }],
  );
}

/** Where a scope asks for approval, somebody must be able to give it. */
function nobodyApproves(
  at: readonly (string | number)[],
  changes: PolicyChanges,
  { defaults, people }: PolicyBook,
): readonly BookProblem[] {
  const isDefaults = at.length === 1;
  if (changes.mode === undefined && !isDefaults) return [];
  const { mode, selfApproval, approvers } = { ...defaultPolicy, ...defaults, ...changes };
  if (mode !== 'approve') return [];
  const asked =
    approvers === 'any'
      ? people
      : people.filter((each) => [each.name, each.slackUserId].some((n) => approvers.includes(n)));
  const isSomebody = asked.some(
    (person) => mayApprove(person) || (selfApproval && person.roles.includes('owner')),
  );
  const problem = 'is approve, and nobody of people may: give somebody the role approver';
  return isSomebody ? [] : [{ path: [...at, 'mode'], problem }];
}

/** A rule that later ones stand in for wherever it matches. */
function overruled(rule: Rule, rules: readonly Rule[]): readonly BookProblem[] {
  const same = rules.find((other) => other.index < rule.index && isSame(other.scope, rule.scope));
  if (same !== undefined) {
    const problem = `is for the same users as ${ruleLabel(same)}: make one rule of the two`;
    return [{ path: ['rules', rule.index, 'match'], problem }];
  }
  const fields = Object.keys(rule.changes);
  const later = rules.find(
    (other) =>
      other.index > rule.index &&
      !isSame(other.scope, rule.scope) &&
      isWithin(rule.scope, other.scope) &&
      fields.every((field) => Object.hasOwn(other.changes, field)),
  );
  if (later === undefined) return [];
  const problem = `never counts: ${ruleLabel(later)} comes later, and sets all that it sets`;
  return [{ path: ['rules', rule.index], problem }];
}

function isSame(one: Scope, other: Scope): boolean {
  return isWithin(one, other) && isWithin(other, one);
}

/** Whether one is as specific as the other, and for some of its users only. */
function isWithin(one: Scope, other: Scope): boolean {
  if (one.unit !== other.unit || one.path !== other.path) return false;
  if (one.accounts === undefined || other.accounts === undefined) {
    return one.accounts === other.accounts;
  }
  return one.accounts.every((account) => other.accounts?.includes(account));
}

/** A name or an id must mean one person: owners and approvers are named by either. */
function samePeople(people: readonly Person[]): readonly BookProblem[] {
  return people.flatMap((person, index) =>
    (['name', 'slackUserId', 'email'] as const).flatMap((field) => {
      const named = person[field] ?? '';
      const other = people.findIndex(
        (each, place) =>
          (place < index && means(each[field], named)) ||
          (place !== index && field === 'name' && isAnotherWord(each, named)),
      );
      const problem = `is ${JSON.stringify(named)}, as in people[${other}]: name each once`;
      return other < 0 || named === '' ? [] : [{ path: ['people', index, field], problem }];
    }),
  );
}

/** In any case of its letters, as addresses are compared. */
function means(word: string | undefined, named: string): boolean {
  return word?.toLowerCase() === named.toLowerCase();
}

/** Whether the word names somebody otherwise than by name. */
function isAnotherWord({ slackUserId, email }: Person, named: string): boolean {
  return means(slackUserId, named) || means(email, named);
}

/** Names that differ in case alone are one user's; in two ways, they pass for two users'. */
function sameUsers(exemptions: readonly Exemption[]): readonly BookProblem[] {
  return exemptions.flatMap(({ index, account, whom }) => {
    if (whom.by !== 'name') return [];
    const { userName } = whom;
    const first = exemptions.find(
      (other) =>
        other.index < index &&
        other.account === account &&
        other.whom.by === 'name' &&
        other.whom.userName !== userName &&
        isSameName(other.whom.userName, userName),
    );
    if (first === undefined) return [];
    const problem =
      `is ${JSON.stringify(userName)}, the user of exemptions[${first.index}] in another case: ` +
      'write the name alike in both';
    return [{ path: ['exemptions', index, 'user'], problem }];
  });
}
