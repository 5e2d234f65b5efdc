/** Keys that were found in files, an item for each key. */
import type { FileNotes } from '../domain/lists.ts';
import { type Item, type ItemKey, jsonIn, number, text } from './dynamodb-items.ts';
import type { Table } from './dynamodb-queues.ts';
import { getItem } from './dynamodb-reads.ts';
import { itemFormat } from './dynamodb-table.ts';
import { parseStoredKeyInFiles } from './stored-observed.ts';

type Key = Parameters<FileNotes['filesOf']>[0];

function fileKey({ partition, account, keyId }: Key): ItemKey {
  return { pk: text(`files#${partition}#${account}#${keyId}`), sk: text('files') };
}

export function fileNotesOf(table: Table, put: (item: Item) => Promise<unknown>): FileNotes {
  return {
    filesOf: async (key) => {
      const item = await getItem(table, fileKey(key));
      return item && jsonIn(item, 'body', parseStoredKeyInFiles);
    },
    noteFiles: async (key) => {
      const body = text(JSON.stringify(key));
      await put({ ...fileKey(key), format: number(itemFormat), body });
    },
  };
}
