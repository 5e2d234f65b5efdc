/**
 * Where access keys stand in files, and whose they are. Hits of scanners hold ids and places, never
 * a secret value; joined with what is known of keys they say who has to change what, where.
 */
import { type Instant, millisBetween, millisOf } from './instant.ts';
import type { KeyStatus } from './key.ts';
import { secretNameOf } from './secret-name.ts';

/** Our own scan, or the output of which other scanner. */
export type FoundBy = 'scan' | 'trufflehog' | 'gitleaks' | 'git-secrets';

export interface Spot {
  readonly file: string;
  /** From 1; null where the scanner did not say. */
  readonly line: number | null;
  /** null for a file as it lies there. */
  readonly commit: string | null;
}

/** Something that a scanner found. The value of a secret is nowhere in it. */
export interface Hit extends Spot {
  readonly foundBy: FoundBy;
  /** The id of a key; or null for a secret value that stands there without being shown. */
  readonly keyId: string | null;
  /** Whether it stood there in base64. */
  readonly encoded: boolean;
}

/** What is known of a key. What the source of the knowledge does not tell is null. */
export interface KnownKey {
  readonly keyId: string;
  readonly account: string;
  readonly userName: string;
  /** When that was known. */
  readonly asOf: Instant;
  /** `deleted`: by a rotation, or found gone by one. */
  readonly status: KeyStatus | 'deleted' | null;
  readonly createdAt: Instant | null;
  readonly owner: string | null;
  /** What Keyturn makes of it, as a sentence. */
  readonly plan: string | null;
  /** The secret that a rotation of it has issued a new key into, or was issued into itself. */
  readonly secretArn: string | null;
}

/** Credentials that Macie saw in an object of S3. It names no key: neither its id nor its value. */
export interface MacieFinding {
  readonly id: string;
  readonly account: string;
  readonly region: string;
  readonly bucket: string;
  readonly object: string;
  /** How many secret access keys of AWS it counts; null if it does not say. */
  readonly count: number | null;
  readonly at: Instant;
}

/** What takes the key's place in a file: a secret that is there, or the name that it will have. */
export interface Replacement {
  readonly is: 'issued' | 'to be issued';
  /** An ARN, or a name. */
  readonly secret: string;
}

/** One place of a key, whoever found it. */
export interface Place extends Spot {
  readonly foundBy: readonly FoundBy[];
  readonly encoded: boolean;
  /** Where, nearby, a secret value stands too; null if none was seen. */
  readonly valueAt: number | null;
}

export interface FoundKey {
  readonly keyId: string;
  /** null: nothing that was asked knows it. */
  readonly known: KnownKey | null;
  readonly ageDays: number | null;
  readonly replacement: Replacement | null;
  readonly places: readonly Place[];
}

export interface Discovery {
  /** Active keys first, the oldest first; then Inactive, not known, deleted. */
  readonly keys: readonly FoundKey[];
  /** Secret values near which no key id stands: whose they are cannot be told. */
  readonly valuesAlone: readonly Place[];
}

/** Lines between an id and a value that still count as a pair. */
const nearby = 20;

/** Joins hits with what is known of keys, by the whole key id. */
export function discovered(
  hits: readonly Hit[],
  known: readonly KnownKey[],
  now: Instant,
): Discovery {
  const byId = latestKnown(known);
  const ids = hits.filter(({ keyId }) => keyId !== null);
  const values = spotsOf(hits.filter(({ keyId }) => keyId === null));
  const idLines = linesOf(ids);
  const valueLines = linesOf(values);
  const keys = [...grouped(ids, ({ keyId }) => keyId ?? '')].map(([keyId, found]) =>
    foundKey(keyId, byId.get(keyId) ?? null, placesOf(found, valueLines), now),
  );
  return {
    keys: keys.toSorted(byUrgency),
    valuesAlone: values
      .filter((value) => nearest(idLines.get(textOf(value)), value.line) === null)
      .map((value) => ({ ...value, valueAt: value.line })),
  };
}

function foundKey(
  keyId: string,
  known: KnownKey | null,
  places: readonly Place[],
  now: Instant,
): FoundKey {
  const { createdAt = null } = known ?? {};
  const ageDays =
    createdAt === null ? null : Math.floor(millisBetween(createdAt, now) / millisOf({ days: 1 }));
  return { keyId, known, ageDays, replacement: replacementOf(known), places };
}

function replacementOf(known: KnownKey | null): Replacement | null {
  if (known === null) return null;
  const { secretArn } = known;
  return secretArn === null
    ? { is: 'to be issued', secret: secretNameOf(known) }
    : { is: 'issued', secret: secretArn };
}

type Merged = Spot & Pick<Place, 'foundBy' | 'encoded'>;

function placesOf(
  hits: readonly Hit[],
  values: ReadonlyMap<string, readonly number[]>,
): readonly Place[] {
  return spotsOf(hits).map((spot) => ({
    ...spot,
    valueAt: nearest(values.get(textOf(spot)), spot.line),
  }));
}

/** Each spot once, with everybody who found it. */
function spotsOf(hits: readonly Hit[]): readonly Merged[] {
  const bySpot = grouped(hits, (hit) => JSON.stringify([hit.file, hit.commit, hit.line]));
  return [...bySpot.values()]
    .flatMap((same) => {
      const [first] = same;
      if (first === undefined) return [];
      const { file, line, commit } = first;
      const foundBy = [...new Set(same.map((each) => each.foundBy))].toSorted();
      return [{ file, line, commit, foundBy, encoded: same.every(({ encoded }) => encoded) }];
    })
    .toSorted(bySpotOrder);
}

function bySpotOrder(a: Spot, b: Spot): number {
  return compare(textOf(a), textOf(b)) || (a.line ?? 0) - (b.line ?? 0);
}

/** One text of one version. */
function textOf({ file, commit }: Spot): string {
  return JSON.stringify([file, commit]);
}

function linesOf(spots: readonly Spot[]): ReadonlyMap<string, readonly number[]> {
  const lines = new Map<string, number[]>();
  for (const spot of spots) {
    const { line } = spot;
    if (line === null) continue;
    const there = lines.get(textOf(spot));
    if (there === undefined) lines.set(textOf(spot), [line]);
    else there.push(line);
  }
  for (const there of lines.values()) there.sort((a, b) => a - b);
  return lines;
}

/** The nearest of ascending lines, if it is near enough. */
function nearest(lines: readonly number[] | undefined, line: number | null): number | null {
  if (lines === undefined || line === null) return null;
  let [low, high] = [0, lines.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((lines[middle] ?? 0) < line) low = middle + 1;
    else high = middle;
  }
  const around = [lines[low], lines[low - 1]].filter((each) => each !== undefined);
  const [best] = around.toSorted((a, b) => Math.abs(a - line) - Math.abs(b - line));
  return best !== undefined && Math.abs(best - line) <= nearby ? best : null;
}

/** In the order in which the groups began. */
function grouped<T>(all: readonly T[], by: (each: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const each of all) {
    const group = groups.get(by(each));
    if (group === undefined) groups.set(by(each), [each]);
    else group.push(each);
  }
  return groups;
}

/** Of each key what was known last, and from before what is not told any more. */
function latestKnown(known: readonly KnownKey[]): ReadonlyMap<string, KnownKey> {
  const byId = new Map<string, KnownKey>();
  for (const key of known.toSorted((a, b) => compare(a.asOf, b.asOf))) {
    const before = byId.get(key.keyId);
    byId.set(key.keyId, {
      ...key,
      status: key.status ?? before?.status ?? null,
      createdAt: key.createdAt ?? before?.createdAt ?? null,
      owner: key.owner ?? before?.owner ?? null,
      plan: key.plan ?? before?.plan ?? null,
      secretArn: key.secretArn ?? before?.secretArn ?? null,
    });
  }
  return byId;
}

const urgency = { Active: 0, Inactive: 1, unknown: 2, deleted: 3 } as const;

function byUrgency(a: FoundKey, b: FoundKey): number {
  return (
    urgency[a.known?.status ?? 'unknown'] - urgency[b.known?.status ?? 'unknown'] ||
    (b.ageDays ?? 0) - (a.ageDays ?? 0) ||
    compare(a.keyId, b.keyId)
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
