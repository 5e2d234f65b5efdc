/** What Config is asked, page by page, and that a row that is not understood is no answer. */
import { describe, expect, test } from 'vitest';
import { configUsers } from '../../adapters/config-queries.ts';
import { Permanent, Transient } from '../../domain/errors.ts';
import { awsError } from '../../sandbox/account/service.ts';
import { type Answers, cannedAws, throttled } from './canned-aws.ts';

const accountId = '111122223333';
const [ada, bob] = ['AIDACKCEVSQ6C2EXAMPLE', 'AIDACKCEVSQ6C3EXAMPLE'];

const rule = (resourceId: string, ...list: readonly (readonly [string, string])[]) =>
  JSON.stringify({
    accountId,
    configuration: {
      targetResourceId: resourceId,
      configRuleList: list.map(([configRuleName, complianceType]) => ({
        configRuleName,
        complianceType,
      })),
    },
  });

interface Asked {
  readonly Expression: string;
  readonly NextToken?: string;
}

/** Two pages of users, one of rules. */
function answer({ Expression, NextToken }: Asked) {
  if (Expression.includes('ResourceCompliance')) {
    const mfa = ['iam-user-mfa-enabled', 'NON_COMPLIANT'] as const;
    return { Results: [rule(ada, mfa, ['access-keys-rotated', 'COMPLIANT']), rule(bob, mfa)] };
  }
  return NextToken === undefined
    ? { Results: [JSON.stringify({ accountId, resourceId: ada })], NextToken: 'more' }
    : { Results: [JSON.stringify({ accountId, resourceId: bob })] };
}

const found = {
  recorded: [
    { account: accountId, userId: ada },
    { account: accountId, userId: bob },
  ],
  judged: [{ account: accountId, userId: ada, rule: 'access-keys-rotated', says: 'COMPLIANT' }],
};

describe('Config', () => {
  test('is asked of its own account and Region', async () => {
    const aws = cannedAws({ SelectResourceConfig: answer });
    expect(await configUsers(aws.connection, null)).toEqual(found);
    const users = { Expression: expect.stringContaining("'AWS::IAM::User'"), Limit: 100 };
    expect(aws.calls.map(({ input }) => input)).toEqual([
      users,
      { ...users, NextToken: 'more' },
      { Expression: expect.stringContaining("'AWS::Config::ResourceCompliance'"), Limit: 100 },
    ]);
  });

  test('is asked of all that an aggregator collects', async () => {
    const aws = cannedAws({ SelectAggregateResourceConfig: answer });
    expect(await configUsers(aws.connection, 'all')).toEqual(found);
    expect(aws.calls).toHaveLength(3);
    for (const { input } of aws.calls) expect(input.ConfigurationAggregatorName).toBe('all');
  });
});

describe('no answer', () => {
  const asked = (answers: Answers) => configUsers(cannedAws(answers).connection, null);

  test.each([
    ['no JSON', '{'],
    ['no account', JSON.stringify({ accountId: 'x', resourceId: ada })],
    ['no unique id', JSON.stringify({ accountId, resourceId: '<b>' })],
    ['nothing of a user', '{}'],
  ])('is a row with %s', async (_, row) => {
    const users = asked({ SelectResourceConfig: () => ({ Results: [row] }) });
    await expect(users).rejects.toThrow(Permanent);
    await expect(users).rejects.toThrow('a row is not as documented');
  });

  test('is an error: refused is for good, throttled is not', async () => {
    const refusing = (error: Error) => ({
      SelectResourceConfig: () => {
        throw error;
      },
    });
    const denied = asked(refusing(awsError('AccessDeniedException', 'no', 400)));
    await expect(denied).rejects.toThrow(Permanent);
    await expect(denied).rejects.toThrow('asking AWS Config of this account and Region');
    await expect(asked(refusing(throttled()))).rejects.toThrow(Transient);
  });
});
