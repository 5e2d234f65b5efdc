/** Single steps of the machine, and what they led to, in few words. */
import type { Rotation } from '../../domain/case.ts';
import type { RotationEvent } from '../../domain/event.ts';
import type { Evidence } from '../../domain/evidence.ts';
import type { Instant } from '../../domain/instant.ts';
import { type Decision, decide } from '../../domain/rotation.ts';
import { approver, story } from '../builders.ts';

/** What comes of it at the moment at which the old key is due. */
export function nextOf(rotation: Rotation, event: RotationEvent): Decision {
  return decide(rotation, event, story.deactivateAt);
}

export function seen(rotation: Rotation, evidence: Evidence, now: Instant): Decision {
  return decide(rotation, { type: 'evidence gathered', evidence }, now);
}

type PlainPress = 'approved' | 'paused' | 'resumed' | 'rolled back' | 'attested';

export function pressed(rotation: Rotation, type: PlainPress, now: Instant): Decision {
  return decide(rotation, { type, by: approver }, now);
}

export const stageOf = ({ rotation }: Decision) => rotation.stage;

export const orderedBy = ({ effects }: Decision) => effects.map(({ type }) => type);

/** What the thread is told; the empty text for nothing. */
export function told({ effects }: Decision): string {
  return effects
    .flatMap((each) => (each.type === 'update message' ? [each.news ?? ''] : []))
    .join();
}
