/**
 * The permission matrix: every role × what it was seen to do (allowed), × the same elsewhere (in
 * another account, partition, stage, under a similar name: refused), × what could do harm
 * (refused), × that with an administrator's policy on top (refused by the boundary).
 */
import { type Danger, dangers } from './dangers.ts';
import { type Answer, may, mayAtMost, type Question } from './may.ts';
import { home, stage, type Use } from './recording.ts';
import type { StackRole } from './stack-roles.ts';

export interface Case extends Question {
  readonly role: string;
  readonly kind: 'used' | 'elsewhere' | 'danger' | 'boundary';
  readonly expected: 'allowed' | 'refused';
}

type Roles = ReadonlyMap<string, StackRole>;

/** Every case for the roles of a template. */
export function casesFor(roles: Roles, uses: readonly Use[]): readonly Case[] {
  const known = uses.filter(({ role }) => roles.has(role));
  return [
    ...known.map((use) => ({ ...use, kind: 'used', expected: 'allowed' }) as const),
    ...known.flatMap(elsewhere),
    ...[...roles.values()].flatMap((role) => dangers.map((danger) => facing(danger, role))),
    ...[...roles.values()]
      .filter(({ boundary }) => boundary !== undefined)
      .flatMap((role) => dangers.filter(isForNobody).map((danger) => atMost(danger, role))),
  ];
}

const isForNobody = ({ only }: Danger) => only.length === 0;

function facing({ only, ...question }: Danger, { name }: StackRole): Case {
  const expected = only.includes(name) ? 'allowed' : 'refused';
  return { role: name, ...question, kind: 'danger', expected };
}

function atMost({ only: _, ...question }: Danger, { name }: StackRole): Case {
  return { role: name, ...question, kind: 'boundary', expected: 'refused' };
}

const stranger = '123456789012';

/**
 * Which accounts have doors for the hub, its template does not know: the list of accounts does, and
 * each door's own trust.
 */
const isDoor = ({ action, resource }: Use) =>
  action === 'sts:AssumeRole' && /-(reader|launcher|findings)$/.test(resource);

/** The same thing where the role has no business. */
function elsewhere(use: Use): readonly Case[] {
  const others = [
    ...(isDoor(use) ? [] : [use.resource.replace(`:${home}:`, `:${stranger}:`)]),
    use.resource.replace(/^arn:aws:/, 'arn:aws-cn:'),
    use.resource.replaceAll(`keyturn-${stage}`, 'keyturn-prod'),
    use.resource.replaceAll(`Keyturn-${stage}-`, 'Keyturn-prod-'),
    use.resource.replaceAll(`/keyturn/${stage}/`, '/keyturn/prod/'),
    use.resource.replace(/(?<=:)keyturn(?=[-/])/, 'notkeyturn'),
    use.resource.replace(/(?<=[:/])keyturn(?=-)/, 'notkeyturn'),
    use.resource.replace(/(?<=:parameter\/)keyturn(?=\/)/, 'notkeyturn'),
  ].filter((resource) => resource !== use.resource);
  return [...new Set(others)].map((resource) => ({
    ...use,
    resource,
    kind: 'elsewhere',
    expected: 'refused',
  }));
}

/** What is wrong with a case; undefined if it is as expected. */
export async function judged(each: Case, roles: Roles): Promise<string | undefined> {
  const role = roles.get(each.role);
  if (role === undefined) throw new Error(`no role ${each.role}`);
  const question = questionOf(each);
  const answer: Answer = await (each.kind === 'boundary' ? mayAtMost : may)(role, question);
  const isAllowed = answer === 'allowed';
  if (isAllowed === (each.expected === 'allowed')) return undefined;
  const under = each.kind === 'boundary' ? ', boundary or not, if a policy says so' : '';
  return isAllowed
    ? `${each.role} may ${each.action} on ${each.resource}${under}`
    : `${each.role} may not ${each.action} on ${each.resource}: it is ${answer}`;
}

function questionOf({ action, resource, context }: Case): Question {
  return { action, resource, ...(context === undefined ? {} : { context }) };
}

/** Everything that is wrong, and how many cases of each kind there are. */
export async function judgeAll(
  cases: readonly Case[],
  roles: Roles,
): Promise<{
  readonly wrong: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
}> {
  const wrong: string[] = [];
  const counts: Record<string, number> = {};
  for (const each of cases) {
    counts[each.kind] = (counts[each.kind] ?? 0) + 1;
    const problem = await judged(each, roles);
    if (problem !== undefined) wrong.push(problem);
  }
  return { wrong, counts };
}
