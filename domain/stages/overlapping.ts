/** overlapping: both keys work; who uses which is watched until the old one is due. */
import type { At } from '../case.ts';
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
import { goneBy } from '../ending.ts';
import type { RotationEvent } from '../event.ts';
import { describeUse, type Evidence } from '../evidence.ts';
import { earliest, type Instant, inUtcWords, isDue, latest, plus } from '../instant.ts';
import { shortKey } from '../key.ts';
import type { Overlapping } from '../stage.ts';
import { reasonOf } from '../verdict-text.ts';
import { nextOpening } from '../window.ts';
import {
  isBacked,
  isBroken,
  isFresh,
  lapsed,
  onlyQuietIsLacking,
  remembering,
  viewChanged,
} from './evidence-checks.ts';
import { attest, force } from './say-so.ts';
import { whyNot } from './why-not.ts';

export function decideOverlapping(
  rotation: At<Overlapping>,
  event: RotationEvent,
  now: Instant,
): Decision {
  const { stage } = rotation;
  switch (event.type) {
    case 'evidence gathered':
      return weigh(rotation, event.evidence, now);
    case 'attested':
      return attest(rotation, event.by, now);
    case 'forced':
      return force(rotation, event.by, now);
    case 'snoozed':
      return snooze(rotation, event.hours, event.by, (hours) => {
        const deactivateAt = plus(latest(stage.deactivateAt, now), { hours });
        return { stage: { ...stage, deactivateAt }, until: deactivateAt };
      });
    case 'paused':
      return hold(
        rotation,
        stage,
        { code: 'paused', text: `Paused ${byName(event.by)}. Both keys work; resume it to go on.` },
        'Active',
        now,
      );
    case 'approved':
      return ignore(rotation, 'it is approved and under way');
    case 'resumed':
      return ignore(rotation, 'it is not on hold');
    case 'rolled back':
      return ignore(rotation, 'the old key is Active: there is nothing to roll back');
    case 'issued natively':
      return ignore(rotation, 'it has a new key already');
    case 'crowded': {
      if (!isDue(stage.deactivateAt, now)) return ignore(rotation, 'it is not due yet');
      const deactivateAt = plus(now, { hours: crowdedHours });
      return stay(rotation, { ...stage, deactivateAt, nextProbeAt: deactivateAt }, null);
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

function weigh(rotation: At<Overlapping>, evidence: Evidence, now: Instant): Decision {
  if (!isFresh(evidence, rotation.stage.since, now)) {
    return ignore(rotation, 'the evidence is not fresh');
  }
  const gone = goneBy(evidence, rotation, now);
  if (gone !== null) return gone;
  if (!isBacked(evidence, rotation.stage.authority)) return ignore(rotation, lapsed);
  const shown = remembering(evidence, rotation.stage.evidence);
  const stage: Overlapping = { ...rotation.stage, evidence: shown };
  if (evidence.oldKey === 'Inactive') {
    const text =
      `Somebody else switched old key ${shortKey(rotation.key.keyId)} off. ` +
      'Roll back to switch it on again, or abandon.';
    return hold(rotation, stage, { code: 'changed outside', text }, 'Inactive', now);
  }
  if (isBroken(evidence)) return hold(rotation, stage, whyNot(evidence), 'Active', now);
  if (!isDue(stage.deactivateAt, now)) return watched(rotation, stage, now);
  if (evidence.verdict === 'safe') {
    return isQuiet(evidence, shown, now)
      ? deactivate(rotation, stage, now)
      : wait(rotation, stage, shown, now);
  }
  if (onlyQuietIsLacking(evidence, stage.authority)) return wait(rotation, stage, shown, now);
  return hold(rotation, stage, whyNot(evidence), 'Active', now);
}

/** Whether it has been quiet for as long as any look asked for. Force overrides that. */
function isQuiet(evidence: Evidence, shown: Evidence, now: Instant): boolean {
  const isForced = evidence.verdict === 'safe' && evidence.basis === 'forced';
  return isForced || shown.quietAt === evidence.quietAt || isDue(shown.quietAt, now);
}

function watched(rotation: At<Overlapping>, stage: Overlapping, now: Instant): Decision {
  const before = rotation.stage.evidence;
  const nextProbeAt = earliest(stage.deactivateAt, plus(now, { hours: probeHours }));
  const next = { ...stage, nextProbeAt };
  if (stage.evidence === null || !viewChanged(before, stage.evidence)) return stay(rotation, next);
  const { pickup } = stage.evidence;
  const isNews = pickup.seen && before?.pickup.seen !== true;
  return stay(rotation, next, isNews ? `The new key is in use: ${describeUse(pickup.by)}.` : null);
}

function deactivate(rotation: At<Overlapping>, overlap: Overlapping, now: Instant): Decision {
  const opening = nextOpening(rotation.policy.window, now);
  if (!isDue(opening, now)) {
    const news = `The window is closed: the old key is switched off at ${inUtcWords(opening)}.`;
    return stay(rotation, { ...overlap, deactivateAt: opening }, news);
  }
  const because = overlap.evidence === null ? '' : ` ${reasonOf(overlap.evidence)}`;
  return move(
    rotation,
    { name: 'deactivating', run: ordered(rotation, now), before: overlap },
    `Switching old key ${shortKey(rotation.key.keyId)} off.${because}`,
    [{ type: 'start runbook', runbook: 'deactivate-key' }],
  );
}

function wait(
  rotation: At<Overlapping>,
  stage: Overlapping,
  evidence: Evidence,
  now: Instant,
): Decision {
  const { policy } = rotation;
  const quietAt = latest(evidence.quietAt, plus(now, { hours: 1 }));
  const deactivateAt = nextOpening(policy.window, quietAt);
  if (deactivateAt > plus(stage.since, { days: policy.overlapLimitDays })) {
    const text =
      `The old key would be quiet long enough only at ${inUtcWords(quietAt)}, ` +
      `past ${policy.overlapLimitDays} days of overlap. Resume, attest or force it.`;
    return hold(rotation, stage, { code: 'overlap too long', text }, 'Active', now);
  }
  const news =
    'Nothing should need the old key any more, but it has not been quiet for long enough: ' +
    `it is switched off at ${inUtcWords(deactivateAt)} instead.`;
  const nextProbeAt = earliest(deactivateAt, plus(now, { hours: probeHours }));
  return stay(rotation, { ...stage, deactivateAt, nextProbeAt }, news);
}
