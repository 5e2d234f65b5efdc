/** What each role may do, for a reviewer to read: one table a role, one line a permission. */
import { hubElsewhere } from './deployed.ts';
import { home, region } from './recording.ts';
import { listOf, type NamedPolicy, type StackRole, type Statement } from './stack-roles.ts';

type Roles = ReadonlyMap<string, StackRole>;

/** The whole file: the hub's stack, then what is different in a member account. */
export function permissionsText(hub: Roles, member: Roles, counts: Counts): string {
  const sorted = (roles: Roles) =>
    [...roles.values()].toSorted((a, b) => a.name.localeCompare(b.name));
  const boundaries = new Map(sorted(hub).flatMap(({ boundary: b }) => (b ? [[b.name, b]] : [])));
  const same = new Set([...hub.values()].map((role) => roleLines(role).join()));
  const different = sorted(member).filter((role) => !same.has(roleLines(role).join()));
  return [
    '# Permissions of every role',
    '',
    'Stage dev; `ACCOUNT` and `REGION` are those of the stack, `HUB` is the account of the hub.',
    'Made from the packaged templates; after a wanted change:',
    '`UPDATE_GOLDEN=1 npx vitest run test/infra/matrix.test.ts`.',
    '',
    countsText(counts),
    '',
    ...sorted(hub).flatMap(roleLines),
    ...[...boundaries.values()].flatMap(boundaryLines),
    '# In a member account',
    '',
    'What stands beside the keys is the same there, but for:',
    '',
    ...different.flatMap(roleLines),
  ].join('\n');
}

export type Counts = Readonly<Record<string, number>>;

/** `The matrix has 7 cases: 3 used, 4 elsewhere.` */
export function countsText(counts: Counts): string {
  const total = Object.values(counts).reduce((sum, each) => sum + each, 0);
  const kinds = Object.entries(counts).map(([kind, count]) => `${count} ${kind}`);
  return `The matrix has ${total} cases: ${kinds.join(', ')}.`;
}

function roleLines(role: StackRole): readonly string[] {
  const trusted = role.trust.Statement.map(
    ({ Principal, Condition }) =>
      `- Assumed by ${code(Principal)}${Condition ? ` if ${conditionText(Condition)}` : ''}`,
  );
  return [
    `## ${role.name}`,
    '',
    ...trusted,
    `- Boundary: ${role.boundary === undefined ? 'none' : role.boundary.name}`,
    '',
    ...table(role.policies),
    '',
  ];
}

function boundaryLines(boundary: NamedPolicy): readonly string[] {
  return [
    `## The boundary ${boundary.name}`,
    '',
    'It gives nothing. What it does not list, or denies, no role has, whatever is attached to it.',
    '',
    ...table([boundary]),
    '',
  ];
}

function table(policies: readonly NamedPolicy[]): readonly string[] {
  return [
    '| Action | Resource | Condition | Why |',
    '|---|---|---|---|',
    ...policies.flatMap(({ policy }) => policy.Statement.flatMap(rows)),
  ];
}

function rows(statement: Statement): readonly string[] {
  const { Effect, Sid, Condition } = statement;
  const denied = Effect === 'Deny' ? '**Denied**: ' : '';
  const actions = [
    ...listOf(statement.Action).map((each) => `${denied}\`${each}\``),
    ...listOf(statement.NotAction).map((each) => `${denied}all but \`${each}\``),
  ];
  const resources = [
    ...listOf(statement.Resource).map((each) => code(each)),
    ...listOf(statement.NotResource).map((each) => `all but ${code(each)}`),
  ].join('<br>');
  const condition = Condition === undefined ? '' : conditionText(Condition);
  return actions.map((action) => `| ${action} | ${resources} | ${condition} | ${why(Sid)} |`);
}

/** `SeeWhichVersionIsCurrent` → `see which version is current`. */
function why(sid: string | undefined): string {
  return (sid ?? '').replaceAll(/(?<!^)[A-Z]/g, ' $&').toLowerCase();
}

function conditionText(condition: NonNullable<Statement['Condition']>): string {
  return Object.entries(condition)
    .flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, value]) => `${key} ${operator} ${code(value)}`),
    )
    .join(' and ');
}

function code(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const general = text
    .replaceAll(home, 'ACCOUNT')
    .replaceAll(hubElsewhere, 'HUB')
    .replaceAll(region, 'REGION');
  return `\`${general}\``;
}
