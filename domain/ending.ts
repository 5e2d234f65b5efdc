/** How a rotation ends other than by being finished, and what then still exists. */
import { issuedIn } from './before-off.ts';
import type { Rotation } from './case.ts';
import { byName, type Decision, ignore, move, subjectOf } from './decision.ts';
import type { Evidence } from './evidence.ts';
import type { Instant } from './instant.ts';
import { shortKey } from './key.ts';
import type { Actor } from './people.ts';
import type { Issued } from './stage.ts';
import { runInFlight } from './wake.ts';

/** done, because key or user is no longer there. */
export function gone(rotation: Rotation, what: 'key' | 'user', now: Instant): Decision {
  if (runInFlight(rotation) !== null) {
    return ignore(rotation, 'a runbook is running: its end is awaited first');
  }
  const remaining = what === 'user' ? [] : remainingAfterOldKey(rotation);
  const whose = what === 'key' ? 'The key' : 'The user';
  const news = `${whose} is gone already (${subjectOf(rotation)}): nothing is left to rotate.`;
  return move(rotation, { name: 'done', outcome: 'already gone', at: now, remaining }, news);
}

/** done, if the evidence shows that key or user is gone; else null. */
export function goneBy(evidence: Evidence, rotation: Rotation, now: Instant): Decision | null {
  if (evidence.userGone) return gone(rotation, 'user', now);
  return evidence.oldKey === 'Gone' ? gone(rotation, 'key', now) : null;
}

/** done, because a person gave it up; what remains is listed. */
export function abandon(rotation: Rotation, by: Actor, now: Instant): Decision {
  if (runInFlight(rotation) !== null) {
    return ignore(rotation, 'a runbook is running: try again when it has ended');
  }
  const remaining = [
    `old key ${shortKey(rotation.key.keyId)} is ${oldKeyNow(rotation)}`,
    ...remainingAfterOldKey(rotation),
  ];
  const news = `Abandoned ${byName(by)}. What remains: ${remaining.join('; ')}.`;
  return move(rotation, { name: 'done', outcome: 'abandoned', at: now, remaining }, news);
}

function oldKeyNow({ stage, key }: Rotation): string {
  if (stage.name === 'soaking') return 'Inactive';
  if (stage.name === 'held') return stage.oldKey === 'unknown' ? 'perhaps Inactive' : stage.oldKey;
  return key.foundAs;
}

/** The new key and its secret, where there is one. */
function remainingAfterOldKey(rotation: Rotation): readonly string[] {
  const issued = issuedOf(rotation);
  if (issued !== null) {
    return [`new key ${shortKey(issued.newKeyId)} is in ${issued.secretArn}`];
  }
  return attemptsOf(rotation) > 0
    ? ['a failed attempt to issue a new key may have left a second key: look at the user']
    : [];
}

/** done, because the policy exempts the user by now: exempt users are never touched. */
export function exempt(rotation: Rotation, why: string, now: Instant): Decision {
  if (runInFlight(rotation) !== null) {
    return ignore(rotation, 'a runbook is running: its end is awaited first');
  }
  const remaining = [
    `old key ${shortKey(rotation.key.keyId)} is ${oldKeyNow(rotation)}`,
    ...remainingAfterOldKey(rotation),
  ];
  const news = `Exempt from now on: ${why} What remains: ${remaining.join('; ')}.`;
  return move(rotation, { name: 'done', outcome: 'exempt', at: now, remaining }, news);
}

/** The replacement key, once there is one. */
export function issuedOf({ stage }: Rotation): Issued | null {
  switch (stage.name) {
    case 'proposed':
    case 'overlapping':
    case 'soaking':
      return issuedIn(stage);
    case 'deactivating':
      return issuedIn(stage.before);
    case 'deleting':
      return issuedIn(stage.soak);
    case 'restoring':
      return issuedIn(stage.from);
    case 'held':
      return issuedIn(stage.kept);
    default:
      return null;
  }
}

function attemptsOf({ stage }: Rotation): number {
  if (stage.name === 'issuing') return stage.attempt;
  const kept = stage.name === 'held' ? stage.kept : stage;
  return kept.name === 'proposed' && kept.plan.kind === 'replace' ? kept.plan.attempts : 0;
}
