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
 * and assumed.
 */
import { userArn } from './key.ts';
import { fits, type Patterns, type Statement, speaksOf } from './policy-document.ts';
import type { AppliedPolicy, Membership, Trait } from './profile.ts';

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

/** Roles with an administrator's rights, by usual names; AWS makes the last two. */
const powerful: readonly string[] = [
  'role/Admin',
  'role/Administrator',
  // https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_access.html
  'role/OrganizationAccountAccessRole',
  // https://docs.aws.amazon.com/controltower/latest/userguide/roles-how.html
  'role/AWSControlTowerExecution',
];

/**
 * Whether every role that a statement reaches is named, at least by how its name or path begins,
 * and none is likely an administrator's.
 */
function areNamedRoles({ are, patterns }: Patterns): boolean {
  return (
    are === 'listed' &&
    reached(patterns, 'role').every(
      ({ end }) =>
        /^role\/[^*?]/.test(end) &&
        !/admin/i.test(end) &&
        !powerful.some((name) => fits(end, name)),
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
