/** Which events the rules of infra/event-rules.yml let through, and to which function. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { changed } from '../fixtures/events.ts';
import { matches } from './event-pattern.ts';

const read = (file: string) =>
  parse(
    readFileSync(join(import.meta.dirname, '..', '..', file), 'utf8')
      .replaceAll(/\$\{sls:stage\}/g, 'dev')
      .replaceAll(/\$\{param:customAction\}/g, 'keyturndev'),
  );
const { functions } = read('serverless.yml');
const { Resources } = read('infra/event-rules.yml');

interface Rule {
  readonly bus: 'own' | 'members';
  readonly name: string;
  readonly function: string;
  readonly pattern: Parameters<typeof matches>[0];
}

/** The function that takes what is in the queue of a rule's one target. */
function behind(target: { readonly Arn: object }): string {
  const taking = Object.entries(functions).filter(([, each]) =>
    ((each as { events?: object[] }).events ?? []).some(
      (event) => 'sqs' in event && isDeepStrictEqual(Object(event.sqs).arn, target.Arn),
    ),
  );
  expect(taking).toHaveLength(1);
  return taking[0]?.[0] ?? '';
}

interface Deployed {
  readonly Name: string;
  readonly EventBusName?: object;
  readonly EventPattern: Rule['pattern'];
  readonly Targets: readonly [{ readonly Arn: object }];
}

const rules: readonly Rule[] = Object.values<{ readonly Properties: Deployed }>(Resources).map(
  ({ Properties: { Name, EventBusName, EventPattern, Targets } }) => ({
    bus: EventBusName === undefined ? 'own' : 'members',
    name: Name,
    function: behind(Targets[0]),
    pattern: EventPattern,
  }),
);

/** The functions that an event reaches. */
const reached = (event: unknown) =>
  rules
    .filter((rule) => rule.bus === 'own' && matches(rule.pattern, event))
    .map((rule) => rule.function);

const compliance = (configRuleName: string) => ({
  source: 'aws.config',
  'detail-type': 'Config Rules Compliance Change',
  detail: { messageType: 'ComplianceChangeNotification', configRuleName },
});

describe('a compliance change of the rule', () => {
  test.each([
    'access-keys-rotated',
    'securityhub-access-keys-rotated-0a1b2c3d',
    'access-keys-rotated-conformance-pack-abc123def',
    'OrgConfigRule-access-keys-rotated-abcdefgh',
  ])('%s reaches on-finding', (name) => {
    expect(reached(compliance(name))).toEqual(['onFinding']);
  });

  test.each(['iam-user-mfa-enabled', 'access-keys-rotate', 's3-bucket-versioning-enabled'])(
    '%s reaches nobody',
    (name) => {
      expect(reached(compliance(name))).toEqual([]);
    },
  );
});

const finding = (changes: object = {}) => ({
  Workflow: { Status: 'NEW' },
  RecordState: 'ACTIVE',
  Compliance: { Status: 'FAILED', SecurityControlId: 'IAM.3' },
  ...changes,
});

const imported = (...findings: object[]) => ({
  source: 'aws.securityhub',
  'detail-type': 'Security Hub Findings - Imported',
  detail: { findings },
});

describe('an imported Security Hub finding', () => {
  test('reaches on-finding when it is new, active and failed', () => {
    expect(reached(imported(finding()))).toEqual(['onFinding']);
  });

  test.each([
    ['our own update of it', { Workflow: { Status: 'NOTIFIED' } }],
    ['a resolved one', { Workflow: { Status: 'RESOLVED' } }],
    ['an archived one', { RecordState: 'ARCHIVED' }],
    ['a passed one', { Compliance: { Status: 'PASSED' } }],
    ['one without compliance', { Compliance: undefined }],
  ])('reaches nobody: %s', (_, changes) => {
    expect(reached(imported(finding(changes)))).toEqual([]);
  });

  test('reaches on-finding when one of several calls for it', () => {
    const passed = finding({ Compliance: { Status: 'PASSED' } });
    expect(reached(imported(passed, finding()))).toEqual(['onFinding']);
  });
});

const ocsf = (name: string, changes: Readonly<Record<string, unknown>> = {}) =>
  changed(name, changes);

describe('an imported finding of Security Hub V2', () => {
  test.each(['hub-v2', 'hub-v2-cis-5.0.0-path', 'hub-v2-delegated-administrator'])(
    'reaches on-finding when it is new and failed: %s',
    (name) => {
      expect(reached(ocsf(name))).toEqual(['onFinding']);
    },
  );

  test.each([
    ['our own update of it', ocsf('hub-v2-own-update')],
    ['a resolved one', ocsf('hub-v2-passed')],
    ['one of another class', ocsf('hub-v2-vulnerability')],
    ['one of another product', ocsf('hub-v2-coverage')],
    ['one about no user', ocsf('hub-v2', { 'detail/findings/0/resources': [{ type: 'x' }] })],
  ])('reaches nobody: %s', (_, event) => {
    expect(reached(event)).toEqual([]);
  });
});

const pressed = (action: string) => ({
  source: 'aws.securityhub',
  'detail-type': 'Security Hub Findings - Custom Action',
  resources: [`arn:aws:securityhub:us-east-1:111122223333:action/custom/${action}`],
  detail: { findings: [finding({ Workflow: { Status: 'NOTIFIED' } })] },
});

describe('the custom action', () => {
  test('reaches on-finding whatever the workflow status', () => {
    expect(reached(pressed('keyturndev'))).toEqual(['onFinding']);
  });

  test('of another stage or product reaches nobody', () => {
    expect(reached(pressed('keyturn'))).toEqual([]);
    expect(reached(pressed('sendtochat'))).toEqual([]);
  });
});

const run = (Definition: string, Status: string) => ({
  source: 'aws.ssm',
  'detail-type': 'EC2 Automation Execution Status-change Notification',
  detail: { Definition, Status },
});

describe('a runbook that changes status', () => {
  test.each(['Success', 'Failed', 'TimedOut', 'Cancelled', 'Canceled', 'CompletedWithFailure'])(
    'reaches on-runbook-finished: %s',
    (status) => {
      expect(reached(run('Keyturn-dev-DeleteKey', status))).toEqual(['onRunbookFinished']);
    },
  );

  test.each(['Pending', 'InProgress', 'Waiting', 'Cancelling'])(
    'reaches nobody while under way: %s',
    (status) => {
      expect(reached(run('Keyturn-dev-DeleteKey', status))).toEqual([]);
    },
  );

  test('reaches nobody if it is not one of ours in this stage', () => {
    expect(reached(run('AWS-RestartEC2Instance', 'Success'))).toEqual([]);
    expect(reached(run('Keyturn-prod-DeleteKey', 'Success'))).toEqual([]);
  });
});

const moved = (name: string, labelUpdated = 'AWSCURRENT') => ({
  source: 'aws.secretsmanager',
  'detail-type': 'Secret Label Updated',
  detail: { name, labelUpdated, versionId: '3f07b899-3f68-4111-8f4e-812e980ef362' },
});

describe('a label that moved', () => {
  test('reaches on-finding when it is AWSCURRENT of a secret of Keyturn', () => {
    expect(reached(moved('keyturn/svc-native'))).toEqual(['onFinding']);
  });

  test('reaches nobody when it is another label, or the secret another', () => {
    expect(reached(moved('keyturn/svc-native', 'CUSTOM'))).toEqual([]);
    expect(reached(moved('keyturn-dev-connections'))).toEqual([]);
    expect(reached(moved('other/keyturn/svc-native'))).toEqual([]);
  });
});

const macie = (type: string) => ({
  source: 'aws.macie',
  'detail-type': 'Macie Finding',
  detail: { type },
});

describe('a finding of Macie', () => {
  test.each(['Credentials', 'Multiple'])('reaches on-finding when it may be a key: %s', (what) => {
    expect(reached(macie(`SensitiveData:S3Object/${what}`))).toEqual(['onFinding']);
  });

  test.each(['SensitiveData:S3Object/Personal', 'Policy:IAMUser/S3BucketPublic'])(
    'reaches nobody when it is about something else: %s',
    (type) => {
      expect(reached(macie(type))).toEqual([]);
    },
  );
});

test('every rule is tried above', () => {
  expect(rules.filter(({ bus }) => bus === 'own')).toHaveLength(7);
});

test('what member accounts forward goes the same ways', () => {
  const on = (wanted: Rule['bus']) =>
    rules.filter(({ bus }) => bus === wanted).map(({ bus: _, ...rest }) => rest);
  expect(on('members')).toEqual(on('own'));
});
