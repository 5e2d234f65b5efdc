/** When a rotation next needs attention, and what it needs then. */
import type { Rotation } from './case.ts';
import type { Instant } from './instant.ts';
import type { Run } from './stage.ts';

/**
 * What the shell must bring before the rotation can be decided on; what takes longest comes last.
 * `turn`: evidence too, and room for the run that follows if it is safe.
 */
export const needs = ['run status', 'deadline', 'admission', 'turn', 'evidence'] as const;

export type Need = (typeof needs)[number];

export interface Wake {
  readonly at: Instant;
  readonly need: Need;
}

/** The next moment at which something is needed, and what; null when the rotation is done. */
export function wakeOf({ stage }: Rotation): Wake | null {
  switch (stage.name) {
    case 'proposed':
      if (!stage.approval.given) return { at: stage.answerBy, need: 'deadline' };
      return stage.plan.kind === 'replace'
        ? { at: notBefore(stage.due, stage.plan.tryAt), need: 'admission' }
        : lookOrTurn(stage.plan.nextProbeAt, stage.due);
    case 'issuing':
      return stage.run.status === 'waiting'
        ? { at: notBefore(stage.run.retryAt, stage.run.tryAt), need: 'admission' }
        : { at: stage.run.pollAt, need: 'run status' };
    case 'overlapping':
      return lookOrTurn(stage.nextProbeAt, stage.deactivateAt);
    case 'soaking':
      return lookOrTurn(stage.nextProbeAt, stage.deleteAt);
    case 'held':
      return { at: stage.nextProbeAt, need: 'evidence' };
    case 'deactivating':
    case 'deleting':
    case 'restoring':
      return { at: stage.run.pollAt, need: 'run status' };
    case 'done':
      return null;
  }
}

/** What is due is tried at once, but for what was tried in vain. */
function notBefore(due: Instant, tryAt: Instant | undefined): Instant {
  return tryAt !== undefined && tryAt > due ? tryAt : due;
}

/** A look comes before the deadline, or is the one at the deadline, which may start a run. */
function lookOrTurn(nextLookAt: Instant, deadline: Instant): Wake {
  return deadline <= nextLookAt
    ? { at: deadline, need: 'turn' }
    : { at: nextLookAt, need: 'evidence' };
}

/** The run that the rotation waits for; null when none is in flight. */
export function runInFlight({ stage }: Rotation): Run | null {
  switch (stage.name) {
    case 'issuing':
      return stage.run.status === 'waiting' ? null : stage.run;
    case 'deactivating':
    case 'deleting':
    case 'restoring':
      return stage.run;
    default:
      return null;
  }
}
