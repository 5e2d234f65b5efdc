/**
 * The items of a table, as they are and as they were a moment ago: what an eventually consistent
 * read, or an index, may still show.
 */
import { type Instant, millisOf, plus } from '../../domain/instant.ts';
import { type Item, validation } from './dynamodb-expressions.ts';
import { notModelled } from './strict.ts';

/** The parts of a table's definition that matter here. */
export interface TableShape {
  readonly KeySchema: readonly KeyPart[];
  readonly AttributeDefinitions: readonly { readonly AttributeName: string }[];
  readonly GlobalSecondaryIndexes: readonly {
    readonly IndexName: string;
    readonly KeySchema: readonly KeyPart[];
    readonly Projection: { readonly ProjectionType: 'KEYS_ONLY' };
  }[];
}

interface KeyPart {
  readonly AttributeName: string;
  readonly KeyType: 'HASH' | 'RANGE';
}

export interface Shelf {
  /** As it is, or as it was at a moment. */
  get(key: Item, at?: Instant): Item | undefined;
  all(at: Instant): readonly Item[];
  put(item: Item, now: Instant): void;
  /** Throws if this cannot be a key of the table. */
  refuseKey(key: Item): void;
  /** Throws if DynamoDB would not take the item. */
  refuseItem(item: Item): void;
}

interface Past {
  readonly at: Instant;
  readonly item: Item;
}

/** No read shows anything older. */
const longestLag = { hours: 1 };

export const mostItemBytes = 400 * 1024;

export function shelf({ KeySchema, AttributeDefinitions }: TableShape): Shelf {
  const kept = new Map<string, readonly Past[]>();
  const keyNames = KeySchema.map(({ AttributeName }) => AttributeName);
  const nameOf = (item: Item) => JSON.stringify(keyNames.map((name) => item[name]?.S));
  const asOf = (past: readonly Past[] | undefined, at: Instant | undefined) =>
    past?.findLast((each) => at === undefined || each.at <= at)?.item;
  return {
    get: (key, at) => asOf(kept.get(nameOf(key)), at),
    all: (at) =>
      [...kept.values()].map((past) => asOf(past, at)).filter((item) => item !== undefined),
    put: (item, now) => {
      const oldest = plus(now, { milliseconds: -millisOf(longestLag) });
      const past = kept.get(nameOf(item)) ?? [];
      const from = Math.max(
        0,
        past.findLastIndex(({ at }) => at <= oldest),
      );
      kept.set(nameOf(item), [...past.slice(from), { at: now, item }]);
    },
    refuseKey: (key) => {
      const isExact = Object.keys(key).length === keyNames.length;
      if (!isExact || keyNames.some((name) => !key[name]?.S)) {
        throw validation('The provided key element does not match the schema');
      }
    },
    refuseItem: (item) => {
      refuseKinds(item);
      for (const { AttributeName: name } of AttributeDefinitions) {
        if (item[name] === undefined && !keyNames.includes(name)) continue;
        refuseKeyValue(name, item[name]?.S);
      }
      if (bytesOf(item) <= mostItemBytes) return;
      throw validation('Item size has exceeded the maximum allowed size');
    },
  };
}

function refuseKinds(item: Item): void {
  for (const [name, value] of Object.entries(item)) {
    const [kind = ''] = Object.keys(value);
    if (kind !== 'S' && kind !== 'N') throw notModelled(`dynamodb: ${name} of kind ${kind}`);
    if (kind === 'N' && !Number.isFinite(Number(value.N))) {
      throw validation(`The parameter cannot be converted to a numeric value: ${value.N}`);
    }
  }
}

/** Keys are texts, not empty; 1,024 bytes is the least that any kind of key may have. */
function refuseKeyValue(name: string, value: string | undefined): void {
  if (value !== undefined && value !== '' && Buffer.byteLength(value) <= 1024) return;
  throw validation(
    `One or more parameter values were invalid: the key attribute ${name} is missing, of another ` +
      'type, empty or too long',
  );
}

/** Names and values, in UTF-8. */
export function bytesOf(item: Item): number {
  let sum = 0;
  for (const [name, { S, N }] of Object.entries(item)) {
    sum += Buffer.byteLength(name);
    sum += S === undefined ? Math.ceil((N ?? '').length / 2) + 1 : Buffer.byteLength(S);
  }
  return sum;
}
