/** proposed, with the plan to replace: a new key is issued once there is room for it. */
import type { At } from '../case.ts';
import { type Decision, hold, ignore, lookFailed, move, ordered, stay } from '../decision.ts';
import type { RotationEvent } from '../event.ts';
import { type Instant, inUtcWords, isDue, plus } from '../instant.ts';
import { shortKey } from '../key.ts';
import { issueAttempts } from '../policy.ts';
import type { ReplacementProposed, Spare } from '../stage.ts';
import { nextOpening } from '../window.ts';
import { awaitRing, withoutRing } from './awaiting-ring.ts';

/** Between looks whether the spare key is gone. */
const roomProbeHours = 1;

export function decideReplacing(
  rotation: At<ReplacementProposed>,
  event: RotationEvent,
  now: Instant,
): Decision {
  switch (event.type) {
    case 'admitted':
      return notYet(rotation, now) ?? admit(rotation, now);
    case 'ring closed':
      return notYet(rotation, now) ?? awaitRing(rotation, event.why, now);
    case 'room awaited':
      return notYet(rotation, now) ?? awaitRoom(rotation, event.spare, now);
    case 'no room':
      return notYet(rotation, now) ?? noRoom(rotation, event.problem, now);
    case 'look failed':
      return notYet(rotation, now) ?? tryLater(rotation, event.problem, now);
    case 'attested':
      return ignore(rotation, 'no new key has been issued yet');
    case 'forced':
      return ignore(rotation, 'force overrides evidence, not approval: approve it instead');
    case 'evidence gathered':
      return ignore(rotation, 'no evidence is needed before a new key is issued');
    default:
      return ignore(rotation, 'no run is awaited');
  }
}

function tryLater(rotation: At<ReplacementProposed>, problem: string, now: Instant): Decision {
  const { stage } = rotation;
  const until = (tryAt: Instant) => ({ ...stage, plan: { ...stage.plan, tryAt } });
  return lookFailed(rotation, { kept: stage, due: stage.due, until }, problem, now);
}

/** Why nothing may begin now; null if it may. */
function notYet(rotation: At<ReplacementProposed>, now: Instant): Decision | null {
  const { stage } = rotation;
  if (!stage.approval.given) return ignore(rotation, 'it is not approved yet');
  return isDue(stage.due, now) ? null : ignore(rotation, 'it is not due yet');
}

function admit(rotation: At<ReplacementProposed>, now: Instant): Decision {
  const { stage, policy } = rotation;
  const opening = nextOpening(policy.window, now);
  if (!isDue(opening, now)) {
    const news = `The window is closed: a new key is issued at ${inUtcWords(opening)}.`;
    return stay(rotation, { ...stage, due: opening }, news);
  }
  return move(
    rotation,
    {
      name: 'issuing',
      attempt: stage.plan.attempts + 1,
      triesLeft: issueAttempts - 1,
      run: ordered(rotation, now),
      proposal: withoutRing(stage),
    },
    'Issuing a new key. The old key keeps working.',
    [{ type: 'start runbook', runbook: 'issue-replacement-key' }],
  );
}

/** IAM allows two keys, and Inactive ones count: the unused one goes first, staged like any. */
function awaitRoom(rotation: At<ReplacementProposed>, spare: Spare, now: Instant): Decision {
  const { stage } = rotation;
  const { plan } = stage;
  const next: ReplacementProposed = {
    ...stage,
    due: plus(now, { hours: roomProbeHours }),
    plan: { ...plan, waitsFor: spare },
  };
  if (plan.waitsFor?.rotationId === spare.rotationId) return stay(rotation, next);
  const other = shortKey(spare.keyId);
  const news =
    `The user has two keys, which is as many as IAM allows. Key ${other} is unused and is ` +
    'retired first; then a new key is issued.';
  return stay(rotation, next, news);
}

function noRoom(rotation: At<ReplacementProposed>, problem: string, now: Instant): Decision {
  const text = `There is no room for a new key: ${problem}`;
  const { stage } = rotation;
  const kept = { ...stage, plan: { ...stage.plan, waitsFor: null } };
  return hold(rotation, kept, { code: 'no room', text }, 'Active', now);
}
