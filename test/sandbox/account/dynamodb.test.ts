/** The sandbox's DynamoDB refuses what DynamoDB refuses, and what it does not model. */
import {
  BatchGetItemCommand,
  DeleteItemCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from 'vitest';
import { connect } from '../../../adapters/aws-connection.ts';
import { tableDefinition } from '../../../adapters/dynamodb-table.ts';
import { type TableSettings, tables } from '../../../sandbox/account/dynamodb.ts';
import { account, given, refusal, region } from './given.ts';

const TableName = 'keyturn-test';
const text = (S: string) => ({ S });
const key = (sk: string) => ({ pk: text('p'), sk: text(sk) });

function givenClient(settings: Partial<TableSettings> = {}) {
  const { cloud, clock, operator } = given();
  const dynamodb = tables(settings);
  dynamodb.add({ account, region, name: TableName }, tableDefinition);
  cloud.register('dynamodb', dynamodb.model);
  const client = connect(DynamoDBClient, operator);
  const put = (sk: string, more = {}) =>
    client.send(new PutItemCommand({ TableName, Item: { ...key(sk), ...more } }));
  const get = async (sk: string, ConsistentRead = true) =>
    (await client.send(new GetItemCommand({ TableName, Key: key(sk), ConsistentRead }))).Item;
  const query = (more: Partial<QueryCommandInput> = {}) =>
    client.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: '#pk = :pk',
        ExpressionAttributeNames: { '#pk': 'pk' },
        ExpressionAttributeValues: { ':pk': text('p') },
        ...more,
      }),
    );
  return { client, clock, put, get, query };
}

const scanOfP = {
  TableName,
  FilterExpression: 'begins_with(#pk, :p)',
  ProjectionExpression: '#pk',
  ExpressionAttributeNames: { '#pk': 'pk' },
  ExpressionAttributeValues: { ':p': text('p') },
};

const inQueue = {
  IndexName: 'queues',
  KeyConditionExpression: '#queue = :queue',
  ExpressionAttributeNames: { '#queue': 'queue' },
  ExpressionAttributeValues: { ':queue': text('q') },
};

describe('what was just written', () => {
  test('shows at once to consistent reads, to others after a second', async () => {
    const { clock, put, get, query } = givenClient();
    await put('a');
    expect(await get('a')).toEqual(key('a'));
    expect(await get('a', false)).toBeUndefined();
    expect((await query({ ConsistentRead: true })).Count).toBe(1);
    expect((await query()).Count).toBe(0);
    await clock.sleep(1000);
    expect(await get('a', false)).toEqual(key('a'));
    expect((await query()).Count).toBe(1);
  });

  test('shows in an index later, with its keys only, if it has them', async () => {
    const { clock, put, query } = givenClient();
    await put('a', { queue: text('q'), queuePlace: text('1'), body: text('x') });
    await put('b', { body: text('x') });
    expect((await query(inQueue)).Items).toEqual([]);
    await clock.sleep(1000);
    const shown = { ...key('a'), queue: text('q'), queuePlace: text('1') };
    expect((await query(inQueue)).Items).toEqual([shown]);
    expect(await refusal(query({ ...inQueue, ConsistentRead: true }))).toBe(
      'ValidationException 400',
    );
  });
});

describe('a query', () => {
  test('goes in pages, the last of which may be empty', async () => {
    const { put, query } = givenClient();
    for (const sk of ['b', 'a', 'c']) await put(sk);
    const consistent = { ConsistentRead: true, Limit: 3 };
    const first = await query(consistent);
    expect(first.Items?.map(({ sk }) => sk?.S)).toEqual(['a', 'b', 'c']);
    expect(first.LastEvaluatedKey).toEqual(key('c'));
    const second = await query({ ...consistent, ExclusiveStartKey: key('c') });
    expect(second).toMatchObject({ Count: 0, Items: [] });
    expect(second.LastEvaluatedKey).toBeUndefined();
  });

  test('sorts by bytes, not by letters', async () => {
    const { put, query } = givenClient();
    for (const sk of ['\u{1F511}', '\uFF21']) await put(sk);
    const { Items } = await query({ ConsistentRead: true });
    expect(Items?.map(({ sk }) => sk?.S)).toEqual(['\uFF21', '\u{1F511}']);
  });
});

describe('a transaction', () => {
  const absent = {
    ConditionExpression: 'attribute_not_exists(#pk)',
    ExpressionAttributeNames: { '#pk': 'pk' },
  };
  const putting = (sk: string, more = {}) => ({
    Put: { TableName, Item: { ...key(sk), ...more }, ...absent },
  });
  const token = 'a-token';

  test('writes all or nothing, and says which condition failed', async () => {
    const { client, put, get } = givenClient();
    await put('b');
    const both = { TransactItems: [putting('a'), putting('b')], ClientRequestToken: token };
    await expect(client.send(new TransactWriteItemsCommand(both))).rejects.toMatchObject({
      name: 'TransactionCanceledException',
      CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed' }],
    });
    expect(await get('a')).toBeUndefined();
  });

  test('under one token is one transaction, for ten minutes', async () => {
    const { client, clock } = givenClient();
    const send = (sk: string) => {
      const input = { TransactItems: [putting(sk)], ClientRequestToken: token };
      return refusal(client.send(new TransactWriteItemsCommand(input)));
    };
    expect(await send('a')).toBe('not refused');
    expect(await send('a')).toBe('not refused');
    expect(await send('b')).toBe('IdempotentParameterMismatchException 400');
    await clock.sleep(10 * 60 * 1000);
    expect(await send('a')).toBe('TransactionCanceledException 400');
  });

  test.each([
    ['one item twice', [putting('a'), putting('a')]],
    ['over a hundred', Array.from({ length: 101 }, (_, index) => putting(`${index}`))],
    ['over 400 KB in one item', [putting('a', { body: text('x'.repeat(400 * 1024)) })]],
    [
      'over 4 MB',
      Array.from({ length: 11 }, (_, index) =>
        putting(`${index}`, { body: text('x'.repeat(399 * 1024)) }),
      ),
    ],
  ])('of %s is refused', async (_, TransactItems) => {
    const { client } = givenClient();
    const input = { TransactItems, ClientRequestToken: token };
    expect(await refusal(client.send(new TransactWriteItemsCommand(input)))).toBe(
      'ValidationException 400',
    );
  });
});

describe('refused as in AWS', () => {
  const { client, query } = givenClient();
  const one = { TableName, Key: key('a') };
  const condition = 'attribute_exists(#pk)';
  const names = { '#pk': 'pk' };
  test.each<[string, () => Promise<unknown>, string]>([
    [
      'a table that is not there',
      () => client.send(new GetItemCommand({ ...one, TableName: 'x' })),
      'ResourceNotFoundException',
    ],
    [
      'half a key',
      () => client.send(new GetItemCommand({ TableName, Key: { pk: text('p') } })),
      'ValidationException',
    ],
    [
      'an empty key of an index',
      () => client.send(new PutItemCommand({ TableName, Item: { ...key('a'), queue: text('') } })),
      'ValidationException',
    ],
    [
      'a placeholder that nothing uses',
      () => query({ ExpressionAttributeNames: { '#pk': 'pk', '#sk': 'sk' } }),
      'ValidationException',
    ],
    [
      'a placeholder that stands for nothing',
      () => query({ ExpressionAttributeValues: {} }),
      'ValidationException',
    ],
    ['an index that is not there', () => query({ IndexName: 'x' }), 'ValidationException'],
    [
      'a query by something that is no key',
      () => query({ ExpressionAttributeNames: { '#pk': 'body' } }),
      'ValidationException',
    ],
    [
      'a condition that does not hold',
      () =>
        client.send(
          new UpdateItemCommand({
            ...one,
            UpdateExpression: 'REMOVE #pk',
            ConditionExpression: condition,
            ExpressionAttributeNames: names,
          }),
        ),
      'ConditionalCheckFailedException',
    ],
    [
      'the same key twice',
      () => {
        const Keys = [key('a'), key('a')];
        return client.send(new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys } } }));
      },
      'ValidationException',
    ],
  ])('%s', async (_, call, name) => {
    expect(await refusal(call())).toBe(`${name} 400`);
  });
});

describe('a scan', () => {
  test('reads everything, pages by what it read, and shows what it was asked for', async () => {
    const { client, put } = givenClient({ pageBytes: 1 });
    for (const [sk, pk] of [
      ['a', 'p'],
      ['b', 'p'],
      ['c', 'q'],
    ] as const) {
      await put(sk, { pk: text(pk), more: text('more') });
    }
    const found: unknown[] = [];
    let ExclusiveStartKey: Record<string, { S: string }> | undefined;
    let pages = 0;
    do {
      const page = await client.send(
        new ScanCommand({ ...scanOfP, ConsistentRead: true, ExclusiveStartKey }),
      );
      found.push(...(page.Items ?? []));
      ExclusiveStartKey = page.LastEvaluatedKey as typeof ExclusiveStartKey;
      pages += 1;
    } while (ExclusiveStartKey !== undefined);
    expect(found).toEqual([{ pk: text('p') }, { pk: text('p') }]);
    expect(pages).toBe(3);
  });

  test('is late unless it asks for consistency', async () => {
    const { client, clock, put } = givenClient();
    await put('a');
    const count = async (ConsistentRead: boolean) =>
      (await client.send(new ScanCommand({ ...scanOfP, ConsistentRead }))).Count;
    expect([await count(true), await count(false)]).toEqual([1, 0]);
    await clock.sleep(1000);
    expect(await count(false)).toBe(1);
  });
});

describe('not modelled, by name', () => {
  const { client, query } = givenClient();
  test.each<[string, () => Promise<unknown>]>([
    ['Scan of everything', () => client.send(new ScanCommand({ TableName }))],
    ['Limit', () => client.send(new ScanCommand({ ...scanOfP, Limit: 1 }))],
    ['Segment', () => client.send(new ScanCommand({ ...scanOfP, Segment: 0, TotalSegments: 2 }))],
    ['DeleteItem', () => client.send(new DeleteItemCommand({ TableName, Key: key('a') }))],
    ['FilterExpression', () => query({ FilterExpression: '#pk = :pk' })],
    ['#pk <> :pk', () => query({ KeyConditionExpression: '#pk = :pk AND #pk <> :pk' })],
    ['bare', () => query({ KeyConditionExpression: 'pk = :pk' })],
    [
      'SS',
      () => client.send(new PutItemCommand({ TableName, Item: { ...key('a'), x: { SS: [] } } })),
    ],
    [
      'Delete',
      () =>
        client.send(
          new TransactWriteItemsCommand({
            TransactItems: [{ Delete: { TableName, Key: key('a') } }],
            ClientRequestToken: 'a-token',
          }),
        ),
    ],
  ])('%s', async (_, call) => {
    expect(await refusal(call())).toBe('NotModelled 400');
  });
});
