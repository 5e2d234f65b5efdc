/**
 * DynamoDB's Scan: all items of a table, partition by partition in an order that says nothing, a
 * page at a time. A page counts what it read, not what the filter let through.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html (read 2026-11)
 */
import { hash } from 'node:crypto';
import type { ScanInput } from '@aws-sdk/client-dynamodb';
import type { Serving } from './dynamodb.ts';
import { conditionOf, type Item, inBytes, termsOf, validation } from './dynamodb-expressions.ts';
import { bytesOf } from './dynamodb-shelf.ts';
import type { CallContext } from './service.ts';

export const scanTakes: readonly string[] = [
  'TableName',
  'ConsistentRead',
  'FilterExpression',
  'ProjectionExpression',
  'ExpressionAttributeNames',
  'ExpressionAttributeValues',
  'ExclusiveStartKey',
];

export function scan(serving: Serving, input: ScanInput, context: CallContext) {
  const { shape, shelf } = serving.tableOf(input.TableName, context);
  const terms = termsOf(input);
  const meets = conditionOf(input.FilterExpression ?? '', terms);
  const shown = (input.ProjectionExpression ?? '').split(/\s*,\s*/).map(terms.name);
  terms.allUsed();
  const keyNames = shape.KeySchema.map(({ AttributeName }) => AttributeName);
  const start = input.ExclusiveStartKey;
  if (start !== undefined && keyNames.some((name) => start[name]?.S === undefined)) {
    throw validation('The provided starting key is invalid');
  }
  const placeOf = (item: Item) => {
    const [pk = '', sk = ''] = keyNames.map((name) => item[name]?.S ?? '');
    return `${hash('md5', pk, 'hex')}#${sk}`;
  };
  const seenAt = serving.seenAt(input.ConsistentRead, context) ?? context.now;
  const rest = shelf
    .all(seenAt)
    .map((item) => ({ item, place: placeOf(item) }))
    .filter(({ place }) => start === undefined || inBytes(place, placeOf(start)) > 0)
    .sort((a, b) => inBytes(a.place, b.place));
  const read: Item[] = [];
  let bytes = 0;
  for (const { item } of rest) {
    if (bytes >= serving.settings.pageBytes) break;
    bytes += bytesOf(item);
    read.push(item);
  }
  const last = read.length < rest.length ? read.at(-1) : undefined;
  const found = read.filter(meets).map((item) => only(item, shown));
  return {
    Count: found.length,
    ScannedCount: read.length,
    Items: found,
    ...(last === undefined ? {} : { LastEvaluatedKey: only(last, keyNames) }),
  };
}

function only(item: Item, names: readonly string[]) {
  return Object.fromEntries(names.flatMap((name) => (item[name] ? [[name, item[name]]] : [])));
}
