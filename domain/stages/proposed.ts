/**
 * proposed: claimed; waits for approval, the window and room among the runs. What comes then
 * depends on the plan: a new key (replacing.ts), or switching an unused key off (retiring.ts).
 */
import { retiringKey } from '../before-off.ts';
import type { At, Rotation } from '../case.ts';
import { byName, type Decision, hold, ignore, snooze, stay } from '../decision.ts';
import type { RotationEvent } from '../event.ts';
import { type Instant, inUtcWords, isDue, latest, plus } from '../instant.ts';
import { type Actor, actorName } from '../people.ts';
import type { Proposed } from '../stage.ts';
import { nextOpening } from '../window.ts';
import { overlapNatively } from './issuing.ts';
import { decideReplacing } from './replacing.ts';
import { restore } from './restoring.ts';
import { decideRetiring } from './retiring.ts';
import { wasOff } from './soaking.ts';

export function decideProposed(
  rotation: At<Proposed>,
  event: RotationEvent,
  now: Instant,
): Decision {
  const { stage } = rotation;
  const { plan } = stage;
  switch (event.type) {
    case 'approved':
      return approve(rotation, event.by, now);
    case 'deadline passed':
      return unanswered(rotation, now);
    case 'snoozed':
      return snooze(rotation, event.hours, event.by, (hours) => {
        const due = plus(latest(stage.due, now), { hours });
        const answerBy = plus(stage.answerBy, { hours });
        // What people are shown, and chose a moment after: see snoozedFrom().
        const until = stage.approval.given ? due : answerBy;
        return { stage: { ...stage, due, answerBy }, until };
      });
    case 'paused':
      return hold(
        rotation,
        stage,
        { code: 'paused', text: `Paused ${byName(event.by)}. Resume it to go on.` },
        plan.kind === 'retire' ? retiringKey(rotation, plan) : rotation.key.foundAs,
        now,
      );
    case 'resumed':
      return ignore(rotation, 'it is not on hold');
    case 'rolled back':
      return plan.kind === 'retire' && plan.statusBefore === 'Active'
        ? restore(rotation, { ...stage, plan }, `Rolled back ${byName(event.by)}.`, now)
        : ignore(rotation, nothingToRollBack(rotation));
    case 'issued natively':
      return overlapNatively(rotation, event, now);
    default:
      return plan.kind === 'replace'
        ? decideReplacing({ ...rotation, stage: { ...stage, plan } }, event, now)
        : decideRetiring({ ...rotation, stage: { ...stage, plan } }, event, now);
  }
}

/** Why no roll back is possible: Keyturn has not switched the key off. */
export function nothingToRollBack({ key }: Rotation): string {
  return key.foundAs === 'Active' ? 'the old key is Active: there is nothing to roll back' : wasOff;
}

/** What happens next to a proposed key, and when: `a new key is issued at …`. */
export function whatIsNext({ plan, due }: Pick<Proposed, 'plan' | 'due'>): string {
  return plan.kind === 'replace'
    ? `a new key is issued at ${inUtcWords(due)}`
    : `the key is switched off at ${inUtcWords(due)} if it is still unused`;
}

function approve(rotation: At<Proposed>, by: Actor, now: Instant): Decision {
  const { stage, policy } = rotation;
  if (stage.approval.given) {
    return ignore(rotation, `already approved by ${actorName(stage.approval.by)}`);
  }
  // Whoever may need the unused key has its whole notice from the moment that it is meant.
  const notice = stage.plan.kind === 'retire' ? policy.graceHours : 0;
  const due = nextOpening(policy.window, latest(stage.due, plus(now, { hours: notice })));
  const approved: Proposed = { ...stage, due, approval: { given: true, by, at: now } };
  return stay(rotation, approved, `Approved ${byName(by)}: ${whatIsNext(approved)}.`);
}

function unanswered(rotation: At<Proposed>, now: Instant): Decision {
  const { stage, policy, key } = rotation;
  if (stage.approval.given) return ignore(rotation, 'it is approved already');
  if (!isDue(stage.answerBy, now)) return ignore(rotation, 'it is not due yet');
  return hold(
    rotation,
    stage,
    {
      code: 'unanswered',
      text: `Nobody answered within ${policy.answerDays} days. Approve or abandon it.`,
    },
    key.foundAs,
    now,
  );
}
