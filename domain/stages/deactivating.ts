/** deactivating: the deactivate runbook is in flight. */
import { authorityIn, statusBefore } from '../before-off.ts';
import type { At } from '../case.ts';
import { asSentence, type Decision, hold, move, probeHours } from '../decision.ts';
import type { RotationEvent } from '../event.ts';
import { earliest, type Instant, inUtcWords, latest, plus } from '../instant.ts';
import { shortKey } from '../key.ts';
import type { BeforeOff, Deactivating, Retiring } from '../stage.ts';
import { nextOpening } from '../window.ts';
import { decideRun, problemIn } from './run.ts';
import { soakHours } from './soaking.ts';

export function decideDeactivating(
  rotation: At<Deactivating>,
  event: RotationEvent,
  now: Instant,
): Decision {
  const { stage } = rotation;
  return decideRun(
    rotation,
    {
      run: stage.run,
      withRun: (run) => ({ ...stage, run }),
      notStarted: (problem) => failed(rotation, problem, now),
      withdrawn: (why) => withdrawn(rotation, why, now),
      finished: (result) => {
        if (result.status === 'deactivated') return soak(rotation, result.at, now);
        if (result.status === 'refused') return refused(rotation, result.problem, now);
        return failed(rotation, problemIn(result), now);
      },
    },
    event,
    now,
  );
}

function soak(rotation: At<Deactivating>, deactivatedAt: Instant, now: Instant): Decision {
  const { stage, policy, key } = rotation;
  const hours = soakHours(policy, stage.before);
  const rollback =
    statusBefore(rotation, stage.before) === 'Active'
      ? '; until then Roll back switches it on again'
      : '';
  const deleteAt = nextOpening(policy.window, plus(latest(deactivatedAt, now), { hours }));
  return move(
    rotation,
    {
      name: 'soaking',
      before: stage.before,
      deactivatedAt,
      clearUntil: deactivatedAt,
      deleteAt,
      nextProbeAt: earliest(deleteAt, plus(now, { hours: probeHours })),
      authority: authorityIn(stage.before),
      evidence: null,
    },
    `Old key ${shortKey(key.keyId)} is off. It is deleted at ${inUtcWords(deleteAt)}${rollback}.`,
  );
}

function refused(rotation: At<Deactivating>, problem: string, now: Instant): Decision {
  const what = 'The runbook did not switch the old key off';
  const text = `${what}: ${asSentence(problem)} Resume to try again.`;
  const reason = { code: 'runbook refused', text } as const;
  const { before } = rotation.stage;
  return hold(rotation, before, reason, statusBefore(rotation, before), now);
}

function withdrawn(rotation: At<Deactivating>, why: string, now: Instant): Decision {
  const { before } = rotation.stage;
  const again: BeforeOff =
    before.name === 'overlapping'
      ? { ...before, nextProbeAt: now }
      : { ...before, plan: { ...asSeen(before.plan), nextProbeAt: now } };
  return move(rotation, again, `Nothing was switched off: ${asSentence(why)} It is decided again.`);
}

/** A key that was Active when it was ordered off still is: nothing has run. */
function asSeen(plan: Retiring): Retiring {
  return plan.evidence?.oldKey === 'Active' ? { ...plan, statusBefore: null } : plan;
}

/** Even a run whose start failed may have been started: a reply can be lost. */
function failed(rotation: At<Deactivating>, problem: string, now: Instant): Decision {
  const text =
    `Switching the old key off failed: ${asSentence(problem)} ` +
    'The old key may be off: roll back to be sure, or resume.';
  return hold(rotation, rotation.stage.before, { code: 'runbook failed', text }, 'unknown', now);
}
