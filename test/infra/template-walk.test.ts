/**
 * Every stage's template, walked by type: delivery, boundaries, permissions, encryption, retention.
 * And the walk itself: mistakes planted into a good template are found, each by its own words.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { excused } from './excuses.ts';
import type { PackagedStack, Resource } from './packaged-stack.ts';
import { packageVariants, variantNames } from './variants.ts';
import { type Template, uselessExcuses, walk } from './walk.ts';

let packaged: Readonly<Record<string, PackagedStack>> = {};
const templateOf = (name: string): Template => ({ Resources: packaged[name]?.resources ?? {} });

beforeAll(async () => {
  packaged = await packageVariants();
}, 240_000);

describe('the template', () => {
  test.each(variantNames)('of %s lacks nothing', (name) => {
    const template = templateOf(name);
    expect(walk(template, excused)).toEqual([]);
    expect(Object.keys(template.Resources).length).toBeGreaterThan(90);
  });

  test('needs every excuse that is made', () => {
    expect(uselessExcuses(variantNames.map(templateOf), excused)).toEqual([]);
  });
});

type Plant = (resources: Record<string, Resource>) => void;

/** Takes a property away, or sets it, wherever it is. */
const set =
  (id: string, path: string, value?: unknown): Plant =>
  (resources) => {
    const steps = path.split('.');
    const last = steps.pop() ?? '';
    // biome-ignore lint/suspicious/noExplicitAny: the path leads through anything
    const place = steps.reduce((inner: any, step) => inner[step], resources[id]?.Properties);
    expect(place, `${id} has no ${path}`).toBeDefined();
    if (value === undefined) delete place[last];
    else place[last] = value;
  };

const whole =
  (id: string, name: string, value: unknown): Plant =>
  (resources) => {
    Object.assign(resources[id] ?? {}, { [name]: value });
  };

const drop =
  (id: string): Plant =>
  (resources) => {
    expect(resources[id]).toBeDefined();
    delete resources[id];
  };

const statement = 'PolicyDocument.Statement.0';

/** A mistake, and how the walk must speak of it. Planted into prod with everything. */
const mistakes: readonly (readonly [string, Plant])[] = [
  ['ConfigRule has no dead-letter queue for', set('ConfigRule', 'Targets.0.DeadLetterConfig')],
  ['RunRule does not say how long', set('RunRule', 'Targets.0.RetryPolicy')],
  [
    'RunOfMembersRule gives up on target runs',
    set('RunOfMembersRule', 'Targets.0.RetryPolicy.MaximumEventAgeInSeconds', 3600),
  ],
  ['Tick has no dead-letter queue', set('Tick', 'Target.DeadLetterConfig')],
  ['Tick names no time zone', set('Tick', 'ScheduleExpressionTimezone')],
  ['Tick is not enabled', set('Tick', 'State', 'DISABLED')],
  ['OnTickLambdaEvConf keeps nothing', set('OnTickLambdaEvConf', 'DestinationConfig')],
  ['OnTickLambdaEvConf does not say how often', set('OnTickLambdaEvConf', 'MaximumRetryAttempts')],
  ['OnTickLambdaFunction is invoked asynchronously', drop('OnTickLambdaEvConf')],
  [
    'OnFindingEventSourceMappingSQSInbound fails batches whole',
    set('OnFindingEventSourceMappingSQSInbound', 'FunctionResponseTypes'),
  ],
  [
    'OnRunbookFinishedEventSourceMappingSQSRuns has no MaximumConcurrency',
    set('OnRunbookFinishedEventSourceMappingSQSRuns', 'ScalingConfig'),
  ],
  [
    'OnFindingEventSourceMappingSQSInbound shows messages again',
    set('Inbound', 'VisibilityTimeout', 300),
  ],
  [
    'OnFindingEventSourceMappingSQSInbound gives up on a message',
    set('Inbound', 'RedrivePolicy.maxReceiveCount', 3),
  ],
  [
    'OnRunbookFinishedEventSourceMappingSQSRuns reads a queue without',
    set('Runs', 'RedrivePolicy.deadLetterTargetArn'),
  ],
  ['OnTickRole has no boundary', set('OnTickRole', 'PermissionsBoundary')],
  ['SchedulerRole has no boundary', set('SchedulerRole', 'PermissionsBoundary', 'elsewhere')],
  [
    'OnTickRole bears policies that are not ours',
    set('OnTickRole', 'ManagedPolicyArns', ['arn:aws:iam::aws:policy/AdministratorAccess']),
  ],
  [
    'OnTickRole WriteLog allows logs:*',
    set('OnTickRole', `Policies.0.${statement}.Action`, 'logs:*'),
  ],
  [
    'OnTickRole WriteLog allows on every resource',
    set('OnTickRole', `Policies.0.${statement}.Resource`, '*'),
  ],
  [
    'OnTickRole WriteLog allows by exclusion',
    set('OnTickRole', `Policies.0.${statement}.NotAction`, ['iam:CreateUser']),
  ],
  [
    'OnSlackActionRole trusts everybody',
    set('OnSlackActionRole', 'AssumeRolePolicyDocument.Statement.0.Principal', { AWS: '*' }),
  ],
  [
    'OnTickLambdaFunction shares its role',
    set('OnTickLambdaFunction', 'Role', { 'Fn::GetAtt': ['OnFindingRole', 'Arn'] }),
  ],
  ['WitnessLambdaFunction has no log group', drop('WitnessLogGroup')],
  ['NativeRotation lets strangers invoke', set('NativeRotation', 'SourceAccount')],
  [
    'OrganizationMayForward OrganizationMayForward lets everybody in',
    set('OrganizationMayForward', 'Statement.Condition.StringEquals.aws:PrincipalOrgID'),
  ],
  [
    'MembersMayForward lets in events that anybody can make up',
    set('MembersMayForward', 'Statement.Condition.StringEquals.events:source', ['aws.ssm', 'mine']),
  ],
  [
    'MembersMayForward lets in events not sent by a rule',
    set('MembersMayForward', 'Statement.Condition.Bool'),
  ],
  [
    'QueuePolicy RulesBringFindingsAndLabels lets a service in',
    set('QueuePolicy', `${statement}.Condition`),
  ],
  ['Runs can be reached without TLS', (all) => keepFrom(all, 'QueuePolicy', 'Runs')],
  ['Alarms can be reached without TLS', (all) => keepFrom(all, 'AlarmsPolicy', 'Alarms')],
  ['EvidenceBucket can be reached without TLS', drop('EvidenceBucketPolicy')],
  ['Inbound does not keep messages', set('Inbound', 'MessageRetentionPeriod', 3600)],
  ['Runs is not encrypted', set('Runs', 'KmsMasterKeyId')],
  ['Runs is not under the key', set('Runs', 'KmsMasterKeyId', 'alias/aws/sqs')],
  ['Announcements is not encrypted', set('Announcements', 'KmsMasterKeyId')],
  ['Alarms is not under the key', set('Alarms', 'KmsMasterKeyId')],
  ['EvidenceBucket is not encrypted', set('EvidenceBucket', 'BucketEncryption')],
  [
    'EvidenceBucket could be made public',
    set('EvidenceBucket', 'PublicAccessBlockConfiguration.BlockPublicPolicy', false),
  ],
  ['EvidenceBucket does not say', set('EvidenceBucket', 'VersioningConfiguration')],
  ['EvidenceBucket does not say', whole('EvidenceBucket', 'DeletionPolicy', undefined)],
  ['Table cannot be restored', set('Table', 'PointInTimeRecoverySpecification')],
  ['Table is half protected', whole('Table', 'DeletionPolicy', 'Delete')],
  ['Table is half protected', set('Table', 'DeletionProtectionEnabled', false)],
  ['Table forgets', set('Table', 'TimeToLiveSpecification', { AttributeName: 'ttl' })],
  ['Table is not on demand', set('Table', 'BillingMode', 'PROVISIONED')],
  ['Table is not under the key', set('Table', 'SSESpecification', { SSEEnabled: false })],
  ['HttpApiLogGroup is kept for ever', set('HttpApiLogGroup', 'RetentionInDays')],
  ['OnTickLogGroup is not under the key', set('OnTickLogGroup', 'KmsKeyId')],
  ['Key is never rotated', set('Key', 'EnableKeyRotation')],
  ['HttpApiStage is not throttled', set('HttpApiStage', 'DefaultRouteSettings')],
  ['HttpApiStage keeps no access log', set('HttpApiStage', 'AccessLogSettings')],
  [
    'HttpApiStage logs what may hold a secret',
    set('HttpApiStage', 'AccessLogSettings.Format', '$context.authorizer.header'),
  ],
  ['HeldAlarm tells nobody', set('HeldAlarm', 'AlarmActions')],
  ['Tick is a AWS::Something::New', whole('Tick', 'Type', 'AWS::Something::New')],
];

/** Takes a resource out of what a policy denies without TLS. */
function keepFrom(resources: Record<string, Resource>, policy: string, id: string): void {
  for (const each of resources[policy]?.Properties.PolicyDocument.Statement ?? []) {
    if (each.Effect !== 'Deny') continue;
    each.Resource = [each.Resource].flat().filter((one) => !JSON.stringify(one).includes(id));
  }
}

describe('the walk finds', () => {
  test.each(mistakes)('%s', (words, plant) => {
    const template = structuredClone(templateOf('prod with everything'));
    plant(template.Resources);
    const problems = walk(template, excused);
    expect(
      problems.filter((each) => each.startsWith(words)),
      problems.join('\n'),
    ).not.toEqual([]);
  });
});
