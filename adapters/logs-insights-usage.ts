/**
 * CloudWatch Logs Insights as a source of usage: one query a cycle over the log group into which a
 * trail writes, data events included. Who asks later in the cycle finds it among the group's
 * recent queries by its text, so nothing of our own has to remember it. Two that ask in the same
 * moment may start two: that costs twice and says the same.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeQueries.html
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetQueryResults.html
 * (read 2026-11)
 */
import {
  CloudWatchLogsClient,
  DescribeLogStreamsCommand,
  DescribeQueriesCommand,
  GetQueryResultsCommand,
  type GetQueryResultsResponse,
  type ResultField,
  StartQueryCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { Permanent } from '../domain/errors.ts';
import { fromMillis, type Instant, latest, toMillis } from '../domain/instant.ts';
import type { Clock } from '../domain/ports.ts';
import { type QuerySpan, type QueryTerms, queryTerms } from '../domain/trail-query.ts';
import type { TrailQuerySource } from '../domain/usage-sources.ts';
import { askedOnce } from './asked-once.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { newestIn, type Row, refuseStale, rowsOf, usesOf } from './trail-query-rows.ts';
import { insightsText, mostInsightsRows } from './trail-query-text.ts';
import { type Stand, sender, waitedFor } from './waited-for.ts';

/** A query of a cycle is looked for among so many of the group's latest; more are asked for. */
const queriesAPage = 1000;
const mostQueryPages = 10;

export interface InsightsSetup {
  readonly connection: AwsConnection;
  readonly account: string;
  /** In the connection's Region. */
  readonly logGroup: string;
  readonly span: QuerySpan;
  readonly clock: Clock;
}

/** The query over a log group of the account. */
export function logsInsightsUsage(setup: InsightsSetup): TrailQuerySource {
  const { account, span, clock } = setup;
  const insights = asking(setup);
  const once = askedOnce(insightsText, insights.rows);
  return {
    uses: async (keyId) => {
      // The log group holds every Region's events: which there are is no part of the question.
      const terms = queryTerms(account, [], span, clock.now());
      const rows = await once(terms);
      await insights.refuseStale(rows);
      return { since: terms.since, uses: usesOf(rows, keyId) };
    },
  };
}

function asking({ connection, logGroup, clock }: InsightsSetup) {
  const logs = connect(CloudWatchLogsClient, connection);
  const tried = `querying the trail in log group ${logGroup}`;
  const send = sender(clock, tried);

  const knownBy = async (text: string): Promise<string | undefined> => {
    let nextToken: string | undefined;
    for (let page = 0; page < mostQueryPages; page++) {
      const asked = { logGroupName: logGroup, maxResults: queriesAPage, nextToken };
      const answer = await send(() => logs.send(new DescribeQueriesCommand(asked)));
      // AWS may write the source of the query before its text.
      const found = answer.queries?.find(({ queryString }) => queryString?.endsWith(text));
      if (found?.queryId !== undefined) return found.queryId;
      nextToken = answer.nextToken;
      if (nextToken === undefined) return undefined;
    }
    return undefined;
  };

  const start = async (terms: QueryTerms, text: string): Promise<string> => {
    const range = { startTime: seconds(terms.since), endTime: seconds(clock.now()) };
    const input = { logGroupName: logGroup, queryString: text, ...range };
    const { queryId } = await send(() => logs.send(new StartQueryCommand(input)));
    if (queryId === undefined) throw new Permanent(`${tried}: it started without an id`);
    return queryId;
  };

  return {
    rows: async (terms: QueryTerms): Promise<readonly Row[]> => {
      const text = insightsText(terms);
      const queryId = (await knownBy(text)) ?? (await start(terms, text));
      const page = (nextToken?: string) =>
        send(() => logs.send(new GetQueryResultsCommand({ queryId, nextToken })));
      return rowsOf((await allFields(clock, tried, page)).map(cellsOf), tried);
    },
    /** Of all keys the newest event may be old: the log group's own newest counts as well. */
    refuseStale: async (rows: readonly Row[]): Promise<void> => {
      const input = { logGroupName: logGroup, orderBy: 'LastEventTime', descending: true } as const;
      const { logStreams = [] } = await send(() =>
        logs.send(new DescribeLogStreamsCommand({ ...input, limit: 1 })),
      );
      const streamed = logStreams[0]?.lastEventTimestamp;
      const written = streamed === undefined ? [] : [fromMillis(streamed)];
      refuseStale(newestOf([...written, ...[newestIn(rows) ?? []].flat()]), clock.now(), tried);
    },
  };
}

/** Throws Permanent if there are more rows than a query gives: which are missing is not known. */
async function allFields(
  clock: Clock,
  tried: string,
  pageAt: (nextToken?: string) => Promise<GetQueryResultsResponse>,
): Promise<readonly ResultField[][]> {
  const all: ResultField[][] = [];
  let page = await waitedFor(clock, tried, async () => standOf(await pageAt()));
  for (;;) {
    all.push(...(page.results ?? []));
    if (all.length >= mostInsightsRows) {
      const cut = `the answer was cut at ${mostInsightsRows} rows`;
      throw new Permanent(`${tried}: ${cut}; query fewer days, or use Athena`);
    }
    if (page.nextToken === undefined) return all;
    page = await pageAt(page.nextToken);
  }
}

function standOf(answer: GetQueryResultsResponse): Stand<GetQueryResultsResponse> {
  if (answer.status === 'Complete') return { is: 'there', answer };
  if (answer.status === 'Running' || answer.status === 'Scheduled') return { is: 'running' };
  return { is: 'ended', as: answer.status ?? 'nothing known' };
}

function newestOf([first, ...others]: readonly Instant[]): Instant | undefined {
  return first === undefined ? undefined : latest(first, ...others);
}

const seconds = (moment: Instant): number => Math.floor(toMillis(moment) / 1000);

const columns: Readonly<Record<string, string>> = {
  'userIdentity.accessKeyId': 'keyId',
  eventSource: 'service',
  awsRegion: 'region',
  sourceIPAddress: 'sourceIp',
  userAgent: 'userAgent',
  firstUse: 'first',
  lastUse: 'last',
  lastEvent: 'lastEvent',
  asked: 'asked',
};

function cellsOf(fields: readonly ResultField[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    fields.flatMap(({ field = '', value }) => {
      const name = columns[field];
      return name === undefined ? [] : [[name, value]];
    }),
  );
}
