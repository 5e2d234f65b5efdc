/** Compliance changes: which rules count, what contradicts, what calls for nothing. */
import { describe, expect, it } from 'vitest';
import { isKeyAgeRule, readComplianceChange } from '../../adapters/config-compliance.ts';
import type { Inbound } from '../../domain/inbound.ts';
import { changed } from '../fixtures/events.ts';

const read = (changes: Readonly<Record<string, unknown>>): Inbound =>
  readComplianceChange(changed('config-non-compliant', changes), {
    partition: 'aws',
    customAction: 'keyturn',
  });

const qualifier = 'detail/newEvaluationResult/evaluationResultIdentifier/evaluationResultQualifier';

describe('the name of a Config rule', () => {
  it.each([
    'access-keys-rotated',
    'securityhub-access-keys-rotated-1f2e3d4c',
    'access-keys-rotated-conformance-pack-x1y2z3abc',
    'OrgConfigRule-access-keys-rotated-dbgzf8ba',
  ])('%s judges the age of keys', (name) => {
    expect(isKeyAgeRule(name)).toBe(true);
  });

  it.each([
    'my-access-keys-rotated-not',
    'my-access-keys-rotated',
    'access-keys-rotated-not',
    'access-keys-rotated-',
    'access-keys-rotated-conformance-pack-',
    'securityhub-access-keys-rotated',
    'securityhub-access-keys-rotated-1f2e-extra',
    'ACCESS-KEYS-ROTATED',
    'root-access-keys-rotated',
    'access-keys-rotated\n',
    '',
  ])('%j does not', (name) => {
    expect(isKeyAgeRule(name)).toBe(false);
  });
});

const wrong: readonly [string, Readonly<Record<string, unknown>>, readonly string[]][] = [
  [
    'another account around it',
    { account: '444455556666' },
    ['account is "444455556666" but detail.awsAccountId is "111122223333": they must agree'],
  ],
  [
    'another Region around it',
    { region: 'eu-west-1' },
    ['region is "eu-west-1" but detail.awsRegion is "us-east-1": they must agree'],
  ],
  [
    'another user in the evaluation',
    { [`${qualifier}/resourceId`]: 'AIDACKCEVSQ6C2EXAMPLE' },
    [
      'detail.resourceId is "AIDAIOSFODNN7EXAMPLE" but ' +
        'detail.newEvaluationResult.evaluationResultIdentifier.evaluationResultQualifier.resou' +
        'rceId is "AIDACKCEVSQ6C2EXAMPLE": they must agree',
    ],
  ],
  [
    'another rule in the evaluation',
    { [`${qualifier}/configRuleName`]: 'iam-password-policy' },
    [
      'detail.configRuleName is "access-keys-rotated" but ' +
        'detail.newEvaluationResult.evaluationResultIdentifier.evaluationResultQualifier.confi' +
        'gRuleName is "iam-password-policy": they must agree',
    ],
  ],
  [
    "a rule's ARN of another place and partition",
    {
      'detail/configRuleARN': 'arn:aws-cn:config:cn-north-1:444455556666:config-rule/config-rule-1',
    },
    [
      'detail.configRuleARN is in partition aws-cn: this Keyturn serves aws',
      'the Region in detail.configRuleARN is "cn-north-1" but the event\'s is "us-east-1"',
      'the account in detail.configRuleARN is "444455556666" but the event\'s is "111122223333"',
    ],
  ],
  [
    'what is no resource type',
    {
      'detail/resourceType': 'user',
      [`${qualifier}/resourceType`]: 'user',
      'detail/oldEvaluationResult': undefined,
    },
    ['detail.resourceType is "user": it should be a resource type, e.g. AWS::IAM::User'],
  ],
  [
    'a name where the unique id should be',
    {
      'detail/resourceId': 'ci-runner',
      [`${qualifier}/resourceId`]: 'ci-runner',
      'detail/oldEvaluationResult': undefined,
    },
    ['detail.resourceId is "ci-runner": it should be the user\'s unique id (AIDA…)'],
  ],
  [
    'a verdict that Config does not know',
    { 'detail/newEvaluationResult/complianceType': 'MAYBE' },
    [
      'detail.newEvaluationResult.complianceType is "MAYBE": it should be one of ' +
        'COMPLIANT, NON_COMPLIANT, NOT_APPLICABLE, INSUFFICIENT_DATA',
    ],
  ],
  [
    'no verdict',
    { 'detail/newEvaluationResult': undefined },
    ['detail.newEvaluationResult is missing: it should be an evaluation result'],
  ],
  ['a detail that is a text', { detail: '{}' }, ['detail is "{}": it should be what Config says']],
];

describe('a contradictory compliance change', () => {
  it.each(wrong)('given %s, then it is rejected with that alone', (_, changes, problems) => {
    expect(read(changes)).toEqual({ kind: 'rejected', problems });
  });

  it('given a foreign Region, then it is refused: one hub serves one partition', () => {
    const far = {
      region: 'us-gov-west-1',
      'detail/awsRegion': 'us-gov-west-1',
      'detail/configRuleARN': undefined,
    };
    expect(read(far)).toEqual({
      kind: 'rejected',
      problems: [
        'detail.awsRegion us-gov-west-1 is in partition aws-us-gov: this Keyturn serves aws',
      ],
    });
  });
});

describe('a compliance change that calls for nothing', () => {
  const withId = (resourceId: string) => ({
    'detail/resourceId': resourceId,
    [`${qualifier}/resourceId`]: resourceId,
    'detail/oldEvaluationResult': undefined,
  });

  it.each(['111122223333', '<root_account>', 'root', 'arn:aws:iam::111122223333:root'])(
    'given the root user as %s',
    (id) => {
      expect(read(withId(id))).toMatchObject({ ignored: ['the root user is never touched'] });
    },
  );

  it.each([
    ['AWS::IAM::Role', 'AROADBQP57FF2AEXAMPLE'],
    ['AWS::IAM::Group', 'AGPACKCEVSQ6C2EXAMPLE'],
    ['AWS::IAM::Policy', 'ANPAIOSFODNN7EXAMPLE'],
  ])('given an %s', (type, id) => {
    const changes = {
      ...withId(id),
      'detail/resourceType': type,
      [`${qualifier}/resourceType`]: type,
    };
    expect(read(changes)).toMatchObject({
      kind: 'findings',
      reports: [],
      ignored: [`it is about an ${type}, no user`],
    });
  });

  it.each(['arn:aws:iam::444455556666:root', 'arn:aws-cn:iam::111122223333:root'])(
    'but not given a root user of elsewhere: %s',
    (id) => {
      expect(read(withId(id))).toMatchObject({ kind: 'rejected' });
    },
  );

  it('given the account as a whole', () => {
    const changes = {
      ...withId('whole-account'),
      'detail/resourceType': 'AWS::::Account',
      [`${qualifier}/resourceType`]: 'AWS::::Account',
    };
    expect(read(changes)).toMatchObject({ ignored: ['it is about an AWS::::Account, no user'] });
  });
});
