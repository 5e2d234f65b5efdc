/** The store in DynamoDB keeps the promises of every store, however late its reads and indexes. */

import { expect, test } from 'vitest';
import { done } from '../builders.ts';
import { commit, unopened } from '../contracts/committing.ts';
import { describeRotationStore } from '../contracts/rotation-store.ts';
import { givenTable } from './given-table.ts';

describeRotationStore('DynamoDB', () => givenTable().store);

describeRotationStore(
  'DynamoDB in small pages',
  () => givenTable({ pageBytes: 1, keysAtOnce: 1 }).store,
);

test('a rotation of which only a part is left is listed all the same', async () => {
  const { store, put } = givenTable();
  const item = { format: { N: '1' }, body: { S: '{}' } };
  await put({ pk: { S: 'rotation#a' }, sk: { S: 'journal#00000001' }, ...item });
  await put({ pk: { S: 'user#111122223333#AIDAEXAMPLE' }, sk: { S: 'a' }, ...item });
  const ids: string[] = [];
  for await (const id of store.everyRotation()) ids.push(id);
  expect(ids).toEqual(['a']);
});

test('who has left a line that the index still shows is left out', async () => {
  const { store, clock } = givenTable({ indexLagSeconds: 60 });
  const first = await commit(store, unopened('a'));
  await clock.sleep(120_000);
  expect(await store.ownedBy('U0123OWNER', 9)).toEqual(['a']);
  await commit(store, first, { stage: done() });
  expect(await store.howManyOwnedBy('U0123OWNER')).toBe(1);
  expect(await store.ownedBy('U0123OWNER', 9)).toEqual([]);
  expect(await store.standingAt('proposed', { limit: 9 })).toEqual([]);
});
