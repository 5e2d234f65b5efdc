/**
 * What the team is told once, noted in the table under conditions: of two who come at the same time
 * one is first.
 */
import { type AttributeValue, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type {
  ApproachingKey,
  CoverageNotes,
  HistoryNotes,
  Notebook,
  WarningNotes,
} from '../domain/lists.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { awsErrorName, fromAws } from './aws-error.ts';
import { fileNotesOf } from './dynamodb-files.ts';
import {
  approachingItem,
  coverageItem,
  historyItem,
  type Item,
  jsonIn,
  keys,
  momentOf,
  observedItem,
  summaryItem,
  text,
  textIn,
} from './dynamodb-items.ts';
import { listed, pages, type Table } from './dynamodb-queues.ts';
import { getItem } from './dynamodb-reads.ts';
import { ringNotesOf } from './dynamodb-rings.ts';
import {
  parseStoredApproaching,
  parseStoredCoverage,
  parseStoredHistory,
  parseStoredObserved,
} from './stored-observed.ts';

export function dynamoDbNotebook(connection: AwsConnection, tableName: string): Notebook {
  return notebookOf({ client: connect(DynamoDBClient, connection), name: tableName });
}

export function notebookOf(table: Table): Notebook {
  return {
    ...warningNotesOf(table),
    ...inventoryNotesOf(table),
    ...ringNotesOf(table, (item) => put(table, item)),
    ...fileNotesOf(table, (item) => put(table, item)),
    noteObserved: async (key) => {
      await put(table, observedItem(key, null), absent);
    },
    observedUntold: (limit) =>
      listed(table, {
        waiting: ['observed'],
        limit,
        read: (item) => jsonIn(item, 'body', parseStoredObserved),
      }),
    observedTold: async (key, at) => {
      await put(table, observedItem(key, at));
    },
    takeSummary: async (day, at, lapsed) => {
      const item = summaryItem(day, 'begun', at);
      if (await put(table, item, absent)) return 'yours';
      const before = await getItem(table, keys.summary(day));
      // Deleted by hand in between: whoever comes next finds nothing in the way.
      if (before === undefined) return 'busy';
      const [status, since] = [textIn(before, 'status'), momentOf(before, 'at')];
      if (status === 'told') return 'told';
      if (status === 'begun' && since >= lapsed) return 'busy';
      return (await put(table, item, asItWas(status, since))) ? 'yours' : 'busy';
    },
    leaveSummary: async (day, how, at) => {
      await put(table, summaryItem(day, how, at));
    },
  };
}

function warningNotesOf(table: Table): WarningNotes {
  const read = (item: Item) => jsonIn(item, 'body', parseStoredApproaching);
  return {
    approachingOf: async (user) => {
      const noted: ApproachingKey[] = [];
      const query = {
        ConsistentRead: true,
        KeyConditionExpression: '#pk = :pk',
        ExpressionAttributeNames: { '#pk': 'pk' },
        ExpressionAttributeValues: { ':pk': text(keys.approachingOf(user)) },
      };
      for await (const { Items = [] } of pages(table, query)) noted.push(...Items.map(read));
      return noted;
    },
    noteApproaching: async (key) => {
      await put(table, approachingItem(key, null), absent);
    },
    approachingUntold: (limit, unread) =>
      listed(table, { waiting: ['approaching'], limit, read: orUnread(read, unread) }),
    approachingTold: async (key, at, how) => {
      await put(table, approachingItem(key, { at, how }));
    },
  };
}

function inventoryNotesOf(table: Table): HistoryNotes & CoverageNotes {
  return {
    coverage: async () => {
      const item = await getItem(table, keys.coverage);
      return item && jsonIn(item, 'body', parseStoredCoverage);
    },
    noteCoverage: async (coverage) => {
      await put(table, coverageItem(coverage));
    },
    historyOf: async (key) => {
      const item = await getItem(table, keys.history(key));
      return item && jsonIn(item, 'body', parseStoredHistory);
    },
    noteHistory: async (key, history) => {
      await put(table, historyItem(key, history));
    },
  };
}

/** What cannot be read holds up nothing that can. */
function orUnread<T>(read: (item: Item) => T, unread?: (problem: unknown) => void) {
  return (item: Item): T | undefined => {
    try {
      return read(item);
    } catch (error) {
      if (unread === undefined) throw error;
      unread(error);
      return undefined;
    }
  };
}

interface Condition {
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, AttributeValue>;
}

const absent: Condition = {
  ConditionExpression: 'attribute_not_exists(#pk)',
  ExpressionAttributeNames: { '#pk': 'pk' },
};

function asItWas(status: string, at: string): Condition {
  return {
    ConditionExpression: '#status = :status AND #at = :at',
    ExpressionAttributeNames: { '#status': 'status', '#at': 'at' },
    ExpressionAttributeValues: { ':status': text(status), ':at': text(at) },
  };
}

/** Whether it is written: false if the condition failed. */
async function put({ client, name }: Table, item: Item, condition?: Condition): Promise<boolean> {
  try {
    await client.send(new PutItemCommand({ TableName: name, Item: item, ...condition }));
    return true;
  } catch (error) {
    if (awsErrorName(error) === 'ConditionalCheckFailedException') return false;
    throw fromAws(`writing ${item.pk?.S} of table ${name}`, error);
  }
}
