/** How the journal of a rotation begins. */
import { cryptoIds } from '../adapters/crypto-ids.ts';
import type { Rotation } from '../domain/case.ts';
import type { Instant } from '../domain/instant.ts';
import { chained, firstHash, type JournalEntry } from '../domain/journal.ts';

/** The first entry: with it, a rotation of version 1 can be committed to a store. */
export function openingEntry(rotation: Rotation, at: Instant): JournalEntry {
  const entry = {
    rotationId: rotation.id,
    version: 1,
    at,
    actor: { kind: 'keyturn' },
    event: { type: 'opened' },
    from: null,
    to: rotation.stage.name,
    ignored: null,
    effects: [],
    state: rotation,
  } as const;
  return chained(entry, firstHash, cryptoIds.digest);
}
