/**
 * Whether AWS would let a role do something: its policies, its boundary and their conditions taken
 * together, judged by an offline evaluator of IAM policies. What the evaluator does not understand
 * is an error, never a no.
 */
import { runSimulation, type Simulation } from '@cloud-copilot/iam-simulate';
import type { NamedPolicy, PolicyDocument, StackRole } from './stack-roles.ts';

export interface Question {
  readonly action: string;
  readonly resource: string;
  /** Condition keys and their values, e.g. `aws:ResourceTag/keyturn:owner`. */
  readonly context?: Readonly<Record<string, string | string[]>>;
}

/** `explicitly denied` by a Deny, or `not allowed` by anything. */
export type Answer = 'allowed' | 'explicitly denied' | 'not allowed';

/**
 * What a session of the role may do. A role in another account is taken to let its account in: who
 * may go there is asked of both, and this is the side of who goes.
 */
export function may(role: StackRole, question: Question): Promise<Answer> {
  const isDoor = question.action === 'sts:AssumeRole';
  const trust = isDoor ? trusting(accountOf(role.arn)) : undefined;
  return answer(sessionOf(role), question, role.policies, role.boundary, trust);
}

/** What it could do if somebody attached AdministratorAccess to it: what the boundary leaves. */
export function mayAtMost(role: StackRole, question: Question): Promise<Answer> {
  return may({ ...role, policies: [administrator] }, question);
}

/**
 * Whether the role's trust policy lets somebody in who may ask to assume any role: a service by its
 * name, or a principal by its ARN.
 */
export async function letsIn(
  role: StackRole,
  principal: string,
  context: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const question = { action: 'sts:AssumeRole', resource: role.arn, context };
  const asks = principal.startsWith('arn:') ? [administrator] : [];
  return answer(principal, question, asks, undefined, role.trust);
}

const administrator: NamedPolicy = {
  name: 'AdministratorAccess',
  policy: {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
  },
};

/** A trust policy that leaves it to an account whom of its own it sends. */
function trusting(account: string): PolicyDocument {
  const Principal = { AWS: `arn:aws:iam::${account}:root` };
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }],
  };
}

const accountOf = (arn: string): string => arn.split(':')[4] ?? '';

function sessionOf({ arn }: StackRole): string {
  const [, partition, , , account, role = ''] = arn.split(':');
  const name = role.slice(role.lastIndexOf('/') + 1);
  return `arn:${partition}:sts::${account}:assumed-role/${name}/session`;
}

async function answer(
  principal: string,
  question: Question,
  policies: readonly NamedPolicy[],
  boundary: NamedPolicy | undefined,
  resourcePolicy?: PolicyDocument,
): Promise<Answer> {
  const [, , , , owner = ''] = question.resource.split(':');
  const [, , , , caller = ''] = principal.split(':');
  const simulation: Simulation = {
    request: {
      principal,
      action: question.action,
      resource: { resource: question.resource, accountId: /^\d/.test(owner) ? owner : caller },
      contextVariables: { ...question.context },
    },
    identityPolicies: policies.map(({ name, policy }) => ({ name, policy })),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    ...(boundary === undefined ? {} : { permissionBoundaryPolicies: [boundary] }),
    ...(resourcePolicy === undefined ? {} : { resourcePolicy }),
  };
  const result = await runSimulation(simulation, {});
  const asked = `${question.action} on ${question.resource} by ${principal}`;
  if (result.resultType === 'error') {
    throw new Error(`cannot judge ${asked}: ${JSON.stringify(result.errors)}`);
  }
  const ignored = result.resultType === 'single' ? (result.result.ignoredContextKeys ?? []) : [];
  if (ignored.length > 0) {
    throw new Error(`${asked} has no condition key ${ignored.join(', ')}: it would be ignored`);
  }
  switch (result.overallResult) {
    case 'Allowed':
      return 'allowed';
    case 'ExplicitlyDenied':
      return 'explicitly denied';
    case 'ImplicitlyDenied':
      return 'not allowed';
  }
}
