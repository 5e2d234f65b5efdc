/** Makes a claim durable: its first state, its journal entry and its effects, together. */
import type { Decision } from '../domain/decision.ts';
import { chained, effectId, firstHash } from '../domain/journal.ts';
import { keyturnActor } from '../domain/people.ts';
import type { Shell } from './advance.ts';

/** Throws Conflict if another rotation has the claim on the key. */
export async function commitOpening(
  { store, clock, ids }: Shell,
  { rotation, effects }: Decision,
): Promise<void> {
  const { id: rotationId, version, stage } = rotation;
  const entry = chained(
    {
      rotationId,
      version,
      at: clock.now(),
      actor: keyturnActor,
      event: { type: 'opened' },
      from: null,
      to: stage.name,
      ignored: null,
      effects: effects.map((effect, index) => ({
        id: effectId(rotationId, version, index),
        effect,
      })),
      state: rotation,
    },
    firstHash,
    ids.digest,
  );
  await store.commit({ onVersion: 0, rotation, entry });
}
