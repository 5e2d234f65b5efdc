/**
 * Rotations in one DynamoDB table (dynamodb-table.ts says how). A commit is one transaction; every
 * read that something is decided on is consistent and by key. Nothing is ever deleted: a journal is
 * evidence. What is read back is checked, and refused if it is not as this Keyturn writes it.
 */
import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { earliest, type Instant } from '../domain/instant.ts';
import { firstHash, type JournalEntry } from '../domain/journal.ts';
import type { Partition } from '../domain/key.ts';
import type { Claim, Log, RotationStore } from '../domain/ports.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { fromAws } from './aws-error.ts';
import { commitTo } from './dynamodb-commit.ts';
import { outstandingEffects, postponeEffect, settleEffect } from './dynamodb-effects.ts';
import {
  type Item,
  journalPrefix,
  jsonIn,
  keys,
  messageItem,
  momentIn,
  numberIn,
  text,
  textIn,
} from './dynamodb-items.ts';
import { notebookOf } from './dynamodb-notebook.ts';
import { howManyWait, listed, pages, type Table } from './dynamodb-queues.ts';
import { getItem, readsOf } from './dynamodb-reads.ts';
import { openOrEndedSince } from './dynamodb-recent.ts';
import { everyRotation } from './dynamodb-scan.ts';
import { allWaiting } from './dynamodb-table.ts';
import { parseStoredEntry } from './stored-journal.ts';

/**
 * The rotations in the table of that name, in the connection's account and Region. `log` hears of
 * effects that cannot be read: they stay outstanding and hold up no other.
 */
export function dynamoDbStore(
  connection: AwsConnection,
  tableName: string,
  log: Pick<Log, 'error'>,
): RotationStore {
  const table: Table = { client: connect(DynamoDBClient, connection), name: tableName };
  return {
    ...readsOf(table),
    ...notebookOf(table),
    commit: (change) =>
      commitTo(table, change, ({ key: { user, keyId } }) =>
        claimOn(table, user.partition, user.account, keyId),
      ),
    claimOn: (...key) => claimOn(table, ...key),
    journal: (id) => journal(table, id),
    lastHash: async (id) => {
      const item = await getItem(table, keys.state(id));
      return item === undefined ? firstHash : textIn(item, 'hash');
    },
    due: (need, now, limit, runsOf) =>
      listed(table, {
        waiting: [need],
        until: now,
        limit,
        runsOf,
        // Which rotation it is must be told even of one that cannot be read.
        read: (item) => item.rotationId?.S,
      }),
    // A rotation needs to be asked about its run exactly while it waits for one.
    inFlight: () => howManyWait(table, 'run status'),
    ofUser: (account, userId) => ofUser(table, account, userId),
    everyRotation: () => everyRotation(table),
    openOrEndedSince: (since) => openOrEndedSince(table, since),
    outstanding: (now, limit, unread, sort) =>
      outstandingEffects(table, log, { now, limit, unread, sort }),
    settle: (effectId, how) => settleEffect(table, effectId, how),
    postpone: (effectId, notBefore, problem) => postponeEffect(table, effectId, notBefore, problem),
    nextWake: () => nextWake(table),
    rememberMessage: (id, place) => put(table, messageItem(id, place)),
  };
}

async function put({ client, name }: Table, item: Item): Promise<void> {
  try {
    await client.send(new PutItemCommand({ TableName: name, Item: item }));
  } catch (error) {
    throw fromAws(`writing ${item.pk?.S}, ${item.sk?.S} of table ${name}`, error);
  }
}

async function claimOn(
  table: Table,
  partition: Partition,
  account: string,
  keyId: string,
): Promise<Claim | undefined> {
  const item = await getItem(table, keys.claim(partition, account, keyId));
  if (item === undefined) return undefined;
  const [rotationId, generation] = [textIn(item, 'rotationId'), numberIn(item, 'generation')];
  return { partition, account, keyId, rotationId, generation };
}

async function journal(table: Table, rotationId: string): Promise<readonly JournalEntry[]> {
  const entries: JournalEntry[] = [];
  const partition = keys.state(rotationId).pk;
  const query = {
    ConsistentRead: true,
    KeyConditionExpression: '#pk = :pk AND begins_with(#sk, :journal)',
    ExpressionAttributeNames: { '#pk': 'pk', '#sk': 'sk' },
    ExpressionAttributeValues: { ':pk': partition, ':journal': text(journalPrefix) },
  };
  for await (const { Items = [] } of pages(table, query)) {
    entries.push(...Items.map((item) => jsonIn(item, 'body', parseStoredEntry)));
  }
  return entries;
}

/** Consistent: that all rotations of a user are done is concluded from it. */
async function ofUser(table: Table, account: string, userId: string): Promise<readonly string[]> {
  const ids: string[] = [];
  const query = {
    ConsistentRead: true,
    KeyConditionExpression: '#pk = :pk',
    ExpressionAttributeNames: { '#pk': 'pk' },
    ExpressionAttributeValues: { ':pk': text(keys.user(account, userId)) },
  };
  for await (const { Items = [] } of pages(table, query)) {
    ids.push(...Items.map((item) => textIn(item, 'rotationId')));
  }
  return ids;
}

async function nextWake(table: Table): Promise<Instant | undefined> {
  const read = (item: Item) => momentIn(textIn(item, 'queuePlace'));
  const firsts = await Promise.all(
    allWaiting.map((waiting) => listed(table, { waiting: [waiting], limit: 1, read })),
  );
  const [first, ...rest] = firsts.flat();
  return first === undefined ? undefined : earliest(first, ...rest);
}
