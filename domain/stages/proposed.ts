/** proposed: claimed; waits for approval, the window and room among the runs. */
import type { At } from '../case.ts';
import {
  byName,
  type Decision,
  hold,
  ignore,
  lookFailed,
  move,
  ordered,
  snooze,
  stay,
} from '../decision.ts';
import type { RotationEvent } from '../event.ts';
import { type Instant, inUtcWords, isDue, latest, plus } from '../instant.ts';
import { actorName } from '../people.ts';
import { issueAttempts } from '../policy.ts';
import type { Proposed } from '../stage.ts';
import { nextOpening } from '../window.ts';
import { overlap } from './issuing.ts';

export function decideProposed(
  rotation: At<Proposed>,
  event: RotationEvent,
  now: Instant,
): Decision {
  const { stage, policy } = rotation;
  switch (event.type) {
    case 'approved': {
      if (stage.approval.given) {
        return ignore(rotation, `already approved by ${actorName(stage.approval.by)}`);
      }
      const due = nextOpening(policy.window, latest(stage.due, now));
      const approval = { given: true, by: event.by, at: now } as const;
      const news = `Approved ${byName(event.by)}: a new key is issued at ${inUtcWords(due)}.`;
      return stay(rotation, { ...stage, due, approval }, news);
    }
    case 'admitted':
      return admit(rotation, now);
    case 'deadline passed':
      return unanswered(rotation, now);
    case 'look failed':
      return stage.approval.given
        ? lookFailed(rotation, stage, stage.due, event.problem, now)
        : ignore(rotation, 'it is not approved yet');
    case 'snoozed':
      return snooze(rotation, event.hours, event.by, (hours) => {
        const due = plus(latest(stage.due, now), { hours });
        const answerBy = plus(stage.answerBy, { hours });
        return { stage: { ...stage, due, answerBy }, until: due };
      });
    case 'paused':
      return hold(
        rotation,
        stage,
        { code: 'paused', text: `Paused ${byName(event.by)}. Resume it to go on.` },
        'Active',
        now,
      );
    case 'resumed':
      return ignore(rotation, 'it is not on hold');
    case 'rolled back':
      return ignore(rotation, 'the old key is Active: there is nothing to roll back');
    case 'attested':
      return ignore(rotation, 'no new key has been issued yet');
    case 'forced':
      return ignore(rotation, 'force overrides evidence, not approval: approve it instead');
    case 'issued natively':
      return overlap(rotation, event.issued, now);
    case 'evidence gathered':
      return ignore(rotation, 'no evidence is needed before a new key is issued');
    default:
      return ignore(rotation, 'no run is awaited');
  }
}

function admit(rotation: At<Proposed>, now: Instant): Decision {
  const { stage, policy } = rotation;
  if (!stage.approval.given) return ignore(rotation, 'it is not approved yet');
  if (!isDue(stage.due, now)) return ignore(rotation, 'it is not due yet');
  const opening = nextOpening(policy.window, now);
  if (!isDue(opening, now)) {
    const news = `The window is closed: a new key is issued at ${inUtcWords(opening)}.`;
    return stay(rotation, { ...stage, due: opening }, news);
  }
  return move(
    rotation,
    {
      name: 'issuing',
      attempt: stage.attempts + 1,
      triesLeft: issueAttempts - 1,
      run: ordered(rotation, now),
      proposal: stage,
    },
    'Issuing a new key. The old key keeps working.',
    [{ type: 'start runbook', runbook: 'issue-replacement-key' }],
  );
}

function unanswered(rotation: At<Proposed>, now: Instant): Decision {
  const { stage, policy } = rotation;
  if (stage.approval.given) return ignore(rotation, 'it is approved already');
  if (!isDue(stage.answerBy, now)) return ignore(rotation, 'it is not due yet');
  return hold(
    rotation,
    stage,
    {
      code: 'unanswered',
      text: `Nobody answered within ${policy.answerDays} days. Approve or abandon it.`,
    },
    'Active',
    now,
  );
}
