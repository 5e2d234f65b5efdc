/**
 * The machine: what becomes of a rotation when something happens. Pure; the shell commits the
 * answer and then performs its effects.
 *
 *      ┌──────────────(retire: nobody uses the key)────┐
 *      │                                               ▼
 *   proposed ──▶ issuing ──▶ overlapping ──▶ deactivating ──▶ soaking ──▶ deleting ──▶ done
 *      │            │             │                │             │            │
 *      │            │             │                │             └▶ restoring │
 *      └────────────┴─────────────┴────────────────┴────▶ held ◀─────┴────────┘
 *
 * From any stage without a run in flight: key or user gone, the user exempt by now, or a
 * person abandons ──▶ done.
 * What is held a person resumes or forces, and rolls back while the old key is (or may be) off.
 */
import type { Rotation } from './case.ts';
import { type Decision, ignore, subjectOf } from './decision.ts';
import type { Effect } from './effect.ts';
import { abandon, exempt, exemptKey, gone } from './ending.ts';
import type { RotationEvent } from './event.ts';
import { type Finding, withFinding } from './finding.ts';
import { heedFiles } from './found-in-files.ts';
import { reassign } from './handover.ts';
import { acknowledgements, answer, withIncidents } from './incident.ts';
import type { Instant } from './instant.ts';
import { withNotices } from './notices.ts';
import { whatWentWrong } from './rings.ts';
import { hoursAsked } from './snooze-until.ts';
import { decideDeactivating } from './stages/deactivating.ts';
import { decideDeleting } from './stages/deleting.ts';
import { decideHeld } from './stages/held.ts';
import { decideIssuing } from './stages/issuing.ts';
import { decideOverlapping } from './stages/overlapping.ts';
import { decideProposed } from './stages/proposed.ts';
import { decideRestoring } from './stages/restoring.ts';
import { decideSoaking } from './stages/soaking.ts';

export type { Decision } from './decision.ts';

/** The next state and the effects to perform; or why the event changes nothing. */
export function decide(rotation: Rotation, event: RotationEvent, now: Instant): Decision {
  if (event.type === 'incident answered') return answer(rotation, event);
  const decision = withNotices(rotation, decideStage(rotation, event, now), event, now);
  if (decision.ignored !== undefined) return decision;
  const next = withIncidents(decision.rotation, decision.effects, now);
  const acknowledged = acknowledgements(rotation, { ...decision, rotation: next }, event);
  const effects = [...decision.effects, ...acknowledged, ...ringMarks(rotation, event, next)];
  const shows = effects.some((effect) => effect.type === 'update message');
  if (!shows) return { rotation: next, effects };
  return { rotation: { ...next, shownVersion: rotation.version + 1 }, effects };
}

/** What went wrong closes a ring at once; what went well counts once it is over. */
function ringMarks(before: Rotation, event: MovingEvent, after: Rotation): readonly Effect[] {
  if (after.policy.ring === undefined) return [];
  const isOver = after.stage.name === 'done' && before.stage.name !== 'done';
  const isMarked = isOver || whatWentWrong(before, event, after) !== undefined;
  return isMarked ? [{ type: 'mark ring' }] : [];
}

/** All that moves it: an answer to a page does not, and the buttons on show stay as they were. */
type MovingEvent = Exclude<RotationEvent, { readonly type: 'incident answered' }>;

function decideStage(rotation: Rotation, event: MovingEvent, now: Instant): Decision {
  const { stage } = rotation;
  if (event.type === 'press refused') return ignore(rotation, event.why);
  if (stage.name === 'done') return ignore(rotation, 'the rotation is done');
  if (event.type === 'finding reported') return join(rotation, event.finding);
  if (event.type === 'found in files') return heedFiles(rotation, event.found, now);
  if (event.type === 'key gone') return gone(rotation, event.what, now);
  if (event.type === 'abandoned') return abandon(rotation, event.by, now);
  if (event.type === 'exempted') return exempt(rotation, event.why, now);
  if (event.type === 'key exempted') return exemptKey(rotation, event, now);
  if (event.type === 'reassigned') return reassign(rotation, event);
  if (event.type === 'snoozed until') {
    const asked = hoursAsked(rotation, event.until, now);
    if (!asked.ok) return ignore(rotation, asked.why);
    return decideStage(rotation, { type: 'snoozed', by: event.by, hours: asked.hours }, now);
  }
  switch (stage.name) {
    case 'proposed':
      return decideProposed({ ...rotation, stage }, event, now);
    case 'issuing':
      return decideIssuing({ ...rotation, stage }, event, now);
    case 'overlapping':
      return decideOverlapping({ ...rotation, stage }, event, now);
    case 'deactivating':
      return decideDeactivating({ ...rotation, stage }, event, now);
    case 'soaking':
      return decideSoaking({ ...rotation, stage }, event, now);
    case 'deleting':
      return decideDeleting({ ...rotation, stage }, event, now);
    case 'restoring':
      return decideRestoring({ ...rotation, stage }, event, now);
    case 'held':
      return decideHeld({ ...rotation, stage }, event, now);
  }
}

/**
 * A finding that is known and reported anew has been opened again, or was never recorded: Security
 * Hub shows it as NEW until it is recorded once more. Our own update cannot bring it here again: it
 * is no longer NEW then.
 */
function join(rotation: Rotation, finding: Finding): Decision {
  const findings = withFinding(rotation.findings, finding);
  if (findings === rotation.findings) return ignore(rotation, 'this finding has joined already');
  const joined = findings.length > rotation.findings.length ? 'Joined' : 'Reported again: joins';
  const note = `${joined} the rotation of ${subjectOf(rotation)}, which is ${rotation.stage.name}.`;
  return {
    rotation: { ...rotation, findings },
    effects: [{ type: 'record result', workflow: 'NOTIFIED', note }],
  };
}
