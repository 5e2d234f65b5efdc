/** Attesting and forcing, which the stages before an act take in the same way. */
import type { At } from '../case.ts';
import { byName, type Decision, ignore, stay } from '../decision.ts';
import type { Authority } from '../evidence.ts';
import { type Instant, inUtcWords } from '../instant.ts';
import { type Actor, actorName } from '../people.ts';
import type { Overlapping, RetirementProposed, Soaking } from '../stage.ts';

/** The owner's word stands in for pickup. */
export function attest(rotation: At<Overlapping | Soaking>, by: Actor, now: Instant): Decision {
  const { stage } = rotation;
  if (stage.authority.kind !== 'evidence') return ignore(rotation, 'it was said already');
  const authority = attestedBy(by, now);
  const news = `${actorName(by)} attested that nothing needs the old key any more.`;
  return stay(rotation, { ...stage, authority }, news);
}

export function attestedBy(by: Actor, now: Instant): Authority {
  return { kind: 'attested', ...word(by, now) };
}

export function forcedBy(by: Actor, now: Instant): Authority {
  return { kind: 'forced', ...word(by, now) };
}

function word(by: Actor, at: Instant) {
  const slackUserId = by.kind === 'person' ? { slackUserId: by.id } : {};
  return { by: actorName(by), ...slackUserId, at };
}

/** Force stands in for evidence of use; the deadline stands. */
export function force(rotation: At<Overlapping | Soaking>, by: Actor, now: Instant): Decision {
  const { stage } = rotation;
  if (stage.authority.kind === 'forced') return ignore(rotation, 'it is forced already');
  const what =
    stage.name === 'overlapping'
      ? `switched off at ${inUtcWords(stage.deactivateAt)}, used or not`
      : `deleted at ${inUtcWords(stage.deleteAt)}, evidence or not`;
  const news = `Forced ${byName(by)}: the old key is ${what}.`;
  return stay(rotation, { ...stage, authority: forcedBy(by, now) }, news);
}

/** The same for a key that was to be retired as unused. Force is no approval. */
export function forceRetirement(
  rotation: At<RetirementProposed>,
  by: Actor,
  now: Instant,
): Decision {
  const { stage } = rotation;
  if (!stage.approval.given) {
    return ignore(rotation, 'force overrides evidence, not approval: approve it instead');
  }
  if (stage.plan.authority.kind === 'forced') return ignore(rotation, 'it is forced already');
  const plan = { ...stage.plan, authority: forcedBy(by, now) };
  const news = `Forced ${byName(by)}: the key is switched off at ${inUtcWords(stage.due)}.`;
  return stay(rotation, { ...stage, plan }, news);
}
