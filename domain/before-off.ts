/** What holds of an old key's last stage before it is switched off, whichever kind that is. */
import type { Rotation } from './case.ts';
import type { Authority, Evidence } from './evidence.ts';
import type { BeforeOff, Issued, Paused } from './stage.ts';

/** What was last seen of who uses which key; null if nothing was looked at yet. */
export function evidenceIn(stage: Paused): Evidence | null {
  if (stage.name !== 'proposed') return stage.evidence;
  return stage.plan.kind === 'retire' ? stage.plan.evidence : null;
}

/** What its next act would rest on. */
export function authorityIn(stage: BeforeOff): Authority {
  return stage.name === 'proposed' ? stage.plan.authority : stage.authority;
}

/** What replaces the old key, once there is such a key. */
export function issuedIn(stage: Paused): Issued | null {
  switch (stage.name) {
    case 'proposed':
      return null;
    case 'overlapping':
      return stage.issued;
    case 'soaking':
      return issuedIn(stage.before);
  }
}

/**
 * How the old key stood when it was decided to switch it off. To undo that is to bring this back:
 * a key that somebody else had switched off stays off.
 */
export function statusBefore({ key }: Rotation, before: BeforeOff): 'Active' | 'Inactive' {
  if (before.name === 'overlapping') return 'Active';
  return key.foundAs === 'Inactive' || before.plan.evidence?.oldKey === 'Inactive'
    ? 'Inactive'
    : 'Active';
}
