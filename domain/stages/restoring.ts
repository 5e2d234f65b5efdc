/** restoring: `restore-key` is in flight; afterwards people decide. */
import { onAgain } from '../before-off.ts';
import type { At, Rotation } from '../case.ts';
import { asSentence, type Decision, hold, move, ordered } from '../decision.ts';
import type { RotationEvent } from '../event.ts';
import type { Instant } from '../instant.ts';
import type { BeforeOff, HoldReason, Restoring, Soaking } from '../stage.ts';
import { decideRun, problemIn } from './run.ts';

/** Switches the old key on again. AWSCURRENT stays on the new one, if there is one: both work. */
export function restore(
  rotation: Rotation,
  from: BeforeOff | Soaking,
  because: string,
  now: Instant,
): Decision {
  return move(
    rotation,
    { name: 'restoring', run: ordered(rotation, now), from, because },
    `Switching the old key on again. ${because}`,
    [{ type: 'start runbook', runbook: 'restore-key' }],
  );
}

export function decideRestoring(
  rotation: At<Restoring>,
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
      // Giving a key back is never withdrawn; should somebody try, people hear of it.
      withdrawn: (why) => failed(rotation, why, now),
      finished: (result) =>
        result.status === 'restored'
          ? restored(rotation, now)
          : failed(rotation, problemIn(result), now),
    },
    event,
    now,
  );
}

function restored(rotation: At<Restoring>, now: Instant): Decision {
  const { from, because } = rotation.stage;
  const kept = onAgain(from.name === 'soaking' ? from.before : from);
  return hold(rotation, kept, rolledBack(kept, because), 'Active', now);
}

/** Why it is on hold once the old key is on again. */
export function rolledBack(kept: BeforeOff, because: string): HoldReason {
  const text =
    kept.name === 'overlapping'
      ? `${because} The old key is on again, both keys work. Change over, then resume.`
      : `${because} The key is on again. Abandon this: the next finding has the key replaced.`;
  return { code: 'rolled back', text };
}

function failed(rotation: At<Restoring>, problem: string, now: Instant): Decision {
  const what = 'Switching the old key on again failed';
  const text = `${what}: ${asSentence(problem)} Roll back tries again.`;
  return hold(rotation, rotation.stage.from, { code: 'restore failed', text }, 'unknown', now);
}
