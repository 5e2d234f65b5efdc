/** Whether evidence may be decided on, and whether it shows people something new. */
import type { Evidence } from '../evidence.ts';
import { type Instant, millisBetween, millisOf } from '../instant.ts';

/** Older evidence decides nothing. */
const freshFor = millisOf({ minutes: 15 });

export function isFresh(evidence: Evidence, now: Instant): boolean {
  const age = millisBetween(evidence.at, now);
  return age >= 0 && age <= freshFor;
}

/** Whether people would see something else: who uses the old key, or that the new one is used. */
export function viewChanged(before: Evidence | null, after: Evidence): boolean {
  return (
    before === null ||
    before.pickup.seen !== after.pickup.seen ||
    JSON.stringify(before.uses[0]) !== JSON.stringify(after.uses[0])
  );
}
