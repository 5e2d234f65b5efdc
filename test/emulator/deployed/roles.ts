/**
 * The stack's roles, as far as moto can enforce them. moto compares no ARN but `*`, refuses every
 * statement that has a condition, knows no boundary, and takes a session for no session of the role
 * that a trust names. So moto is given every role's policies with resources and conditions taken
 * off: what it enforces is who may call which action. The proxy enforces the same for what it
 * answers itself, and whom a role trusts. Resources and conditions are the permission tests' part.
 */
import * as v from 'valibot';
import { type AskMoto, elements } from './ask-moto.ts';
import type { Stack } from './deploy.ts';

const oneOrMore = v.pipe(
  v.union([v.string(), v.array(v.string())]),
  v.transform((value) => [value].flat()),
);
const statement = v.object({
  Effect: v.picklist(['Allow', 'Deny']),
  Action: v.optional(oneOrMore, []),
  Principal: v.optional(v.unknown()),
  Condition: v.optional(v.unknown()),
});
const document = v.object({
  Statement: v.pipe(
    v.union([statement, v.array(statement)]),
    v.transform((value) => [value].flat()),
  ),
});
type Statement = v.InferOutput<typeof statement>;

export interface KnownRole {
  readonly arn: string;
  /** Patterns such as `iam:Get*`. */
  readonly actions: readonly string[];
  readonly trust: readonly Statement[];
}

/**
 * The roles of a stack, and what moto holds of them widened. The actions are read in the template:
 * moto's CloudFormation keeps policies in a form that moto's IAM cannot read.
 */
export async function widenRoles(ask: AskMoto, stack: Stack): Promise<readonly KnownRole[]> {
  const roles: KnownRole[] = [];
  for (const [id, { Type, Properties }] of Object.entries(stack.resources)) {
    if (Type !== 'AWS::IAM::Role') continue;
    const roleName = stack.physical.get(id);
    if (roleName === undefined) continue;
    const xml = await ask.query('iam', { Action: 'GetRole', RoleName: roleName });
    const [arn = ''] = elements(xml, 'Arn');
    const trust = parse(elements(xml, 'AssumeRolePolicyDocument')[0]).Statement;
    const actions = allowedIn(Properties.Policies).flatMap(asMotoNames);
    roles.push({ arn, trust, actions });
    await widen(ask, roleName, actions);
  }
  return roles;
}

/** Every action that a statement in it allows, however deep. */
function allowedIn(policies: unknown): readonly string[] {
  const found = v.safeParse(statement, policies);
  if (found.success) return found.output.Effect === 'Allow' ? found.output.Action : [];
  return typeof policies === 'object' && policies !== null
    ? Object.values(policies).flatMap(allowedIn)
    : [];
}

async function widen(ask: AskMoto, roleName: string, actions: readonly string[]): Promise<void> {
  const RoleName = roleName;
  const listed = await ask.query('iam', { Action: 'ListRolePolicies', RoleName });
  for (const PolicyName of elements(listed, 'member')) {
    await ask.query('iam', { Action: 'DeleteRolePolicy', RoleName, PolicyName });
  }
  const wide = { Effect: 'Allow', Action: actions, Resource: '*' };
  const PolicyDocument = written(wide);
  await ask.query('iam', {
    Action: 'PutRolePolicy',
    RoleName,
    PolicyName: 'actions',
    PolicyDocument,
  });
  const anybody = { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' };
  await ask.query('iam', {
    Action: 'UpdateAssumeRolePolicy',
    RoleName,
    PolicyDocument: written(anybody),
  });
}

const written = (statement: object) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [statement] });

/** AWS asks about a transaction's items, moto about the transaction. */
function asMotoNames(action: string): readonly string[] {
  return action === 'dynamodb:ConditionCheckItem' || action === 'dynamodb:PutItem'
    ? [action, 'dynamodb:TransactWriteItems']
    : [action];
}

function parse(encoded = '{"Statement":[]}') {
  return v.parse(document, JSON.parse(decodeURIComponent(encoded.replaceAll('&quot;', '"'))));
}

export function grants({ actions }: KnownRole, action: string): boolean {
  return actions.some((pattern) =>
    new RegExp(`^${pattern.replaceAll('*', '.*')}$`, 'i').test(action),
  );
}

const trusted = v.object({
  Effect: v.literal('Allow'),
  Principal: v.object({ AWS: oneOrMore }),
  Condition: v.optional(v.record(v.string(), v.record(v.string(), oneOrMore)), {}),
});

/** Whether the role lets in that role's sessions, with that external id. */
export function lets(role: KnownRole, roleArn: string, externalId: string | undefined): boolean {
  const [, , , , account] = roleArn.split(':');
  return role.trust.some((each) => {
    const read = v.safeParse(trusted, each);
    if (!read.success) return false;
    const { Principal, Condition } = read.output;
    const asked = Object.values(Condition).flatMap((keys) => keys['sts:ExternalId'] ?? []);
    const isNamed =
      Principal.AWS.includes(roleArn) || Principal.AWS.includes(`arn:aws:iam::${account}:root`);
    return isNamed && (asked.length === 0 || asked.includes(externalId ?? ''));
  });
}
