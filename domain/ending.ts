/** How a rotation ends other than by being finished, and what then still exists. */
import { issuedIn, retiringKey, statusBefore } from './before-off.ts';
import type { Rotation } from './case.ts';
import { asSentence, byName, type Decision, ignore, move, subjectOf } from './decision.ts';
import type { Effect } from './effect.ts';
import type { KeyExempted } from './event.ts';
import type { Evidence } from './evidence.ts';
import { type Instant, inUtcWords, isDue, plus } from './instant.ts';
import { type KeyStatus, shortKey } from './key.ts';
import { type Actor, actorName } from './people.ts';
import { exemptDaysOf } from './policy.ts';
import type { Done, Issued, KeyExemption, Outcome, Proposed } from './stage.ts';
import { runInFlight } from './wake.ts';

export function done(
  rotation: Rotation,
  outcome: Outcome,
  at: Instant,
  remaining: readonly string[] = [],
): Done {
  const newKeyId = issuedOf(rotation)?.newKeyId ?? null;
  return { name: 'done', outcome, at, newKeyId, remaining };
}

/** The id of the key that the rotation issued, then or now. */
export function issuedKeyOf(rotation: Rotation): string | null {
  const { stage } = rotation;
  return stage.name === 'done' ? stage.newKeyId : (issuedOf(rotation)?.newKeyId ?? null);
}

/** done, because key or user is no longer there. */
export function gone(rotation: Rotation, what: 'key' | 'user', now: Instant): Decision {
  if (runInFlight(rotation) !== null) {
    return ignore(rotation, 'a runbook is running: its end is awaited first');
  }
  const remaining = what === 'user' ? [] : remainingAfterOldKey(rotation);
  const whose = what === 'key' ? 'The key' : 'The user';
  const news = `${whose} is gone already (${subjectOf(rotation)}): nothing is left to rotate.`;
  return move(rotation, done(rotation, 'already gone', now, remaining), news);
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
  return move(rotation, done(rotation, 'abandoned', now, remaining), news);
}

function oldKeyNow(rotation: Rotation): string {
  const { stage, key } = rotation;
  if (stage.name === 'soaking') return 'Inactive';
  if (stage.name === 'held') return inWords(stage.oldKey);
  return stage.name === 'proposed' && stage.plan.kind === 'retire'
    ? inWords(retiringKey(rotation, stage.plan))
    : key.foundAs;
}

function inWords(status: KeyStatus | 'unknown'): string {
  return status === 'unknown' ? 'perhaps Inactive' : status;
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
  const decision = move(rotation, done(rotation, 'exempt', now, remaining), news);
  if (!isLeftOff(rotation)) return decision;
  const isCleared = (effect: Effect) => effect.type === 'clear page' && effect.about === 'held';
  const others = decision.effects.filter((effect) => !isCleared(effect));
  return { ...decision, effects: [pageForOffKey(rotation, why), ...others] };
}

/** Characters; it stands in every answer to a report about the key. */
export const longestExemptReason = 300;

/** The latest end of an exemption by button; null if the policy allows none. */
export function latestExemption({ policy }: Rotation, now: Instant): Instant | null {
  const days = exemptDaysOf(policy);
  return days === 0 ? null : plus(now, { days });
}

/** done, because a person decided that nobody touches the key for a time. */
export function exemptKey(
  rotation: Rotation,
  { by, reason, until }: KeyExempted,
  now: Instant,
): Decision {
  const why = whyNotExempt(rotation, reason, until, now);
  if (why !== null) return ignore(rotation, why);
  const exemption: KeyExemption = { reason, by: actorName(by), until };
  const decision = exempt(rotation, exemptionInWords(exemption), now);
  const { stage } = decision.rotation;
  return stage.name === 'done'
    ? { ...decision, rotation: { ...decision.rotation, stage: { ...stage, exemption } } }
    : decision;
}

/** `Until 2026-11-23 14:00 UTC, by Ada: the vendor sets it up anew.` The reason is one line. */
export function exemptionInWords({ until, by, reason }: KeyExemption): string {
  return asSentence(`Until ${inUtcWords(until)}, by ${by}: ${reason}`);
}

function whyNotExempt(
  rotation: Rotation,
  reason: string,
  until: Instant,
  now: Instant,
): string | null {
  const latest = latestExemption(rotation, now);
  if (latest === null) return 'the policy lets nobody exempt a key by button';
  if (reason.trim() === '' || reason.length > longestExemptReason) {
    return `an exemption needs a reason of at most ${longestExemptReason} characters`;
  }
  if (isDue(until, now)) return 'an exemption has to end in the future';
  return until <= latest ? null : `an exemption ends at ${inUtcWords(latest)} at the latest`;
}

/** Nobody watches the key any more and no button is left: somebody has to know that it is off. */
function pageForOffKey(rotation: Rotation, why: string): Effect {
  const text = `is off, or may be, and its user is exempt from now on: ${why}`;
  const what = 'Switch it on by hand in IAM if anything needs it.';
  return {
    type: 'page',
    about: 'held',
    severity: 'error',
    summary: `${subjectOf(rotation)} ${text} ${what}`,
  };
}

/** Whether the key is off, or may be, and it was not somebody else who switched it off. */
function isLeftOff(rotation: Rotation): boolean {
  const { stage } = rotation;
  if (stage.name !== 'held') {
    return stage.name === 'soaking'
      ? statusBefore(rotation, stage.before) === 'Active'
      : stage.name === 'proposed' && isOrderedOff(stage);
  }
  const { kept, oldKey, reason } = stage;
  if (oldKey === 'Active') return false;
  switch (kept.name) {
    case 'proposed': {
      const { plan } = kept;
      if (plan.kind === 'replace') return false;
      return statusBefore(rotation, { ...kept, plan }) === 'Active';
    }
    case 'overlapping':
      return reason.code !== 'changed outside';
    case 'soaking':
      return statusBefore(rotation, kept.before) === 'Active';
  }
}

/** Keyturn ordered an Active key off, which nobody has seen Active since. */
function isOrderedOff({ plan }: Proposed): boolean {
  return plan.kind === 'retire' && plan.statusBefore === 'Active';
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
