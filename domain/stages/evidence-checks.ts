/** What the stages ask of evidence: whether it is fresh, new to people, and what it lacks. */
import type { Authority, Evidence, Gap } from '../evidence.ts';
import { type Instant, latest, millisBetween, millisOf, plus } from '../instant.ts';
import { lagHours, quietFloorHours } from '../quiet.ts';
import type { Soaking } from '../stage.ts';

/** Older evidence decides nothing. */
const freshFor = millisOf({ minutes: 15 });
/** Two clocks that never quite agree: the witness's and the hub's. */
const clockSkew = millisOf({ minutes: 1 });

/** Whether evidence may decide on a stage: gathered since that began, and a short while ago. */
export function isFresh(evidence: Evidence, stageSince: Instant, now: Instant): boolean {
  return evidence.at >= stageSince && isTimely(evidence, now);
}

/** Whether it was gathered a short while ago, by a clock that agrees with the hub's. */
export function isTimely({ at }: Evidence, now: Instant): boolean {
  const age = millisBetween(at, now);
  return age >= -clockSkew && age <= freshFor;
}

/**
 * Whether whatever it rests on besides evidence still counts: somebody's word may have lapsed since
 * it was gathered.
 */
export function isBacked(evidence: Evidence, authority: Authority): boolean {
  if (evidence.verdict !== 'safe' || evidence.basis === 'evidence') return true;
  return evidence.basis === 'forced' ? authority.kind === 'forced' : authority.kind !== 'evidence';
}

/** Why evidence decides nothing that is not backed. */
export const lapsed = 'the evidence rests on a word that counts no more';

/**
 * A look that could see nothing makes nobody forget who was seen before. How quiet the key had to
 * be by an earlier look it has to be by all later ones: a slow user's uses leave CloudTrail's 90
 * days before twice their distance has passed.
 */
export function remembering(evidence: Evidence, before: Evidence | null): Evidence {
  if (before === null || remembersNothing(before)) return evidence;
  const { uses, pickup, quietHours, quietAt } = before;
  if (sawNothing(evidence)) return { ...evidence, uses, pickup, quietHours, quietAt };
  return {
    ...evidence,
    quietHours: Math.max(evidence.quietHours, quietHours),
    quietAt: latest(evidence.quietAt, quietAt),
  };
}

function sawNothing({ oldKey, uses }: Evidence): boolean {
  return oldKey === 'unknown' && uses.length === 0;
}

/**
 * Nobody was heard, at that look or before: the quiet time is counted from the look itself. One
 * that saw nothing after another that did still carries what was seen then.
 */
function remembersNothing(evidence: Evidence): boolean {
  const fromItself = plus(evidence.at, { hours: quietFloorHours + lagHours });
  const { quietHours, quietAt } = evidence;
  return sawNothing(evidence) && quietHours === quietFloorHours && quietAt >= fromItself;
}

/**
 * The soak with what a look shows: who uses which key, and until when it proves that the old key
 * stayed off and nobody used it. What happened shortly before may not have shown yet.
 */
export function lookedAt(soak: Soaking, evidence: Evidence, shown: Evidence): Soaking {
  const { verdict, oldKey } = evidence;
  const isClear =
    oldKey === 'Inactive' &&
    (verdict === 'safe' || (verdict === 'unknown' && evidence.gaps.every(isOfLater)));
  const until = plus(evidence.at, { hours: -lagHours });
  return {
    ...soak,
    evidence: shown,
    clearUntil: isClear ? latest(soak.clearUntil, until) : soak.clearUntil,
  };
}

/** What is asked only after it is clear that the key stayed off and unused. */
function isOfLater({ about }: Gap): boolean {
  return about === 'deadline' || about === 'pickup';
}

/** Whether people would see something else: who uses the old key, or that the new one is used. */
export function viewChanged(before: Evidence | null, after: Evidence): boolean {
  return (
    before === null ||
    before.pickup.seen !== after.pickup.seen ||
    JSON.stringify(before.uses[0]) !== JSON.stringify(after.uses[0])
  );
}

/**
 * Whether keys or secret were read and are not as Keyturn left them: somebody else changed them,
 * and nothing may be built on that. (What could not be read is only incomplete.)
 */
export function isBroken(evidence: Evidence): boolean {
  return (
    evidence.verdict === 'unknown' &&
    evidence.oldKey !== 'unknown' &&
    evidence.gaps.some(({ about }) => about === 'standing')
  );
}

/**
 * Whether nobody has used the old key since the new one was picked up (or somebody attested that
 * nothing needs it): then it only has not been quiet for long enough.
 */
export function onlyQuietIsLacking(evidence: Evidence, authority: Authority): boolean {
  const [lastUse] = evidence.uses;
  if (evidence.verdict !== 'in use' || lastUse === undefined) return false;
  const changedOver = [
    ...(evidence.pickup.seen ? [evidence.pickup.at] : []),
    ...(authority.kind === 'attested' ? [authority.at] : []),
  ];
  return changedOver.some((moment) => lastUse.at <= moment);
}
