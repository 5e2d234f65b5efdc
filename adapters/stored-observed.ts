/** A key that is only observed, as it stands in the store. */
import * as v from 'valibot';
import { partitions } from '../domain/key.ts';
import type { ObservedKey } from '../domain/lists.ts';
import type { Parsed } from '../domain/parsed.ts';
import { moment, type SchemaOf } from './stored-facts.ts';
import { asStored } from './stored-rotation.ts';

const observed: SchemaOf<ObservedKey> = v.strictObject({
  partition: v.picklist(partitions),
  account: v.string(),
  userName: v.string(),
  keyId: v.string(),
  seenAt: moment,
  channel: v.exactOptional(v.string()),
});

export function parseStoredObserved(value: unknown): Parsed<ObservedKey> {
  return asStored(observed, value);
}
