/**
 * Athena as a source of usage: one query a cycle over the files that a trail writes, data events
 * included. The request's token is made of the query's text, which is the same for all who ask
 * within a cycle: Athena then starts no second one. Where it has forgotten the token, it reuses
 * the result, which costs nothing.
 * https://docs.aws.amazon.com/athena/latest/APIReference/API_StartQueryExecution.html
 * https://docs.aws.amazon.com/athena/latest/ug/reusing-query-results.html
 * https://docs.aws.amazon.com/athena/latest/APIReference/API_GetQueryResults.html (read 2026-11)
 */
import { createHash } from 'node:crypto';
import {
  AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  type ResultSet,
  StartQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { Permanent } from '../domain/errors.ts';
import type { Clock } from '../domain/ports.ts';
import { type QuerySpan, queryTerms, tableForm } from '../domain/trail-query.ts';
import type { TrailQuerySource } from '../domain/usage-sources.ts';
import { askedOnce } from './asked-once.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { newestIn, type Row, refuseStale, rowsOf, usesOf } from './trail-query-rows.ts';
import { athenaText } from './trail-query-text.ts';
import { sender, waitedFor } from './waited-for.ts';

/** https://docs.aws.amazon.com/athena/latest/APIReference/API_GetQueryResults.html (2026-11) */
const pageSize = 1000;
/** 50,000 rows; more are a cut. */
const mostPages = 50;

export interface AthenaSetup {
  readonly connection: AwsConnection;
  readonly account: string;
  /** `database.table`, partitioned by account, region and day. */
  readonly table: string;
  /** It says where results go. */
  readonly workgroup: string;
  readonly span: QuerySpan;
  readonly clock: Clock;
}

/** The query over a table of the trail's files. Throws Permanent if the table's name is none. */
export function athenaUsage(setup: AthenaSetup): TrailQuerySource {
  const { account, table, span, clock } = setup;
  if (!tableForm.test(table)) throw new Permanent('the trail query names no database.table');
  const once = askedOnce((text: string) => text, asking(setup));
  return {
    uses: async (keyId, inRegions) => {
      const terms = queryTerms(account, inRegions, span, clock.now());
      if (terms.regions.length === 0) throw new Permanent('a trail query was to read no Region');
      const rows = await once(athenaText(terms, table));
      refuseStale(newestIn(rows), clock.now(), triedOn(table));
      return { since: terms.since, uses: usesOf(rows, keyId) };
    },
  };
}

const triedOn = (table: string) => `querying the trail in Athena table ${table}`;

function asking({ connection, table, workgroup, span, clock }: AthenaSetup) {
  const athena = connect(AthenaClient, connection);
  const tried = triedOn(table);
  const send = sender(clock, tried);

  const start = async (text: string): Promise<string> => {
    const reuse = { Enabled: true, MaxAgeInMinutes: span.cycleMinutes };
    const input = {
      QueryString: text,
      ClientRequestToken: createHash('sha256').update(text).digest('hex'),
      WorkGroup: workgroup,
      ResultReuseConfiguration: { ResultReuseByAgeConfiguration: reuse },
    };
    const answer = await send(() => athena.send(new StartQueryExecutionCommand(input)));
    if (answer.QueryExecutionId !== undefined) return answer.QueryExecutionId;
    throw new Permanent(`${tried}: it started without an id`);
  };

  const waitFor = (QueryExecutionId: string): Promise<true> =>
    waitedFor(clock, tried, async () => {
      const question = new GetQueryExecutionCommand({ QueryExecutionId });
      const { QueryExecution } = await send(() => athena.send(question));
      const { State, StateChangeReason = 'no reason given' } = QueryExecution?.Status ?? {};
      if (State === 'SUCCEEDED') return { is: 'there', answer: true };
      if (State === 'RUNNING' || State === 'QUEUED') return { is: 'running' };
      return { is: 'ended', as: `${State}: ${StateChangeReason}` };
    });

  const results = async (QueryExecutionId: string): Promise<readonly Row[]> => {
    const all: Cells[] = [];
    let NextToken: string | undefined;
    for (let page = 0; page < mostPages; page++) {
      const asked = { QueryExecutionId, MaxResults: pageSize, NextToken };
      const answer = await send(() => athena.send(new GetQueryResultsCommand(asked)));
      const cells = cellsOf(answer.ResultSet, tried);
      // The names of the columns are the first row of the first page.
      all.push(...(page === 0 ? cells.slice(1) : cells));
      NextToken = answer.NextToken;
      if (NextToken === undefined) return rowsOf(all, tried);
    }
    throw new Permanent(
      `${tried}: the answer has more than ${mostPages * pageSize} rows; query fewer days`,
    );
  };

  return async (text: string): Promise<readonly Row[]> => {
    const id = await start(text);
    await waitFor(id);
    return results(id);
  };
}

type Cells = Readonly<Record<string, string | undefined>>;

/** In the order of the query's columns. */
const columns = [
  ...['keyId', 'service', 'region', 'sourceIp', 'userAgent', 'half'],
  ...['first', 'last', 'uses', 'lastEvent', 'asked'],
] as const;

function cellsOf(set: ResultSet | undefined, tried: string): readonly Cells[] {
  if (set?.Rows === undefined) throw new Permanent(`${tried}: an answer without rows`);
  return set.Rows.map(({ Data = [] }) =>
    Object.fromEntries(columns.map((name, index) => [name, Data[index]?.VarCharValue])),
  );
}
