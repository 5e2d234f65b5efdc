/** What is noted of keys beside their rotations, as it stands in the store. */
import * as v from 'valibot';
import type { Coverage } from '../domain/coverage.ts';
import type { KeyInFiles } from '../domain/found-in-files.ts';
import { partitions } from '../domain/key.ts';
import type { ApproachingKey, ObservedKey } from '../domain/lists.ts';
import type { Parsed } from '../domain/parsed.ts';
import type { RingMark } from '../domain/rings.ts';
import type { UseHistory } from '../domain/use-history.ts';
import { count, keyInFiles, moment, owner, type SchemaOf } from './stored-facts.ts';
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

const approaching: SchemaOf<ApproachingKey> = v.strictObject({
  partition: v.picklist(partitions),
  account: v.string(),
  userName: v.string(),
  keyId: v.string(),
  createdAt: moment,
  staleAt: moment,
  owner,
  channel: v.string(),
  noticedAt: moment,
});

export function parseStoredApproaching(value: unknown): Parsed<ApproachingKey> {
  return asStored(approaching, value);
}

const history: SchemaOf<UseHistory> = v.strictObject({
  lastUse: moment,
  shownUntil: moment,
  pauses: v.array(v.strictObject({ from: moment, to: moment })),
});

export function parseStoredHistory(value: unknown): Parsed<UseHistory> {
  return asStored(history, value);
}

const coverage: SchemaOf<Coverage> = v.strictObject({
  takenAt: moment,
  gaps: v.array(v.string()),
  more: count,
});

export function parseStoredCoverage(value: unknown): Parsed<Coverage> {
  return asStored(coverage, value);
}

const ringMark: SchemaOf<RingMark> = v.strictObject({
  ring: v.string(),
  is: v.picklist(['clean', 'bad']),
  rotationId: v.string(),
  at: moment,
  what: v.string(),
  told: v.boolean(),
});

export function parseStoredRingMark(value: unknown): Parsed<RingMark> {
  return asStored(ringMark, value);
}

export function parseStoredKeyInFiles(value: unknown): Parsed<KeyInFiles> {
  return asStored(keyInFiles, value);
}
