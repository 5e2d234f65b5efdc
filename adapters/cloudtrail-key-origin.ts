/**
 * Who created an access key: CloudTrail's event history, in the Region where the partition keeps
 * its IAM events. It is some 5 minutes late and reaches 90 days back.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html (read
 * 2026-11)
 */
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import * as v from 'valibot';
import type { KeyInQuestion, KeyOrigins } from '../domain/custody.ts';
import { millisOf, plus, toMillis } from '../domain/instant.ts';
import type { Partition } from '../domain/key.ts';
import type { Clock, KeyCreators, Place } from '../domain/ports.ts';
import type { Reading } from '../domain/testimony.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { fromAws } from './aws-error.ts';
import { globalRegionOf } from './global-region.ts';

export interface KeyOriginSetup {
  readonly connection: AwsConnection;
  readonly partition: Partition;
  readonly clock: Clock;
}

/** The event of a creation is of the same moment as the key; clocks may differ a little. */
const around = { minutes: 5 } as const;
const pageSize = 50;
/** 20 pages are 1,000 creations of keys within ten minutes. */
const maxPages = 20;
/** LookupEvents allows two calls a second per account and Region. */
const callGapMillis = 550;

const creation = v.object({
  eventSource: v.literal('iam.amazonaws.com'),
  eventName: v.literal('CreateAccessKey'),
  errorCode: v.optional(v.null()),
  userIdentity: v.object({ arn: v.pipe(v.string(), v.nonEmpty()) }),
  responseElements: v.object({ accessKey: v.object({ accessKeyId: v.string() }) }),
});

export function cloudTrailKeyOrigin(setup: KeyOriginSetup): KeyOrigins {
  const region = globalRegionOf(setup.partition);
  const client = connect(CloudTrailClient, { ...setup.connection, region });
  return { creatorOf: (key) => creatorOf(client, setup.clock, key) };
}

/** The same for keys anywhere that `connectionFor` leads to. */
export function cloudTrailKeyCreators(
  connectionFor: (place: Place) => AwsConnection,
  clock: Clock,
): KeyCreators {
  return {
    creatorOf: (where, key) => {
      const { partition } = where;
      const connection = connectionFor(where);
      return cloudTrailKeyOrigin({ connection, partition, clock }).creatorOf(key);
    },
  };
}

async function creatorOf(
  client: CloudTrailClient,
  clock: Clock,
  { keyId, createdAt }: KeyInQuestion,
): Promise<Reading<string | null>> {
  const tried = `looking up who created access key ${keyId}`;
  let token: string | undefined;
  for (let page = 1; page <= maxPages; page++) {
    if (page > 1) await clock.sleep(callGapMillis);
    try {
      const answer = await client.send(
        new LookupEventsCommand({
          LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'CreateAccessKey' }],
          StartTime: new Date(toMillis(createdAt) - millisOf(around)),
          EndTime: new Date(toMillis(plus(createdAt, around))),
          MaxResults: pageSize,
          ...(token === undefined ? {} : { NextToken: token }),
        }),
      );
      for (const { CloudTrailEvent } of answer.Events ?? []) {
        const creator = creatorIn(CloudTrailEvent, keyId);
        if (creator !== undefined) return { complete: true, value: creator };
      }
      token = answer.NextToken;
    } catch (error) {
      return { complete: false, problem: fromAws(tried, error).message };
    }
    if (token === undefined) return { complete: true, value: null };
  }
  return { complete: false, problem: `${tried}: more than ${maxPages * pageSize} creations` };
}

/** The creator's ARN if the event is the successful creation of that key. */
function creatorIn(json: string | undefined, keyId: string): string | undefined {
  const event = v.safeParse(creation, jsonOf(json ?? ''));
  if (!event.success || event.output.responseElements.accessKey.accessKeyId !== keyId) {
    return undefined;
  }
  return event.output.userIdentity.arn;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
