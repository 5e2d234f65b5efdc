/**
 * What AWS Config holds of users and of the rules on the age of their keys, by its advanced
 * queries: of one account and Region, or of all that an aggregator collects. A condition on a list
 * holds if any two elements fulfil its parts, so rules are picked here and not by the query.
 * https://docs.aws.amazon.com/config/latest/developerguide/query-components.html (2026-11)
 */
import {
  ConfigServiceClient,
  SelectAggregateResourceConfigCommand,
  SelectResourceConfigCommand,
} from '@aws-sdk/client-config-service';
import * as v from 'valibot';
import type { ConfigUsers } from '../domain/compliance.ts';
import { messageOf, Permanent } from '../domain/errors.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { fromAws } from './aws-error.ts';
import { isKeyAgeRule } from './config-compliance.ts';
import { accountForm, uniqueIdForm } from './iam-user-arn.ts';

const usersQuery = "SELECT accountId, resourceId WHERE resourceType = 'AWS::IAM::User'";

const rulesQuery =
  'SELECT accountId, configuration.targetResourceId, configuration.configRuleList ' +
  "WHERE resourceType = 'AWS::Config::ResourceCompliance' " +
  "AND configuration.targetResourceType = 'AWS::IAM::User'";

/**
 * https://docs.aws.amazon.com/config/latest/APIReference/API_SelectResourceConfig.html (2026-11)
 */
const rowsAPage = 100;

/** More pages than any organization has: an answer that never ends is none. */
const mostPages = 100_000;

const account = v.pipe(v.string(), v.regex(accountForm));
const userId = v.pipe(v.string(), v.regex(uniqueIdForm));

const userRow = v.object({ accountId: account, resourceId: userId });

const ruleRow = v.object({
  accountId: account,
  configuration: v.object({
    targetResourceId: userId,
    configRuleList: v.array(v.object({ configRuleName: v.string(), complianceType: v.string() })),
  }),
});

/** Throws Transient or Permanent; an answer of which one row is not understood is none. */
export async function configUsers(
  connection: AwsConnection,
  aggregator: string | null,
): Promise<ConfigUsers> {
  const client = connect(ConfigServiceClient, connection);
  const recorded = await everyRow(client, aggregator, usersQuery, userRow);
  const rules = await everyRow(client, aggregator, rulesQuery, ruleRow);
  return {
    recorded: recorded.map(({ accountId, resourceId }) => ({
      account: accountId,
      userId: resourceId,
    })),
    judged: rules.flatMap(({ accountId, configuration }) =>
      configuration.configRuleList
        .filter(({ configRuleName }) => isKeyAgeRule(configRuleName))
        .map(({ configRuleName, complianceType }) => ({
          account: accountId,
          userId: configuration.targetResourceId,
          rule: configRuleName,
          says: complianceType,
        })),
    ),
  };
}

async function everyRow<T>(
  client: ConfigServiceClient,
  aggregator: string | null,
  query: string,
  row: v.GenericSchema<unknown, T>,
): Promise<readonly T[]> {
  const where = aggregator === null ? 'this account and Region' : `aggregator ${aggregator}`;
  const tried = `asking AWS Config of ${where}: ${query}`;
  const rows: T[] = [];
  let token: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const { Results = [], NextToken } = await onePage(client, aggregator, query, token, tried);
    rows.push(...Results.map((text) => parsedRow(text, row, tried)));
    if (NextToken === undefined || NextToken === '') return rows;
    token = NextToken;
  }
  throw new Permanent(`${tried}: there is no end after ${mostPages} pages: ask of fewer accounts`);
}

async function onePage(
  client: ConfigServiceClient,
  aggregator: string | null,
  query: string,
  token: string | undefined,
  tried: string,
): Promise<{ readonly Results?: string[] | undefined; readonly NextToken?: string | undefined }> {
  const next = token === undefined ? {} : { NextToken: token };
  const input = { Expression: query, Limit: rowsAPage, ...next };
  try {
    if (aggregator === null) return await client.send(new SelectResourceConfigCommand(input));
    const named = { ...input, ConfigurationAggregatorName: aggregator };
    return await client.send(new SelectAggregateResourceConfigCommand(named));
  } catch (error) {
    throw fromAws(tried, error);
  }
}

function parsedRow<T>(text: string, row: v.GenericSchema<unknown, T>, tried: string): T {
  try {
    return v.parse(row, JSON.parse(text));
  } catch (error) {
    throw new Permanent(`${tried}: a row is not as documented: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
