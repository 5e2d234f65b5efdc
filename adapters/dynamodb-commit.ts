/**
 * One decision made durable in one transaction: state, journal entry, effects, and on opening the
 * claim. Either all of it is written, on the very version that was decided on, or nothing.
 *
 * The answer may get lost although the transaction took effect; asked again, DynamoDB then says
 * that the condition failed. So after a failure the entry is read: `written` tells whether it is
 * the one that was to be written here.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html (2026-11)
 */
import { randomUUID } from 'node:crypto';
import {
  type AttributeValue,
  type CancellationReason,
  GetItemCommand,
  type TransactionCanceledException,
  type TransactWriteItem,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import type { Rotation } from '../domain/case.ts';
import { Bug, Conflict, Permanent, Transient } from '../domain/errors.ts';
import { firstHash, type JournalEntry } from '../domain/journal.ts';
import type { Claim, Commit } from '../domain/ports.ts';
import { awsErrorName, fromAws, mayHaveTakenEffect } from './aws-error.ts';
import {
  claimItem,
  effectItem,
  endingItem,
  entryItem,
  type Item,
  keys,
  number,
  stateItem,
  text,
  userItem,
} from './dynamodb-items.ts';
import type { Table } from './dynamodb-queues.ts';

/** Bytes of one item, names of attributes included. */
const mostItemBytes = 400 * 1024;
const mostWrites = 100;

/**
 * Throws Conflict if the version, the journal or the claim is another by now, or somebody writes
 * just now; Permanent if it is more than DynamoDB takes; Transient if it is not known to be
 * written. `claimOn` reads consistently.
 */
export async function commitTo(
  table: Table,
  { onVersion, rotation, entry }: Commit,
  claimOn: (rotation: Rotation) => Promise<Claim | undefined>,
): Promise<void> {
  if (rotation.version !== onVersion + 1 || entry.version !== rotation.version) {
    throw new Bug(
      `rotation ${rotation.id}: version ${rotation.version} cannot follow ${onVersion}`,
    );
  }
  const written = randomUUID();
  const writes = [
    stateWrite(onVersion, rotation, entry),
    ...[entryItem(entry, written)].map(newItem),
    ...entry.effects.map(({ id, effect }) => newItem(effectItem(entry, id, effect))),
    ...(onVersion === 0 ? await openingWrites(rotation, entry, claimOn) : []),
  ].map((write) => onTable(table, write));
  refuseTooLarge(rotation, writes);
  try {
    // The SDK asks again under the same token, which within ten minutes is no second transaction.
    const input = { TransactItems: writes, ClientRequestToken: written };
    await table.client.send(new TransactWriteItemsCommand(input));
  } catch (error) {
    const tried = `committing version ${rotation.version} of rotation ${rotation.id}`;
    const isDoubtful = mayHaveTakenEffect(error) || isCanceled(error);
    if (isDoubtful && (await isWritten(table, entry, written, tried))) return;
    throw problemOf(tried, error);
  }
}

type Write =
  | { readonly Put: { readonly Item: Item } & Condition }
  | { readonly ConditionCheck: { readonly Key: Item } & Condition };

interface Condition {
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, AttributeValue>;
}

function onTable({ name }: Table, write: Write): TransactWriteItem {
  return 'Put' in write
    ? { Put: { ...write.Put, TableName: name } }
    : { ConditionCheck: { ...write.ConditionCheck, TableName: name } };
}

function newItem(item: Item): Write {
  return { Put: { Item: item, ...absent } };
}

const absent: Condition = {
  ConditionExpression: 'attribute_not_exists(#pk)',
  ExpressionAttributeNames: { '#pk': 'pk' },
};

/** Whether attributes of an item have those values. */
function having(values: Item): Condition {
  const names = Object.keys(values);
  return {
    ConditionExpression: names.map((name) => `#${name} = :${name}`).join(' AND '),
    ExpressionAttributeNames: Object.fromEntries(names.map((name) => [`#${name}`, name])),
    ExpressionAttributeValues: Object.fromEntries(
      Object.entries(values).map(([name, value]) => [`:${name}`, value]),
    ),
  };
}

function stateWrite(onVersion: number, rotation: Rotation, entry: JournalEntry): Write {
  const item = stateItem(rotation, entry);
  if (onVersion === 0) return newItem(item);
  const before = { version: number(onVersion), hash: text(entry.previousHash) };
  return { Put: { Item: item, ...having(before) } };
}

/** The claim on the key, and the rotation's places among those of its user and its key. */
async function openingWrites(
  rotation: Rotation,
  entry: JournalEntry,
  claimOn: (rotation: Rotation) => Promise<Claim | undefined>,
): Promise<readonly Write[]> {
  if (entry.previousHash !== firstHash) {
    throw new Conflict(`rotation ${rotation.id}: its journal has begun: reload it`);
  }
  const claim = claimItem(rotation);
  const listings = [newItem(userItem(rotation)), newItem(endingItem(rotation))];
  const { generation } = rotation;
  if (generation === 1) return [newItem(claim), ...listings];
  const holder = await claimOn(rotation);
  if (holder === undefined || holder.generation !== generation - 1) {
    throw new Conflict(
      `generation ${generation} of the claim on that key cannot follow ` +
        `${holder?.generation ?? 'none'}: join rotation ${holder?.rotationId}, or open the first`,
    );
  }
  const { rotationId } = holder;
  const asItWas = { rotationId: text(rotationId), generation: number(holder.generation) };
  const isOver = having({ stage: text('done') });
  return [
    { Put: { Item: claim, ...having(asItWas) } },
    { ConditionCheck: { Key: { ...keys.state(rotationId) }, ...isOver } },
    ...listings,
  ];
}

function refuseTooLarge({ id, version, findings }: Rotation, writes: TransactWriteItem[]): void {
  const largest = Math.max(...writes.map(({ Put }) => bytesOf(Put?.Item ?? {})));
  if (largest <= mostItemBytes && writes.length <= mostWrites) return;
  throw new Permanent(
    `version ${version} of rotation ${id} cannot be kept: it takes ${writes.length} writes of ` +
      `${mostWrites}, and ${largest} bytes of ${mostItemBytes} in one item. It has joined ` +
      `${findings.length} findings; everything stays as it was. If it cannot go on like this, ` +
      'finish the rotation by hand',
  );
}

function bytesOf(item: Item): number {
  return Object.entries(item).reduce(
    (sum, [name, { S, N }]) => sum + Buffer.byteLength(name + (S ?? N ?? '')),
    0,
  );
}

/** Whether the entry there is the one written here. Throws Transient if it cannot be read. */
async function isWritten(
  { client, name }: Table,
  { rotationId, version }: JournalEntry,
  written: string,
  tried: string,
): Promise<boolean> {
  const Key = { ...keys.entry(rotationId, version) };
  try {
    const input = { TableName: name, Key, ConsistentRead: true };
    const { Item } = await client.send(new GetItemCommand(input));
    return Item?.written?.S === written;
  } catch (error) {
    const problem = `${tried}: no telling whether it took effect; it is tried again`;
    throw new Transient(problem, { cause: error });
  }
}

function isCanceled(error: unknown): error is TransactionCanceledException {
  return awsErrorName(error) === 'TransactionCanceledException';
}

/** Who was faster decides anew; what DynamoDB cannot take it never will. */
function problemOf(tried: string, error: unknown): Conflict | Transient | Permanent {
  if (!isCanceled(error)) return fromAws(tried, error);
  const reasons = (error.CancellationReasons ?? []).filter(({ Code }) => Code !== 'None');
  const said = `${tried}: ${reasons.map(reasonInWords).join('; ') || error.message}`;
  const options = { cause: error };
  const codes = new Set(reasons.map(({ Code }) => Code));
  if (codes.has('ConditionalCheckFailed')) {
    return new Conflict(`${said}: somebody else was faster; reload it`, options);
  }
  if (reasons.length === 0 || reasons.some(({ Code = '' }) => !passing.has(Code))) {
    return new Permanent(said, options);
  }
  return codes.has('TransactionConflict')
    ? new Conflict(`${said}: somebody else writes just now; reload it`, options)
    : new Transient(`${said}; it is tried again`, options);
}

/** Reasons that are gone after a while. */
const passing: ReadonlySet<string> = new Set([
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
]);

function reasonInWords({ Code, Message }: CancellationReason): string {
  return Message === undefined ? `${Code}` : `${Code} (${Message})`;
}
