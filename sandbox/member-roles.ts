/**
 * The roles by which Keyturn acts in an account of the sandbox, with the actions that the deployed
 * ones have (infra/key-roles; test/infra/key-roles.test.ts compares them). On what they may act,
 * the sandbox does not model.
 */
import type { RunbookName } from '../domain/effect.ts';
import type { Cloud } from './account/cloud.ts';
import { hubRoles, names } from './settings.ts';

/** The doors of the hub: role by role, what it may do. */
export const doorActions: Readonly<Record<string, readonly string[]>> = {
  [names.readerRole]: [
    'cloudtrail:LookupEvents',
    'iam:GenerateCredentialReport',
    'iam:GetAccessKeyLastUsed',
    'iam:GetAccountAuthorizationDetails',
    'iam:GetCredentialReport',
    'iam:GetGroupPolicy',
    'iam:GetPolicy',
    'iam:GetPolicyVersion',
    'iam:GetUser',
    'iam:GetUserPolicy',
    'iam:ListAccessKeys',
    'iam:ListAttachedGroupPolicies',
    'iam:ListAttachedUserPolicies',
    'iam:ListGroupPolicies',
    'iam:ListGroupsForUser',
    'iam:ListUserPolicies',
    'iam:ListUsers',
    'secretsmanager:DescribeSecret',
    'secretsmanager:ListSecrets',
    'ssm:DescribeAutomationExecutions',
    'ssm:DescribeParameters',
    'ssm:GetAutomationExecution',
    'ssm:ListTagsForResource',
  ],
  [names.launcherRole]: ['iam:PassRole', 'lambda:InvokeFunction', 'ssm:StartAutomationExecution'],
  [names.findingsRole]: ['securityhub:BatchUpdateFindings'],
};

/** What each runbook's steps may do. */
export const runbookActions: Readonly<Record<RunbookName, readonly string[]>> = {
  'issue-replacement-key': ['lambda:InvokeFunction'],
  'deactivate-key': ['iam:UpdateAccessKey', 'lambda:InvokeFunction'],
  'delete-key': ['iam:DeleteAccessKey', 'lambda:InvokeFunction'],
  'restore-key': ['iam:UpdateAccessKey', 'lambda:InvokeFunction'],
};

/**
 * Who comes in by which door (infra/key-roles/doors.yml), and what runs in the sandbox outside of
 * every function.
 */
const comers: Readonly<Record<string, readonly string[]>> = {
  [names.readerRole]: [
    names.hubRole,
    names.onFindingRole,
    names.onRunbookFinishedRole,
    names.onTickRole,
    names.onInventoryRole,
  ],
  [names.launcherRole]: [names.hubRole, names.onTickRole],
  [names.findingsRole]: [names.hubRole, names.onTickRole],
};

/** The roles through which the hub in that account comes in. */
export function deployDoors(cloud: Cloud, account: string, hub: string): void {
  for (const [role, allows] of Object.entries(doorActions)) {
    const trusts = (comers[role] ?? []).map((comer) => ({
      principalArn: `arn:${cloud.partition}:iam::${hub}:role/${comer}`,
      externalId: names.externalId,
    }));
    cloud.createRole(account, role, { trusts, allows });
  }
}

/** As if somebody removed the stack: nothing of the hub gets in any more. */
export function removeDoors(cloud: Cloud, account: string): void {
  for (const role of Object.keys(doorActions)) cloud.removeRole(account, role);
}

/** The roles that Systems Manager acts under. */
export function deployRunbookRoles(cloud: Cloud, account: string): void {
  for (const [runbook, allows] of Object.entries(runbookActions)) {
    cloud.createRole(account, `${names.runbookRolePrefix}-${runbook}`, { allows });
  }
}

/** Every role that Keyturn acts under. */
export const keyturnRoles: readonly string[] = [
  ...hubRoles,
  ...Object.keys(doorActions),
  ...Object.keys(runbookActions).map((runbook) => `${names.runbookRolePrefix}-${runbook}`),
  names.custodianRole,
  names.keyMakerRole,
];
