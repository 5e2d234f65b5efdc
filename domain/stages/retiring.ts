/**
 * proposed, with the plan to retire: nobody is known to use the key, so none replaces it. It is
 * watched until it is due, and switched off only if the evidence still calls it unused then.
 */
import { planWith, retiringKey, statusBefore } from '../before-off.ts';
import type { At } from '../case.ts';
import {
  crowdedHours,
  type Decision,
  hold,
  ignore,
  move,
  ordered,
  probeHours,
  stay,
} from '../decision.ts';
import { goneBy } from '../ending.ts';
import type { RotationEvent } from '../event.ts';
import type { Evidence } from '../evidence.ts';
import { earliest, type Instant, inUtcWords, isDue, plus } from '../instant.ts';
import { shortKey } from '../key.ts';
import type { HoldReason, RetirementProposed } from '../stage.ts';
import { reasonOf } from '../verdict-text.ts';
import { nextOpening } from '../window.ts';
import { awaitRing, withoutRing } from './awaiting-ring.ts';
import {
  isBacked,
  isBroken,
  isFresh,
  lapsed,
  remembering,
  viewChanged,
} from './evidence-checks.ts';
import { forceRetirement } from './say-so.ts';
import { whyNot } from './why-not.ts';

export function decideRetiring(
  rotation: At<RetirementProposed>,
  event: RotationEvent,
  now: Instant,
): Decision {
  switch (event.type) {
    case 'evidence gathered':
      return weigh(rotation, event.evidence, now);
    case 'crowded':
      return crowded(rotation, now);
    case 'ring closed':
      return ringClosed(rotation, event.why, now);
    case 'forced':
      return forceRetirement(rotation, event.by, now);
    case 'attested':
      return ignore(rotation, 'a key is retired on evidence alone: nobody has to attest');
    case 'admitted':
    case 'room awaited':
    case 'no room':
    case 'look failed':
      return ignore(rotation, awaited(rotation));
    default:
      return ignore(rotation, 'no run is awaited');
  }
}

function crowded(rotation: At<RetirementProposed>, now: Instant): Decision {
  const { stage } = rotation;
  if (!stage.approval.given) return ignore(rotation, awaited(rotation));
  if (!isDue(stage.due, now)) return ignore(rotation, 'it is not due yet');
  const due = plus(now, { hours: crowdedHours });
  return stay(rotation, { ...stage, due, plan: { ...stage.plan, nextProbeAt: due } }, null);
}

function ringClosed(rotation: At<RetirementProposed>, why: string, now: Instant): Decision {
  const { stage } = rotation;
  if (!stage.approval.given) return ignore(rotation, awaited(rotation));
  if (!isDue(stage.due, now)) return ignore(rotation, 'it is not due yet');
  return awaitRing(rotation, why, now);
}

/** What it waits for. */
function awaited({ stage }: At<RetirementProposed>): string {
  return stage.approval.given ? 'evidence is awaited' : 'it is not approved yet';
}

function weigh(rotation: At<RetirementProposed>, evidence: Evidence, now: Instant): Decision {
  const { approval, plan, due } = rotation.stage;
  if (!isFresh(evidence, rotation.openedAt, now)) {
    return ignore(rotation, 'the evidence is not fresh');
  }
  const gone = goneBy(evidence, rotation, now);
  if (gone !== null) return gone;
  if (!approval.given) return ignore(rotation, awaited(rotation));
  if (!isBacked(evidence, plan.authority)) return ignore(rotation, lapsed);
  const shown = remembering(evidence, plan.evidence);
  const nextProbeAt = earliest(due, plus(now, { hours: probeHours }));
  const next = { ...planWith(plan, evidence, shown), nextProbeAt };
  const stage = { ...rotation.stage, plan: next };
  const status = retiringKey(rotation, next);
  const wasOff = rotation.key.foundAs === 'Inactive' || plan.evidence?.oldKey === 'Inactive';
  if (wasOff && evidence.oldKey === 'Active') {
    return hold(rotation, stage, switchedOn(rotation), 'Active', now);
  }
  if (isBroken(evidence)) return hold(rotation, stage, whyNot(evidence), status, now);
  if (!isDue(due, now)) {
    const changed =
      plan.evidence === null ? shown.uses.length > 0 : viewChanged(plan.evidence, shown);
    return changed ? stay(rotation, stage, null) : stay(rotation, stage);
  }
  if (evidence.verdict === 'safe') return switchOff(rotation, stage, evidence, now);
  const reason = evidence.verdict === 'in use' ? usedAfterAll(evidence) : whyNot(evidence);
  return hold(rotation, stage, reason, status, now);
}

function switchOff(
  rotation: At<RetirementProposed>,
  before: RetirementProposed,
  evidence: Evidence,
  now: Instant,
): Decision {
  const opening = nextOpening(rotation.policy.window, now);
  if (!isDue(opening, now)) {
    const news = `The window is closed: the key is switched off at ${inUtcWords(opening)}.`;
    const nextProbeAt = earliest(opening, plus(now, { hours: probeHours }));
    const plan = { ...before.plan, nextProbeAt };
    return stay(rotation, { ...before, due: opening, plan }, news);
  }
  const plan = { ...before.plan, statusBefore: statusBefore(rotation, before) };
  return move(
    rotation,
    {
      name: 'deactivating',
      run: ordered(rotation, now),
      before: { ...withoutRing(before), plan },
    },
    `Switching unused key ${shortKey(rotation.key.keyId)} off. ${reasonOf(evidence)}`,
    [{ type: 'start runbook', runbook: 'deactivate-key' }],
  );
}

function usedAfterAll(evidence: Evidence): HoldReason {
  const text =
    `It was to be retired as unused, but is not: ${reasonOf(evidence)} ` +
    'Abandon this: the next finding then has the key replaced.';
  return { code: 'still in use', text };
}

/** It was Inactive when it was claimed: whoever switched it on needs it. */
function switchedOn({ key }: At<RetirementProposed>): HoldReason {
  const what = `Somebody switched key ${shortKey(key.keyId)} on, which was Inactive.`;
  return {
    code: 'reactivated',
    text: `${what} Find out who needs it: switch it off again and resume, or abandon.`,
  };
}
