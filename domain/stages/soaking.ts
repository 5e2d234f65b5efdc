/** soaking: the old key is Inactive, restorable with one press, and watched until it is deleted. */
import { evidenceIn, issuedIn, onAgain, statusBefore } from '../before-off.ts';
import type { At, Rotation } from '../case.ts';
import {
  byName,
  crowdedHours,
  type Decision,
  hold,
  ignore,
  move,
  ordered,
  probeHours,
  snooze,
  stay,
} from '../decision.ts';
import type { Effect } from '../effect.ts';
import { goneBy } from '../ending.ts';
import type { RotationEvent } from '../event.ts';
import type { Evidence } from '../evidence.ts';
import { earliest, type Instant, inUtcWords, isDue, latest, plus } from '../instant.ts';
import { shortKey, userLabel } from '../key.ts';
import type { Policy } from '../policy.ts';
import type { BeforeOff, Overlapping, Soaking } from '../stage.ts';
import { reasonOf } from '../verdict-text.ts';
import { nextOpening } from '../window.ts';
import {
  isBacked,
  isBroken,
  isFresh,
  lapsed,
  lookedAt,
  remembering,
  viewChanged,
} from './evidence-checks.ts';
import { restore } from './restoring.ts';
import { attest, force } from './say-so.ts';
import { whyNot } from './why-not.ts';

export function decideSoaking(rotation: At<Soaking>, event: RotationEvent, now: Instant): Decision {
  const { stage } = rotation;
  switch (event.type) {
    case 'evidence gathered':
      return weigh(rotation, event.evidence, now);
    case 'rolled back':
      return statusBefore(rotation, stage.before) === 'Active'
        ? restore(rotation, stage, `Rolled back ${byName(event.by)}.`, now)
        : ignore(rotation, wasOff);
    case 'forced':
      return force(rotation, event.by, now);
    case 'snoozed':
      return snooze(rotation, event.hours, event.by, (hours) => {
        const deleteAt = plus(latest(stage.deleteAt, now), { hours });
        return { stage: { ...stage, deleteAt }, until: deleteAt };
      });
    case 'paused':
      return hold(
        rotation,
        stage,
        { code: 'paused', text: `Paused ${byName(event.by)}. The old key stays off; resume it.` },
        'Inactive',
        now,
      );
    case 'attested':
      return noWordNeeded(rotation, stage) ?? attest(rotation, event.by, now);
    case 'approved':
      return ignore(rotation, 'it is approved and under way');
    case 'resumed':
      return ignore(rotation, 'it is not on hold');
    case 'issued natively':
      return ignore(rotation, nativelyInVain(stage));
    case 'crowded': {
      if (!isDue(stage.deleteAt, now)) return ignore(rotation, 'it is not due yet');
      const deleteAt = plus(now, { hours: crowdedHours });
      return stay(rotation, { ...stage, deleteAt, nextProbeAt: deleteAt }, null);
    }
    case 'admitted':
    case 'room awaited':
    case 'no room':
    case 'look failed':
    case 'deadline passed':
      return ignore(rotation, 'evidence is awaited');
    default:
      return ignore(rotation, 'no run is awaited');
  }
}

/** Why a new key of Secrets Manager's changes nothing. */
export function nativelyInVain(kept: Overlapping | Soaking): string {
  return issuedIn(kept) === null
    ? 'the old key is off, and nobody used it'
    : 'it has a new key already';
}

/** Why nobody may roll back a key that Keyturn found Inactive. */
export const wasOff = 'the key was off already, not by Keyturn: there is nothing to roll back';

/** The same as a sentence for whoever looks for the button. */
export const offBefore = 'It was off already, not by Keyturn, which does not switch it on.';

/** How long the old key stays off but restorable: at least as long as it had to be quiet. */
export function soakHours(policy: Policy, before: BeforeOff): number {
  return Math.max(policy.soakHours, evidenceIn(before)?.quietHours ?? 0);
}

/** Why no owner's word is needed to go on; null if it may be. */
export function noWordNeeded(rotation: Rotation, stage: Soaking): Decision | null {
  if (stage.before.name === 'proposed') {
    return ignore(rotation, 'a key is retired on evidence alone: nobody has to attest');
  }
  const isPickedUp = (stage.evidence ?? stage.before.evidence)?.pickup.seen === true;
  return isPickedUp ? ignore(rotation, 'the new key is in use: no word is needed') : null;
}

function weigh(rotation: At<Soaking>, evidence: Evidence, now: Instant): Decision {
  if (!isFresh(evidence, rotation.stage.deactivatedAt, now)) {
    return ignore(rotation, 'the evidence is not fresh');
  }
  const gone = goneBy(evidence, rotation, now);
  if (gone !== null) return gone;
  if (!isBacked(evidence, rotation.stage.authority)) return ignore(rotation, lapsed);
  const shown = remembering(evidence, rotation.stage.evidence);
  const stage = lookedAt(rotation.stage, evidence, shown);
  if (evidence.oldKey === 'Active') return reactivated(rotation, stage, now);
  if (evidence.verdict === 'in use') return usedWhileOff(rotation, stage, evidence, now);
  if (isBroken(evidence)) return holdOff(rotation, stage, evidence, now);
  if (!isDue(stage.deleteAt, now)) return watched(rotation, stage, now);
  if (evidence.verdict === 'safe') return remove(rotation, stage, now);
  return holdOff(rotation, stage, evidence, now);
}

function holdOff(
  rotation: At<Soaking>,
  stage: Soaking,
  evidence: Evidence,
  now: Instant,
): Decision {
  const { code, text } = whyNot(evidence);
  const wayOut = code === 'evidence incomplete' ? ` ${lastResort(rotation, stage)}` : '';
  const reason = { code, text: `${text}${wayOut} Meanwhile the old key stays off, restorable.` };
  return hold(rotation, stage, reason, 'Inactive', now);
}

/** Force overrides no doubt whether the key was used or switched on since it is off. */
function lastResort(rotation: At<Soaking>, { before }: Soaking): string {
  return statusBefore(rotation, before) === 'Active'
    ? 'If neither helps, roll back: the key is then switched off anew, after another overlap.'
    : 'If neither helps, abandon this and delete the key by hand.';
}

function watched(rotation: At<Soaking>, stage: Soaking, now: Instant): Decision {
  const nextProbeAt = earliest(stage.deleteAt, plus(now, { hours: probeHours }));
  const next = { ...stage, nextProbeAt };
  const changed = stage.evidence !== null && viewChanged(rotation.stage.evidence, stage.evidence);
  return changed ? stay(rotation, next, null) : stay(rotation, next);
}

/** Somebody needs the key: it is theirs again, and people decide. Never deleted from here. */
function reactivated(rotation: At<Soaking>, stage: Soaking, now: Instant): Decision {
  const key = shortKey(rotation.key.keyId);
  const what = `Somebody else switched old key ${key} on again.`;
  const text = `${what} Find out who needs it, then resume.`;
  return hold(rotation, onAgain(stage.before), { code: 'reactivated', text }, 'Active', now);
}

function usedWhileOff(
  rotation: At<Soaking>,
  stage: Soaking,
  evidence: Evidence,
  now: Instant,
): Decision {
  const because = `The old key was needed after all. ${reasonOf(evidence)}`;
  const key = `Old key ${shortKey(rotation.key.keyId)} of ${userLabel(rotation.key.user)}`;
  const page: Effect = {
    type: 'page',
    about: 'old-key-used',
    severity: 'critical',
    summary: `${key}: ${because}`,
  };
  // Whoever switched it off before Keyturn came decides whether it is to be on.
  const decision =
    statusBefore(rotation, stage.before) === 'Active'
      ? restore(rotation, stage, because, now)
      : hold(rotation, stage, { code: 'still in use', text: offAnyway(because) }, 'Inactive', now);
  return { ...decision, effects: [...decision.effects, page] };
}

function offAnyway(because: string): string {
  return `${because} ${offBefore} Find out who needs it, then resume or abandon.`;
}

function remove(rotation: At<Soaking>, soak: Soaking, now: Instant): Decision {
  const opening = nextOpening(rotation.policy.window, now);
  if (!isDue(opening, now)) {
    const news = `The window is closed: the old key is deleted at ${inUtcWords(opening)}.`;
    return stay(rotation, { ...soak, deleteAt: opening }, news);
  }
  return move(
    rotation,
    { name: 'deleting', run: ordered(rotation, now), soak },
    `Deleting old key ${shortKey(rotation.key.keyId)}.`,
    [{ type: 'start runbook', runbook: 'delete-key' }],
  );
}
