/** When a rotation next needs attention, and what it needs then. */
import type { Rotation } from './case.ts';
import { earliest, type Instant, isDue } from './instant.ts';
import type { Run } from './stage.ts';

/** What the shell must bring before the rotation can be decided on. */
export type Need = 'admission' | 'deadline' | 'evidence' | 'run status';

/** The next moment at which something is needed; null when the rotation is done. */
export function wakeAt(rotation: Rotation): Instant | null {
  const { stage } = rotation;
  switch (stage.name) {
    case 'proposed':
      return stage.approval.given ? stage.due : stage.answerBy;
    case 'issuing':
      return stage.run.status === 'waiting' ? stage.run.retryAt : stage.run.pollAt;
    case 'overlapping':
      return earliest(stage.nextProbeAt, stage.deactivateAt);
    case 'soaking':
      return earliest(stage.nextProbeAt, stage.deleteAt);
    case 'deactivating':
    case 'deleting':
    case 'restoring':
      return stage.run.pollAt;
    case 'held':
      return stage.nextProbeAt;
    case 'done':
      return null;
  }
}

/** What is needed at `now`; null while nothing is due. */
export function needOf(rotation: Rotation, now: Instant): Need | null {
  const wake = wakeAt(rotation);
  if (wake === null || !isDue(wake, now)) return null;
  switch (rotation.stage.name) {
    case 'proposed':
      return rotation.stage.approval.given ? 'admission' : 'deadline';
    case 'issuing':
      return rotation.stage.run.status === 'waiting' ? 'admission' : 'run status';
    case 'overlapping':
    case 'soaking':
    case 'held':
      return 'evidence';
    default:
      return 'run status';
  }
}

/** The run that the rotation waits for; null when none is in flight. */
export function runInFlight(rotation: Rotation): Run | null {
  const { stage } = rotation;
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
