/** deleting: the delete runbook is in flight. */
import { issuedIn } from '../before-off.ts';
import type { At } from '../case.ts';
import { asSentence, type Decision, hold, move, subjectOf } from '../decision.ts';
import { done } from '../ending.ts';
import type { RotationEvent } from '../event.ts';
import type { Instant } from '../instant.ts';
import { shortKey } from '../key.ts';
import type { Deleting } from '../stage.ts';
import { decideRun, problemIn } from './run.ts';

export function decideDeleting(
  rotation: At<Deleting>,
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
        if (result.status === 'deleted') return finish(rotation, result.at);
        if (result.status === 'refused') return refused(rotation, result.problem, now);
        return failed(rotation, problemIn(result), now);
      },
    },
    event,
    now,
  );
}

function finish(rotation: At<Deleting>, at: Instant): Decision {
  const issued = issuedIn(rotation.stage.soak);
  const what = `Done: ${subjectOf(rotation)} is deleted`;
  const news =
    issued === null
      ? `${what}; nobody used it, so nothing replaces it.`
      : `${what}; new key ${shortKey(issued.newKeyId)} is in ${issued.secretArn}.`;
  const outcome = issued === null ? 'retired' : 'rotated';
  return move(rotation, done(rotation, outcome, at), news);
}

function refused(rotation: At<Deleting>, problem: string, now: Instant): Decision {
  const what = 'The runbook did not delete the old key';
  const text = `${what}: ${asSentence(problem)} Resume to soak again.`;
  const reason = { code: 'runbook refused', text } as const;
  return hold(rotation, rotation.stage.soak, reason, 'Inactive', now);
}

function withdrawn(rotation: At<Deleting>, why: string, now: Instant): Decision {
  const soak = { ...rotation.stage.soak, nextProbeAt: now };
  return move(rotation, soak, `Nothing was deleted: ${asSentence(why)} It is decided again.`);
}

/** Even a run whose start failed may have been started: a reply can be lost. */
function failed(rotation: At<Deleting>, problem: string, now: Instant): Decision {
  const text = `Deleting the old key failed: ${asSentence(problem)} Resume to soak and try again.`;
  return hold(rotation, rotation.stage.soak, { code: 'runbook failed', text }, 'unknown', now);
}
