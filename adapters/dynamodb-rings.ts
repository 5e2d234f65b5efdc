/** Marks of rings in the table: the latest of a ring are the last of their partition. */
import type { RingNotes } from '../domain/lists.ts';
import { cyclesToOpen, type RingMark } from '../domain/rings.ts';
import { type Item, jsonIn, number, text } from './dynamodb-items.ts';
import { pages, type Table } from './dynamodb-queues.ts';
import { itemFormat } from './dynamodb-table.ts';
import { parseStoredRingMark } from './stored-observed.ts';

const partitionOf = ({ ring, is }: Pick<RingMark, 'ring' | 'is'>) => `ring#${ring}#${is}`;

function ringMarkItem(mark: RingMark): Item {
  return {
    pk: text(partitionOf(mark)),
    sk: text(`${mark.at}#${mark.rotationId}`),
    format: number(itemFormat),
    body: text(JSON.stringify(mark)),
  };
}

/** Newest first. */
async function latestMarks(
  table: Table,
  of: Pick<RingMark, 'ring' | 'is'>,
  limit: number,
): Promise<readonly RingMark[]> {
  const query = {
    ConsistentRead: true,
    ScanIndexForward: false,
    Limit: limit,
    KeyConditionExpression: '#pk = :pk',
    ExpressionAttributeNames: { '#pk': 'pk' },
    ExpressionAttributeValues: { ':pk': text(partitionOf(of)) },
  };
  const marks: RingMark[] = [];
  for await (const { Items = [] } of pages(table, query)) {
    marks.push(...Items.map((item) => jsonIn(item, 'body', parseStoredRingMark)));
    if (marks.length >= limit) break;
  }
  return marks.slice(0, limit);
}

export function ringNotesOf(table: Table, put: (item: Item) => Promise<unknown>): RingNotes {
  return {
    ringMarks: async (ring) => {
      const [bad] = await latestMarks(table, { ring, is: 'bad' }, 1);
      return { bad, clean: await latestMarks(table, { ring, is: 'clean' }, cyclesToOpen) };
    },
    markRing: async (mark) => {
      await put(ringMarkItem(mark));
    },
  };
}
