/** Rotations as a store's contract commits them: opened, and one version after the other. */
import { cryptoIds } from '../../adapters/crypto-ids.ts';
import type { Rotation } from '../../domain/case.ts';
import type { Effect } from '../../domain/effect.ts';
import { type Instant, plus } from '../../domain/instant.ts';
import { chained, effectId } from '../../domain/journal.ts';
import { keyturnActor } from '../../domain/people.ts';
import type { RotationStore } from '../../domain/ports.ts';
import type { Stage } from '../../domain/stage.ts';
import { proposed, rotationAt, staleKey, story } from '../builders.ts';

export const publish: Effect = { type: 'publish' };
export const { opened } = story;
export const later = (hours: number) => plus(opened, { hours });

interface Next {
  readonly stage?: Stage;
  readonly effects?: readonly Effect[];
  readonly at?: Instant;
  readonly onVersion?: number;
  readonly previousHash?: string;
}

/** Commits the next version of a rotation, as app/advance.ts would. */
export async function commit(store: RotationStore, rotation: Rotation, next: Next = {}) {
  const onVersion = next.onVersion ?? rotation.version;
  const version = onVersion + 1;
  const state: Rotation = { ...rotation, version, stage: next.stage ?? rotation.stage };
  const entry = chained(
    {
      rotationId: state.id,
      version,
      at: next.at ?? opened,
      actor: keyturnActor,
      event: onVersion === 0 ? { type: 'opened' } : { type: 'admitted' },
      from: onVersion === 0 ? null : rotation.stage.name,
      to: state.stage.name,
      ignored: null,
      effects: (next.effects ?? []).map((effect, index) => ({
        id: effectId(state.id, version, index),
        effect,
      })),
      state,
    },
    next.previousHash ?? (await store.lastHash(state.id)),
    cryptoIds.digest,
  );
  await store.commit({ onVersion, rotation: state, entry });
  return state;
}

/** A rotation that has not been committed; of a key of its own unless told otherwise. */
export function unopened(id: string, changes: Partial<Rotation> = {}, stage: Stage = proposed()) {
  const keyId = `AKIA${id.toUpperCase().padEnd(9, 'X')}EXAMPLE`;
  return rotationAt(stage, { id, version: 0, key: { ...staleKey, keyId }, ...changes });
}

export const ofTheKey = (id: string, generation: number) =>
  unopened(id, { key: staleKey, generation });
