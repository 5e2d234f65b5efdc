/**
 * The journal: outbox, audit trail and evidence at once. Each entry holds the event, who caused it,
 * where the rotation went, what is still to be done, the state, and the hash of the entry before,
 * so an edited, dropped or reordered entry shows.
 */
import type { Rotation } from './case.ts';
import type { Effect } from './effect.ts';
import type { RotationEvent } from './event.ts';
import type { Instant } from './instant.ts';
import { type Actor, keyturnActor } from './people.ts';
import type { StageName } from './stage.ts';

/** The first entry of a journal: the claim. */
export interface Opened {
  readonly type: 'opened';
}

export interface JournalEntry {
  readonly schema: 1;
  readonly rotationId: string;
  readonly version: number;
  readonly at: Instant;
  readonly actor: Actor;
  readonly event: RotationEvent | Opened;
  readonly from: StageName | null;
  readonly to: StageName;
  /** Why a person's event changed nothing, else null. */
  readonly ignored: string | null;
  readonly effects: readonly { readonly id: string; readonly effect: Effect }[];
  /** The whole state afterwards: the last entry rebuilds the rotation. */
  readonly state: Rotation;
  /** The hash of the entry before; 64 zeros for the first. */
  readonly previousHash: string;
  readonly hash: string;
}

/** The SHA-256 of a value's canonical JSON (RFC 8785), in hexadecimal. Supplied by the shell. */
export type Digest = (value: unknown) => string;

export const firstHash = '0'.repeat(64);

export function effectId(rotationId: string, version: number, index: number): string {
  return `${rotationId}/${version}/${index}`;
}

/** Completes an entry with its place in the chain. */
export function chained(
  entry: Omit<JournalEntry, 'hash' | 'previousHash' | 'schema'>,
  previousHash: string,
  digest: Digest,
): JournalEntry {
  const unsigned = { schema: 1 as const, ...entry, previousHash };
  return { ...unsigned, hash: digest(unsigned) };
}

/** Everything wrong with a journal as a chain; empty when it is whole. */
export function chainProblems(entries: readonly JournalEntry[], digest: Digest): readonly string[] {
  return entries.flatMap((entry, index) => {
    const { hash, ...unsigned } = entry;
    const before = index === 0 ? firstHash : entries[index - 1]?.hash;
    return [
      ...(entry.version === index + 1
        ? []
        : [`entry ${index + 1} has version ${entry.version}: an entry is missing or out of order`]),
      ...(entry.previousHash === before
        ? []
        : [`entry ${entry.version} does not follow the entry before it`]),
      ...(digest(unsigned) === hash
        ? []
        : [`entry ${entry.version} was changed after it was written`]),
    ];
  });
}

/** Who caused an event. */
export function actorOf(event: RotationEvent | Opened): Actor {
  return 'by' in event ? event.by : keyturnActor;
}
