/**
 * Who may assume which role: everybody who is let in by some role is tried on every role, and
 * strangers besides; whoever is let in only under a condition is tried without it and against it.
 */
import { letsIn } from './may.ts';
import { home, region, stage } from './recording.ts';
import type { StackRole } from './stack-roles.ts';

export interface Admission {
  /** Short names of roles; those that a template does not have count for nothing. */
  readonly roles: readonly string[];
  /** A service, or the ARN of a principal. */
  readonly principal: string;
  /** What the request says of itself, all of which is asked for. */
  readonly under: Readonly<Record<string, string>>;
  /** What it says besides. */
  readonly context?: Readonly<Record<string, string>>;
}

const other = '123456789012';

const byArn = (source: string) => ({
  'aws:SourceAccount': home,
  'aws:SourceArn': `arn:aws:${source}`,
});
const byRun = byArn(`ssm:${region}:${home}:automation-execution/EXAMPLE`);

/** A session of a role of the hub, as IAM sees it. */
const session = (name: string, account = home) => ({
  principal: `arn:aws:sts::${account}:assumed-role/${name}/session`,
  context: { 'aws:PrincipalArn': `arn:aws:iam::${account}:role/${name}` },
});

export const functionRoles = [
  'custodian',
  'daily-summary',
  'on-finding',
  'on-inventory',
  'on-runbook-finished',
  'on-slack-action',
  'on-slack-command',
  'on-pagerduty-event',
  'on-tick',
  'witness',
  'evidence-report',
];
export const runbookRoles = [
  'runbook-issue-replacement-key',
  'runbook-deactivate-key',
  'runbook-delete-key',
  'runbook-restore-key',
];

/** A function of the hub at the doors of an account. */
function comer(hub: string, name: string, doors: readonly string[]): Admission {
  const { principal, context } = session(`keyturn-${stage}-${name}`, hub);
  return { roles: doors, principal, under: { ...context, 'sts:ExternalId': `keyturn-${stage}` } };
}

/** By the rules of an account in which the hub is in account `hub`. */
export const admissions = (hub: string): readonly Admission[] => [
  { roles: functionRoles, principal: 'lambda.amazonaws.com', under: {} },
  { roles: runbookRoles, principal: 'ssm.amazonaws.com', under: byRun },
  {
    roles: ['scheduler'],
    principal: 'scheduler.amazonaws.com',
    under: byArn(`scheduler:${region}:${home}:schedule-group/keyturn-${stage}`),
  },
  {
    roles: ['forwarder-us-east-1'],
    principal: 'events.amazonaws.com',
    under: byArn(`events:${region}:${home}:rule/keyturn-${stage}-config`),
  },
  { roles: ['key-maker'], ...session(`keyturn-${stage}-custodian`), under: {} },
  ...['on-finding', 'on-inventory', 'on-runbook-finished'].map((name) =>
    comer(hub, name, ['reader']),
  ),
  comer(hub, 'on-tick', ['reader', 'launcher', 'findings']),
];

const strangers: readonly Omit<Admission, 'roles' | 'under'>[] = [
  { principal: 'ec2.amazonaws.com' },
  { principal: 'cloudformation.amazonaws.com' },
  session('Administrator'),
  session('Administrator', other),
  session('keyturn-dev-custodian', other),
  session('keyturn-prod-custodian'),
  { principal: `arn:aws:iam::${home}:user/svc-app` },
  { principal: `arn:aws:iam::${other}:user/svc-app` },
];

export interface TrustCase {
  readonly role: string;
  readonly principal: string;
  readonly context: Readonly<Record<string, string>>;
  readonly expected: 'let in' | 'refused';
}

export function trustCasesFor(
  roles: ReadonlyMap<string, StackRole>,
  admitted: readonly Admission[],
): readonly TrustCase[] {
  return [...roles.keys()].flatMap((role) => [
    ...admitted.flatMap((admission) => tried(role, admission)),
    ...strangers.map(({ principal, context = {} }) => ({
      role,
      principal,
      context: { ...context, ...byRun },
      expected: 'refused' as const,
    })),
  ]);
}

function tried(role: string, { roles, principal, under, context = {} }: Admission) {
  const isAdmitted = roles.includes(role);
  const asked = { role, principal };
  const expected = isAdmitted ? ('let in' as const) : ('refused' as const);
  const inFull = { ...asked, context: { ...context, ...under }, expected };
  if (!isAdmitted) return [inFull];
  return [
    inFull,
    ...Object.keys(under).flatMap((key) => {
      const { [key]: right = '', ...rest } = under;
      const wrong = /\d{12}/.test(right) ? right.replace(/\d{12}/, other) : `${right}-not`;
      return [rest, { ...rest, [key]: wrong }].map((changed) => ({
        ...asked,
        context: { ...context, ...changed },
        expected: 'refused' as const,
      }));
    }),
  ];
}

/** What is wrong with a case; undefined if it is as expected. */
export async function judgedTrust(
  { role, principal, context, expected }: TrustCase,
  roles: ReadonlyMap<string, StackRole>,
): Promise<string | undefined> {
  const found = roles.get(role);
  if (found === undefined) throw new Error(`no role ${role}`);
  const isLetIn = (await letsIn(found, principal, context)) === 'allowed';
  if (isLetIn === (expected === 'let in')) return undefined;
  const told = JSON.stringify(context);
  return `${role} ${isLetIn ? 'lets in' : 'refuses'} ${principal} with ${told}`;
}
