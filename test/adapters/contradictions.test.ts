/** Parts of one event that place it or name its user differently: each is named, none taken. */
import { describe, expect, test } from 'vitest';
import { eventReader } from '../../adapters/inbound-event.ts';
import type { Inbound } from '../../domain/inbound.ts';
import { changed } from '../fixtures/events.ts';

const read = eventReader({ partition: 'aws', customAction: 'keyturn' });
const problemsIn = (inbound: Inbound): readonly string[] => {
  if (inbound.kind === 'rejected') return inbound.problems;
  if (inbound.kind !== 'findings') return [];
  expect(inbound.reports.length === 0 || inbound.rejected.length === 0).toBe(true);
  return inbound.rejected.flatMap((each) => each.problems);
};

interface Row {
  readonly what: string;
  readonly changes: Readonly<Record<string, unknown>>;
  /** Parts of the problems that must be named. */
  readonly said: readonly string[];
}

/** A row of the tables below. */
const given = (
  what: string,
  changes: Readonly<Record<string, unknown>>,
  ...said: readonly string[]
): Row => ({ what, changes, said });

const first = 'detail/findings/0';
const user = `${first}/Resources/0`;
const otherHub = 'arn:aws:securityhub:eu-west-1';

const asff: readonly Row[] = [
  given(
    'a Region that is not the product’s and not the id’s',
    { [`${first}/Region`]: 'eu-west-1' },
    'Region is "eu-west-1" but the Region in detail.findings[0].ProductArn is "us-east-1"',
    'Region is "eu-west-1" but the Region in detail.findings[0].Id is "us-east-1"',
  ),
  given(
    'a product of another Region',
    { [`${first}/ProductArn`]: `${otherHub}::product/aws/securityhub` },
    'Region is "us-east-1" but the Region in detail.findings[0].ProductArn is "eu-west-1"',
  ),
  given(
    'a product and an id of two Regions, and no Region',
    {
      [`${first}/Region`]: undefined,
      [`${first}/ProductArn`]: `${otherHub}::product/aws/securityhub`,
    },
    'the Region in detail.findings[0].ProductArn is "eu-west-1" but the Region in ' +
      'detail.findings[0].Id is "us-east-1"',
  ),
  given(
    'an id of another account and Region',
    { [`${first}/Id`]: `${otherHub}:444455556666:security-control/IAM.3/finding/a1b2` },
    'but the Region in detail.findings[0].Id is "eu-west-1"',
    'AwsAccountId is "111122223333" but the account in detail.findings[0].Id is "444455556666"',
  ),
  given(
    'an id of another control',
    {
      [`${first}/Id`]:
        'arn:aws:securityhub:us-east-1:111122223333:security-control/IAM.5/finding/a1b2',
    },
    "the finding's id names IAM.5: they are different controls",
  ),
  given(
    'a generator of another control',
    { [`${first}/GeneratorId`]: 'security-control/IAM.5' },
    'GeneratorId names IAM.5',
  ),
  given(
    'a user shown in another Region',
    { [`${user}/Region`]: 'ap-south-1' },
    'Resources[0].Region is "ap-south-1" but the finding is of "us-east-1"',
  ),
  given(
    'a user shown in another partition',
    { [`${user}/Partition`]: 'aws-cn' },
    'Resources[0].Partition is aws-cn',
  ),
  given(
    'a user of another account',
    { [`${user}/Id`]: 'arn:aws:iam::444455556666:user/ci-runner' },
    'Resources[0].Id is in account 444455556666 but AwsAccountId is 111122223333',
  ),
  given(
    'a time that is none',
    { [`${first}/UpdatedAt`]: 'yesterday' },
    'UpdatedAt is "yesterday": it should be an ISO-8601 moment',
  ),
  given(
    'an event of which a finding is of another partition',
    { resources: ['arn:aws-cn:securityhub:cn-north-1::product/aws/securityhub/x'] },
    'is in partition aws-cn: this Keyturn serves aws',
  ),
];

const resource = `${first}/resources/0`;

const ocsf: readonly Row[] = [
  given(
    'a Region that is not the product’s and not the id’s',
    { [`${first}/cloud/region`]: 'eu-west-1' },
    'cloud.region is "eu-west-1" but the Region in detail.findings[0].metadata.product.uid is',
    'cloud.region is "eu-west-1" but the Region in detail.findings[0].finding_info.uid is',
  ),
  given(
    'another account',
    { [`${first}/cloud/account/uid`]: '444455556666' },
    'cloud.account.uid is "444455556666" but the account in detail.findings[0].finding_info.uid',
    'resources[0].uid_alt is in account 111122223333 but cloud.account.uid is 444455556666',
    'cloud.account.uid is "444455556666" but detail.findings[0].resources[0].owner.account.uid',
  ),
  given(
    'a user of another owner',
    { [`${resource}/owner/account/uid`]: '444455556666' },
    'resources[0].owner.account.uid is "444455556666": they must agree',
  ),
  given(
    'a user shown in another partition',
    { [`${resource}/cloud_partition`]: 'aws-us-gov' },
    'resources[0].cloud_partition is in partition aws-us-gov',
  ),
  given(
    'a user shown in another Region',
    { [`${resource}/region`]: 'ap-south-1' },
    'resources[0].region is "ap-south-1" but the finding is of "us-east-1"',
  ),
  given(
    'two unique ids',
    { [`${resource}/uid_alt`]: 'arn:aws:iam::111122223333:user/AIDACKCEVSQ6C2EXAMPLE' },
    'resources[0].uid is "AIDAIOSFODNN7EXAMPLE" but detail.findings[0].resources[0].uid_alt is',
  ),
  given(
    'two names',
    { [`${resource}/name`]: 'report-mailer' },
    'resources[0].uid_alt is "ci-runner" but detail.findings[0].resources[0].name is',
  ),
  given(
    'details of somebody else',
    {
      [`${resource}/data`]: {
        awsIamUserDetails: {
          userName: 'report-mailer',
          userId: 'AIDACKCEVSQ6C2EXAMPLE',
          path: '/x/',
        },
      },
    },
    'awsIamUserDetails.userId is "AIDACKCEVSQ6C2EXAMPLE" but detail.findings[0].resources[0].uid',
    'awsIamUserDetails.userName is "report-mailer" but',
    'awsIamUserDetails.path is "/x/" but',
  ),
  given(
    'a status and another word for it',
    { [`${first}/status`]: 'Resolved' },
    'status_id is 1 (New) but detail.findings[0].status is "Resolved"',
  ),
  given(
    'a verdict and another word for it',
    { [`${first}/compliance/status_id`]: 1 },
    'compliance.status_id is 1 (Pass) but detail.findings[0].compliance.status is "Fail"',
  ),
  given(
    'an activity and another word for it',
    { [`${first}/activity_name`]: 'Close' },
    'activity_id is 1 (Create) but detail.findings[0].activity_name is "Close"',
  ),
  given(
    'a number that is no status',
    { [`${first}/status_id`]: 6 },
    'status_id is 6: it should be',
  ),
  given(
    'a word that is no status',
    { [`${first}/status`]: 'Fresh' },
    'status is "Fresh": it should be',
  ),
  given(
    'no status and no verdict',
    {
      [`${first}/status`]: undefined,
      [`${first}/status_id`]: undefined,
      [`${first}/compliance`]: { control: 'IAM.3' },
    },
    'status_id is missing',
    'compliance.status_id is missing',
  ),
  given(
    'no name of a user',
    { [`${resource}/uid`]: undefined, [`${resource}/uid_alt`]: undefined },
    "resources[0].uid is missing: it should be a user's unique id or ARN",
  ),
  given(
    'an empty user name',
    { [`${resource}/uid_alt`]: 'arn:aws:iam::111122223333:user/' },
    'the user name in detail.findings[0].resources[0].uid_alt is empty',
  ),
];

const qualifier = (result: string) =>
  `detail/${result}/evaluationResultIdentifier/evaluationResultQualifier`;
const service = 'arn:aws:config:us-east-1:111122223333:config-rule/aws-service-rule';

const config: readonly Row[] = [
  given(
    'another account and Region than its envelope',
    { 'detail/awsAccountId': '444455556666', 'detail/awsRegion': 'eu-west-1' },
    'account is "111122223333" but detail.awsAccountId is "444455556666"',
    'region is "us-east-1" but detail.awsRegion is "eu-west-1"',
    'the Region in detail.configRuleARN is "us-east-1"',
    'the account in detail.configRuleARN is "111122223333"',
  ),
  given(
    'an evaluation of somebody else',
    { [`${qualifier('newEvaluationResult')}/resourceId`]: 'AIDACKCEVSQ6C2EXAMPLE' },
    'detail.resourceId is "AIDAIOSFODNN7EXAMPLE" but detail.newEvaluationResult.',
  ),
  given(
    'an earlier evaluation of another rule',
    { [`${qualifier('oldEvaluationResult')}/configRuleName`]: 'my-rule' },
    'detail.configRuleName is "access-keys-rotated" but detail.oldEvaluationResult.',
  ),
  given(
    'a unique id that is a name',
    { 'detail/resourceId': 'ci-runner' },
    'detail.resourceId is "ci-runner": it should be',
  ),
  given(
    'another type of resource',
    { 'detail/resourceType': 'AWS::IAM::Role' },
    'detail.resourceType is "AWS::IAM::Role" but detail.newEvaluationResult.',
  ),
  given('no ARN', { 'detail/configRuleARN': 'rule' }, 'it should be the ARN of a Config rule'),
  given(
    'the name that Security Hub gives, of a rule of a conformance pack',
    {
      'detail/configRuleName': 'securityhub-access-keys-rotated-0a1b2c3d',
      'detail/configRuleARN': `${service}/config-conforms.amazonaws.com/config-rule-a1`,
      [`${qualifier('newEvaluationResult')}/configRuleName`]: undefined,
      [`${qualifier('oldEvaluationResult')}/configRuleName`]: undefined,
    },
    'is of a rule that config-conforms.amazonaws.com made',
  ),
];

describe.each([
  ['hub-fsbp', asff],
  ['hub-v2', ocsf],
  ['config-non-compliant', config],
])('%s', (name, rows) => {
  test.each(rows)('given $what, then it is refused, every part named', ({ changes, said }) => {
    const problems = problemsIn(read(changed(name, changes)));
    for (const each of said) expect(problems.join('\n')).toContain(each);
    expect(problems.length).toBeGreaterThanOrEqual(said.length);
  });
});

describe('what is no contradiction', () => {
  test.each<[string, string, Readonly<Record<string, unknown>>]>([
    ['an administrator’s envelope', 'hub-fsbp', { account: '444455556666' }],
    ['the envelope of the Region that gathers', 'hub-fsbp', { region: 'eu-west-1' }],
    ['both', 'hub-fsbp', { account: '444455556666', region: 'eu-west-1' }],
    ['an administrator’s envelope in V2', 'hub-v2', { account: '444455556666' }],
    ['the envelope of the Region that gathers in V2', 'hub-v2', { region: 'eu-west-1' }],
    ['a user shown as global', 'hub-fsbp', { [`${user}/Region`]: 'global' }],
    ['a user shown where IAM is at home', 'hub-nist', { [`${user}/Region`]: 'us-east-1' }],
    ['numbers without their words', 'hub-v2', { [`${first}/status`]: undefined }],
    ['words without their numbers', 'hub-v2', { [`${first}/status_id`]: undefined }],
    ['words in other letters', 'hub-v2', { [`${first}/compliance/status`]: 'FAIL' }],
    [
      'an ARN as uid',
      'hub-v2',
      { [`${resource}/uid`]: 'arn:aws:iam::111122223333:user/ci-runner' },
    ],
    ['a unique id alone', 'hub-v2', { [`${resource}/uid_alt`]: undefined }],
    ['a name beside the ARN', 'hub-v2', { [`${resource}/name`]: 'ci-runner' }],
    ['no Region of its own', 'hub-v2', { [`${first}/cloud/region`]: undefined }],
    [
      'a rule that Security Hub made',
      'config-non-compliant',
      { 'detail/configRuleARN': `${service}/securityhub.amazonaws.com/config-rule-a1` },
    ],
    ['no earlier evaluation', 'config-non-compliant', { 'detail/oldEvaluationResult': undefined }],
    [
      'no mode of evaluation',
      'config-non-compliant',
      { [`${qualifier('newEvaluationResult')}/evaluationMode`]: undefined },
    ],
  ])('%s (%s)', (_, name, changes) => {
    const inbound = read(changed(name, changes));
    expect(problemsIn(inbound)).toEqual([]);
    expect(inbound).toMatchObject({ reports: [{ account: '111122223333' }] });
  });
});
