/** What the packaged stack must hold, whatever else changes in it. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readPolicyFile } from '../../adapters/policy-file.ts';
import { pagerDutyFromEnvironment } from '../../app/compose-pagerduty.ts';
import { slackCommandFromEnvironment } from '../../app/compose-slack-command.ts';
import { summaryFromEnvironment } from '../../app/compose-summary.ts';
import { readCustodianSettings, readHubSettings, readWitnessSettings } from '../../app/config.ts';
import { readEvidenceSettings } from '../../app/evidence-config.ts';
import { redelivery } from '../../sandbox/deliver.ts';
import { type PackagedStack, packageStack, type Resource } from './packaged-stack.ts';
import { circle, referencesIn } from './references.ts';

const repository = join(import.meta.dirname, '..', '..');

let stack: PackagedStack;

beforeAll(async () => {
  stack = await packageStack('dev');
}, 60_000);

const ofType = (type: string): readonly Resource[] =>
  Object.values(stack.resources).filter((resource) => resource.Type === type);

/** The variables of a function, with what only a deployed stack knows filled in. */
function environmentOf(functionName: string): Record<string, string> {
  const found = ofType('AWS::Lambda::Function').find(
    ({ Properties }) => Properties.FunctionName === functionName,
  );
  const variables: Record<string, unknown> = found?.Properties.Environment.Variables ?? {};
  const filled = Object.entries(variables).map(([name, value]) => [name, deployed(value)]);
  return { ...Object.fromEntries(filled), AWS_REGION: 'us-east-1' };
}

function deployed(value: unknown): string {
  if (typeof value === 'string') return value;
  if (JSON.stringify(value) === '{"Ref":"AWS::AccountId"}') return '111122223333';
  if (JSON.stringify(value) === '{"Ref":"AWS::Partition"}') return 'aws';
  const [id] = referencesIn(value);
  const { Type, Properties } = stack.resources[id ?? ''] ?? {};
  if (Type === 'AWS::IAM::Role') return `arn:aws:iam::111122223333:role/${Properties.RoleName}`;
  if (Type === 'AWS::SNS::Topic')
    return `arn:aws:sns:us-east-1:111122223333:${Properties.TopicName}`;
  if (Type === 'AWS::SQS::Queue') return `https://sqs.example.com/${Properties.QueueName}`;
  if (Type === 'AWS::SSM::Parameter') return Properties.Name;
  if (Type === 'AWS::S3::Bucket') return 'keyturn-dev-evidence-111122223333-us-east-1';
  throw new Error(`${JSON.stringify(value)} in an environment: say here what it becomes`);
}

/** The file that the environment names, which each hub function must hold. */
function packagedBook(fileName: string) {
  for (const name of ['onFinding', 'onRunbookFinished', 'onSlackAction', 'onTick', 'onInventory']) {
    expect(stack.entries[`${name}.zip`]).toContain(fileName);
  }
  return readPolicyFile(readFileSync(join(repository, fileName), 'utf8'), fileName);
}

const functionNames = [
  'keyturn-dev-custodian',
  'keyturn-dev-daily-summary',
  'keyturn-dev-evidence-report',
  'keyturn-dev-on-finding',
  'keyturn-dev-on-inventory',
  'keyturn-dev-on-pagerduty-event',
  'keyturn-dev-on-runbook-finished',
  'keyturn-dev-on-slack-action',
  'keyturn-dev-on-slack-command',
  'keyturn-dev-on-tick',
  'keyturn-dev-witness',
];

test('packaging says nothing of deprecation or warning', () => {
  expect(stack.said).not.toMatch(/deprecat|warning/i);
});

describe('functions', () => {
  test('are these, on one runtime', () => {
    const functions = ofType('AWS::Lambda::Function').map(({ Properties }) => Properties);
    expect(functions.map((each) => each.FunctionName).sort()).toEqual(functionNames);
    for (const each of functions) {
      expect(each).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'] });
    }
  });

  test('each acts under a role of its own', () => {
    const roles = ofType('AWS::Lambda::Function').map(
      ({ Properties }) => Properties.Role['Fn::GetAtt'][0],
    );
    expect(new Set(roles).size).toBe(functionNames.length);
  });

  test('give up before whoever waits for them does', () => {
    const seconds = Object.fromEntries(
      ofType('AWS::Lambda::Function').map(({ Properties }) => [
        Properties.FunctionName,
        Properties.Timeout,
      ]),
    );
    expect(seconds['keyturn-dev-on-slack-action'], 'the HTTP API waits 30 s').toBeLessThan(30);
    expect(seconds['keyturn-dev-on-pagerduty-event'], 'sent again after 5 s').toBeLessThan(15);
    expect(seconds['keyturn-dev-custodian'], 'a runbook step waits 300 s').toBeLessThan(300);
    expect(seconds['keyturn-dev-witness'], 'a runbook step waits 300 s').toBeLessThan(300);
  });

  test('are small zips, one each', () => {
    expect(Object.keys(stack.zips)).toHaveLength(functionNames.length);
    for (const [name, bytes] of Object.entries(stack.zips)) {
      expect(bytes, `${name}: find what it bundles that it need not`).toBeLessThan(1_000_000);
    }
  });

  test('keep their logs for a stated time', () => {
    const groups = ofType('AWS::Logs::LogGroup').map(({ Properties }) => Properties);
    expect(groups.map((each) => each.LogGroupName)).toEqual(
      expect.arrayContaining(functionNames.map((name) => `/aws/lambda/${name}`)),
    );
    for (const each of groups) expect(each.RetentionInDays, each.LogGroupName).toBe(30);
  });

  test('on-pagerduty-event is told its table and its secret, and no more', () => {
    const told = environmentOf('keyturn-dev-on-pagerduty-event');
    expect(told).toMatchObject({
      KEYTURN_TABLE: 'keyturn-dev',
      KEYTURN_WEBHOOK_SECRET: 'keyturn-dev-pagerduty-webhook',
    });
    expect(() => pagerDutyFromEnvironment(told)).not.toThrow();
    expect(() => pagerDutyFromEnvironment({})).toThrow(/AWS_REGION.*KEYTURN_TABLE.*WEBHOOK_SECRET/);
  });

  test('on-slack-command is told its table, secret, people and workspace, and no more', () => {
    const told = environmentOf('keyturn-dev-on-slack-command');
    expect(told).toMatchObject({
      KEYTURN_TABLE: 'keyturn-dev',
      KEYTURN_SLACK_TOKEN_IN: 'keyturn-dev-connections',
      KEYTURN_SLACK_SIGNING_IN: 'keyturn-dev-connections',
    });
    const problems =
      /AWS_REGION.*KEYTURN_TABLE.*POLICY_FILE.*SLACK_TOKEN_IN.*SLACK_SIGNING_IN.*SLACK_TEAM/;
    expect(() => slackCommandFromEnvironment({})).toThrow(problems);
    const whole = { ...told, KEYTURN_SLACK_TEAM: 'T0EXAMPLE' };
    expect(() => slackCommandFromEnvironment(whole)).not.toThrow();
  });

  test('daily-summary is told its table, secret, channel and time zone, and no more', () => {
    const told = environmentOf('keyturn-dev-daily-summary');
    expect(told).toMatchObject({ KEYTURN_TABLE: 'keyturn-dev', KEYTURN_TIME_ZONE: 'UTC' });
    const problems = /AWS_REGION.*KEYTURN_TABLE.*SLACK_TOKEN_IN.*SLACK_CHANNEL.*TIME_ZONE/;
    expect(() => summaryFromEnvironment({})).toThrow(problems);
    expect(() =>
      summaryFromEnvironment({ ...told, KEYTURN_SLACK_CHANNEL: 'C0KEYS' }),
    ).not.toThrow();
  });

  test('name in their environment what the stack holds', () => {
    const { KEYTURN_CUSTODIAN, KEYTURN_WITNESS, KEYTURN_BUS, KEYTURN_DOCUMENT_PREFIX } =
      environmentOf('keyturn-dev-on-tick');
    expect(functionNames).toContain(KEYTURN_CUSTODIAN);
    expect(functionNames).toContain(KEYTURN_WITNESS);
    expect(stack.resources.Bus?.Properties.Name).toBe(KEYTURN_BUS);
    for (const { Properties } of ofType('AWS::SSM::Document')) {
      expect(Properties.Name).toMatch(new RegExp(`^${KEYTURN_DOCUMENT_PREFIX}-[A-Za-z]+$`));
    }
  });

  test.each(['on-finding', 'on-runbook-finished', 'on-slack-action', 'on-tick', 'on-inventory'])(
    '%s is told all that it reads, but whom to ask',
    (name) => {
      const told = environmentOf(`keyturn-dev-${name}`);
      expect(readHubSettings(told, packagedBook)).toEqual({
        ok: false,
        problems: ['KEYTURN_SLACK_TEAM', 'KEYTURN_SLACK_CHANNEL'].map((each) =>
          expect.stringContaining(`${each} is empty`),
        ),
      });
      const answered = {
        ...told,
        KEYTURN_SLACK_TEAM: 'T0000000001',
        KEYTURN_SLACK_CHANNEL: 'C0000000001',
      };
      expect(readHubSettings(answered, packagedBook)).toMatchObject({
        ok: true,
        value: {
          book: { defaults: { mode: 'observe' } },
          runbookRolePrefix: 'keyturn-dev-runbook',
        },
      });
    },
  );

  test('so is the witness', () => {
    const place = { partition: 'aws', account: '111122223333', region: 'us-east-1' };
    expect(readWitnessSettings(environmentOf('keyturn-dev-witness'))).toEqual({
      ok: true,
      value: { place, trailQuery: undefined, drills: 'none' },
    });
  });

  test('so is who writes the evidence', () => {
    expect(readEvidenceSettings(environmentOf('keyturn-dev-evidence-report'))).toMatchObject({
      ok: true,
      value: { stage: 'dev', tableName: 'keyturn-dev', timeZone: 'UTC' },
    });
  });

  test('so is the custodian', () => {
    expect(readCustodianSettings(environmentOf('keyturn-dev-custodian'))).toMatchObject({
      ok: true,
      value: { keyMakerRoleArn: expect.stringContaining(':role/keyturn-dev-key-maker') },
    });
  });
});

const queueNamed = (name: string) =>
  ofType('AWS::SQS::Queue').find(({ Properties }) => Properties.QueueName === name)?.Properties;

describe('events', () => {
  const undelivered = { 'Fn::GetAtt': ['UndeliveredEvents', 'Arn'] };

  test('each rule has one target, a queue, and keeps what it cannot bring there', () => {
    const targets = ofType('AWS::Events::Rule').flatMap(({ Properties }) => Properties.Targets);
    expect(targets).toHaveLength(14);
    for (const target of targets) {
      expect(['Inbound', 'Runs']).toContain(target.Arn['Fn::GetAtt'][0]);
      expect(target.DeadLetterConfig.Arn).toEqual(undelivered);
    }
  });

  test('findings and labels wait in one queue, ends of runs in another', () => {
    const sources = ofType('AWS::Lambda::EventSourceMapping').map(({ Properties }) => [
      Properties.EventSourceArn['Fn::GetAtt'][0],
      Properties.FunctionName['Fn::GetAtt'][0],
    ]);
    expect(Object.fromEntries(sources)).toEqual({
      Inbound: 'OnFindingLambdaFunction',
      Runs: 'OnRunbookFinishedLambdaFunction',
    });
  });

  test.each(['keyturn-dev-inbound', 'keyturn-dev-runs'])(
    '%s brings a message again as the sandbox does, for a day',
    (name) => {
      const { VisibilityTimeout, RedrivePolicy } = queueNamed(name) ?? {};
      expect(VisibilityTimeout).toBe(redelivery.pauseMinutes * 60);
      expect(VisibilityTimeout * RedrivePolicy.maxReceiveCount).toBe(redelivery.hours * 3600);
      expect(RedrivePolicy.deadLetterTargetArn).toEqual(undelivered);
    },
  );

  test('every rule may write to its queue and to the undelivered events, and nobody else', () => {
    const rules = Object.entries(stack.resources).filter(
      ([, { Type }]) => Type === 'AWS::Events::Rule',
    );
    const { Statement } = stack.resources.QueuePolicy?.Properties.PolicyDocument ?? {};
    const writers = (queue: string) =>
      Statement.filter(
        (each: { Effect: string; Resource: object }) =>
          each.Effect === 'Allow' && referencesIn(each.Resource).includes(queue),
      ).flatMap((each: { Condition: object }) => referencesIn(each.Condition));
    const into = (queue: string) =>
      rules
        .filter(([, { Properties }]) => referencesIn(Properties.Targets[0].Arn).includes(queue))
        .map(([id]) => id);
    expect(writers('Inbound').toSorted()).toEqual(into('Inbound').toSorted());
    expect(writers('Runs').toSorted()).toEqual(into('Runs').toSorted());
    expect(writers('UndeliveredEvents').toSorted()).toEqual(rules.map(([id]) => id).toSorted());
    expect(writers('RejectedEvents')).toEqual([]);
    expect(writers('MissedTicks')).toEqual([]);
    expect(writers('MissedReports')).toEqual([]);
  });
});

const missed = { 'Fn::GetAtt': ['MissedTicks', 'Arn'] };

describe('the inventory', () => {
  test('is taken at five in the morning, and a day that fails is no undelivered event', () => {
    expect(stack.resources.Inventory?.Properties).toMatchObject({
      ScheduleExpression: 'cron(0 5 * * ? *)',
      ScheduleExpressionTimezone: 'UTC',
      State: 'ENABLED',
      Target: {
        Arn: { 'Fn::GetAtt': ['OnInventoryLambdaFunction', 'Arn'] },
        DeadLetterConfig: { Arn: missed },
      },
    });
    expect(stack.resources.OnInventoryLambdaEvConf?.Properties).toMatchObject({
      DestinationConfig: { OnFailure: { Destination: missed } },
    });
    // As long as Lambda lets anything run.
    expect(stack.resources.OnInventoryLambdaFunction?.Properties.Timeout).toBe(900);
  });
});

describe('the tick', () => {
  test('comes every minute, and what is missed is no undelivered event', () => {
    expect(stack.resources.Tick?.Properties).toMatchObject({
      ScheduleExpression: 'rate(1 minute)',
      State: 'ENABLED',
      Target: { DeadLetterConfig: { Arn: missed }, RetryPolicy: { MaximumEventAgeInSeconds: 60 } },
    });
    expect(stack.resources.OnTickLambdaEvConf?.Properties).toMatchObject({
      FunctionName: { Ref: 'OnTickLambdaFunction' },
      DestinationConfig: { OnFailure: { Destination: missed } },
      MaximumEventAgeInSeconds: 60,
      MaximumRetryAttempts: 0,
    });
  });

  test('runs one at a time where the stage says so', () => {
    const { ReservedConcurrentExecutions } = stack.resources.OnTickLambdaFunction?.Properties ?? {};
    expect(ReservedConcurrentExecutions).toEqual({ Ref: 'AWS::NoValue' });
  });
});

test('evidence is written on Mondays, hours after the week, and what fails is kept', () => {
  const missed = { 'Fn::GetAtt': ['MissedReports', 'Arn'] };
  expect(stack.resources.WeeklyEvidence?.Properties).toMatchObject({
    ScheduleExpression: 'cron(0 6 ? * MON *)',
    ScheduleExpressionTimezone: 'UTC',
    Target: { Input: '{}', DeadLetterConfig: { Arn: missed } },
  });
  expect(stack.resources.EvidenceReportLambdaEvConf?.Properties).toMatchObject({
    DestinationConfig: { OnFailure: { Destination: missed } },
    MaximumRetryAttempts: 2,
  });
});

describe('runbooks', () => {
  test('are documents with the very text of the files', () => {
    const folder = join(repository, 'runbooks');
    const texts = readdirSync(folder).map((file) => readFileSync(join(folder, file), 'utf8'));
    const documents = ofType('AWS::SSM::Document').map(({ Properties }) => Properties);
    expect(documents.map((each) => each.Content).toSorted()).toEqual(texts.toSorted());
    expect(documents.map((each) => each.Name).toSorted()).toEqual([
      'Keyturn-dev-DeactivateKey',
      'Keyturn-dev-DeleteKey',
      'Keyturn-dev-IssueReplacementKey',
      'Keyturn-dev-RestoreKey',
    ]);
    for (const each of documents) {
      expect(each).toMatchObject({
        DocumentType: 'Automation',
        DocumentFormat: 'YAML',
        UpdateMethod: 'NewVersion',
      });
    }
  });
});

describe('the template', () => {
  test('refers to nothing that it does not hold', () => {
    const named = new Set(
      [...Object.values(stack.resources).map((each) => each.Properties), stack.outputs].flatMap(
        referencesIn,
      ),
    );
    const dead = [...named].filter((id) => stack.resources[id] === undefined);
    expect(dead).toEqual([]);
    expect(named.size).toBeGreaterThan(20);
  });

  test('has no circle', () => {
    expect(circle(stack.resources)).toEqual([]);
  });
});

test('dev observes, staging and prod ask, and each packages its own policy', () => {
  const { params } = parse(readFileSync(join(repository, 'serverless.yml'), 'utf8'));
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the framework fills it in
  expect(params.default.policy).toBe('infra/policy/${sls:stage}.yml');
  const modes = ['dev', 'staging', 'prod'].map((stage) => {
    expect(params[stage]).toBeDefined();
    const book = readPolicyFile(
      readFileSync(join(repository, 'infra', 'policy', `${stage}.yml`), 'utf8'),
      stage,
    );
    return book.ok ? book.value.defaults.mode : book.problems;
  });
  expect(modes).toEqual(['observe', 'approve', 'approve']);
  expect(
    Object.values(stack.entries)
      .flat()
      .filter((each) => each.endsWith('.yml')),
  ).toEqual(Array.from({ length: 6 }, () => 'infra/policy/dev.yml'));
});
