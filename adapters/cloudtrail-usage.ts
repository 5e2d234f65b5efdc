/**
 * CloudTrail's event history (LookupEvents) as a source of usage: management events of 90 days,
 * per Region, some 5 minutes late. It is read page by page to its end; an error, a page that
 * cannot be read, or the page cap leaves the reading incomplete.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 * (read 2026-11)
 */
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { type Instant, millisBetween, plus, toMillis } from '../domain/instant.ts';
import { type Partition, shortKey } from '../domain/key.ts';
import type { Clock } from '../domain/ports.ts';
import type { Reading } from '../domain/testimony.ts';
import type { TrailSource } from '../domain/usage-sources.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { fromAws } from './aws-error.ts';
import { globalRegionOf } from './global-region.ts';
import { parseTrailEvent, statusChange, type TrailEvent, trailUse } from './trail-event.ts';

/** LookupEvents allows two calls a second per account and Region. */
const pauseMillis = 500;
/** The most that LookupEvents gives at once. */
const pageSize = 50;
const defaultMaxPages = 40;

export interface CloudTrailSetup {
  /** To any Region of the account beside whose keys the witness runs. */
  readonly connectionIn: (region: string) => AwsConnection;
  /** The witness's own Region. */
  readonly region: string;
  readonly partition: Partition;
  readonly clock: Clock;
  /** Per question and Region; 40 pages are 2,000 events and take at least 20 s. */
  readonly maxPages?: number;
}

interface Lookup {
  readonly region: string;
  readonly attribute: 'AccessKeyId' | 'EventName';
  readonly value: string;
  readonly since: Instant;
}

/** The event history of one account. */
export function cloudTrailUsage(setup: CloudTrailSetup): TrailSource {
  const global = globalRegionOf(setup.partition);
  const lookUp = historyReader(setup);
  return {
    uses: async ({ keyId, since, alsoIn }) => {
      const regions = [...new Set([setup.region, global, ...alsoIn])];
      const events = await gathered(
        regions.map((region) => lookUp({ region, attribute: 'AccessKeyId', value: keyId, since })),
      );
      if (!events.complete) {
        return { ...events, problem: `use of key ${shortKey(keyId)}: ${events.problem}` };
      }
      const uses = events.value.map(trailUse);
      return { complete: true, value: uses.sort((a, b) => b.use.at.localeCompare(a.use.at)) };
    },
    statusChanges: async (keyId, since) => {
      const names = ['UpdateAccessKey', 'DeleteAccessKey'];
      const events = await gathered(
        names.map((value) => lookUp({ region: global, attribute: 'EventName', value, since })),
      );
      if (!events.complete) {
        return { ...events, problem: `changes to key ${shortKey(keyId)}: ${events.problem}` };
      }
      const changes = events.value.flatMap((event) => statusChange(event, keyId) ?? []);
      return { complete: true, value: changes.sort((a, b) => b.at.localeCompare(a.at)) };
    },
  };
}

function historyReader({ connectionIn, clock, maxPages = defaultMaxPages }: CloudTrailSetup) {
  const clients = new Map<string, CloudTrailClient>();
  const clientIn = (region: string): CloudTrailClient => {
    const client = clients.get(region) ?? connect(CloudTrailClient, connectionIn(region));
    clients.set(region, client);
    return client;
  };
  const paced = pacer(clock);

  return async ({ region, attribute, value, since }: Lookup): Promise<Reading<TrailEvent[]>> => {
    const events: TrailEvent[] = [];
    const incomplete = (problem: string): Reading<never> => ({ complete: false, problem });
    let token: string | undefined;
    for (let page = 1; page <= maxPages; page++) {
      try {
        const question = new LookupEventsCommand({
          LookupAttributes: [{ AttributeKey: attribute, AttributeValue: value }],
          StartTime: new Date(toMillis(since)),
          MaxResults: pageSize,
          ...(token === undefined ? {} : { NextToken: token }),
        });
        const answer = await paced(region, () => clientIn(region).send(question));
        for (const { EventId, CloudTrailEvent } of answer.Events ?? []) {
          const event = parseTrailEvent(CloudTrailEvent);
          if (!event.ok) {
            const problems = event.problems.join('; ');
            return incomplete(`event ${EventId} in ${region} cannot be read: ${problems}`);
          }
          events.push(event.value);
        }
        token = answer.NextToken;
      } catch (error) {
        return incomplete(fromAws(`page ${page} of CloudTrail in ${region}`, error).message);
      }
      if (token === undefined) return { complete: true, value: events };
    }
    return incomplete(
      `CloudTrail in ${region} holds more than ${maxPages * pageSize} events since ${since}, ` +
        'of which only the newest were read',
    );
  };
}

type Paced = <T>(region: string, call: () => Promise<T>) => Promise<T>;

/** One call at a time per Region, each half a second after the answer to the one before. */
function pacer(clock: Clock): Paced {
  const answers = new Map<string, Promise<Instant>>();
  const answeredAt = (): Instant => clock.now();
  return (region, call) => {
    const answer = afterPause(answers.get(region), clock).then(call);
    answers.set(region, answer.then(answeredAt, answeredAt));
    return answer;
  };
}

async function afterPause(before: Promise<Instant> | undefined, clock: Clock): Promise<void> {
  if (before === undefined) return;
  const free = plus(await before, { milliseconds: pauseMillis });
  const wait = millisBetween(clock.now(), free);
  if (wait > 0) await clock.sleep(wait);
}

/** Complete only if every part is; otherwise with every part's problem. */
async function gathered(
  parts: readonly Promise<Reading<TrailEvent[]>>[],
): Promise<Reading<TrailEvent[]>> {
  const readings = await Promise.all(parts);
  const problems = readings.flatMap((part) => (part.complete ? [] : [part.problem]));
  if (problems.length > 0) return { complete: false, problem: problems.join('; ') };
  return { complete: true, value: readings.flatMap((part) => (part.complete ? part.value : [])) };
}
