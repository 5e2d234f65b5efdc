/** The store in DynamoDB keeps the promises of every store, however late its reads and indexes. */

import { describeRotationStore } from '../contracts/rotation-store.ts';
import { givenTable } from './given-table.ts';

describeRotationStore('DynamoDB', () => givenTable().store);

describeRotationStore(
  'DynamoDB in small pages',
  () => givenTable({ pageBytes: 1, keysAtOnce: 1 }).store,
);
