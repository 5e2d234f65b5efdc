/** What the ways in which a rotation ends mean for its key. */
import type { Done, Outcome } from './stage.ts';

/** The key was given up, and may still be there. */
const left: ReadonlySet<Outcome> = new Set(['abandoned', 'exempt']);

/** Whether a rotation that is done left no stale key behind. */
export function isKeyGone({ outcome }: Done): boolean {
  return !left.has(outcome);
}
