/** held: paused with a reason and somebody told; a person decides. */
import { evidenceIn, onAgain, planWith, statusBefore } from '../before-off.ts';
import type { At } from '../case.ts';
import {
  byName,
  type Decision,
  heldProbeHours,
  ignore,
  move,
  stay,
  subjectOf,
} from '../decision.ts';
import { goneBy } from '../ending.ts';
import type { RotationEvent } from '../event.ts';
import type { Authority, Evidence } from '../evidence.ts';
import { type Instant, inUtcWords, isDue, plus } from '../instant.ts';
import { type Actor, actorName } from '../people.ts';
import type { Policy } from '../policy.ts';
import type { Held, HoldReason, Paused, Proposed, RetirementProposed } from '../stage.ts';
import { reasonOf } from '../verdict-text.ts';
import { nextOpening } from '../window.ts';
import {
  isFresh,
  lookedAt,
  onlyQuietIsLacking,
  remembering,
  viewChanged,
} from './evidence-checks.ts';
import { overlapNatively } from './issuing.ts';
import { whatIsNext } from './proposed.ts';
import { restore, rolledBack } from './restoring.ts';
import { attestedBy, forcedBy } from './say-so.ts';
import { nativelyInVain, noWordNeeded, offBefore, soakHours, wasOff } from './soaking.ts';

export function decideHeld(rotation: At<Held>, event: RotationEvent, now: Instant): Decision {
  const { stage } = rotation;
  switch (event.type) {
    case 'resumed':
      return resume(rotation, event.by, now);
    case 'approved':
      return approve(rotation, event.by, now);
    case 'forced':
      return force(rotation, event.by, now);
    case 'rolled back':
      return rollBack(rotation, event.by, now);
    case 'attested':
      return attest(rotation, event.by, now);
    case 'evidence gathered':
      return look(rotation, event.evidence, now);
    case 'look failed':
    case 'deadline passed': {
      if (!isDue(stage.nextProbeAt, now)) return ignore(rotation, 'it is not due yet');
      return stay(rotation, { ...stage, nextProbeAt: plus(now, { hours: heldProbeHours }) });
    }
    case 'issued natively':
      return stage.kept.name === 'proposed'
        ? overlapNatively(rotation, event, now)
        : ignore(rotation, nativelyInVain(stage.kept));
    case 'snoozed':
      return ignore(rotation, 'it is on hold: there is no deadline to snooze');
    case 'paused':
      return ignore(rotation, 'it is on hold already');
    case 'admitted':
    case 'crowded':
    case 'room awaited':
    case 'no room':
      return ignore(rotation, 'it is on hold');
    default:
      return ignore(rotation, 'no run is awaited');
  }
}

function rollBack(rotation: At<Held>, by: Actor, now: Instant): Decision {
  const { kept, oldKey } = rotation.stage;
  const from = kept.name === 'proposed' ? retirement(kept) : kept;
  if (from === null || oldKey === 'Active') {
    return ignore(rotation, 'the old key is Active: there is nothing to roll back');
  }
  const before = from.name === 'soaking' ? from.before : from;
  return statusBefore(rotation, before) === 'Active'
    ? restore(rotation, from, `Rolled back ${byName(by)}.`, now)
    : ignore(rotation, wasOff);
}

function retirement(kept: Proposed): RetirementProposed | null {
  const { plan } = kept;
  return plan.kind === 'retire' ? { ...kept, plan } : null;
}

/** Back to the stage that was kept, with a fresh deadline. */
function resume(rotation: At<Held>, by: Actor, now: Instant): Decision {
  const { kept, oldKey } = rotation.stage;
  if (kept.name === 'overlapping' && oldKey === 'Inactive') {
    return ignore(rotation, 'the old key is off: roll back first');
  }
  const resumed = fresh(rotation, now);
  return move(rotation, resumed, `Resumed ${byName(by)}: ${whatIsDue(resumed)}.`);
}

function whatIsDue(resumed: Paused): string {
  switch (resumed.name) {
    case 'proposed':
      return resumed.approval.given
        ? whatIsNext(resumed)
        : `it waits for approval until ${inUtcWords(resumed.answerBy)}`;
    case 'overlapping':
      return `the old key is switched off at ${inUtcWords(resumed.deactivateAt)}`;
    case 'soaking':
      return `the old key is deleted at ${inUtcWords(resumed.deleteAt)}`;
  }
}

/** A key that somebody switched on again while it soaked has to go through the overlap anew. */
function fresh({ stage, policy }: At<Held>, now: Instant): Paused {
  const isOnAgain = stage.kept.name === 'soaking' && stage.oldKey === 'Active';
  const kept = isOnAgain ? onAgain(stage.kept.before) : stage.kept;
  switch (kept.name) {
    case 'proposed':
      return { ...proposedAnew(kept, policy, now), plan: planAnew(kept.plan, stage.since, now) };
    case 'overlapping':
      return {
        ...kept,
        since: now,
        deactivateAt: nextOpening(policy.window, plus(now, { hours: policy.graceHours })),
        nextProbeAt: now,
        authority: saidDuringHold(kept.authority, stage.since),
      };
    case 'soaking':
      return {
        ...kept,
        deleteAt: nextOpening(policy.window, plus(now, { hours: soakHours(policy, kept.before) })),
        nextProbeAt: now,
        authority:
          kept.authority.kind === 'attested'
            ? kept.authority
            : saidDuringHold(kept.authority, stage.since),
      };
  }
}

/** What was said before something went wrong is not relied on again. */
function saidDuringHold(authority: Authority, since: Instant): Authority {
  return authority.kind !== 'evidence' && authority.at >= since ? authority : { kind: 'evidence' };
}

/** A key to retire gets its whole notice again; a new key can be issued at once. */
function proposedAnew(kept: Proposed, policy: Policy, now: Instant): Proposed {
  const notice = kept.plan.kind === 'retire' ? policy.graceHours : 0;
  return {
    ...kept,
    due: nextOpening(policy.window, plus(now, { hours: notice })),
    answerBy: plus(now, { days: policy.answerDays }),
  };
}

function planAnew(plan: Proposed['plan'], since: Instant, now: Instant): Proposed['plan'] {
  return plan.kind === 'replace'
    ? plan
    : { ...plan, nextProbeAt: now, authority: saidDuringHold(plan.authority, since) };
}

function approve(rotation: At<Held>, by: Actor, now: Instant): Decision {
  const { kept } = rotation.stage;
  if (kept.name !== 'proposed' || kept.approval.given) {
    return ignore(rotation, 'it is approved already: resume it instead');
  }
  const approved: Proposed = {
    ...proposedAnew(kept, rotation.policy, now),
    plan: planAnew(kept.plan, rotation.stage.since, now),
    approval: { given: true, by, at: now },
  };
  return move(rotation, approved, `Approved ${byName(by)}: ${whatIsNext(approved)}.`);
}

/** Force overrides evidence, never a deadline: the deadline that was kept stands. */
function force(rotation: At<Held>, by: Actor, now: Instant): Decision {
  const { kept, oldKey } = rotation.stage;
  const from = kept.name === 'proposed' ? retirement(kept) : kept;
  if (from === null || (from.name === 'proposed' && !from.approval.given)) {
    return ignore(rotation, 'force overrides evidence, not approval: resume or approve it');
  }
  if (from.name === 'overlapping' && oldKey !== 'Active') {
    return ignore(rotation, 'the old key may be off: roll back first');
  }
  const said = { authority: forcedBy(by, now), nextProbeAt: now };
  const resumed: Paused =
    from.name === 'proposed' ? { ...from, plan: { ...from.plan, ...said } } : { ...from, ...said };
  return move(
    rotation,
    resumed,
    `Forced ${byName(by)}: it goes on whether or not the key is used.`,
  );
}

function attest(rotation: At<Held>, by: Actor, now: Instant): Decision {
  const { kept, since } = rotation.stage;
  if (kept.name === 'proposed') {
    const why =
      kept.plan.kind === 'replace'
        ? 'no new key has been issued yet'
        : 'a key is retired on evidence alone: nobody has to attest';
    return ignore(rotation, why);
  }
  const needless = kept.name === 'soaking' ? noWordNeeded(rotation, kept) : null;
  if (needless !== null) return needless;
  if (kept.authority.kind !== 'evidence' && kept.authority.at >= since) {
    return ignore(rotation, 'it was said already');
  }
  const authority = attestedBy(by, now);
  const said = `${actorName(by)} attested that nothing needs the old key any more.`;
  const news = `${said} Resume to go on.`;
  return stay(rotation, { ...rotation.stage, kept: { ...kept, authority } }, news);
}

/** A look at the keys while on hold: decides nothing but that they are gone. */
function look(rotation: At<Held>, evidence: Evidence, now: Instant): Decision {
  const { stage } = rotation;
  if (!isFresh(evidence, stage.since, now)) return ignore(rotation, 'the evidence is not fresh');
  const gone = goneBy(evidence, rotation, now);
  if (gone !== null) return gone;
  const nextProbeAt = plus(now, { hours: heldProbeHours });
  if (stage.kept.name === 'proposed' && retirement(stage.kept) === null) {
    return stay(rotation, { ...stage, nextProbeAt });
  }
  const known = evidence.oldKey === 'Active' || evidence.oldKey === 'Inactive';
  const oldKey = known ? evidence.oldKey : stage.oldKey;
  const before = evidenceIn(stage.kept);
  const shown = remembering(evidence, before);
  const next: Held = {
    ...stage,
    kept: withEvidence(stage.kept, evidence, shown),
    oldKey,
    nextProbeAt,
    reason: reasonSeen(stage, oldKey),
  };
  if (stage.oldKey !== 'unknown' && oldKey !== stage.oldKey) {
    return stay(rotation, next, `The old key is ${oldKey}, not ${stage.oldKey} any more.`);
  }
  const changed = oldKey !== stage.oldKey || viewChanged(before, shown);
  if (!changed) return stay(rotation, next);
  const isNeeded =
    stage.kept.name === 'soaking' &&
    evidence.verdict === 'in use' &&
    !onlyQuietIsLacking(evidence, stage.kept.authority);
  return isNeeded && oldKey !== 'Active'
    ? neededWhileOff(rotation, next, evidence)
    : stay(rotation, next, null);
}

/** A run that was cut may have switched the key on: to roll back again is then not what to do. */
function reasonSeen({ reason, kept }: Held, oldKey: Held['oldKey']): HoldReason {
  if (reason.code !== 'restore failed' || oldKey !== 'Active') return reason;
  const stood = kept.name === 'soaking' ? kept.before : kept;
  const before = stood.name === 'proposed' ? retirement(stood) : stood;
  if (before === null) return reason;
  const because = 'Nobody heard whether the old key was switched on, and it is Active.';
  return rolledBack(before, because);
}

function withEvidence(kept: Paused, seen: Evidence, shown: Evidence): Paused {
  if (kept.name === 'soaking') return lookedAt(kept, seen, shown);
  if (kept.name !== 'proposed') return { ...kept, evidence: shown };
  const { plan } = kept;
  return plan.kind === 'retire' ? { ...kept, plan: planWith(plan, seen, shown) } : kept;
}

/** It was off when somebody needed it: people are woken, since nothing restores it by itself. */
function neededWhileOff(rotation: At<Held>, next: Held, evidence: Evidence): Decision {
  const { kept } = next;
  const isOurs = kept.name === 'soaking' && statusBefore(rotation, kept.before) === 'Active';
  const todo = isOurs ? 'Roll back to restore it.' : `${offBefore} Find out who needs it.`;
  const text = `The old key was needed after all. ${reasonOf(evidence)} ${todo}`;
  const { rotation: state, effects } = stay(rotation, next, text);
  const summary = `${subjectOf(rotation)}: ${text}`;
  const page = { type: 'page', about: 'old-key-used', severity: 'critical', summary } as const;
  return { rotation: state, effects: [page, ...effects] };
}
