/** What each role may do, for a reviewer to read: one table a role, one line a permission. */
import { home, region } from './recording.ts';
import { listOf, type NamedPolicy, type StackRole, type Statement } from './stack-roles.ts';

/** The whole file; `counts` are the cases of the matrix by kind. */
export function permissionsText(
  roles: ReadonlyMap<string, StackRole>,
  counts: Readonly<Record<string, number>>,
): string {
  const sorted = [...roles.values()].toSorted((a, b) => a.name.localeCompare(b.name));
  const boundaries = new Map(sorted.flatMap(({ boundary: b }) => (b ? [[b.name, b]] : [])));
  const all = Object.values(counts).reduce((sum, each) => sum + each, 0);
  return [
    '# Permissions of every role of the hub’s stack',
    '',
    'Stage dev; `ACCOUNT` and `REGION` are those of the stack. Made from the packaged template:',
    '`UPDATE_GOLDEN=1 npx vitest run test/infra/matrix.test.ts`, after a wanted change.',
    '',
    `The matrix has ${all} cases: ${words(counts)}.`,
    '',
    ...sorted.flatMap(roleLines),
    ...[...boundaries.values()].flatMap(boundaryLines),
  ].join('\n');
}

/** `3 used, 4 elsewhere`. */
export function words(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(', ');
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
  return `\`${text.replaceAll(home, 'ACCOUNT').replaceAll(region, 'REGION')}\``;
}
