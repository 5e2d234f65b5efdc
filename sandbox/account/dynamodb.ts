/**
 * DynamoDB: items read by key and by query, written under conditions and in transactions. It is as
 * late as DynamoDB may be: a read that does not ask for consistency shows what was there a while
 * ago, and so does an index always.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/ (read 2026-11)
 */
import type {
  BatchGetItemInput,
  GetItemInput,
  PutItemInput,
  UpdateItemInput,
} from '@aws-sdk/client-dynamodb';
import { type Instant, plus } from '../../domain/instant.ts';
import { conditionOf, type Item, termsOf, updateOf, validation } from './dynamodb-expressions.ts';
import { query, queryTakes } from './dynamodb-query.ts';
import { scan, scanTakes } from './dynamodb-scan.ts';
import { type Shelf, shelf, type TableShape } from './dynamodb-shelf.ts';
import { transactions } from './dynamodb-transactions.ts';
import { awsError, type CallContext, type Operation, type ServiceModel } from './service.ts';
import type { NamedPlace } from './sns.ts';
import { strict } from './strict.ts';

export interface TableSettings {
  /** How old an eventually consistent read of the table may be. */
  readonly replicaLagSeconds: number;
  /** How old what an index shows may be. */
  readonly indexLagSeconds: number;
  /** A page of a query ends there: 1 MB in AWS. */
  readonly pageBytes: number;
  /** Keys that BatchGetItem answers at once; it leaves the others out. */
  readonly keysAtOnce: number;
}

/** AWS promises no figure: "usually within one second". */
export const defaultTableSettings: TableSettings = {
  replicaLagSeconds: 1,
  indexLagSeconds: 1,
  pageBytes: 1024 * 1024,
  keysAtOnce: 100,
};

export interface ModelledTable {
  readonly name: string;
  readonly shape: TableShape;
  readonly shelf: Shelf;
}

export interface Tables {
  add(place: NamedPlace, shape: TableShape): void;
  readonly model: ServiceModel;
}

/** What the operations share. */
export interface Serving {
  readonly settings: TableSettings;
  tableOf(name: string | undefined, context: CallContext): ModelledTable;
  /** The moment that a read shows; undefined: now, and nothing older. */
  seenAt(isConsistent: boolean | undefined, context: CallContext): Instant | undefined;
}

const mostBatchKeys = 100;

export function tables(changes: Partial<TableSettings> = {}): Tables {
  const settings = { ...defaultTableSettings, ...changes };
  const kept = new Map<string, ModelledTable>();
  const placeOf = ({ account, region, name }: NamedPlace) => `${account}/${region}/${name}`;
  const serving: Serving = {
    settings,
    tableOf: (name = '', { account, region }) => {
      const table = kept.get(placeOf({ account, region, name }));
      if (table !== undefined) return table;
      throw awsError('ResourceNotFoundException', 'Requested resource not found');
    },
    seenAt: (isConsistent, { now }) =>
      isConsistent ? undefined : plus(now, { seconds: -settings.replicaLagSeconds }),
  };
  const key = ['TableName', 'Key'];
  const condition = [
    'ConditionExpression',
    'ExpressionAttributeNames',
    'ExpressionAttributeValues',
  ];
  const operation = <I>(takes: readonly string[], act: Act<I>) => ({
    takes,
    run: ((input: I, context) => act(serving, input, context)) satisfies Operation,
  });
  return {
    add: (place, shape) => {
      kept.set(placeOf(place), { name: place.name, shape, shelf: shelf(shape) });
    },
    model: strict('dynamodb', {
      GetItem: operation([...key, 'ConsistentRead'], getItem),
      BatchGetItem: operation(['RequestItems'], batchGetItem),
      Query: operation(queryTakes, query),
      Scan: operation(scanTakes, scan),
      PutItem: operation(['TableName', 'Item', ...condition], putItem),
      UpdateItem: operation([...key, 'UpdateExpression', ...condition], updateItem),
      TransactWriteItems: operation(['TransactItems', 'ClientRequestToken'], transactions()),
    }),
  };
}

export type Act<I> = (serving: Serving, input: I, context: CallContext) => unknown;

function getItem(serving: Serving, input: GetItemInput, context: CallContext) {
  const { shelf: items } = serving.tableOf(input.TableName, context);
  const key = input.Key ?? {};
  items.refuseKey(key);
  const item = items.get(key, serving.seenAt(input.ConsistentRead, context));
  return item === undefined ? {} : { Item: { ...item } };
}

function batchGetItem(serving: Serving, input: BatchGetItemInput, context: CallContext) {
  const [[tableName, asked] = ['', undefined], ...others] = Object.entries(
    input.RequestItems ?? {},
  );
  const { shelf: items } = serving.tableOf(tableName, context);
  const given = asked?.Keys ?? [];
  if (others.length > 0 || given.length < 1 || given.length > mostBatchKeys) {
    throw validation('Too many items requested for the BatchGetItem call, or none');
  }
  for (const each of given) items.refuseKey(each);
  if (new Set(given.map((each) => JSON.stringify(each))).size < given.length) {
    throw validation('Provided list of item keys contains duplicates');
  }
  const { keysAtOnce } = serving.settings;
  const [answered, left] = [given.slice(0, keysAtOnce), given.slice(keysAtOnce)];
  const seenAt = serving.seenAt(asked?.ConsistentRead, context);
  const found = answered
    .map((each) => items.get(each, seenAt))
    .filter((item) => item !== undefined);
  return {
    // In an order of its own.
    Responses: { [tableName]: found.toReversed() },
    UnprocessedKeys: left.length === 0 ? {} : { [tableName]: { ...asked, Keys: left } },
  };
}

function putItem(serving: Serving, input: PutItemInput, context: CallContext) {
  const { shelf: items } = serving.tableOf(input.TableName, context);
  const item = input.Item ?? {};
  items.refuseItem(item);
  const terms = termsOf(input);
  const { ConditionExpression } = input;
  const meets = ConditionExpression === undefined ? null : conditionOf(ConditionExpression, terms);
  terms.allUsed();
  if (meets !== null && !meets(items.get(item) ?? {})) throw conditionFailed();
  items.put(item, context.now);
  return {};
}

const conditionFailed = () =>
  awsError('ConditionalCheckFailedException', 'The conditional request failed');

function updateItem(serving: Serving, input: UpdateItemInput, context: CallContext) {
  const { shelf: items } = serving.tableOf(input.TableName, context);
  const key: Item = input.Key ?? {};
  items.refuseKey(key);
  const terms = termsOf(input);
  const meets = conditionOf(input.ConditionExpression ?? '', terms);
  const update = updateOf(input.UpdateExpression ?? '', terms);
  terms.allUsed();
  const before = items.get(key);
  if (!meets(before ?? {})) throw conditionFailed();
  const item = update({ ...key, ...before });
  items.refuseItem(item);
  items.put(item, context.now);
  return {};
}
