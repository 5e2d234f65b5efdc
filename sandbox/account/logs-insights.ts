/**
 * CloudWatch Logs Insights over log groups that trails write into. It understands the one query
 * that Keyturn asks, and refuses every other text as not modelled.
 * https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html
 * (2026-11)
 */
import type {
  DescribeLogStreamsRequest,
  DescribeQueriesRequest,
  GetQueryResultsRequest,
  ResultField,
  StartQueryRequest,
} from '@aws-sdk/client-cloudwatch-logs';
import { fromMillis, type Instant, plus, toMillis } from '../../domain/instant.ts';
import type { Ground } from './ground.ts';
import { type Group, grouped, type QueryableTrail } from './queryable-trail.ts';
import { awsError, type CallContext, type ServiceModel } from './service.ts';
import type { NamedPlace } from './sns.ts';
import { notModelled, strict } from './strict.ts';

interface Query {
  readonly queryId: string;
  readonly queryString: string;
  readonly place: string;
  readonly logGroupName: string;
  readonly startedAt: Instant;
  readonly groups: readonly Group[];
}

export interface LogGroups {
  /** A log group that the account's trail writes into, data events included. */
  add(place: NamedPlace): void;
  readonly model: ServiceModel;
}

/** AWS names no time. */
const querySeconds = 5;
const mostPerPage = 10_000;
const mostQueriesPerPage = 1000;

const form = new RegExp(
  [
    '^# keyturn: keys of (\\d{12}) since \\S+, cycle of \\S+',
    'fields strcontains\\(eventName, "GetSessionToken"\\) \\+ ' +
      'strcontains\\(eventName, "GetFederationToken"\\) as asksForSession',
    '\\| filter userIdentity\\.accessKeyId like /\\^AKIA/ and recipientAccountId = "(\\d{12})"',
    '\\| stats earliest\\(eventTime\\) as firstUse, latest\\(eventTime\\) as lastUse, ' +
      'count\\(\\*\\) as uses,',
    'latest\\(eventName\\) as lastEvent, max\\(asksForSession\\) as asked',
    'by userIdentity\\.accessKeyId, eventSource, awsRegion, sourceIPAddress, userAgent, ' +
      'bin\\(12h\\)',
    '\\| limit (\\d+)$',
  ].join('\n'),
);

export function logGroups(ground: Ground, trail: QueryableTrail): LogGroups {
  const places = new Set<string>();
  const queries: Query[] = [];
  const placeOf = (name: string | undefined, { account, region }: CallContext): string => {
    const place = `${account}/${region}/${name}`;
    if (places.has(place)) return place;
    throw awsError('ResourceNotFoundException', `The specified log group does not exist.`);
  };
  return {
    add: ({ account, region, name }) => {
      trail.begin(account);
      places.add(`${account}/${region}/${name}`);
    },
    model: strict('logs', {
      StartQuery: {
        takes: ['logGroupName', 'queryString', 'startTime', 'endTime'],
        run: (input: StartQueryRequest, context) => {
          const place = placeOf(input.logGroupName, context);
          const query = started(ground, trail, input, context, place);
          queries.push(query);
          return { queryId: query.queryId };
        },
      },
      DescribeQueries: {
        takes: ['logGroupName', 'maxResults', 'nextToken'],
        run: (input: DescribeQueriesRequest, context) =>
          described(queries, placeOf(input.logGroupName, context), input, context),
      },
      GetQueryResults: {
        takes: ['queryId', 'nextToken'],
        run: (input: GetQueryResultsRequest, context) => results(queries, input, context),
      },
      DescribeLogStreams: {
        takes: ['logGroupName', 'orderBy', 'descending', 'limit'],
        run: (input: DescribeLogStreamsRequest, context) => {
          placeOf(input.logGroupName, context);
          return streams(trail, input, context);
        },
      },
    }),
  };
}

function started(
  ground: Ground,
  trail: QueryableTrail,
  { logGroupName = '', queryString = '', startTime = 0, endTime = 0 }: StartQueryRequest,
  { account, now }: CallContext,
  place: string,
): Query {
  const [, named, filtered, limit] = form.exec(queryString) ?? [];
  if (limit === undefined) throw notModelled('logs:StartQuery with another query than Keyturn’s');
  if (startTime >= endTime || !Number.isInteger(startTime) || !Number.isInteger(endTime)) {
    throw awsError('InvalidParameterException', 'End time should be after start time');
  }
  const since = fromMillis(startTime * 1000);
  const seen = named === filtered && filtered === account;
  const events = seen ? trail.delivered(account, since, now) : [];
  return {
    queryId: ground.names.uuid('logs-query'),
    ...{ queryString, place, logGroupName, startedAt: now },
    groups: grouped(events, 'keys only').slice(0, Number(limit)),
  };
}

const statusAt = ({ startedAt }: Query, now: Instant) =>
  plus(startedAt, { seconds: querySeconds }) <= now ? 'Complete' : 'Running';

function described(
  queries: readonly Query[],
  place: string,
  { maxResults = 50, nextToken = '0' }: DescribeQueriesRequest,
  { now }: CallContext,
) {
  if (maxResults < 1 || maxResults > mostQueriesPerPage) {
    throw awsError('InvalidParameterException', 'maxResults must be between 1 and 1000');
  }
  const all = queries.filter((query) => query.place === place).toReversed();
  const from = Number(nextToken);
  const shown = all.slice(from, from + maxResults).map((query) => ({
    ...{ queryId: query.queryId, queryString: query.queryString },
    ...{ status: statusAt(query, now), logGroupName: query.logGroupName },
    createTime: toMillis(query.startedAt),
  }));
  const next = from + shown.length;
  return { queries: shown, ...(next < all.length ? { nextToken: String(next) } : {}) };
}

function results(
  queries: readonly Query[],
  { queryId, nextToken = '0' }: GetQueryResultsRequest,
  { account, region, now }: CallContext,
) {
  const query = queries.find((each) => each.queryId === queryId);
  if (query === undefined || !query.place.startsWith(`${account}/${region}/`)) {
    throw awsError('ResourceNotFoundException', 'The specified query does not exist.');
  }
  const status = statusAt(query, now);
  if (status === 'Running') return { status, results: [] };
  const from = Number(nextToken);
  const page = query.groups.slice(from, from + mostPerPage);
  const next = from + page.length;
  return {
    status,
    results: page.map(fieldsOf),
    ...(next < query.groups.length ? { nextToken: String(next) } : {}),
  };
}

function fieldsOf({ by, first, last, uses, lastEvent, asked }: Group): ResultField[] {
  const [accessKeyId, service, region, sourceIp, userAgent, half] = by;
  const hour = half.endsWith('a') ? '00' : '12';
  return Object.entries({
    'userIdentity.accessKeyId': accessKeyId,
    eventSource: service,
    awsRegion: region,
    sourceIPAddress: sourceIp,
    userAgent,
    'bin(12h)': `${half.slice(0, 10)} ${hour}:00:00.000`,
    firstUse: first,
    lastUse: last,
    uses: String(uses),
    lastEvent,
    asked: String(asked),
  }).map(([field, value]) => ({ field, value }));
}

function streams(
  trail: QueryableTrail,
  { orderBy, descending, limit }: DescribeLogStreamsRequest,
  { account, region, now }: CallContext,
) {
  if (orderBy !== 'LastEventTime' || descending !== true || limit !== 1) {
    throw notModelled('logs:DescribeLogStreams but for the newest');
  }
  const newest = trail.delivered(account, plus(now, { days: -90 }), now).at(-1);
  if (newest === undefined) return { logStreams: [] };
  const logStreamName = `${account}_CloudTrail_${region}`;
  return { logStreams: [{ logStreamName, lastEventTimestamp: toMillis(newest.at) }] };
}
