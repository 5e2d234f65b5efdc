/** Every example event: what reading comes to, and every problem of what is malformed. */
import { describe, expect, it } from 'vitest';
import { eventReader } from '../../adapters/inbound-event.ts';
import type { Inbound } from '../../domain/inbound.ts';
import type { Partition } from '../../domain/key.ts';
import { changed, eventNames, eventOf } from '../fixtures/events.ts';

const partitionFor: Readonly<Record<string, Partition>> = {
  'config-govcloud': 'aws-us-gov',
  'hub-govcloud': 'aws-us-gov',
  'hub-v2-govcloud': 'aws-us-gov',
  'config-china': 'aws-cn',
};

const reader = (partition: Partition) => eventReader({ partition, customAction: 'keyturn' });
const readExample = (name: string) => reader(partitionFor[name] ?? 'aws')(eventOf(name));
const read = reader('aws');

const problemsOf = (event: unknown): readonly string[] => {
  const inbound = read(event);
  if (inbound.kind === 'rejected') return inbound.problems;
  return inbound.kind === 'findings' ? inbound.rejected.flatMap((each) => each.problems) : [];
};

const wordsFor = (inbound: Inbound): string => {
  switch (inbound.kind) {
    case 'findings': {
      const { reports, ignored, rejected } = inbound;
      return [
        ...reports.map(({ account, user, finding }) => {
          const control = 'control' in finding ? finding.control : Reflect.get(finding, 'ruleName');
          return `${account} ${Object.values(user).slice(1).join(' ')} by ${control}`;
        }),
        ...ignored.map((reason) => `ignored: ${reason}`),
        ...rejected.map(({ problems }) => `rejected: ${problems.length} problems`),
      ].join(' + ');
    }
    case 'run':
      return `run ${inbound.executionId} in ${inbound.where.account} ${inbound.where.region}`;
    case 'label':
      return `${inbound.label} of ${inbound.secretArn} on ${inbound.versionId}`;
    case 'credentials':
      return `credentials in ${inbound.finding.bucket}`;
    case 'other':
      return `other: ${inbound.reason}`;
    case 'rejected':
      return `rejected: ${inbound.problems.length} problems`;
  }
};

const ci = 'AIDAIOSFODNN7EXAMPLE';
const mailer = 'AIDACKCEVSQ6C2EXAMPLE';
const etl = 'AIDAJQABLZS4A3EXAMPLE';
const packRule = 'access-keys-rotated-conformance-pack-q7w8e9rty';

const expected: Readonly<Record<string, string>> = {
  'config-china': '123456789012 AIDACHINA0000EXAMPLE by access-keys-rotated',
  'config-compliant': `ignored: Config says COMPLIANT of ${ci}`,
  'config-conformance-pack-rule': `444455556666 ${etl} by ${packRule}`,
  'config-first-evaluation': `111122223333 ${mailer} by access-keys-rotated`,
  'config-govcloud': '123456789012 AIDAGOVCLOUD0EXAMPLE by access-keys-rotated',
  'config-insufficient-data': `ignored: Config says INSUFFICIENT_DATA of ${ci}`,
  'config-non-compliant': `111122223333 ${ci} by access-keys-rotated`,
  'config-not-applicable': 'ignored: Config says NOT_APPLICABLE of AIDAGONE00000EXAMPLE',
  'config-organization-rule': `444455556666 ${etl} by OrgConfigRule-access-keys-rotated-dbgzf8ba`,
  'config-other-rule':
    'ignored: the Config rule iam-user-unused-credentials-check is about unused credentials: ' +
    'only the age of access keys counts',
  'config-own-rule-of-similar-name':
    'ignored: the Config rule my-access-keys-rotated-not is not about the age of access keys',
  'config-proactive':
    'ignored: the evaluation is PROACTIVE: it judges what may be deployed, no user there is',
  'config-security-hub-rule': `444455556666 ${etl} by securityhub-access-keys-rotated-9b2d41f0`,
  'config-unknown-user': '111122223333 AIDANOBODY000EXAMPLE by access-keys-rotated',
  'ec2-state-change':
    'other: "EC2 Instance State-change Notification" from aws.ec2 is nothing that Keyturn acts on',
  'hub-account-level': 'ignored: the finding is about the account or another resource, no IAM user',
  'hub-archived': 'ignored: the finding is ARCHIVED',
  'hub-cis-1.2.0-unique-id': `111122223333 ${ci} by 1.4`,
  'hub-cis-1.4.0-path': `444455556666 ${etl} etl-nightly by 1.14`,
  'hub-cis-3.0.0-path': `444455556666 ${etl} etl-nightly by 1.14`,
  'hub-cis-5.0.0-1.14':
    'ignored: it is about another control: cis-aws-foundations-benchmark 5.0.0 1.14',
  'hub-cis-5.0.0-path': `444455556666 ${etl} etl-nightly by 1.13`,
  'hub-consolidated': `111122223333 ${mailer} report-mailer by IAM.3`,
  'hub-custom-action': `111122223333 ${ci} ci-runner by IAM.3`,
  'hub-custom-action-several': [
    `111122223333 ${ci} ci-runner by IAM.3`,
    `111122223333 ${mailer} report-mailer by IAM.3`,
    'ignored: it is about another control: aws-foundational-security-best-practices 1.0.0 IAM.5',
  ].join(' + '),
  'hub-delegated-administrator': `444455556666 ${etl} etl-nightly by IAM.3`,
  'hub-fsbp': `111122223333 ${ci} ci-runner by IAM.3`,
  'hub-govcloud': '111122223333 AIDAGOVCLOUD0EXAMPLE gov-batch by IAM.3',
  'hub-nist': `111122223333 ${ci} ci-runner by IAM.3`,
  'hub-one-bad-one-good': `111122223333 ${ci} ci-runner by IAM.3 + rejected: 3 problems`,
  'hub-other-control':
    'ignored: it is about another control: aws-foundational-security-best-practices 1.0.0 IAM.5',
  'hub-other-control-by-custom-action':
    'ignored: it is about another control: aws-foundational-security-best-practices 1.0.0 IAM.5',
  'hub-other-custom-action': 'ignored: the custom action openticket does not ask for a rotation',
  'hub-other-product':
    'ignored: arn:aws:securityhub:us-east-1:111122223333:product/111122223333/default is ' +
    'not Security Hub itself',
  'hub-own-update': 'ignored: the finding is NOTIFIED already, not NEW',
  'hub-passed': 'ignored: the finding says PASSED, not FAILED',
  'hub-root': 'ignored: the root user is never touched',
  'hub-root-account-user': 'ignored: the root user is never touched',
  'hub-suppressed': 'ignored: the finding is SUPPRESSED already, not NEW',
  'hub-two-findings': [
    `111122223333 ${ci} ci-runner by IAM.3`,
    `111122223333 ${mailer} report-mailer by IAM.3`,
  ].join(' + '),
  'hub-unused-credentials':
    'ignored: it is about another control: IAM.8 (unused credentials: only the age of access ' +
    'keys counts)',
  'hub-v2': `111122223333 ${ci} ci-runner by IAM.3`,
  'hub-v2-cis-5.0.0-path': `444455556666 ${etl} etl-nightly by 1.13`,
  'hub-v2-closed': 'ignored: the finding is closed',
  'hub-v2-contradictory': 'rejected: 4 problems',
  'hub-v2-coverage':
    'ignored: arn:aws:securityhub:us-east-1::productv2/aws/securityhub-coverage is not Security ' +
    'Hub itself',
  'hub-v2-delegated-administrator': `444455556666 ${etl} etl-nightly by IAM.3`,
  'hub-v2-govcloud': '111122223333 AIDAGOVCLOUD0EXAMPLE gov-batch by IAM.3',
  'hub-v2-other-control': 'ignored: it is about another control: IAM.5',
  'hub-v2-own-update': 'ignored: the finding is In Progress already, not New',
  'hub-v2-passed': 'ignored: the finding says Pass, not Fail',
  'hub-v2-root': 'ignored: the root user is never touched',
  'hub-v2-unused-credentials':
    'ignored: it is about another control: IAM.22 (unused credentials: only the age of access ' +
    'keys counts)',
  'hub-v2-vulnerability':
    'ignored: arn:aws:securityhub:us-east-1::productv2/aws/inspector is not Security Hub itself',
  'malformed-config': 'rejected: 3 problems',
  'malformed-findings-not-a-list': 'rejected: 1 problems',
  'malformed-ssm-execution': 'rejected: 2 problems',
  'scheduled-tick': 'other: "Scheduled Event" from aws.scheduler is nothing that Keyturn acts on',
  'secret-label-updated':
    'AWSCURRENT of arn:aws:secretsmanager:us-east-1:111122223333:secret:keyturn/ci-runner-Zy9Xw8 ' +
    'on 3f07b899-3f68-4111-8f4e-812e980ef362',
  'ssm-execution-success': 'run 4105a4fc-9d32-41e6-8a1b-0a1b2c3d4951 in 111122223333 us-east-1',
};

describe('the example events', () => {
  it('all have an expectation here', () => {
    expect(Object.keys(expected).sort()).toEqual(eventNames);
  });

  it.each(Object.entries(expected))('%s → %s', (name, words) => {
    expect(wordsFor(readExample(name))).toBe(words);
  });
});

describe('reading an event', () => {
  it.each([
    ['nothing', undefined, 'the event is missing: it should be an EventBridge event'],
    ['null', null, 'the event is null: it should be an EventBridge event'],
    ['a text', '{}', 'the event is "{}": it should be an EventBridge event'],
  ])('given %s, then it is rejected in words', (_, event, problem) => {
    expect(read(event)).toEqual({ kind: 'rejected', problems: [problem] });
  });

  it('given an empty object, then every field that is missing is named', () => {
    expect(problemsOf({})).toEqual([
      'id is missing: it should be the event id',
      'detail-type is missing: it should be the kind of event',
      'source is missing: it should be the name of what sent it',
      'account is missing: it should be a 12-digit account id',
      'time is missing: it should be an ISO-8601 moment',
      'region is missing: it should be a Region, e.g. us-east-1',
    ]);
  });

  it('given several mistakes around and in the detail, then all are named at once', () => {
    expect(problemsOf(eventOf('malformed-config'))).toEqual([
      'account is "11112222": it should be a 12-digit account id',
      "detail.resourceId is missing: it should be the user's unique id (AIDA…)",
      'account is "11112222" but detail.awsAccountId is "111122223333": they must agree',
    ]);
  });

  it('given a bad envelope around good findings, then nothing is reported', () => {
    const event = changed('hub-fsbp', { time: 'yesterday' });
    expect(problemsOf(event)).toEqual(['time is "yesterday": it should be an ISO-8601 moment']);
  });

  it('given fields that AWS may add one day, then they do no harm', () => {
    const event = changed('config-non-compliant', { 'detail/annotationOfTomorrow': { deep: [1] } });
    expect(read(event)).toMatchObject({ kind: 'findings', rejected: [] });
  });

  it('given null where a field may be absent, then it counts as absent', () => {
    const event = changed('config-non-compliant', { 'detail/oldEvaluationResult': null });
    expect(read(event)).toMatchObject({ kind: 'findings', rejected: [] });
  });

  it('given a very long value, then the problem stays readable', () => {
    const [problem = ''] = problemsOf(
      changed('config-non-compliant', { account: '1'.repeat(5000) }),
    );
    expect(problem.length).toBeLessThan(200);
  });

  it('given the right detail-type from another sender, then it is none of AWS Config', () => {
    expect(read(changed('config-non-compliant', { source: 'acme.config' })).kind).toBe('other');
  });
});

describe('an SSM status change', () => {
  it.each([
    [
      'malformed',
      eventOf('malformed-ssm-execution'),
      [
        'detail.ExecutionId is "not-a-uuid": it should be the execution id, a UUID',
        'detail.Status is missing: it should be the status, e.g. Success',
      ],
    ],
    [
      'of another partition',
      changed('ssm-execution-success', { region: 'cn-north-1' }),
      [
        'region cn-north-1 is in partition aws-cn: this Keyturn serves aws',
        'the region in resources is "us-east-1" but the event\'s is "cn-north-1"',
      ],
    ],
    [
      'whose ARN is of another run',
      changed('ssm-execution-success', {
        'detail/ExecutionId': '9e1b7d20-55aa-4c3f-b0e2-6d5c4b3a2f10',
      }),
      [
        'the executionId in resources is "4105a4fc-9d32-41e6-8a1b-0a1b2c3d4951" but the ' +
          'event\'s is "9e1b7d20-55aa-4c3f-b0e2-6d5c4b3a2f10"',
      ],
    ],
    [
      'whose ARN is of another account',
      changed('ssm-execution-success', { account: '444455556666' }),
      ['the account in resources is "111122223333" but the event\'s is "444455556666"'],
    ],
  ])('given one that is %s, then it is rejected', (_, event, problems) => {
    expect(problemsOf(event)).toEqual(problems);
  });
});
