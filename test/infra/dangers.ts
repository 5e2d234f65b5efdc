/**
 * What could do harm, on what, and which roles may do it all the same. Whoever is not named must be
 * refused; whoever is named must be allowed, so that the table says neither too little nor too
 * much.
 */
import { home, region, stage } from './recording.ts';

export interface Danger {
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string | string[]>>;
  /** Short names of roles; those that a template does not have count for nothing. */
  readonly only: readonly string[];
}

const arn = (service: string, resource: string) =>
  `arn:aws:${service}:${region}:${home}:${resource}`;
const iam = (resource: string, account = home) => `arn:aws:iam::${account}:${resource}`;
const secret = (name: string) => arn('secretsmanager', `secret:${name}-AbCdEf`);
const parameter = (name: string) => arn('ssm', `parameter/${name}`);

const user = iam('user/svc-app');
const anyRole = iam('role/Administrator');
const boundary = iam(`policy/keyturn-${stage}-boundary`);
const runbook = iam(`role/keyturn-${stage}-runbook-delete-key`);
const keyMaker = iam(`role/keyturn-${stage}-key-maker`);
const evidence = `arn:aws:s3:::keyturn-${stage}-evidence-${home}-${region}`;
const key = arn('kms', 'key/1234abcd-12ab-34cd-56ef-1234567890ab');
const table = arn('dynamodb', `table/keyturn-${stage}`);
const logGroup = arn('logs', `log-group:/aws/lambda/keyturn-${stage}-custodian:*`);
const custodian = arn('lambda', `function:keyturn-${stage}-custodian`);

/** Several actions on one resource that nobody may do, unless said. */
const all = (
  resource: string,
  actions: readonly string[],
  only: readonly string[] = [],
): readonly Danger[] => actions.map((action) => ({ action, resource, only }));

const users: readonly Danger[] = [
  ...all(user, ['iam:CreateAccessKey'], ['key-maker']),
  ...all(user, ['iam:DeleteAccessKey'], ['key-maker', 'runbook-delete-key']),
  ...all(user, ['iam:UpdateAccessKey'], ['runbook-deactivate-key', 'runbook-restore-key']),
  ...all(user, [
    'iam:AttachUserPolicy',
    'iam:CreateLoginProfile',
    'iam:CreateServiceSpecificCredential',
    'iam:CreateUser',
    'iam:DeactivateMFADevice',
    'iam:DeleteUser',
    'iam:DeleteUserPermissionsBoundary',
    'iam:DeleteUserPolicy',
    'iam:DetachUserPolicy',
    'iam:PutUserPermissionsBoundary',
    'iam:PutUserPolicy',
    'iam:TagUser',
    'iam:UntagUser',
    'iam:UpdateLoginProfile',
    'iam:UpdateUser',
    'iam:UploadSSHPublicKey',
  ]),
  ...all(iam('group/admins'), [
    'iam:AddUserToGroup',
    'iam:AttachGroupPolicy',
    'iam:PutGroupPolicy',
    'iam:RemoveUserFromGroup',
  ]),
  ...all(boundary, [
    'iam:CreatePolicyVersion',
    'iam:DeletePolicy',
    'iam:DeletePolicyVersion',
    'iam:SetDefaultPolicyVersion',
  ]),
  ...all(runbook, [
    'iam:AttachRolePolicy',
    'iam:CreateRole',
    'iam:DeleteRole',
    'iam:DeleteRolePermissionsBoundary',
    'iam:DeleteRolePolicy',
    'iam:PutRolePermissionsBoundary',
    'iam:PutRolePolicy',
    'iam:TagRole',
    'iam:UpdateAssumeRolePolicy',
  ]),
];

const passing = (resource: string, service: string): Danger => ({
  action: 'iam:PassRole',
  resource,
  context: { 'iam:PassedToService': service },
  only: [],
});

const identities: readonly Danger[] = [
  passing(anyRole, 'ssm.amazonaws.com'),
  passing(keyMaker, 'ssm.amazonaws.com'),
  passing(iam(`role/keyturn-${stage}-custodian`), 'ssm.amazonaws.com'),
  passing(runbook, 'lambda.amazonaws.com'),
  passing(iam(`role/keyturn-${stage}-runbook-restore-key`), 'ec2.amazonaws.com'),
  ...all(anyRole, ['sts:AssumeRole']),
  ...all(runbook, ['sts:AssumeRole']),
  ...all(keyMaker, ['sts:AssumeRole'], ['custodian']),
  ...all(iam('role/keyturn-prod-key-maker'), ['sts:AssumeRole']),
  ...all(iam(`role/keyturn-${stage}-key-maker`, '444455556666'), ['sts:AssumeRole']),
  ...all(iam('role/OrganizationAccountAccessRole', '444455556666'), ['sts:AssumeRole']),
];

const hubFunctions = [
  'on-finding',
  'on-slack-action',
  'on-slack-command',
  'on-tick',
  'daily-summary',
];

const secrets: readonly Danger[] = [
  ...all(
    secret('keyturn/svc-app'),
    ['secretsmanager:GetSecretValue', 'secretsmanager:PutSecretValue'],
    ['custodian'],
  ),
  ...all(secret(`keyturn-${stage}-connections`), ['secretsmanager:GetSecretValue'], hubFunctions),
  ...all(secret(`keyturn-${stage}-connections`), [
    'secretsmanager:DeleteSecret',
    'secretsmanager:PutSecretValue',
    'secretsmanager:UpdateSecret',
  ]),
  ...all(
    secret(`keyturn-${stage}-pagerduty-webhook`),
    ['secretsmanager:GetSecretValue'],
    ['on-pagerduty-event'],
  ),
  ...all(secret('keyturn-prod-connections'), ['secretsmanager:GetSecretValue']),
  ...all(secret('prod/database'), [
    'secretsmanager:CreateSecret',
    'secretsmanager:DescribeSecret',
    'secretsmanager:GetSecretValue',
    'secretsmanager:PutSecretValue',
  ]),
  ...all(secret('keyturn/svc-app'), [
    'secretsmanager:CancelRotateSecret',
    'secretsmanager:DeleteResourcePolicy',
    'secretsmanager:DeleteSecret',
    'secretsmanager:PutResourcePolicy',
    'secretsmanager:ReplicateSecretToRegions',
    'secretsmanager:RotateSecret',
    'secretsmanager:UpdateSecret',
  ]),
  ...all(
    parameter('keyturn/users/svc-app'),
    ['ssm:GetParameter', 'ssm:PutParameter'],
    ['custodian'],
  ),
  ...all(parameter('keyturn/users/svc-app'), ['ssm:DeleteParameter']),
  ...all(parameter(`keyturn/${stage}/stop`), [
    'ssm:AddTagsToResource',
    'ssm:DeleteParameter',
    'ssm:LabelParameterVersion',
    'ssm:PutParameter',
  ]),
  ...all(parameter('prod/database'), ['ssm:GetParameter', 'ssm:GetParameters', 'ssm:PutParameter']),
];

const machinery: readonly Danger[] = [
  ...all(arn('ssm', `document/Keyturn-${stage}-DeleteKey`), [
    'ssm:CreateDocument',
    'ssm:DeleteDocument',
    'ssm:ModifyDocumentPermission',
    'ssm:UpdateDocument',
    'ssm:UpdateDocumentDefaultVersion',
  ]),
  ...all(
    arn('ssm', `document/Keyturn-${stage}-DeleteKey`),
    ['ssm:StartAutomationExecution'],
    ['launcher'],
  ),
  ...all(arn('ssm', 'document/AWS-RunShellScript'), [
    'ssm:SendCommand',
    'ssm:StartAutomationExecution',
  ]),
  ...all(custodian, ['lambda:InvokeFunction'], ['runbook-issue-replacement-key']),
  ...all(custodian, [
    'lambda:AddPermission',
    'lambda:DeleteFunction',
    'lambda:GetFunction',
    'lambda:UpdateFunctionCode',
    'lambda:UpdateFunctionConfiguration',
  ]),
  ...all(arn('lambda', 'function:payroll'), ['lambda:InvokeFunction']),
  ...all(arn('events', `rule/keyturn-${stage}-config`), [
    'events:DeleteRule',
    'events:DisableRule',
    'events:PutRule',
    'events:PutTargets',
    'events:RemoveTargets',
  ]),
  ...all(arn('events', 'event-bus/default'), ['events:PutEvents']),
  ...all(arn('sqs', `keyturn-${stage}-undelivered`), [
    'sqs:AddPermission',
    'sqs:DeleteQueue',
    'sqs:PurgeQueue',
    'sqs:SetQueueAttributes',
  ]),
  ...all(arn('sns', `keyturn-${stage}`), [
    'sns:AddPermission',
    'sns:DeleteTopic',
    'sns:SetTopicAttributes',
    'sns:Subscribe',
  ]),
  ...all(arn('cloudformation', `stack/keyturn-${stage}/EXAMPLE`), [
    'cloudformation:CreateStack',
    'cloudformation:DeleteStack',
    'cloudformation:UpdateStack',
  ]),
];

/** Who moves rotations. */
const keepers = [
  'on-finding',
  'on-runbook-finished',
  'on-slack-action',
  'on-pagerduty-event',
  'on-tick',
  'on-inventory',
];

const records: readonly Danger[] = [
  ...all(table, [
    'dynamodb:DeleteItem',
    'dynamodb:DeleteTable',
    'dynamodb:PutResourcePolicy',
    'dynamodb:UpdateContinuousBackups',
    'dynamodb:UpdateTable',
    'dynamodb:UpdateTimeToLive',
  ]),
  ...all(table, ['dynamodb:Scan'], ['evidence-report']),
  ...['rotation#EXAMPLE', 'claim#EXAMPLE'].map((first) => ({
    action: 'dynamodb:PutItem',
    resource: table,
    context: { 'dynamodb:LeadingKeys': [first] },
    only: keepers,
  })),
  ...all(
    `${evidence}/reports/2026-W45.json`,
    ['s3:GetObject', 's3:PutObject'],
    ['evidence-report'],
  ),
  ...all(`${evidence}/journals/EXAMPLE.json`, ['s3:PutObject'], ['evidence-report']),
  ...all(`${evidence}/journals/EXAMPLE.json`, ['s3:GetObject']),
  ...all('arn:aws:s3:::payroll/reports/2026-W45.json', ['s3:GetObject', 's3:PutObject']),
  ...all(logGroup, [
    'logs:DeleteLogGroup',
    'logs:DeleteRetentionPolicy',
    'logs:PutRetentionPolicy',
    'logs:PutSubscriptionFilter',
  ]),
  ...all(key, ['kms:CreateGrant', 'kms:DisableKey', 'kms:PutKeyPolicy', 'kms:ScheduleKeyDeletion']),
  ...all(`${evidence}/2026/11/journal.jsonl`, [
    's3:BypassGovernanceRetention',
    's3:DeleteObject',
    's3:DeleteObjectVersion',
    's3:PutObjectLegalHold',
    's3:PutObjectRetention',
  ]),
  ...all(evidence, [
    's3:DeleteBucket',
    's3:PutBucketPolicy',
    's3:PutBucketVersioning',
    's3:PutLifecycleConfiguration',
  ]),
  ...all(arn('cloudtrail', 'trail/organization'), [
    'cloudtrail:DeleteTrail',
    'cloudtrail:PutEventSelectors',
    'cloudtrail:StopLogging',
    'cloudtrail:UpdateTrail',
  ]),
  ...all(arn('config', 'config-rule/config-rule-a1b2c3'), ['config:DeleteConfigRule']),
  ...all('*', ['organizations:LeaveOrganization']),
  ...all(arn('securityhub', 'hub/default'), ['securityhub:DisableSecurityHub']),
  ...all(arn('securityhub', 'hub/default'), ['securityhub:BatchUpdateFindings'], ['findings']),
];

export const dangers: readonly Danger[] = [
  ...users,
  ...identities,
  ...secrets,
  ...machinery,
  ...records,
];
