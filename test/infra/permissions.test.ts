/** Who may do what in the packaged stack: as little as it takes, to named resources. */
import { beforeAll, describe, expect, test } from 'vitest';
import { stageNames } from '../../app/doctor/names.ts';
import { type PackagedStack, packageStack, type Resource } from './packaged-stack.ts';
import { type Grant, grantsOf, holdersOf } from './policies.ts';
import { referencesIn } from './references.ts';

let stack: PackagedStack;
let grants: readonly Grant[];

beforeAll(async () => {
  stack = await packageStack('dev');
  // The boundary only says what none of them may ever do.
  grants = grantsOf(stack.resources).filter(({ holder }) => holder !== 'Boundary');
}, 60_000);

const ofType = (type: string): readonly Resource[] =>
  Object.values(stack.resources).filter((resource) => resource.Type === type);

describe('permissions', () => {
  test('name their actions one by one', () => {
    const wild = grants.flatMap((grant) => grant.actions.filter((action) => /[*?]/.test(action)));
    expect(wild).toEqual([]);
    expect(grants.length).toBeGreaterThan(10);
  });

  test('are for named resources, except where AWS knows none', () => {
    const onAll = grants.filter((grant) => grant.resources.includes('*'));
    expect(onAll.flatMap(({ holder, actions }) => actions.map((each) => [each, holder]))).toEqual([
      ['organizations:ListParents', 'OnFindingRole'],
      ['organizations:ListParents', 'OnTickRole'],
      ['organizations:ListAccounts', 'OnInventoryRole'],
      ['organizations:ListChildren', 'OnInventoryRole'],
      ['organizations:ListParents', 'OnInventoryRole'],
      ['config:SelectResourceConfig', 'EvidenceReportRole'],
      ['iam:ListUsers', 'CustodianRole'],
      ['secretsmanager:ListSecrets', 'CustodianRole'],
      ['ssm:DescribeParameters', 'CustodianRole'],
      ['cloudtrail:LookupEvents', 'CustodianRole'],
      ['iam:ListUsers', 'WitnessRole'],
      ['secretsmanager:ListSecrets', 'WitnessRole'],
      ['ssm:DescribeParameters', 'WitnessRole'],
      ['account:ListRegions', 'WitnessRole'],
      ['cloudtrail:LookupEvents', 'WitnessRole'],
      ['iam:ListUsers', 'ReaderRole'],
      ['iam:GenerateCredentialReport', 'ReaderRole'],
      ['iam:GetAccountAuthorizationDetails', 'ReaderRole'],
      ['iam:GetCredentialReport', 'ReaderRole'],
      ['secretsmanager:ListSecrets', 'ReaderRole'],
      ['ssm:DescribeAutomationExecutions', 'ReaderRole'],
      ['ssm:DescribeParameters', 'ReaderRole'],
      ['cloudtrail:LookupEvents', 'ReaderRole'],
    ]);
  });

  test('beside the keys are those that are used, and no others', () => {
    const used = (holder: string) =>
      grants
        .filter((grant) => grant.holder === holder)
        .flatMap(({ actions }) => actions.filter((each) => !/^logs:/.test(each)))
        .toSorted();
    expect(used('WitnessRole')).toEqual([
      'account:ListRegions',
      'cloudtrail:LookupEvents',
      'iam:GetAccessKeyLastUsed',
      'iam:GetUser',
      'iam:ListAccessKeys',
      'iam:ListUsers',
      'secretsmanager:DescribeSecret',
      'secretsmanager:ListSecrets',
      'ssm:DescribeParameters',
      'ssm:ListTagsForResource',
    ]);
    expect(used('CustodianRole')).toEqual([
      'cloudtrail:LookupEvents',
      'iam:GetAccessKeyLastUsed',
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
      'lambda:InvokeFunction',
      'secretsmanager:CreateSecret',
      'secretsmanager:DescribeSecret',
      'secretsmanager:GetSecretValue',
      'secretsmanager:ListSecrets',
      'secretsmanager:PutSecretValue',
      'secretsmanager:TagResource',
      'secretsmanager:UpdateSecretVersionStage',
      // Claims, values and pending values, each on its own parameters; reading also the switch.
      'ssm:AddTagsToResource',
      'ssm:DeleteParameter',
      'ssm:DeleteParameter',
      'ssm:DescribeParameters',
      'ssm:GetParameter',
      'ssm:GetParameter',
      'ssm:GetParameter',
      'ssm:GetParameter',
      'ssm:GetParameterHistory',
      'ssm:GetParametersByPath',
      'ssm:LabelParameterVersion',
      'ssm:ListTagsForResource',
      'ssm:PutParameter',
      'ssm:PutParameter',
      'ssm:PutParameter',
      'sts:AssumeRole',
    ]);
  });

  test('to change keys are held by runbooks and key maker alone, each for its own act', () => {
    expect(holdersOf('iam:CreateAccessKey', grants)).toEqual(['KeyMakerRole']);
    expect(holdersOf('iam:UpdateAccessKey', grants).toSorted()).toEqual([
      'DeactivateKeyRole',
      'RestoreKeyRole',
    ]);
    expect(holdersOf('iam:DeleteAccessKey', grants).toSorted()).toEqual([
      'DeleteKeyRole',
      'KeyMakerRole',
    ]);
  });

  test('to read the values of keys are the custodian alone', () => {
    const readers = grants.filter((grant) =>
      grant.actions.includes('secretsmanager:GetSecretValue'),
    );
    const vault = readers.filter((grant) => JSON.stringify(grant.resources).includes('keyturn/'));
    expect(vault.map((grant) => grant.holder)).toEqual(['CustodianRole']);
    for (const { holder, resources } of readers.filter((grant) => !vault.includes(grant))) {
      const secret = holder === 'OnPagerDutyEventRole' ? 'pagerduty-webhook' : 'connections';
      const own = new RegExp(`:secret:keyturn-dev-${secret}-\\*"`);
      expect(JSON.stringify(resources), holder).toMatch(own);
    }
  });

  test('to invoke the custodian go to Secrets Manager of this account', () => {
    const lent = ofType('AWS::Lambda::Permission').filter(
      ({ Properties }) => Properties.Principal === 'secretsmanager.amazonaws.com',
    );
    expect(lent.map(({ Properties }) => Properties)).toEqual([
      {
        Action: 'lambda:InvokeFunction',
        FunctionName: { 'Fn::GetAtt': ['CustodianLambdaFunction', 'Arn'] },
        Principal: 'secretsmanager.amazonaws.com',
        SourceAccount: { Ref: 'AWS::AccountId' },
      },
    ]);
  });

  test('to write parameters are the custodian alone, and never the stop switch', () => {
    for (const action of ['ssm:PutParameter', 'ssm:DeleteParameter']) {
      expect(new Set(holdersOf(action, grants)), action).toEqual(new Set(['CustodianRole']));
    }
    const written = grants
      .filter((grant) => grant.actions.includes('ssm:PutParameter'))
      .flatMap((grant) => JSON.stringify(grant.resources).match(/parameter[^"]*/g) ?? []);
    expect(written.toSorted()).toEqual([
      'parameter/keyturn/claims/*',
      'parameter/keyturn/pending/*',
      'parameter/keyturn/users/*',
    ]);
  });

  test('to act on a decision are held by doors that only the tick gets through', () => {
    for (const [action, holder] of [
      ['ssm:StartAutomationExecution', 'LauncherRole'],
      ['iam:PassRole', 'LauncherRole'],
      ['securityhub:BatchUpdateFindings', 'FindingsRole'],
      ['sns:Publish', 'OnTickRole'],
      ['events:PutEvents', 'OnTickRole'],
    ] as const) {
      expect(holdersOf(action, grants), action).toEqual([holder]);
    }
    const into = (door: string) =>
      grants
        .filter(({ actions }) => actions.includes('sts:AssumeRole'))
        .filter(({ resources }) => JSON.stringify(resources).includes(`role/keyturn-dev-${door}"`))
        .map(({ holder }) => holder);
    expect(into('launcher')).toEqual(['OnTickRole']);
    expect(into('findings')).toEqual(['OnTickRole']);
    expect(into('reader')).toEqual([
      'OnFindingRole',
      'OnRunbookFinishedRole',
      'OnTickRole',
      'OnInventoryRole',
    ]);
  });

  test('of the witness only read', () => {
    const actions = grants.filter((grant) => grant.holder === 'WitnessRole');
    const verbs = actions.flatMap((grant) => grant.actions).filter((each) => !/^logs:/.test(each));
    for (const verb of verbs) expect(verb).toMatch(/:(Get|List|Describe|Lookup)/);
  });

  test('to hand a role on go to Systems Manager only, and only the runbook roles', () => {
    const passing = grants.filter((grant) => grant.actions.includes('iam:PassRole'));
    expect(passing[0]).toMatchObject({
      resources: ['IssueReplacementKey', 'DeactivateKey', 'DeleteKey', 'RestoreKey'].map(
        (each) => ({
          'Fn::GetAtt': [`${each}Role`, 'Arn'],
        }),
      ),
      condition: { StringEquals: { 'iam:PassedToService': 'ssm.amazonaws.com' } },
    });
  });

  test('are lent to exactly these', () => {
    const lent = Object.entries(stack.resources)
      .filter(([, { Type }]) => Type === 'AWS::IAM::Role')
      .map(([id, { Properties }]) => {
        const [statement, ...more] = Properties.AssumeRolePolicyDocument.Statement;
        expect(more, id).toEqual([]);
        const { Service, AWS } = statement.Principal;
        return [
          id,
          Service ?? (JSON.stringify(AWS).match(/:root"/) ? 'hub' : referencesIn(AWS)[0]),
        ];
      });
    expect(Object.fromEntries(lent)).toEqual({
      DailySummaryRole: 'lambda.amazonaws.com',
      EvidenceReportRole: 'lambda.amazonaws.com',
      OnSlackCommandRole: 'lambda.amazonaws.com',
      OnFindingRole: 'lambda.amazonaws.com',
      OnRunbookFinishedRole: 'lambda.amazonaws.com',
      OnSlackActionRole: 'lambda.amazonaws.com',
      OnPagerDutyEventRole: 'lambda.amazonaws.com',
      OnTickRole: 'lambda.amazonaws.com',
      OnInventoryRole: 'lambda.amazonaws.com',
      CustodianRole: 'lambda.amazonaws.com',
      WitnessRole: 'lambda.amazonaws.com',
      SchedulerRole: 'scheduler.amazonaws.com',
      IssueReplacementKeyRole: 'ssm.amazonaws.com',
      DeactivateKeyRole: 'ssm.amazonaws.com',
      DeleteKeyRole: 'ssm.amazonaws.com',
      RestoreKeyRole: 'ssm.amazonaws.com',
      KeyMakerRole: 'CustodianRole',
      // To the account of the hub, under conditions that member-template.test.ts reads.
      ReaderRole: 'hub',
      LauncherRole: 'hub',
      FindingsRole: 'hub',
    });
  });

  test('let Systems Manager be the runbook for this account only', () => {
    for (const runbook of ['IssueReplacementKey', 'DeactivateKey', 'DeleteKey', 'RestoreKey']) {
      const { Properties } = stack.resources[`${runbook}Role`] ?? {};
      expect(Properties.AssumeRolePolicyDocument.Statement[0], runbook).toMatchObject({
        Condition: {
          StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
          ArnLike: { 'aws:SourceArn': expect.anything() },
        },
      });
    }
  });
});

test('credentials in Parameter Store: that parameter is read, and no secret', async () => {
  const { resources } = await packageStack('dev', 'connectionsIn=parameter-store');
  const readers = Object.entries(resources).filter(([, resource]) =>
    JSON.stringify(resource).includes('/connections'),
  );
  const roles = readers.filter(([, { Type }]) => Type === 'AWS::IAM::Role');
  expect(roles.map(([name]) => name).toSorted()).toEqual([
    'DailySummaryRole',
    'OnFindingRole',
    'OnSlackActionRole',
    'OnSlackCommandRole',
    'OnTickRole',
  ]);
  for (const [, role] of roles) {
    const text = JSON.stringify(role);
    expect(text).toContain(':parameter/keyturn-dev/connections"');
    expect(text).not.toContain('secretsmanager:GetSecretValue');
  }
  const told = Object.entries(resources).filter(([, each]) =>
    JSON.stringify(each).includes('"KEYTURN_SLACK_TOKEN_IN"'),
  );
  expect(told.map(([name]) => name)).toEqual(
    expect.arrayContaining(['DailySummaryLambdaFunction', 'OnSlackCommandLambdaFunction']),
  );
  for (const [, each] of told) {
    const { slackToken } = stageNames('dev', {
      where: 'parameter-store',
      how: 'together',
    }).connections;
    expect(JSON.stringify(each)).toContain(`"KEYTURN_SLACK_TOKEN_IN":"${slackToken}"`);
  }
}, 120_000);

describe('credentials apart', () => {
  const parts = ['slack-token', 'slack-signing', 'pagerduty-keys'] as const;
  const needs: Readonly<Record<string, readonly (typeof parts)[number][]>> = {
    OnFinding: ['slack-token', 'pagerduty-keys'],
    OnSlackAction: ['slack-token', 'slack-signing'],
    OnSlackCommand: ['slack-token', 'slack-signing'],
    OnTick: ['slack-token', 'pagerduty-keys'],
    DailySummary: ['slack-token'],
  };

  test.each([
    ['secrets-manager', (part: string) => `:secret:keyturn-dev-${part}-*"`],
    ['parameter-store', (part: string) => `:parameter/keyturn-dev/${part}"`],
  ] as const)(
    'in %s: each function reads what it needs, and nothing else',
    async (where, arnOf) => {
      const { resources } = await packageStack(
        'dev',
        `connectionsIn=${where}`,
        'connections=apart',
      );
      const roles = Object.entries(resources).filter(([, { Type }]) => Type === 'AWS::IAM::Role');
      for (const [name, role] of roles) {
        const text = JSON.stringify(role);
        const read = parts.filter((part) => text.includes(arnOf(part)));
        expect(read, name).toEqual(needs[name.replace(/Role$/, '')] ?? []);
        expect(text, name).not.toContain('connections');
      }
      const told = (id: string): Readonly<Record<string, unknown>> =>
        resources[`${id}LambdaFunction`]?.Properties.Environment.Variables ?? {};
      const nameOf = (part: string) =>
        where === 'secrets-manager' ? `keyturn-dev-${part}` : `/keyturn-dev/${part}`;
      for (const id of Object.keys(needs)) {
        expect(told(id).KEYTURN_SLACK_TOKEN_IN, id).toBe(nameOf('slack-token'));
      }
      expect(told('OnTick').KEYTURN_PAGERDUTY_KEYS_IN).toBe(nameOf('pagerduty-keys'));
      expect(told('OnSlackAction').KEYTURN_SLACK_SIGNING_IN).toBe(nameOf('slack-signing'));
      expect(told('DailySummary')).not.toHaveProperty('KEYTURN_SLACK_SIGNING_IN');
    },
    120_000,
  );
});
