/**
 * AWS Config's advanced queries, of the two that evidence asks: which users there are, and what a
 * rule on the age of keys says of each. It records users in every account's own Region.
 * https://docs.aws.amazon.com/config/latest/APIReference/API_SelectResourceConfig.html (2026-11)
 */
import type { SelectResourceConfigRequest } from '@aws-sdk/client-config-service';
import { type Instant, isDue, plus } from '../../domain/instant.ts';
import type { Cloud } from './cloud.ts';
import type { CallContext, ServiceModel } from './service.ts';
import { notModelled, strict } from './strict.ts';

const staleDays = 90;

/** A page holds as many as are asked for; the token is the number of the next row. */
export function configQueries(cloud: Pick<Cloud, 'truth'>): ServiceModel {
  return strict('config', {
    SelectResourceConfig: {
      takes: ['Expression', 'Limit', 'NextToken'],
      run: (input: SelectResourceConfigRequest, { account, now }: CallContext) => {
        const all = rowsFor(input.Expression ?? '', cloud, account, now);
        const from = Number(input.NextToken ?? 0);
        const to = from + (input.Limit ?? 25);
        const more = to < all.length ? { NextToken: String(to) } : {};
        return { Results: all.slice(from, to).map((row) => JSON.stringify(row)), ...more };
      },
    },
  });
}

function rowsFor(
  expression: string,
  cloud: Pick<Cloud, 'truth'>,
  accountId: string,
  now: Instant,
): readonly object[] {
  const { users, keys } = cloud.truth(accountId);
  if (expression.includes("resourceType = 'AWS::IAM::User'")) {
    return users.map(({ userId }) => ({ accountId, resourceId: userId }));
  }
  if (!expression.includes("resourceType = 'AWS::Config::ResourceCompliance'")) {
    throw notModelled(`config:SelectResourceConfig with ${expression}`);
  }
  return users.map(({ userId }) => {
    const isBad = keys.some(
      (key) =>
        key.userId === userId &&
        key.deletedAt === null &&
        key.status === 'Active' &&
        isDue(plus(key.createdAt, { days: staleDays }), now),
    );
    const complianceType = isBad ? 'NON_COMPLIANT' : 'COMPLIANT';
    const configRuleList = [{ configRuleName: 'access-keys-rotated', complianceType }];
    return { accountId, configuration: { targetResourceId: userId, configRuleList } };
  });
}
