/**
 * Rotations as people ask for them: one by its id, those of an owner, those at a stage, those of a
 * key by the end of its id. The indexes are late; what they name is read again, consistently, and
 * left out if it stands there no more.
 */
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { Instant } from '../domain/instant.ts';
import type { RotationReads } from '../domain/lists.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { fromAws } from './aws-error.ts';
import { afterAllOf, type Item, type ItemKey, jsonIn, keys, text } from './dynamodb-items.ts';
import { pages, readAgain, type Table } from './dynamodb-queues.ts';
import { ownersIndex, stageLinesOf, stagesIndex } from './dynamodb-table.ts';
import { parseStoredPlace } from './stored-journal.ts';
import { parseStoredRotation } from './stored-rotation.ts';

/** Reads only: for whoever tells people of rotations and moves none. */
export function dynamoDbReads(connection: AwsConnection, tableName: string): RotationReads {
  return readsOf({ client: connect(DynamoDBClient, connection), name: tableName });
}

export function readsOf(table: Table): RotationReads {
  return {
    load: async (id) => {
      const item = await getItem(table, keys.state(id));
      return item && jsonIn(item, 'body', parseStoredRotation);
    },
    messageOf: async (id) => {
      const item = await getItem(table, keys.message(id));
      return item && jsonIn(item, 'body', parseStoredPlace);
    },
    ownedBy: (slackUserId, limit) => inLines(table, [ownersLine(slackUserId)], { limit }),
    standingAt: (stage, asked) => inLines(table, stageLinesOf(stage).map(stageLine), asked),
    howManyStandAt: (stage, until) => howMany(table, stageLinesOf(stage).map(stageLine), until),
    howManyOwnedBy: (slackUserId) => howMany(table, [ownersLine(slackUserId)]),
    ofKeysEnding: (ending, limit) => ofKeysEnding(table, ending, limit),
  };
}

/** Consistent. Throws Transient or Permanent. */
export async function getItem({ client, name }: Table, key: ItemKey): Promise<Item | undefined> {
  try {
    const input = { TableName: name, Key: { ...key }, ConsistentRead: true };
    return (await client.send(new GetItemCommand(input))).Item;
  } catch (error) {
    throw fromAws(`reading ${key.pk.S}, ${key.sk.S} of table ${name}`, error);
  }
}

/** One value of the first key of an index. */
interface Line {
  readonly index: string;
  readonly attribute: 'ownedBy' | 'standsAt';
  readonly value: string;
}

const ownersLine = (value: string): Line => ({ index: ownersIndex, attribute: 'ownedBy', value });
const stageLine = (value: string): Line => ({ index: stagesIndex, attribute: 'standsAt', value });

function inLine({ index, attribute, value }: Line, until?: Instant) {
  const isInTime = until === undefined ? '' : ' AND #place < :after';
  return {
    IndexName: index,
    KeyConditionExpression: `#line = :line${isInTime}`,
    ExpressionAttributeNames: {
      '#line': attribute,
      ...(until === undefined ? {} : { '#place': 'linePlace' }),
    },
    ExpressionAttributeValues: {
      ':line': text(value),
      ...(until === undefined ? {} : { ':after': afterAllOf(until) }),
    },
  };
}

/** The first of several lines, merged. Who has left since is left out, and nobody moves up. */
async function inLines(
  table: Table,
  lines: readonly Line[],
  { until, limit }: { readonly until?: Instant; readonly limit: number },
): Promise<readonly string[]> {
  const found = await Promise.all(lines.map((line) => firstIn(table, line, limit, until)));
  const first = found
    .flat()
    .sort((a, b) => (a.place < b.place ? -1 : 1))
    .slice(0, limit);
  const items = await readAgain(table, first);
  return first.flatMap(({ name, line }) => {
    const item = items.get(name);
    const isThere = item?.[line.attribute]?.S === line.value;
    return isThere && item?.rotationId?.S !== undefined ? [item.rotationId.S] : [];
  });
}

interface Found {
  readonly key: ItemKey;
  readonly name: string;
  readonly line: Line;
  readonly place: string;
}

async function firstIn(table: Table, line: Line, limit: number, until?: Instant) {
  const found: Found[] = [];
  const query = { ...inLine(line, until), Limit: limit };
  for await (const { Items = [] } of pages(table, query)) {
    for (const { pk, sk, linePlace } of Items) {
      if (pk?.S === undefined || sk?.S === undefined) continue;
      const name = JSON.stringify([pk.S, sk.S]);
      const key = { pk: text(pk.S), sk: text(sk.S) };
      found.push({ key, name, line, place: linePlace?.S ?? '' });
    }
    if (found.length >= limit) break;
  }
  return found.slice(0, limit);
}

async function howMany(table: Table, lines: readonly Line[], until?: Instant): Promise<number> {
  const counts = lines.map(async (line) => {
    let sum = 0;
    const query = { ...inLine(line, until), Select: 'COUNT' as const };
    for await (const { Count } of pages(table, query)) sum += Count ?? 0;
    return sum;
  });
  return (await Promise.all(counts)).reduce((sum, each) => sum + each, 0);
}

/** Of some thousand keys two share an ending: so few are read to the end. */
async function ofKeysEnding(table: Table, ending: string, limit: number) {
  const ids: string[] = [];
  const query = {
    ConsistentRead: true,
    KeyConditionExpression: '#pk = :pk',
    ExpressionAttributeNames: { '#pk': 'pk' },
    ExpressionAttributeValues: { ':pk': text(keys.ending(ending)) },
  };
  for await (const { Items = [] } of pages(table, query)) {
    ids.push(...Items.flatMap(({ rotationId }) => rotationId?.S ?? []));
  }
  return ids.toReversed().slice(0, limit);
}
