/**
 * load → decide → commit. The one way in which a rotation moves. What the decision orders is
 * performed afterwards by perform.ts, from the journal.
 */
import type { Rotation } from '../domain/case.ts';
import { Conflict, Permanent } from '../domain/errors.ts';
import type { RotationEvent } from '../domain/event.ts';
import { actorOf, chained, effectId, type JournalEntry } from '../domain/journal.ts';
import type { Clock, Ids, RotationStore } from '../domain/ports.ts';
import { type Decision, decide } from '../domain/rotation.ts';

export interface Shell {
  readonly store: RotationStore;
  readonly clock: Clock;
  readonly ids: Ids;
}

export interface Advanced {
  readonly rotation: Rotation;
  /** Why nothing changed. */
  readonly ignored?: string;
  /** Why the condition did not hold: nothing changed and nothing was written. */
  readonly refused?: string;
}

/** Says why an event may not happen to this very state, or undefined if it may. */
export type Condition = (rotation: Rotation) => string | undefined;

/** How often a decision is made anew after somebody else moved the rotation first. */
const attempts = 5;

/**
 * Lets an event happen to a rotation. A person's event is journalled even when it changes nothing.
 * `only` is asked of the very version that the commit is made on, anew at every attempt, so what it
 * checked still holds when the event is committed.
 * Throws Permanent if there is no such rotation, Conflict if it kept moving.
 */
export async function advance(
  shell: Shell,
  rotationId: string,
  event: RotationEvent,
  only?: Condition,
): Promise<Advanced> {
  for (let attempt = 1; ; attempt++) {
    const rotation = await shell.store.load(rotationId);
    if (rotation === undefined) throw new Permanent(`there is no rotation ${rotationId}`);
    const refused = only?.(rotation);
    if (refused !== undefined) return { rotation, refused };
    const decision = decide(rotation, event, shell.clock.now());
    const forTheRecord = actorOf(event).kind === 'person';
    if (decision.ignored !== undefined && !forTheRecord) {
      return { rotation, ignored: decision.ignored };
    }
    try {
      return await commit(shell, rotation, event, decision);
    } catch (error) {
      if (!(error instanceof Conflict) || attempt === attempts) throw error;
    }
  }
}

async function commit(
  shell: Shell,
  before: Rotation,
  event: RotationEvent,
  decision: Decision,
): Promise<Advanced> {
  const next: Rotation = { ...decision.rotation, version: before.version + 1 };
  const entry: JournalEntry = chained(
    {
      rotationId: next.id,
      version: next.version,
      at: shell.clock.now(),
      actor: actorOf(event),
      event,
      from: before.stage.name,
      to: next.stage.name,
      ignored: decision.ignored ?? null,
      effects: decision.effects.map((effect, index) => ({
        id: effectId(next.id, next.version, index),
        effect,
      })),
      state: next,
    },
    await shell.store.lastHash(next.id),
    shell.ids.digest,
  );
  await shell.store.commit({ onVersion: before.version, rotation: next, entry });
  return decision.ignored === undefined
    ? { rotation: next }
    : { rotation: next, ignored: decision.ignored };
}
