/** Security Hub findings: whom they name, what contradicts, what is not asked of them. */
import { describe, expect, it } from 'vitest';
import { readSecurityHubEvent } from '../../adapters/asff.ts';
import type { Inbound } from '../../domain/inbound.ts';
import { changed, eventOf } from '../fixtures/events.ts';

const settings = { partition: 'aws', customAction: 'keyturn' } as const;
const at = 'detail/findings/0';
const user = `${at}/Resources/0`;
const details = `${user}/Details/AwsIamUser`;

const read = (changes: Readonly<Record<string, unknown>>, name = 'hub-fsbp'): Inbound =>
  readSecurityHubEvent(changed(name, changes), settings);

const problems = (inbound: Inbound): readonly string[] => {
  if (inbound.kind === 'rejected') return inbound.problems;
  return inbound.kind === 'findings' ? inbound.rejected.flatMap((each) => each.problems) : [];
};

const users = (inbound: Inbound) =>
  inbound.kind === 'findings' ? inbound.reports.map((report) => report.user) : [];

describe('the user that a finding names', () => {
  const userId = 'AIDAIOSFODNN7EXAMPLE';
  const both = { by: 'both', userId, userName: 'ci-runner' };
  it.each<[string, Readonly<Record<string, unknown>>, unknown]>([
    ['name and details', {}, both],
    ['a name alone', { [`${user}/Details`]: undefined }, { by: 'name', userName: 'ci-runner' }],
    [
      'details without an id',
      { [`${details}/UserId`]: undefined },
      { by: 'name', userName: 'ci-runner' },
    ],
    [
      'details without name and path',
      { [`${details}/UserName`]: undefined, [`${details}/Path`]: undefined },
      both,
    ],
    [
      'the unique id in the ARN, with details',
      { [`${user}/Id`]: `arn:aws:iam::111122223333:user/${userId}` },
      both,
    ],
    [
      'the unique id in the ARN, alone',
      {
        [`${user}/Id`]: `arn:aws:iam::111122223333:user/${userId}`,
        [`${user}/Details`]: undefined,
      },
      { by: 'id', userId },
    ],
    [
      'a user who is called like a unique id',
      {
        [`${user}/Id`]: 'arn:aws:iam::111122223333:user/AIDALOOKALIKEEXAMPLE',
        [`${details}/UserName`]: 'AIDALOOKALIKEEXAMPLE',
      },
      { by: 'both', userId, userName: 'AIDALOOKALIKEEXAMPLE' },
    ],
    [
      'a name with every kind of character',
      {
        [`${user}/Id`]: 'arn:aws:iam::111122223333:user/a+b=c,d.e@f_g-h',
        [`${user}/Details`]: undefined,
      },
      { by: 'name', userName: 'a+b=c,d.e@f_g-h' },
    ],
  ])('given %s', (_, changes, expected) => {
    expect(users(read(changes))).toEqual([expected]);
  });

  it('given several users in one finding, then each is reported by it', () => {
    const second = {
      Type: 'AwsIamUser',
      Id: 'arn:aws:iam::111122223333:user/report-mailer',
      Partition: 'aws',
    };
    const root = { Type: 'AwsIamUser', Id: 'arn:aws:iam::111122223333:root' };
    const group = { Type: 'AwsIamGroup', Id: 'arn:aws:iam::111122223333:group/all' };
    const inbound = read({
      [`${at}/Resources/1`]: second,
      [`${at}/Resources/2`]: root,
      [`${at}/Resources/3`]: group,
    });
    expect(users(inbound)).toEqual([both, { by: 'name', userName: 'report-mailer' }]);
  });
});

const wrong: readonly [string, Readonly<Record<string, unknown>>, readonly string[]][] = [
  [
    'a user of another account',
    { [`${at}/AwsAccountId`]: '444455556666' },
    [
      'detail.findings[0].AwsAccountId is "444455556666" but the account in ' +
        'detail.findings[0].Id is "111122223333": they must agree',
      'detail.findings[0].Resources[0].Id is in account 111122223333 but AwsAccountId is ' +
        '444455556666',
    ],
  ],
  [
    'another name in the details',
    { [`${details}/UserName`]: 'report-mailer' },
    [
      'detail.findings[0].Resources[0].Id names ci-runner but ' +
        'detail.findings[0].Resources[0].Details.AwsIamUser.UserName is report-mailer: they ' +
        'must agree',
    ],
  ],
  [
    'another path in the details',
    { [`${details}/Path`]: '/apps/' },
    [
      'detail.findings[0].Resources[0].Id has path / but ' +
        'detail.findings[0].Resources[0].Details.AwsIamUser.Path is /apps/: they must agree',
    ],
  ],
  [
    'another unique id in the details',
    {
      [`${user}/Id`]: 'arn:aws:iam::111122223333:user/AIDACKCEVSQ6C2EXAMPLE',
    },
    [
      'detail.findings[0].Resources[0].Id names AIDACKCEVSQ6C2EXAMPLE but ' +
        'detail.findings[0].Resources[0].Details.AwsIamUser.UserId is AIDAIOSFODNN7EXAMPLE: ' +
        'they must agree',
    ],
  ],
  [
    'a foreign user',
    { [`${user}/Id`]: 'arn:aws-cn:iam::111122223333:user/ci-runner' },
    [
      'detail.findings[0].Resources[0].Id is in partition aws-cn: this Keyturn serves aws',
      'detail.findings[0].Resources[0].Partition is aws but ' +
        'detail.findings[0].Resources[0].Id is in partition aws-cn',
    ],
  ],
  [
    'a foreign product',
    { [`${at}/ProductArn`]: 'arn:aws-us-gov:securityhub:us-gov-west-1::product/aws/securityhub' },
    [
      'detail.findings[0].ProductArn is in partition aws-us-gov: this Keyturn serves aws',
      'detail.findings[0].Region is "us-east-1" but the Region in ' +
        'detail.findings[0].ProductArn is "us-gov-west-1": they must agree',
    ],
  ],
  [
    'an account of eleven digits',
    {
      [`${at}/AwsAccountId`]: '11112222333',
      [`${user}/Id`]: 'arn:aws:iam::11112222333:user/ci-runner',
    },
    [
      'detail.findings[0].AwsAccountId is "11112222333": it should be a 12-digit account id',
      'detail.findings[0].AwsAccountId is "11112222333" but the account in ' +
        'detail.findings[0].Id is "111122223333": they must agree',
      'the account in detail.findings[0].Resources[0].Id is "11112222333": it should be a ' +
        '12-digit account id',
    ],
  ],
  [
    'an empty user name in the ARN',
    { [`${user}/Id`]: 'arn:aws:iam::111122223333:user/', [`${user}/Details`]: undefined },
    [
      'the user name in detail.findings[0].Resources[0].Id is empty: it should be a name ' +
        'that IAM allows',
    ],
  ],
  [
    'an empty user name in the details',
    { [`${details}/UserName`]: '' },
    [
      'detail.findings[0].Resources[0].Details.AwsIamUser.UserName is empty: it should be ' +
        'a user name',
    ],
  ],
  [
    'no ARN at all',
    { [`${user}/Id`]: 'ci-runner' },
    [
      'detail.findings[0].Resources[0].Id is "ci-runner": it should be a user\'s ARN, ' +
        'arn:aws:iam::111122223333:user/path/name',
    ],
  ],
  [
    'a role where a user should be',
    { [`${user}/Id`]: 'arn:aws:iam::111122223333:role/ci-runner' },
    [
      'detail.findings[0].Resources[0].Id is "arn:aws:iam::111122223333:role/ci-runner": ' +
        "it should be a user's ARN, arn:aws:iam::111122223333:user/path/name",
    ],
  ],
  [
    'names of two controls',
    { [`${at}/Compliance/SecurityControlId`]: 'IAM.5' },
    [
      'detail.findings[0]: GeneratorId names aws-foundational-security-best-practices ' +
        '1.0.0 IAM.3 but Compliance.SecurityControlId names IAM.5: they are different ' +
        'controls',
    ],
  ],
  [
    'states that Security Hub does not know',
    { [`${at}/Compliance`]: {}, [`${at}/RecordState`]: 'LOST', [`${at}/Workflow`]: undefined },
    [
      'detail.findings[0].Compliance.Status is missing: it should be one of PASSED, ' +
        'WARNING, FAILED, NOT_AVAILABLE',
      'detail.findings[0].RecordState is "LOST": it should be one of ACTIVE, ARCHIVED',
      'detail.findings[0].Workflow is missing: it should be an object with Status',
    ],
  ],
  [
    'no resources',
    { [`${at}/Resources`]: [] },
    ['detail.findings[0].Resources is an empty list: it should be a list of at least one resource'],
  ],
  ['a text', { [at]: 'finding' }, ['detail.findings[0] is "finding": it should be a finding']],
];

describe('a contradictory or malformed finding', () => {
  it.each(wrong)('given %s, then every problem of it is named', (_, changes, expected) => {
    const inbound = read(changes);
    expect(problems(inbound)).toEqual(expected);
    expect(users(inbound)).toEqual([]);
  });

  it('given a bad finding beside a good one, then one counts and one is kept whole', () => {
    const event = eventOf('hub-one-bad-one-good');
    const inbound = readSecurityHubEvent(event, settings);
    if (inbound.kind !== 'findings') throw new Error('it was rejected as a whole');
    expect(inbound.reports).toHaveLength(1);
    expect(inbound.rejected).toEqual([
      {
        event: changed('hub-one-bad-one-good', {
          'detail/findings/1': undefined,
          'detail/findings/length': 1,
        }),
        problems: [
          'detail.findings[0].RecordState is missing: it should be one of ACTIVE, ARCHIVED',
          'detail.findings[0].AwsAccountId is "444455556666" but the account in ' +
            'detail.findings[0].Id is "111122223333": they must agree',
          'detail.findings[0].Resources[0].Id is in account 111122223333 but AwsAccountId ' +
            'is 444455556666',
        ],
      },
    ]);
  });

  it('given a finding that passed but contradicts itself, then it is rejected all the same', () => {
    const inbound = read({ [`${at}/AwsAccountId`]: '444455556666' }, 'hub-passed');
    expect(problems(inbound)).toHaveLength(2);
  });
});

describe('what is not asked of a finding', () => {
  it('given another account around it, then that is the delegated administrator', () => {
    expect(problems(read({ account: '444455556666' }))).toEqual([]);
  });

  it("given another product's finding without compliance, then it is ignored, not rejected", () => {
    const changes = { [`${at}/Compliance`]: undefined, [`${at}/Workflow`]: undefined };
    const inbound = read(changes, 'hub-other-product');
    expect(inbound).toMatchObject({ reports: [], rejected: [] });
  });

  it('given a finding without its own Region, then the product tells it', () => {
    const inbound = read({ [`${at}/Region`]: undefined });
    expect(inbound).toMatchObject({ reports: [{ finding: { region: 'us-east-1' } }] });
  });

  it('given no finding at all, then there is nothing to do', () => {
    expect(read({ 'detail/findings': [] })).toMatchObject({
      ignored: ['there is no finding in it'],
    });
  });
});

describe('a custom action', () => {
  it('given any workflow status, or none, then it asks', () => {
    for (const workflow of [{ Status: 'SUPPRESSED' }, { Status: 'RESOLVED' }, undefined]) {
      const inbound = read({ [`${at}/Workflow`]: workflow }, 'hub-custom-action');
      expect(inbound).toMatchObject({ reports: [{ asked: true }] });
    }
  });

  it('given no action among the resources, then it is rejected', () => {
    expect(problems(read({ resources: [] }, 'hub-custom-action'))).toEqual([
      'the custom action in resources is missing: it should be an ARN ending in action/custom/<id>',
    ]);
  });
});
