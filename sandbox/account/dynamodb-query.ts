/**
 * DynamoDB's Query: one partition of a table or of an index, in the order of its sort key, a page
 * at a time. An index shows keys only, holds only what has its keys, and is never up to date.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html (read 2026-11)
 */
import type { AttributeValue, QueryInput } from '@aws-sdk/client-dynamodb';
import { type Instant, plus } from '../../domain/instant.ts';
import type { ModelledTable, Serving } from './dynamodb.ts';
import { type Item, inBytes, keyConditionOf, termsOf, validation } from './dynamodb-expressions.ts';
import { bytesOf } from './dynamodb-shelf.ts';
import type { CallContext } from './service.ts';
import { notModelled } from './strict.ts';

export const queryTakes: readonly string[] = [
  'TableName',
  'IndexName',
  'ConsistentRead',
  'KeyConditionExpression',
  'ExpressionAttributeNames',
  'ExpressionAttributeValues',
  'ExclusiveStartKey',
  'Limit',
  'ScanIndexForward',
  'Select',
];

export function query(serving: Serving, input: QueryInput, context: CallContext) {
  const table = serving.tableOf(input.TableName, context);
  const { keyNames, found } = asked(serving, table, input, context);
  const start = input.ExclusiveStartKey;
  if (start !== undefined && keyNames.some((name) => start[name]?.S === undefined)) {
    throw validation('The provided starting key is invalid');
  }
  const direction = input.ScanIndexForward === false ? -1 : 1;
  const order = (a: Item, b: Item) => direction * compare(keyNames, a, b);
  const rest = found.filter((item) => start === undefined || order(item, start) > 0).sort(order);
  const { Limit = Number.POSITIVE_INFINITY, Select } = input;
  if (Limit < 1) throw validation('Limit must be at least 1');
  const page: Item[] = [];
  let bytes = 0;
  while (page.length < Math.min(Limit, rest.length) && bytes < serving.settings.pageBytes) {
    const item = rest[page.length] ?? {};
    bytes += bytesOf(item);
    page.push(item);
  }
  // A page that ends at its limit names a next one, even if there is nothing on it.
  const last = page.length === Limit || page.length < rest.length ? page.at(-1) : undefined;
  return {
    Count: page.length,
    ...(Select === 'COUNT' ? {} : { Items: page.map((item) => ({ ...item })) }),
    ...(last === undefined ? {} : { LastEvaluatedKey: only(last, keyNames) }),
  };
}

/** All that meets the key condition, and the names of the keys that it is sorted by. */
function asked(serving: Serving, table: ModelledTable, input: QueryInput, context: CallContext) {
  const { shape, shelf } = table;
  const terms = termsOf(input);
  const { first, rest, restName } = keyConditionOf(input.KeyConditionExpression ?? '', terms);
  terms.allUsed();
  if (input.Select !== undefined && input.Select !== 'COUNT') {
    throw notModelled(`dynamodb:Query with Select ${input.Select}`);
  }
  const index = shape.GlobalSecondaryIndexes.find((each) => each.IndexName === input.IndexName);
  if (input.IndexName !== undefined && index === undefined) {
    throw validation(`The table does not have the specified index: ${input.IndexName}`);
  }
  const names = ({ KeySchema }: Pick<typeof shape, 'KeySchema'>) =>
    KeySchema.map(({ AttributeName }) => AttributeName);
  const [hash, range] = names(index ?? shape);
  if (first.name !== hash || (restName !== undefined && restName !== range)) {
    throw validation('Query condition missed key schema element');
  }
  const own = names(shape);
  const keyNames = index === undefined ? own : [...names(index), ...own];
  const all = shelf.all(seenAt(serving, input, context));
  const found = all.filter(
    (item) =>
      item[first.name]?.S === first.value &&
      keyNames.every((name) => item[name] !== undefined) &&
      rest(item),
  );
  return { keyNames, found: index === undefined ? found : found.map((it) => only(it, keyNames)) };
}

function seenAt(serving: Serving, input: QueryInput, context: CallContext): Instant {
  const { IndexName, ConsistentRead } = input;
  if (IndexName === undefined) return serving.seenAt(ConsistentRead, context) ?? context.now;
  if (ConsistentRead) {
    throw validation('Consistent reads are not supported on global secondary indexes');
  }
  return plus(context.now, { seconds: -serving.settings.indexLagSeconds });
}

function compare(keyNames: readonly string[], left: Item, right: Item): number {
  for (const name of keyNames) {
    const order = inBytes(left[name]?.S ?? '', right[name]?.S ?? '');
    if (order !== 0) return order;
  }
  return 0;
}

function only(item: Item, names: readonly string[]): Record<string, AttributeValue> {
  return Object.fromEntries(names.flatMap((name) => (item[name] ? [[name, item[name]]] : [])));
}
