/** The facts of a rotation that people are shown, wherever its stage keeps them. */
import { evidenceIn } from './before-off.ts';
import type { Rotation } from './case.ts';
import type { Evidence } from './evidence.ts';
import type { Instant } from './instant.ts';
import type { Paused } from './stage.ts';

/** The next deadline that concerns people: what happens then. */
export interface Deadline {
  readonly what: string;
  readonly at: Instant;
}

/** Names and times of everything that is still to come by itself. */
export interface Deadlines {
  readonly answerBy?: Instant;
  readonly due?: Instant;
  readonly retryAt?: Instant;
  readonly deactivateAt?: Instant;
  readonly deleteAt?: Instant;
}

/** What was last seen of who uses which key; null if nothing was looked at yet. */
export function evidenceOf(rotation: Rotation): Evidence | null {
  const { stage } = rotation;
  switch (stage.name) {
    case 'proposed':
    case 'overlapping':
    case 'soaking':
      return evidenceIn(stage);
    case 'deactivating':
      return evidenceIn(stage.before);
    case 'deleting':
      return evidenceIn(stage.soak);
    case 'restoring':
      return evidenceIn(stage.from);
    case 'held':
      return evidenceIn(stage.kept);
    case 'issuing':
    case 'done':
      return null;
  }
}

/** All deadlines that run now. A held rotation has none: nothing happens until a person acts. */
export function deadlinesOf(rotation: Rotation): Deadlines {
  const { stage } = rotation;
  switch (stage.name) {
    case 'proposed':
      if (!stage.approval.given) return { answerBy: stage.answerBy };
      if (stage.plan.kind === 'retire') return { deactivateAt: stage.due };
      // While it waits for room, that is only when it looks again.
      return stage.plan.waitsFor === null ? { due: stage.due } : {};
    case 'issuing':
      return stage.run.status === 'waiting' ? { retryAt: stage.run.retryAt } : {};
    case 'overlapping':
      return { deactivateAt: stage.deactivateAt };
    case 'soaking':
      return { deleteAt: stage.deleteAt };
    default:
      return {};
  }
}

/** The deadline that people watch; null while none runs. */
export function deadlineOf(rotation: Rotation): Deadline | null {
  const { answerBy, due, retryAt, deactivateAt, deleteAt } = deadlinesOf(rotation);
  if (answerBy !== undefined) return { what: 'Put on hold unless approved by', at: answerBy };
  if (due !== undefined) return { what: 'Replacement key issued from', at: due };
  if (retryAt !== undefined) return { what: 'Next attempt at', at: retryAt };
  if (deactivateAt !== undefined) return { what: 'Old key deactivated at', at: deactivateAt };
  if (deleteAt !== undefined) return { what: 'Old key deleted at', at: deleteAt };
  return null;
}

/** The stage that a rotation is at or, while held or restoring, was stopped at. */
export function keptStage(rotation: Rotation): Rotation['stage'] | Paused {
  const { stage } = rotation;
  if (stage.name === 'held') return stage.kept;
  if (stage.name === 'restoring') return stage.from;
  return stage;
}
