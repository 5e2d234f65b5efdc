/** proposed, while its ring of the roll-out is closed: asked again every few hours. */
import type { At } from '../case.ts';
import { type Decision, probeHours, stay } from '../decision.ts';
import { type Instant, plus } from '../instant.ts';
import type { Proposed, ReplacementProposed, RetirementProposed } from '../stage.ts';

/** Told once for each reason, which says how many rotations are still to go well. */
export function awaitRing(
  rotation: At<ReplacementProposed> | At<RetirementProposed>,
  why: string,
  now: Instant,
): Decision {
  const { stage } = rotation;
  const due = plus(now, { hours: probeHours });
  const plan = stage.plan.kind === 'retire' ? { ...stage.plan, nextProbeAt: due } : stage.plan;
  const next = { ...stage, due, plan, ringClosed: why };
  if (stage.ringClosed === why) return stay(rotation, next);
  return stay(rotation, next, `Its ring of the roll-out is not open yet. ${why}.`);
}

/** The same once its ring is open. */
export function withoutRing<T extends Proposed>(stage: T): T {
  const { ringClosed: _, ...rest } = stage;
  return rest as T;
}
