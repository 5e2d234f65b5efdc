/**
 * Who is privileged: whoever may give themselves, or take over, more rights than they have. Such a
 * key is rotated by people unless they say otherwise, since a wrong hand on it is worst.
 *
 * It errs on the side of privileged: conditions, Deny statements, permissions boundaries and
 * service control policies never make a user unprivileged. Since they do not count, taking them
 * away (iam:DetachUserPolicy and the like) is no escalation here either.
 *
 * Not counted: running code under a role that is in place already (lambda:UpdateFunctionCode,
 * ssm:SendCommand, …). Every user who deploys may do so, and what they reach is up to that role.
 * For the same reason a role that is named, and not named like an administrator's, may be passed
 * and assumed. Counted is whoever may read what Keyturn keeps for others: it is their keys.
 */
import { type IamUser, userArn } from './key.ts';
import { overlap, type Patterns, type Statement, speaksOf } from './policy-document.ts';
import type { AppliedPolicy, Membership, Trait } from './profile.ts';
import { secretNameOf } from './secret-name.ts';

/**
 * Actions that raise whoever may do them, on any resource. IAM's, after
 * https://github.com/RhinoSecurityLabs/AWS-IAM-Privilege-Escalation and
 * https://github.com/salesforce/cloudsplaining (docs/glossary/privilege-escalation.md), 2026-11;
 * those of Organizations, which set limits for whole accounts, are chosen from
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_organizations.html
 * (2026-11); with those of IAM Identity Center, rights are given to people.
 */
const raising: readonly string[] = [
  // Policies that apply to oneself, to one's groups, or to roles that one may assume.
  'iam:AttachGroupPolicy',
  'iam:AttachRolePolicy',
  'iam:AttachUserPolicy',
  'iam:CreatePolicyVersion',
  'iam:PutGroupPolicy',
  'iam:PutRolePolicy',
  'iam:PutUserPolicy',
  'iam:SetDefaultPolicyVersion',
  'iam:AddUserToGroup',
  'iam:DeleteRolePermissionsBoundary',
  'iam:PutRolePermissionsBoundary',
  // Another identity to become.
  'iam:AddClientIDToOpenIDConnectProvider',
  'iam:AddRoleToInstanceProfile',
  'iam:CreateOpenIDConnectProvider',
  'iam:CreateRole',
  'iam:CreateSAMLProvider',
  'iam:CreateUser',
  'iam:UpdateAssumeRolePolicy',
  'iam:UpdateOpenIDConnectProviderThumbprint',
  'iam:UpdateSAMLProvider',
  'sts:AssumeRoot',
  // Everybody's rights in an organization.
  'organizations:AttachPolicy',
  'organizations:CloseAccount',
  'organizations:CreateAccount',
  'organizations:DeletePolicy',
  'organizations:DetachPolicy',
  'organizations:DisablePolicyType',
  'organizations:LeaveOrganization',
  'organizations:MoveAccount',
  'organizations:PutResourcePolicy',
  'organizations:RegisterDelegatedAdministrator',
  'organizations:UpdatePolicy',
  'identitystore:CreateGroupMembership',
  'sso:AttachCustomerManagedPolicyReferenceToPermissionSet',
  'sso:AttachManagedPolicyToPermissionSet',
  'sso:CreateAccountAssignment',
  'sso:PutInlinePolicyToPermissionSet',
  'sso-directory:AddMemberToGroup',
];

/** Credentials of a user: raising, unless it is the user itself whose they are. */
const credentials: readonly string[] = [
  'iam:CreateAccessKey',
  'iam:CreateLoginProfile',
  'iam:CreateServiceSpecificCredential',
  'iam:ResetServiceSpecificCredential',
  'iam:UpdateLoginProfile',
  'iam:UploadSigningCertificate',
  'iam:UploadSSHPublicKey',
];

/** Raising where the role may be any role, or is an administrator's by its name. */
const roles: readonly string[] = ['iam:PassRole', 'sts:AssumeRole'];

/** What reads secrets and parameters: raising where it reaches those of Keyturn. */
const reading: readonly { readonly action: string; readonly of: keyof typeof kept }[] = [
  { action: 'secretsmanager:GetSecretValue', of: 'secrets' },
  { action: 'secretsmanager:BatchGetSecretValue', of: 'secrets' },
  { action: 'ssm:GetParameter', of: 'parameters' },
  { action: 'ssm:GetParameters', of: 'parameters' },
  { action: 'ssm:GetParametersByPath', of: 'parameters' },
  { action: 'ssm:GetParameterHistory', of: 'parameters' },
];

/** Where Keyturn keeps everybody's keys. */
const kept = {
  secrets: { service: 'secretsmanager', names: 'secret:keyturn/*' },
  parameters: { service: 'ssm', names: 'parameter/keyturn/*' },
} as const;

/**
 * Policies of AWS that need no reading, by the name at the end of their ARN. PowerUserAccess gives
 * all but IAM and Organizations, sts:AssumeRole of every role included.
 * https://docs.aws.amazon.com/aws-managed-policy/latest/reference/PowerUserAccess.html (2026-11)
 */
const privilegedNames: ReadonlySet<string> = new Set([
  'AdministratorAccess',
  'AdministratorAccess-Amplify',
  'AdministratorAccess-AWSElasticBeanstalk',
  'AWSOrganizationsFullAccess',
  'AWSSSOMasterAccountAdministrator',
  'IAMFullAccess',
  'PowerUserAccess',
]);

/** Whether the ARN is that of a policy by AWS which makes privileged; in every partition. */
export function privilegedByArn(arn: string): boolean {
  const [, name] = /^arn:[a-z-]+:iam::aws:policy\/(?:.*\/)?([^/]+)$/.exec(arn) ?? [];
  return name !== undefined && privilegedNames.has(name);
}

/** Privileged by the first policy that makes so, in the order given. */
export function privilegeOf({ user, policies }: Membership): Trait {
  for (const policy of policies) {
    const because = whyRaising(policy, user);
    if (because !== undefined) return { is: true, because };
  }
  return { is: false };
}

function whyRaising(policy: AppliedPolicy, user: Membership['user']): string | undefined {
  if (policy.arn !== undefined && privilegedByArn(policy.arn)) return `${policy.what} applies`;
  for (const statement of policy.document?.statements ?? []) {
    if (statement.effect !== 'Allow') continue;
    const action = raisingActionOf(statement, user);
    if (action !== undefined) return `${policy.what} allows ${action}`;
  }
  return undefined;
}

function raisingActionOf(statement: Statement, user: Membership['user']): string | undefined {
  const { resources } = statement;
  const counted = [
    ...raising,
    ...(isOwn(resources, user) ? [] : credentials),
    ...(areNamedRoles(resources) ? [] : roles),
    ...reading.filter(({ of }) => isKeptFor(resources, kept[of], user)).map(({ action }) => action),
  ];
  return counted.find((action) => speaksOf(statement, action));
}

/**
 * Whether every user that a statement reaches is the user itself. With a path of any kind: a name
 * is unique in its account whatever its path.
 */
function isOwn({ are, patterns }: Patterns, user: Membership['user']): boolean {
  const own = /^user\/(?:[^*?]*\/|\*\/)?\$\{aws:username\}$/i;
  return (
    are === 'listed' &&
    reached(patterns, 'user').every(
      ({ pattern, end }) => own.test(end) || pattern === userArn(user),
    )
  );
}

/** Whether a statement reaches what is kept for other users; its own, a user may read. */
function isKeptFor(
  { are, patterns }: Patterns,
  where: { readonly service: string; readonly names: string },
  user: Pick<IamUser, 'userName'>,
): boolean {
  if (are === 'all but') return true;
  return patterns
    .map((pattern) => pattern.replaceAll(/\$\{aws:username\}/gi, user.userName))
    .some((pattern) => reaches(withoutVariables(pattern), where) && !isOfOwn(pattern, user));
}

/** An ARN whose parts are not told apart may be any. */
function reaches(pattern: string, where: { readonly service: string; readonly names: string }) {
  const parts = /^arn:[^:]*:([^:*?]+):[^:]*:(?:\d{12}|\*|):(.*)$/s.exec(pattern);
  const [, service, name = ''] = parts ?? [];
  if (service === undefined) return true;
  return service === where.service && overlap(name, where.names);
}

/**
 * Whether a pattern is of the user's own secret or parameter, by its whole name: what AWS puts
 * behind that of a secret is six characters. Parameters of users with other names than these are
 * called otherwise.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html (2026-11)
 */
function isOfOwn(pattern: string, user: Pick<IamUser, 'userName'>): boolean {
  const { userName } = user;
  const [, secret] = /:secret:([^:]+)-[A-Za-z0-9?]{6}$/.exec(pattern) ?? [];
  const [, parameter] = /:parameter\/keyturn\/users\/([A-Za-z0-9.-]+)$/.exec(pattern) ?? [];
  return secret === secretNameOf(user) || parameter === userName;
}

/** What a policy variable stands for may be anything: whoever may tag the user chooses. */
function withoutVariables(pattern: string): string {
  return pattern.replaceAll(/\$\{[^}]*\}/g, '*');
}

/** Roles with an administrator's rights, by usual names; AWS makes the last four. */
const powerful: readonly string[] = [
  'role/Admin',
  'role/Administrator',
  'role/root',
  'role/superuser',
  'role/PowerUser',
  'role/break-glass',
  // Whoever deploys by CDK's roles has what CloudFormation is given: an administrator's rights.
  // https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html (2026-11)
  'role/cdk-*',
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-prereqs-self-managed.html
  'role/AWSCloudFormationStackSetExecutionRole',
  // https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_access.html
  'role/OrganizationAccountAccessRole',
  // https://docs.aws.amazon.com/controltower/latest/userguide/roles-how.html
  'role/AWSControlTowerExecution',
];

/** The same within a longer name. */
const soundsPowerful = /admin|root|super-?user|power-?user|break-?glass|\/cdk-/i;

/**
 * Whether every role that a statement reaches is named, at least by how its name or path begins,
 * and none is likely an administrator's. By a policy variable, whoever may tag the user names it.
 */
function areNamedRoles({ are, patterns }: Patterns): boolean {
  return (
    are === 'listed' &&
    reached(patterns, 'role').every(
      ({ end }) =>
        /^role\/[^*?]/.test(end) &&
        !end.includes('$') &&
        !soundsPowerful.test(end) &&
        !powerful.some((name) => overlap(end, name)),
    )
  );
}

/** Those patterns that may fit ARNs of that kind, and how these end; `*` where it is not said. */
function reached(patterns: readonly string[], kind: 'user' | 'role') {
  return patterns.flatMap((pattern) => {
    const [, service, end] = /^arn:[^:]*:([^:*?]+):[^:]*:[^:]*:(.*)$/s.exec(pattern) ?? [];
    if (service === undefined || end === undefined) return [{ pattern, end: '*' }];
    const [, other] = /^([a-z-]+)\//.exec(end) ?? [];
    return service !== 'iam' || (other ?? kind) !== kind ? [] : [{ pattern, end }];
  });
}
