/**
 * CloudTrail: LookupEvents, of the called Region only.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 */
import type { Event, LookupEventsRequest, LookupEventsResponse } from '@aws-sdk/client-cloudtrail';
import { fromMillis, type Instant, instant, plus } from '../../domain/instant.ts';
import type { Ground } from './ground.ts';
import { awsError, type CallContext, type ServiceModel } from './service.ts';
import { notModelled, strict } from './strict.ts';
import { type Attribute, eventJson, nameOf, type Trail, type TrailRecord } from './trail.ts';

const attributes: ReadonlySet<string> = new Set<Attribute>([
  'AccessKeyId',
  'EventName',
  'Username',
  'ResourceName',
]);

export function cloudtrailModel(ground: Ground, trail: Trail): ServiceModel {
  const refuseHaste = pace(ground.settings.lookupsPerSecond);
  return strict('cloudtrail', {
    LookupEvents: {
      takes: ['LookupAttributes', 'StartTime', 'EndTime', 'MaxResults', 'NextToken'],
      run: (input: LookupEventsRequest, context) => {
        refuseHaste(context);
        return lookup(ground, trail, input, context);
      },
    },
  });
}

/** Throws when more lookups than allowed fall within one second, per account and Region. */
function pace(allowed: number): (context: CallContext) => void {
  const recent = new Map<string, Instant[]>();
  return ({ account, region, now }) => {
    if (!Number.isFinite(allowed)) return;
    const place = `${account}/${region}`;
    const since = plus(now, { seconds: -1 });
    const within = (recent.get(place) ?? []).filter((at) => at > since);
    if (within.length >= allowed) throw awsError('ThrottlingException', 'Rate exceeded');
    recent.set(place, [...within, now]);
  };
}

function lookup(
  ground: Ground,
  trail: Trail,
  input: LookupEventsRequest,
  context: CallContext,
): LookupEventsResponse {
  const { MaxResults = 50 } = input;
  if (!Number.isInteger(MaxResults) || MaxResults < 1 || MaxResults > 50) {
    const problem = 'MaxResults must be between 1 and 50.';
    throw awsError('InvalidMaxResultsException', problem);
  }
  const attribute = attributeOf(input);
  const range = rangeOf(input, context.now);
  const question = JSON.stringify([attribute, input.StartTime, input.EndTime]);
  const page = pageOf(input.NextToken, question, context.now);
  const seenUntil = plus(page.asOf, { minutes: -ground.settings.trailLagMinutes });
  // Oldest first; the answer begins with the newest.
  const records = trail.records(context.account, context.region, attribute);
  const first = countWhile(records, (record) => inSecond(record) < range.start);
  const end = countWhile(
    records,
    (record) => record.at <= seenUntil && inSecond(record) <= range.end,
  );
  const upTo = Math.max(first, end - page.from);
  const shown = records.slice(Math.max(first, upTo - MaxResults), upTo).reverse();
  const next = page.from + shown.length;
  return {
    Events: shown.map(eventOf),
    ...(first + next < end
      ? { NextToken: tokenOf({ from: next, asOf: page.asOf }, question) }
      : {}),
  };
}

function attributeOf({ LookupAttributes = [] }: LookupEventsRequest) {
  const [first, ...more] = LookupAttributes;
  if (more.length > 0) {
    const problem = 'You can specify only one lookup attribute.';
    throw awsError('InvalidLookupAttributesException', problem);
  }
  if (first === undefined) return undefined;
  const { AttributeKey = '', AttributeValue = '' } = first;
  if (AttributeValue === '') {
    const problem = `The value of the lookup attribute ${AttributeKey} is empty.`;
    throw awsError('InvalidLookupAttributesException', problem);
  }
  if (!isAttribute(AttributeKey)) throw notModelled(`cloudtrail:LookupEvents by ${AttributeKey}`);
  return { key: AttributeKey, value: AttributeValue };
}

function isAttribute(key: string): key is Attribute {
  return attributes.has(key);
}

interface Range {
  readonly start: Instant;
  readonly end: Instant;
}

/** Both ends belong to it. Nothing is older than 90 days. */
function rangeOf({ StartTime, EndTime }: LookupEventsRequest, now: Instant): Range {
  const oldest = plus(now, { days: -90 });
  const asked = StartTime === undefined ? oldest : fromMillis(StartTime.getTime());
  const end = EndTime === undefined ? now : fromMillis(EndTime.getTime());
  if (asked > end) {
    const problem = 'The start time must be before the end time.';
    throw awsError('InvalidTimeRangeException', problem);
  }
  return { start: asked < oldest ? oldest : asked, end };
}

/** Events are to the second: one at 10:00:00.900 counts as 10:00:00. */
function inSecond({ at }: TrailRecord): string {
  return `${at.slice(0, 19)}.000Z`;
}

/** How many records at the beginning are so, where none is that comes after one that is not. */
function countWhile(
  records: readonly TrailRecord[],
  isSo: (record: TrailRecord) => boolean,
): number {
  let low = 0;
  let high = records.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const record = records[middle];
    if (record !== undefined && isSo(record)) low = middle + 1;
    else high = middle;
  }
  return low;
}

interface Page {
  readonly from: number;
  /** When the first page was asked for: later pages show the same list. */
  readonly asOf: Instant;
}

function tokenOf(page: Page, question: string): string {
  return Buffer.from(JSON.stringify([page.from, page.asOf, question])).toString('base64');
}

/** A token belongs to the request that it came from, without change. */
function pageOf(token: string | undefined, question: string, now: Instant): Page {
  if (token === undefined) return { from: 0, asOf: now };
  try {
    const [from, asOf, asked] = JSON.parse(Buffer.from(token, 'base64').toString());
    if (asked === question) return { from, asOf: instant(asOf) };
  } catch {
    // Refused below, like a token of another request.
  }
  const problem = 'The token is not valid, or was used with other parameters before.';
  throw awsError('InvalidNextTokenException', problem);
}

function eventOf(record: TrailRecord): Event {
  return {
    EventId: record.eventId(),
    EventName: record.eventName,
    ReadOnly: String(record.readOnly),
    AccessKeyId: record.principal.caller.accessKeyId,
    EventTime: new Date(`${record.at.slice(0, 19)}Z`),
    EventSource: `${record.service}.amazonaws.com`,
    Username: nameOf(record.principal),
    Resources: [...record.resources],
    CloudTrailEvent: eventJson(record),
  };
}
