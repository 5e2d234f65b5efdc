/** Inventories as they are read back, by whoever verifies them. */
import * as v from 'valibot';
import type { InventoryTold } from '../domain/evidence-report.ts';
import type { FiguresOfDay } from '../domain/figures-of-day.ts';
import type { InventoryDay, OwnershipProblem } from '../domain/inventory-day.ts';
import {
  type AccountInventory,
  type InventoriedKey,
  type InventoriedUser,
  type InventorySums,
  ownershipTags,
} from '../domain/inventory-record.ts';
import { partitions } from '../domain/key.ts';
import { ageBuckets } from '../domain/key-ages.ts';
import { count, moment, type SchemaOf } from './stored-facts.ts';

const text = v.string();
const orNull = <S extends v.GenericSchema>(schema: S) => v.nullable(schema);

const key: SchemaOf<InventoriedKey> = v.strictObject({
  slot: v.picklist([1, 2]),
  rotatedAt: v.union([v.literal('unknown'), moment]),
  ageDays: orNull(count),
  lastUsed: v.union([v.picklist(['none', 'unknown']), moment]),
  state: v.picklist(['stale', 'nearing', 'fresh', 'unknown']),
  unused: v.boolean(),
});

const user: SchemaOf<InventoriedUser> = v.strictObject({
  userName: text,
  path: text,
  ownership: v.picklist(['known', 'missing', 'nobody known', 'not read']),
  owner: orNull(text),
  team: orNull(text),
  application: orNull(text),
  environment: orNull(text),
  staleKeyIds: orNull(v.array(text)),
  keys: v.array(key),
});

export const inventorySums: SchemaOf<InventorySums> = v.strictObject({
  users: count,
  usersWithKeys: count,
  activeKeys: count,
  stale: count,
  nearing: count,
  unknownAge: count,
  unused: count,
  ownerMissing: count,
  ownerNobodyKnown: count,
  ownerNotRead: count,
});

const date = v.pipe(text, v.regex(/^\d{4}-\d{2}-\d{2}$/, 'is not a day such as 2026-11-23'));

export const inventorySchema: SchemaOf<AccountInventory> = v.strictObject({
  schema: v.literal(1),
  kind: v.literal('inventory'),
  date,
  partition: v.picklist(partitions),
  account: text,
  takenAt: moment,
  reportAt: moment,
  sums: inventorySums,
  problems: v.array(text),
  users: v.array(user),
  digest: text,
});

const ownershipProblem: SchemaOf<OwnershipProblem> = v.variant('problem', [
  v.strictObject({
    problem: v.picklist(['missing', 'nobody known']),
    account: text,
    userName: text,
    owner: orNull(text),
  }),
  v.strictObject({
    problem: v.literal('contradicts'),
    userName: text,
    tag: v.picklist(ownershipTags),
    says: v.array(v.strictObject({ account: text, value: text })),
  }),
]);

const ownership: SchemaOf<InventoryDay['ownership']> = v.strictObject({
  missing: count,
  nobodyKnown: count,
  contradicting: count,
  listed: v.array(ownershipProblem),
});

/** What a report says of the last inventory of its period. */
export const inventoryToldSchema: SchemaOf<InventoryTold> = v.strictObject({
  date,
  takenAt: moment,
  digest: text,
  accounts: count,
  notKept: count,
  sums: inventorySums,
  ownership,
});

export const daySchema: SchemaOf<InventoryDay> = v.strictObject({
  schema: v.literal(1),
  kind: v.literal('inventory-day'),
  date,
  takenAt: moment,
  accounts: v.array(
    v.strictObject({ account: text, reportAt: moment, sums: inventorySums, digest: text }),
  ),
  notKept: v.array(v.strictObject({ account: text, problem: text })),
  ownership,
  digest: text,
});

const orNone = v.nullable(v.pipe(v.number(), v.minValue(0)));
const bucketNames = ageBuckets.map(({ name }) => name);

export const figuresSchema: SchemaOf<FiguresOfDay> = v.strictObject({
  schema: v.literal(1),
  kind: v.literal('figures'),
  date,
  takenAt: moment,
  accounts: v.array(
    v.strictObject({
      account: text,
      users: count,
      usersWithKeys: count,
      activeKeys: count,
      unknownAge: count,
      meanAgeDays: orNone,
      oldestDays: orNone,
      nearing: count,
      stale: count,
      buckets: v.strictObject(v.entriesFromList(bucketNames, count)),
    }),
  ),
  digest: text,
});
