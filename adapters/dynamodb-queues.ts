/**
 * Who waits, longest first, over all shards of a queue and through every page. The index is late:
 * it lists what waits no more, and what has moved. So each of its hits is read again in the table,
 * consistently, and counts only if it still stands where the index says.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html (2026-11)
 */
import {
  BatchGetItemCommand,
  type DynamoDBClient,
  QueryCommand,
  type QueryCommandInput,
} from '@aws-sdk/client-dynamodb';
import { Transient } from '../domain/errors.ts';
import type { Instant } from '../domain/instant.ts';
import { inTurns, type RunsOf } from '../domain/turns.ts';
import { fromAws } from './aws-error.ts';
import { accountIn, afterAllOf, type Item, type ItemKey, text } from './dynamodb-items.ts';
import { queuesIndex, queuesOf, type Waiting } from './dynamodb-table.ts';

/** Where rotations are kept. */
export interface Table {
  readonly client: Pick<DynamoDBClient, 'send'>;
  readonly name: string;
}

/** What is asked of a queue. */
export interface Asked<T> {
  readonly waiting: readonly Waiting[];
  /** Those whose moment has come by then; all, if there is none. */
  readonly until?: Instant | undefined;
  readonly limit: number;
  /** What an item is to the caller; undefined leaves it out. */
  readonly read: (item: Item) => T | undefined;
  /** Accounts take turns (turns.ts), among the first 10,000 who wait. */
  readonly runsOf?: RunsOf | undefined;
}

/** An entry of the index: a hint. */
interface Hit {
  readonly key: ItemKey;
  readonly queue: string;
  readonly place: string;
}

/** BatchGetItem takes no more keys at once. */
const mostKeys = 100;

/** Entries of the index on a page, where many are wanted: some 200 bytes each. */
const mostHits = 2500;

/** What waits, longest first, at most so many. Throws Transient or Permanent. */
export async function listed<T>(table: Table, asked: Asked<T>): Promise<readonly T[]> {
  const found = new Map<string, T>();
  const nextHit =
    asked.runsOf === undefined ? hitsInOrder(table, asked) : hitsInTurns(table, asked);
  while (found.size < asked.limit) {
    const hits = await batchOf(nextHit, Math.min(asked.limit - found.size, mostKeys));
    if (hits.size === 0) break;
    const items = await readAgain(table, [...hits.values()]);
    for (const [name, { queue, place }] of hits) {
      const item = items.get(name);
      const isThere = item?.queue?.S === queue && item.queuePlace?.S === place;
      const read = item === undefined || !isThere ? undefined : asked.read(item);
      if (read !== undefined) found.set(name, read);
    }
  }
  return [...found.values()];
}

/** How many wait, whenever their moment comes. The count is as late as the index. */
export async function howManyWait(table: Table, waiting: Waiting): Promise<number> {
  const counts = queuesOf(waiting).map(async (queue) => {
    let sum = 0;
    for await (const { Count } of pages(table, { ...inQueue(queue), Select: 'COUNT' })) {
      sum += Count ?? 0;
    }
    return sum;
  });
  return (await Promise.all(counts)).reduce((sum, each) => sum + each, 0);
}

/** The pages of a query, to the last one. */
export async function* pages(
  { client, name }: Table,
  query: Omit<QueryCommandInput, 'TableName' | 'ExclusiveStartKey'>,
): AsyncGenerator<{ readonly Items?: Item[] | undefined; readonly Count?: number | undefined }> {
  let ExclusiveStartKey: Item | undefined;
  do {
    try {
      const input = { ...query, TableName: name, ExclusiveStartKey };
      const page = await client.send(new QueryCommand(input));
      ExclusiveStartKey = page.LastEvaluatedKey;
      yield page;
    } catch (error) {
      throw fromAws(`asking table ${name}`, error);
    }
  } while (ExclusiveStartKey !== undefined);
}

function inQueue(queue: string, until?: Instant) {
  const isInTime = until === undefined ? '' : ' AND #place < :after';
  return {
    IndexName: queuesIndex,
    KeyConditionExpression: `#queue = :queue${isInTime}`,
    ExpressionAttributeNames: {
      '#queue': 'queue',
      ...(until === undefined ? {} : { '#place': 'queuePlace' }),
    },
    ExpressionAttributeValues: {
      ':queue': text(queue),
      ...(until === undefined ? {} : { ':after': afterAllOf(until) }),
    },
  };
}

/** Hands out one hit after the other, the longest waiting of all shards first. */
function hitsInOrder(
  table: Table,
  { waiting, until, limit }: Pick<Asked<unknown>, 'waiting' | 'until' | 'limit'>,
  most = mostKeys,
) {
  const lines = waiting.flatMap(queuesOf).map((queue) => {
    const query = { ...inQueue(queue, until), Limit: Math.min(limit, most) };
    return { hits: [] as Hit[], pages: pages(table, query), isOver: false };
  });
  type Line = (typeof lines)[number];
  /** A line without a hit has none left. */
  const fill = async (line: Line) => {
    while (line.hits.length === 0 && !line.isOver) {
      const page = await line.pages.next();
      if (page.done) line.isOver = true;
      else line.hits.push(...(page.value.Items ?? []).flatMap(hitIn));
    }
  };
  return async (): Promise<Hit | undefined> => {
    await Promise.all(lines.map(fill));
    const first = lines.reduce((before: Line | undefined, line) => {
      const [here, there] = [line.hits[0]?.place, before?.hits[0]?.place];
      return here !== undefined && (there === undefined || here < there) ? line : before;
    }, undefined);
    return first?.hits.shift();
  };
}

/** Who waits behind so many is not looked at: what stands before them is served first anyway. */
const farthest = 10_000;

/** Hands out hits in the order of their turns: for that, all of them have to be listed first. */
function hitsInTurns<T>(table: Table, { waiting, until, runsOf = () => 0 }: Asked<T>) {
  let inLine: Iterator<Hit> | undefined;
  const line = async (): Promise<Iterator<Hit>> => {
    const next = hitsInOrder(table, { waiting, until, limit: farthest }, mostHits);
    const hits: Hit[] = [];
    for (let hit = await next(); hit && hits.length < farthest; hit = await next()) hits.push(hit);
    const known = hits.map((hit) => ({ ...hit, account: accountIn(hit.place) }));
    return inTurns(known, known.length, runsOf).values();
  };
  return async (): Promise<Hit | undefined> => {
    inLine ??= await line();
    const { value, done } = inLine.next();
    return done === true ? undefined : value;
  };
}

function hitIn({ pk, sk, queue, queuePlace }: Item): readonly Hit[] {
  if (pk?.S === undefined || sk?.S === undefined) return [];
  const key = { pk: text(pk.S), sk: text(sk.S) };
  return [{ key, queue: queue?.S ?? '', place: queuePlace?.S ?? '' }];
}

/** One that moved between two pages is listed twice: where it was listed last counts. */
async function batchOf(
  nextHit: () => Promise<Hit | undefined>,
  most: number,
): Promise<ReadonlyMap<string, Hit>> {
  const batch = new Map<string, Hit>();
  while (batch.size < most) {
    const hit = await nextHit();
    if (hit === undefined) break;
    batch.set(nameOf(hit.key), hit);
  }
  return batch;
}

function nameOf({ pk, sk }: { readonly [K in keyof ItemKey]?: { readonly S?: string } }): string {
  return JSON.stringify([pk?.S, sk?.S]);
}

/**
 * The items themselves, by name (pk and sk as JSON): a hundred at most. Throws Transient if
 * DynamoDB keeps leaving some out.
 */
export async function readAgain(
  { client, name }: Table,
  hits: readonly Pick<Hit, 'key'>[],
): Promise<ReadonlyMap<string, Item>> {
  const items = new Map<string, Item>();
  let left: readonly Item[] = hits.map(({ key }) => ({ ...key }));
  while (left.length > 0) {
    const asked = left.length;
    const RequestItems = { [name]: { Keys: [...left], ConsistentRead: true } };
    try {
      const answer = await client.send(new BatchGetItemCommand({ RequestItems }));
      for (const item of answer.Responses?.[name] ?? []) items.set(nameOf(item), item);
      left = answer.UnprocessedKeys?.[name]?.Keys ?? [];
      if (left.length === asked) {
        throw new Transient(`table ${name} answers for none of ${asked} items: try again`);
      }
    } catch (error) {
      throw fromAws(`reading ${left.length} items of table ${name}`, error);
    }
  }
  return items;
}
