/**
 * One event of CloudTrail's event history, read from the JSON text that LookupEvents returns.
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
 */
import * as v from 'valibot';
import { instant, parseInstant } from '../domain/instant.ts';
import { type Parsed, parsed, refused } from '../domain/parsed.ts';
import type { StatusChange, TrailUse } from '../domain/testimony.ts';

const text = v.optional(v.nullable(v.string()));

const recordSchema = v.object({
  eventTime: v.pipe(
    v.string(),
    v.check((time) => parseInstant(time) !== undefined, 'is not a moment'),
    v.transform(instant),
  ),
  eventSource: v.string(),
  eventName: v.string(),
  awsRegion: v.string(),
  sourceIPAddress: text,
  userAgent: text,
  requestID: text,
  errorCode: text,
  requestParameters: v.optional(v.nullable(v.record(v.string(), v.unknown()))),
  userIdentity: v.optional(v.nullable(v.object({ arn: text }))),
});

export type TrailEvent = Readonly<v.InferOutput<typeof recordSchema>>;

/** The event in LookupEvents' field `CloudTrailEvent`, or everything wrong with it. */
export function parseTrailEvent(json: string | undefined): Parsed<TrailEvent> {
  if (json === undefined) return refused('CloudTrailEvent is missing');
  try {
    const result = v.safeParse(recordSchema, JSON.parse(json));
    if (result.success) return parsed(result.output);
    return refused(...result.issues.map((issue) => `${v.getDotPath(issue)}: ${issue.message}`));
  } catch {
    return refused('CloudTrailEvent is no JSON');
  }
}

/**
 * Reads events like parseTrailEvent and remembers the latest: each look reads mostly what the one
 * before it read. It keeps twice `atMost` events at most, and nothing that cannot be read.
 */
export function trailEventReader(atMost: number): typeof parseTrailEvent {
  let recent = new Map<string, Parsed<TrailEvent>>();
  let earlier = new Map<string, Parsed<TrailEvent>>();
  return (json) => {
    const known = json === undefined ? undefined : (recent.get(json) ?? earlier.get(json));
    const event = known ?? parseTrailEvent(json);
    if (json === undefined || !event.ok) return event;
    if (recent.size >= atMost) {
      earlier = recent;
      recent = new Map();
    }
    recent.set(json, event);
    return event;
  };
}

/**
 * A call made with a key, whether it was allowed or not: both prove that somebody holds the key.
 */
export function trailUse(event: TrailEvent): TrailUse {
  return {
    use: {
      at: event.eventTime,
      service: event.eventSource.replace(/\.amazonaws\.com(\.cn)?$/, ''),
      region: event.awsRegion,
      sourceIp: event.sourceIPAddress ?? 'unknown',
      userAgent: event.userAgent ?? 'unknown',
      source: 'cloudtrail',
    },
    eventName: event.eventName,
    requestId: event.requestID ?? 'unknown',
  };
}

/** The change that the event made to that key; undefined if it changed nothing about it. */
export function statusChange(event: TrailEvent, keyId: string): StatusChange | undefined {
  if (event.errorCode !== undefined && event.errorCode !== null) return undefined;
  if (event.requestParameters?.accessKeyId !== keyId) return undefined;
  const at = event.eventTime;
  const by = event.userIdentity?.arn ?? 'unknown';
  if (event.eventName === 'DeleteAccessKey') return { at, to: 'Gone', by };
  const status = event.requestParameters.status;
  // A status that this code does not know is taken for the dangerous one.
  return { at, to: status === 'Inactive' ? 'Inactive' : 'Active', by };
}
