/**
 * Items of the table: what each is called, what it holds, and how it is read back. The body is one
 * JSON text, as it was hashed: nothing is lost or turned into something else on its way. Beside it
 * stand only the attributes that DynamoDB itself must look at.
 */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { Rotation } from '../domain/case.ts';
import type { Coverage } from '../domain/coverage.ts';
import { type Effect, sortOf } from '../domain/effect.ts';
import { Bug, Permanent } from '../domain/errors.ts';
import { type Instant, instant, parseInstant } from '../domain/instant.ts';
import type { JournalEntry } from '../domain/journal.ts';
import type { Partition } from '../domain/key.ts';
import { endingOf, placeInLine } from '../domain/line.ts';
import type { ApproachingKey, ObservedKey } from '../domain/lists.ts';
import type { Parsed } from '../domain/parsed.ts';
import type { MessagePlace } from '../domain/ports.ts';
import { type HistoryOf, toSecond, type UseHistory } from '../domain/use-history.ts';
import { wakeOf } from '../domain/wake.ts';
import { effectQueues, itemFormat, queueOf, stageLineOf } from './dynamodb-table.ts';

export type Item = Record<string, AttributeValue>;

/** The key of an item. */
export type ItemKey = { readonly pk: AttributeValue.SMember; readonly sk: AttributeValue.SMember };

export const text = (value: string): AttributeValue.SMember => ({ S: value });
export const number = (value: number): AttributeValue.NMember => ({ N: String(value) });

function itemKey(pk: string, sk: string): ItemKey {
  return { pk: text(pk), sk: text(sk) };
}

/** Journals sort by version as text: ten million entries of one rotation never come about. */
const padded = (value: number) => String(value).padStart(8, '0');

type UserName = Pick<ApproachingKey, 'partition' | 'account' | 'userName'>;

/** What the partition of every rotation begins with. */
export const rotationPrefix = 'rotation#';

const partitionOf = (rotationId: string) => `${rotationPrefix}${rotationId}`;

export const journalPrefix = 'journal#';

export const keys = {
  state: (rotationId: string) => itemKey(partitionOf(rotationId), 'state'),
  entry: (rotationId: string, version: number) =>
    itemKey(partitionOf(rotationId), `${journalPrefix}${padded(version)}`),
  message: (rotationId: string) => itemKey(partitionOf(rotationId), 'message'),
  /** Of an id `<rotation>/<version>/<index>`. */
  effect: (effectId: string) => {
    const parts = /^(.+)\/(\d+)\/(\d+)$/s.exec(effectId);
    if (parts === null) throw new Bug(`"${effectId}" is not the id of an effect`);
    const [, rotationId = '', version, index] = parts;
    const place = `effect#${padded(Number(version))}#${padded(Number(index))}`;
    return itemKey(partitionOf(rotationId), place);
  },
  claim: (partition: Partition, account: string, keyId: string) =>
    itemKey(`claim#${partition}#${account}#${keyId}`, 'claim'),
  observed: ({ partition, account, keyId }: Omit<ObservedKey, 'seenAt' | 'userName'>) =>
    itemKey(`observed#${partition}#${account}#${keyId}`, 'observed'),
  approaching: (key: Pick<ApproachingKey, 'keyId' | 'staleAt' | keyof UserName>) =>
    itemKey(keys.approachingOf(key), `${key.staleAt}#${key.keyId}`),
  /** All keys of a user by name of which anybody was to be told early. */
  approachingOf: ({ partition, account, userName }: UserName) =>
    `approaching#${partition}#${account}#${userName}`,
  history: ({ partition, account, userName, createdAt }: HistoryOf) =>
    itemKey(`history#${partition}#${account}#${userName}`, toSecond(createdAt)),
  coverage: itemKey('coverage', 'latest'),
  summary: (day: string) => itemKey(`summary#${day}`, 'summary'),
  /** All rotations of keys whose ids end so. */
  ending: (ending: string) => `ending#${ending}`,
  /** All rotations of a user. */
  user: (account: string, userId: string) => `user#${account}#${userId}`,
} as const;

/** The rotation as it is now; it waits in a queue until its next wake. */
export function stateItem(rotation: Rotation, { hash }: JournalEntry): Item {
  const { id, version, stage } = rotation;
  const wake = wakeOf(rotation);
  return {
    ...keys.state(id),
    format: number(itemFormat),
    rotationId: text(id),
    version: number(version),
    hash: text(hash),
    stage: text(stage.name),
    body: text(JSON.stringify(rotation)),
    ...(wake === null
      ? {}
      : {
          queue: text(queueOf(wake.need, id)),
          ...placed(wake.at, `${rotation.key.user.account}/${id}`),
        }),
    ...inLine(rotation),
  };
}

/** Among those of its owner, and those at its stage; one that is done, by when it ended. */
function inLine(rotation: Rotation): Item {
  const { id, key, stage } = rotation;
  if (stage.name === 'done') {
    return {
      standsAt: text(stageLineOf('done', id)),
      linePlace: text(`${stage.at}#${key.user.account}/${id}`),
    };
  }
  const line = placeInLine(rotation);
  if (line === null) return {};
  return {
    ...(line.ownedBy === undefined ? {} : { ownedBy: text(line.ownedBy) }),
    standsAt: text(stageLineOf(line.stage, id)),
    linePlace: text(`${line.moment}#${key.user.account}/${id}`),
  };
}

/** `written` tells this writing of the entry from any other, even of the very same entry. */
export function entryItem(entry: JournalEntry, written: string): Item {
  return {
    ...keys.entry(entry.rotationId, entry.version),
    format: number(itemFormat),
    written: text(written),
    body: text(JSON.stringify(entry)),
  };
}

/** An effect of an entry, which waits from its commit on. */
export function effectItem(entry: JournalEntry, id: string, effect: Effect): Item {
  return {
    ...keys.effect(id),
    format: number(itemFormat),
    effectId: text(id),
    rotationId: text(entry.rotationId),
    version: number(entry.version),
    attempts: number(0),
    notBefore: text(entry.at),
    body: text(JSON.stringify(effect)),
    queue: text(queueOf(effectQueues[sortOf(effect)], entry.rotationId)),
    ...effectPlaced(id, entry.at),
  };
}

/** Where an effect stands in its queue: those of one moment as they were ordered. */
export function effectPlaced(effectId: string, notBefore: Instant) {
  const { pk, sk } = keys.effect(effectId);
  return placed(notBefore, `${pk.S}#${sk.S}`);
}

function placed(at: Instant, name: string) {
  return { queuePlace: text(`${at}#${name}`) };
}

/** Whose rotation stands there; empty where the place does not say. */
export function accountIn(queuePlace: string): string {
  return /#(\d{12})\//.exec(queuePlace)?.[1] ?? '';
}

/** The moment that stands in front of a place. */
export function momentIn(queuePlace: string): Instant {
  return instant(queuePlace.slice(0, queuePlace.indexOf('#')));
}

/** After every place of that moment, and before every later one: `$` follows `#`. */
export function afterAllOf(moment: Instant): AttributeValue {
  return text(`${moment}$`);
}

export function claimItem({ id, generation, key }: Rotation): Item {
  const { partition, account } = key.user;
  return {
    ...keys.claim(partition, account, key.keyId),
    format: number(itemFormat),
    rotationId: text(id),
    generation: number(generation),
  };
}

/** Lists a rotation among those of its user, in the order in which they were opened. */
export function userItem({ id, openedAt, key }: Rotation): Item {
  const { account, userId } = key.user;
  return {
    ...itemKey(keys.user(account, userId), `${openedAt}#${id}`),
    format: number(itemFormat),
    rotationId: text(id),
  };
}

/** Lists a rotation among those of keys whose ids end alike. */
export function endingItem({ id, openedAt, key }: Rotation): Item {
  return {
    ...itemKey(keys.ending(endingOf(key.keyId)), `${openedAt}#${id}`),
    format: number(itemFormat),
    rotationId: text(id),
  };
}

/** A key that is only observed; it waits until people are told, once `toldAt` says so. */
export function observedItem(key: ObservedKey, toldAt: Instant | null): Item {
  const name = `${key.account}/${key.keyId}`;
  return {
    ...keys.observed(key),
    format: number(itemFormat),
    body: text(JSON.stringify(key)),
    ...(toldAt === null
      ? { queue: text(queueOf('observed', name)), ...placed(key.seenAt, name) }
      : { toldAt: text(toldAt) }),
  };
}

/** A key that becomes a finding soon; it waits until somebody is told. */
export function approachingItem(
  key: ApproachingKey,
  told: { readonly at: Instant; readonly how: string } | null,
): Item {
  const name = `${key.account}/${key.keyId}`;
  return {
    ...keys.approaching(key),
    format: number(itemFormat),
    body: text(JSON.stringify(key)),
    ...(told === null
      ? { queue: text(queueOf('approaching', name)), ...placed(key.noticedAt, name) }
      : { toldAt: text(told.at), how: text(told.how) }),
  };
}

export function summaryItem(day: string, status: 'begun' | 'told' | 'untold', at: Instant): Item {
  return { ...keys.summary(day), format: number(itemFormat), status: text(status), at: text(at) };
}

export function historyItem(key: HistoryOf, history: UseHistory): Item {
  const body = text(JSON.stringify(history));
  return { ...keys.history(key), format: number(itemFormat), body };
}

export function coverageItem(coverage: Coverage): Item {
  return { ...keys.coverage, format: number(itemFormat), body: text(JSON.stringify(coverage)) };
}

export function messageItem(rotationId: string, place: MessagePlace): Item {
  return {
    ...keys.message(rotationId),
    format: number(itemFormat),
    body: text(JSON.stringify(place)),
  };
}

/** What an item is called to people. */
export function nameOf(item: Item): string {
  return `item ${item.pk?.S}, ${item.sk?.S}`;
}

/** An attribute that every such item has. Throws Permanent if it has not, or is of another time. */
export function textIn(item: Item, name: string): string {
  return had(item, name, readable(item)[name]?.S);
}

export function numberIn(item: Item, name: string): number {
  return Number(had(item, name, readable(item)[name]?.N));
}

export function momentOf(item: Item, name: string): Instant {
  const moment = parseInstant(textIn(item, name));
  if (moment !== undefined) return moment;
  throw new Permanent(`${nameOf(item)}: its ${name} is not a moment`);
}

/** The JSON in an attribute, read by a parser. Throws Permanent naming all that is wrong. */
export function jsonIn<T>(item: Item, name: string, parse: (value: unknown) => Parsed<T>): T {
  const whole = textIn(item, name);
  const read = parse(jsonOf(item, name, whole));
  if (read.ok) return read.value;
  throw new Permanent(`${nameOf(item)} is not as Keyturn writes it: ${read.problems.join('; ')}`);
}

function readable(item: Item): Item {
  const format = had(item, 'format', item.format?.N);
  if (format === String(itemFormat)) return item;
  const newer = Number(format) > itemFormat;
  throw new Permanent(
    `${nameOf(item)} was written by ${newer ? 'a newer' : 'another'} Keyturn (format ${format}; ` +
      `this one reads ${itemFormat}): deploy a version that reads it`,
  );
}

function had<T>(item: Item, name: string, value: T | undefined): T {
  if (value !== undefined) return value;
  throw new Permanent(
    `${nameOf(item)} has no ${name}: it was not written by Keyturn, or changed since; compare it ` +
      'with the journal',
  );
}

function jsonOf(item: Item, name: string, whole: string): unknown {
  try {
    return JSON.parse(whole);
  } catch (error) {
    throw new Permanent(`${nameOf(item)}: its ${name} is not JSON`, { cause: error });
  }
}
