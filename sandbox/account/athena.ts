/**
 * Athena over the files of a trail. It understands the one query that Keyturn asks, and refuses
 * every other text as not modelled. A token that comes again starts nothing, and must not come
 * with another request.
 * https://docs.aws.amazon.com/athena/latest/APIReference/API_StartQueryExecution.html (2026-11)
 */
import type {
  GetQueryExecutionInput,
  GetQueryResultsInput,
  StartQueryExecutionInput,
} from '@aws-sdk/client-athena';
import { type Instant, instant, plus } from '../../domain/instant.ts';
import type { Ground } from './ground.ts';
import { type Group, grouped, type QueryableTrail } from './queryable-trail.ts';
import { awsError, type CallContext, type ServiceModel } from './service.ts';
import { notModelled, strict } from './strict.ts';

/** A table over a trail's files, and the workgroup in which it may be queried. */
export interface TablePlace {
  readonly account: string;
  readonly region: string;
  /** `database.table` */
  readonly table: string;
  readonly workgroup: string;
}

interface Execution {
  readonly id: string;
  readonly owner: string;
  readonly token: string;
  readonly request: string;
  readonly startedAt: Instant;
  readonly groups: readonly Group[];
}

export interface Tables {
  add(place: TablePlace): void;
  readonly model: ServiceModel;
}

const querySeconds = 5;
const mostPerPage = 1000;

const columns = [
  ...['accesskey', 'service', 'place', 'address', 'program', 'half'],
  ...['firstuse', 'lastuse', 'uses', 'lastevent', 'asked'],
];

/** What of the text may differ: account, table, Regions, since when. */
const form = new RegExp(
  [
    '^-- keyturn: keys of (?<named>\\d{12}) since \\S+, cycle of \\S+\n',
    'WITH events AS \\(SELECT \\*,',
    ` CASE WHEN useridentity\\.accesskeyid LIKE 'AKIA%'\n  THEN useridentity\\.accesskeyid ELSE ''`,
    ' END AS accesskey\n  FROM "(?<database>[a-z0-9_]+)"\\."(?<table>[a-z0-9_]+)"\n',
    "  WHERE account = '(?<account>\\d{12})'\n  AND region IN \\((?<regions>[a-z0-9', -]+)\\)\n",
    "  AND day >= '(?<day>\\d{4}/\\d\\d/\\d\\d)' AND eventtime >= '(?<since>[\\dTZ:-]{20})'\n",
    "  AND recipientaccountid = '(?<recipient>\\d{12})'\\)\nSELECT accesskey, [^;]+",
    '\nFROM events GROUP BY 1, 2, 3, 4, 5, 6$',
  ].join(''),
);

export function tables(ground: Ground, trail: QueryableTrail): Tables {
  const places: TablePlace[] = [];
  const executions: Execution[] = [];
  const owner = ({ account, region }: Pick<CallContext, 'account' | 'region'>) =>
    `${account}/${region}`;
  const executed = (id: string | undefined, context: CallContext): Execution => {
    const found = executions.find((each) => each.id === id && each.owner === owner(context));
    if (found !== undefined) return found;
    throw awsError('InvalidRequestException', `QueryExecution ${id} was not found`);
  };
  const start = (input: StartQueryExecutionInput, context: CallContext): Execution => {
    const { ClientRequestToken: token = '' } = input;
    if (!/^[\S]{32,128}$/.test(token)) {
      throw awsError(
        'InvalidRequestException',
        'clientRequestToken must have 32 to 128 characters',
      );
    }
    const request = JSON.stringify(input);
    const known = executions.find((each) => each.token === token && each.owner === owner(context));
    if (known === undefined) {
      const groups = queried(trail, places, input, context);
      const id = ground.names.uuid('athena-query');
      const started = { id, owner: owner(context), token, request, startedAt: context.now, groups };
      executions.push(started);
      return started;
    }
    if (known.request === request) return known;
    throw awsError('InvalidRequestException', 'Idempotent parameters do not match');
  };
  return {
    add: (place) => {
      trail.begin(place.account);
      places.push(place);
    },
    model: strict('athena', {
      StartQueryExecution: {
        takes: ['QueryString', 'ClientRequestToken', 'WorkGroup', 'ResultReuseConfiguration'],
        run: (input: StartQueryExecutionInput, context) => ({
          QueryExecutionId: start(input, context).id,
        }),
      },
      GetQueryExecution: {
        takes: ['QueryExecutionId'],
        run: (input: GetQueryExecutionInput, context) => {
          const { id, startedAt } = executed(input.QueryExecutionId, context);
          const State = isDone(startedAt, context.now) ? 'SUCCEEDED' : 'RUNNING';
          return { QueryExecution: { QueryExecutionId: id, Status: { State } } };
        },
      },
      GetQueryResults: {
        takes: ['QueryExecutionId', 'MaxResults', 'NextToken'],
        run: (input: GetQueryResultsInput, context) =>
          results(executed(input.QueryExecutionId, context), input, context),
      },
    }),
  };
}

const isDone = (startedAt: Instant, now: Instant) =>
  plus(startedAt, { seconds: querySeconds }) <= now;

function queried(
  trail: QueryableTrail,
  places: readonly TablePlace[],
  { QueryString = '', WorkGroup }: StartQueryExecutionInput,
  { account, region, now }: CallContext,
): readonly Group[] {
  const asked = form.exec(QueryString)?.groups;
  if (asked === undefined) throw notModelled('athena:StartQueryExecution but for Keyturn’s query');
  const table = `${asked.database}.${asked.table}`;
  const isThere = places.some(
    (each) =>
      each.account === account &&
      each.region === region &&
      each.table === table &&
      each.workgroup === WorkGroup,
  );
  if (!isThere) {
    const problem = `Workgroup ${WorkGroup} or table ${table} is not found`;
    throw awsError('InvalidRequestException', problem);
  }
  const isOwn = [asked.named, asked.account, asked.recipient].every((each) => each === account);
  if (!isOwn) return [];
  const regions: readonly string[] = asked.regions?.match(/[a-z0-9-]+/g) ?? [];
  const events = trail
    .delivered(account, instant(asked.since ?? ''), now)
    .filter((event) => regions.includes(event.region));
  return grouped(events, 'others too');
}

function results(
  { groups, startedAt }: Execution,
  { MaxResults = mostPerPage, NextToken = '0' }: GetQueryResultsInput,
  { now }: CallContext,
) {
  if (!isDone(startedAt, now)) {
    throw awsError('InvalidRequestException', 'Query has not yet finished.');
  }
  if (MaxResults < 1 || MaxResults > mostPerPage) {
    throw awsError('InvalidRequestException', 'MaxResults must be between 1 and 1000');
  }
  const rows = [columns, ...groups.map(cellsOf)];
  const from = Number(NextToken);
  const page = rows.slice(from, from + MaxResults);
  const next = from + page.length;
  return {
    ResultSet: {
      Rows: page.map((cells) => ({ Data: cells.map((VarCharValue) => ({ VarCharValue })) })),
    },
    ...(next < rows.length ? { NextToken: String(next) } : {}),
  };
}

function cellsOf({ by, first, last, uses, lastEvent, asked }: Group): readonly string[] {
  return [...by, first, last, String(uses), lastEvent, String(asked)];
}
