/** What holds of an old key's last stage before it is switched off, whichever kind that is. */
import type { Rotation } from './case.ts';
import type { Authority, Evidence } from './evidence.ts';
import type { KeyStatus } from './key.ts';
import type { BeforeOff, Issued, Paused, Retiring } from './stage.ts';

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
export function statusBefore({ key }: Rotation, before: BeforeOff): KeyStatus {
  if (before.name === 'overlapping') return 'Active';
  const { statusBefore: ordered, evidence } = before.plan;
  if (ordered !== null) return ordered;
  return key.foundAs === 'Inactive' || evidence?.oldKey === 'Inactive' ? 'Inactive' : 'Active';
}

/** The plan with what was just seen. An Active key is on, whatever Keyturn ordered before. */
export function planWith(plan: Retiring, seen: Evidence, shown = seen): Retiring {
  const statusBefore = seen.oldKey === 'Active' ? null : plan.statusBefore;
  return { ...plan, evidence: shown, statusBefore };
}

/**
 * The stage that a key goes back to which is on again, by Keyturn's hand or another's. What was
 * ordered and seen while it was off says nothing of it any more.
 */
export function onAgain(before: BeforeOff): BeforeOff {
  return before.name === 'overlapping'
    ? before
    : { ...before, plan: { ...before.plan, evidence: null, statusBefore: null } };
}

/** How a key stands that is to be retired, as far as it is known: `unknown` after a failed run. */
export function retiringKey({ key }: Rotation, plan: Retiring): KeyStatus | 'unknown' {
  const seen = plan.evidence?.oldKey;
  if (seen === 'Inactive') return 'Inactive';
  if (plan.statusBefore === 'Active') return 'unknown';
  return seen === 'Active' ? 'Active' : key.foundAs;
}
