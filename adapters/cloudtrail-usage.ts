/**
 * CloudTrail's event history (LookupEvents) as a source of usage: management events of 90 days,
 * per Region, some 5 minutes late. It is read page by page to its end, newest first. The page cap
 * and the end of the time cut a reading off, which keeps what was read; an error or a page that
 * cannot be read leaves it incomplete.
 * https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
 * (read 2026-11)
 */
import { CloudTrailClient, type Event, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import { lookupPauseMillis } from '../domain/asking.ts';
import {
  type Instant,
  inUtcWords,
  isDue,
  latest,
  millisBetween,
  plus,
  toMillis,
} from '../domain/instant.ts';
import { type Partition, shortKey } from '../domain/key.ts';
import type { Clock } from '../domain/ports.ts';
import type { CutOff, Reading, TrailUse, Unread } from '../domain/testimony.ts';
import type { TrailSource } from '../domain/usage-sources.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { fromAws } from './aws-error.ts';
import { backingOff } from './backing-off.ts';
import { fewAtOnce } from './few-at-once.ts';
import { globalRegionOf } from './global-region.ts';
import { statusChange, type TrailEvent, trailEventReader, trailUse } from './trail-event.ts';

/** The most that LookupEvents gives at once. */
const pageSize = 50;
const defaultMaxPages = 40;
/** How many Regions are read at the same time. */
const regionsAtOnce = 8;
/** All Regions together: what is not read by then is missing. The tick waits 120 s for all. */
const defaultMaxSeconds = 100;
/** So many Regions of which something is missing are named; of the rest the number is told. */
const mostNamed = 3;

export interface CloudTrailSetup {
  /** To any Region of the account beside whose keys the witness runs. */
  readonly connectionIn: (region: string) => AwsConnection;
  /** The witness's own Region. */
  readonly region: string;
  readonly partition: Partition;
  readonly clock: Clock;
  /** Per question and Region; 40 pages are 2,000 events and take at least 80 s. */
  readonly maxPages?: number;
  /** Per question. */
  readonly maxSeconds?: number;
}

interface Lookup {
  readonly region: string;
  readonly attribute: 'AccessKeyId' | 'EventName';
  readonly value: string;
  readonly since: Instant;
  /** No page is asked for later than that. */
  readonly until: Instant;
}

type History = Reading<readonly TrailEvent[]> | CutOff<TrailEvent>;

/** The event history of one account. */
export function cloudTrailUsage(setup: CloudTrailSetup): TrailSource {
  const global = globalRegionOf(setup.partition);
  const lookUp = historyReader(setup);
  const { clock, maxSeconds = defaultMaxSeconds } = setup;
  const timeIsUp = (): Instant => plus(clock.now(), { seconds: maxSeconds });
  return {
    uses: async ({ keyId, since, inRegions }) => {
      const regions = [...new Set([setup.region, global, ...inRegions])];
      const about = { attribute: 'AccessKeyId', value: keyId, since, until: timeIsUp() } as const;
      const events = gathered(
        await fewAtOnce(regionsAtOnce, regions, (region) => lookUp({ ...about, region })),
        clock.now(),
      );
      if (events.complete) return { complete: true, value: usesIn(events.value) };
      const problem = `use of key ${shortKey(keyId)}: ${events.problem}`;
      if (!('newest' in events)) return { complete: false, problem };
      return { complete: false, problem, since: events.since, newest: usesIn(events.newest) };
    },
    statusChanges: async (keyId, since) => {
      const names = ['UpdateAccessKey', 'DeleteAccessKey'];
      const about = { region: global, attribute: 'EventName', since, until: timeIsUp() } as const;
      const events = gathered(
        await Promise.all(names.map((value) => lookUp({ ...about, value }))),
        clock.now(),
      );
      if (!events.complete) {
        return incomplete(`changes to key ${shortKey(keyId)}: ${events.problem}`);
      }
      const changes = events.value.flatMap((event) => statusChange(event, keyId) ?? []);
      return { complete: true, value: changes.sort((a, b) => b.at.localeCompare(a.at)) };
    },
  };
}

/** Newest first. */
function usesIn(events: readonly TrailEvent[]): readonly TrailUse[] {
  return events.map(trailUse).sort((a, b) => b.use.at.localeCompare(a.use.at));
}

function incomplete(problem: string): Unread {
  return { complete: false, problem };
}

function historyReader({ connectionIn, clock, maxPages = defaultMaxPages }: CloudTrailSetup) {
  const clients = new Map<string, CloudTrailClient>();
  const clientIn = (region: string): CloudTrailClient => {
    const client = clients.get(region) ?? connect(CloudTrailClient, connectionIn(region));
    clients.set(region, client);
    return client;
  };
  const paced = pacer(clock);
  const read = trailEventReader(maxPages * pageSize);

  return async ({ region, attribute, value, since, until }: Lookup): Promise<History> => {
    const pages: (readonly TrailEvent[])[] = [];
    let token: string | undefined;
    for (let page = 1; page <= maxPages; page++) {
      if (isDue(until, clock.now())) {
        return cutOff(pages, `the time for CloudTrail was up before page ${page} in ${region}`);
      }
      try {
        const question = new LookupEventsCommand({
          LookupAttributes: [{ AttributeKey: attribute, AttributeValue: value }],
          StartTime: new Date(toMillis(since)),
          MaxResults: pageSize,
          ...(token === undefined ? {} : { NextToken: token }),
        });
        const answer = await paced(region, () =>
          backingOff(clock, () => clientIn(region).send(question)),
        );
        const events = eventsOn(answer.Events ?? [], region, read);
        if (!events.complete) return events;
        pages.push(events.value);
        token = answer.NextToken;
      } catch (error) {
        return incomplete(fromAws(`page ${page} of CloudTrail in ${region}`, error).message);
      }
      if (token === undefined) return { complete: true, value: pages.flat() };
    }
    const holds = `CloudTrail in ${region} holds more than ${maxPages * pageSize} events`;
    return cutOff(pages, `${holds} since ${inUtcWords(since)}`);
  };
}

function eventsOn(
  page: readonly Event[],
  region: string,
  read: ReturnType<typeof trailEventReader>,
): Reading<readonly TrailEvent[]> {
  const events: TrailEvent[] = [];
  for (const { EventId, CloudTrailEvent } of page) {
    const event = read(CloudTrailEvent);
    if (!event.ok) {
      const problems = event.problems.join('; ');
      return incomplete(`event ${EventId} in ${region} cannot be read: ${problems}`);
    }
    events.push(event.value);
  }
  return { complete: true, value: events };
}

/**
 * What was read up to the page cap. Pages come newest first, so every event later than the last
 * page's was read; nothing rests on the order within a page.
 */
function cutOff(pages: readonly (readonly TrailEvent[])[], problem: string): History {
  const [newest, ...rest] = (pages.at(-1) ?? []).map(({ eventTime }) => eventTime);
  if (newest === undefined) return incomplete(`${problem} and shows none of them`);
  const since = latest(newest, ...rest);
  const told = `${problem}: not all before ${inUtcWords(since)} were read`;
  return { complete: false, problem: told, since, newest: pages.flat() };
}

type Paced = <T>(region: string, call: () => Promise<T>) => Promise<T>;

/** One call at a time per Region, each some seconds after the answer to the one before. */
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
  const free = plus(await before, { milliseconds: lookupPauseMillis });
  const wait = millisBetween(clock.now(), free);
  if (wait > 0) await clock.sleep(wait);
}

/**
 * Complete only if every part is, otherwise with what they lack. What was read is kept: cut off at
 * the latest of their moments, or now if all of one part may be missing.
 */
function gathered(parts: readonly History[], now: Instant): History {
  const lacking = parts.filter((part) => !part.complete);
  const all = parts.flatMap((part) => eventsOf(part));
  const [first, ...others] = lacking.map((part) => ('since' in part ? part.since : now));
  if (first === undefined) return { complete: true, value: all };
  const named = lacking.slice(0, mostNamed).map((part) => part.problem);
  const more = lacking.length - named.length;
  const problem = [...named, ...(more > 0 ? [`and ${more} Regions more`] : [])].join('; ');
  const isNothingKnown = all.length === 0 && !lacking.some((part) => 'since' in part);
  if (isNothingKnown) return incomplete(problem);
  return { complete: false, problem, since: latest(first, ...others), newest: all };
}

function eventsOf(part: History): readonly TrailEvent[] {
  if (part.complete) return part.value;
  return 'newest' in part ? part.newest : [];
}
