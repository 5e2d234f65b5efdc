/**
 * The situations of the golden table: stages that a rotation can be in at a moment, and events that
 * can happen to it then. test/golden/machine.md says what each pair must come to.
 */
import type { Rotation } from '../../domain/case.ts';
import type { RotationEvent, RunResult } from '../../domain/event.ts';
import type { Evidence } from '../../domain/evidence.ts';
import { type Instant, instant, plus } from '../../domain/instant.ts';
import { snoozedFrom } from '../../domain/snooze-until.ts';
import type { Stage } from '../../domain/stage.ts';
import {
  admin,
  approvedProposal,
  approver,
  configFinding,
  deactivating,
  deleting,
  done,
  executionId,
  held,
  hubFinding,
  inUse,
  issued,
  issuing,
  nightWindow,
  notPicked,
  orderedRun,
  otherExecutionId,
  overlapping,
  picked,
  policyWith,
  proposed,
  restoring,
  retirement,
  rotationAt,
  runEffectId,
  safe,
  soaking,
  staleKey,
  startedRun,
  story,
  toReplace,
  unknown,
  use,
} from '../builders.ts';

export interface Situation {
  readonly rotation: Rotation;
  readonly now: Instant;
  /** What the old key is when everything is as Keyturn left it. */
  readonly oldKey: 'Active' | 'Inactive';
}

const closed = { policy: policyWith({ window: nightWindow }) };
const monday = instant('2026-11-02T12:00:00Z');
const tuesday = instant('2026-11-03T07:00:00Z');
const tomorrow = plus(monday, { hours: 24 });
const overdue = story.answerBy;
const deactivatingNow = plus(story.deactivateAt, { hours: 24 });
const soakNow = instant('2026-11-05T05:00:00Z');
const heldNow = plus(story.deactivateAt, { hours: 2 });

function active(stage: Stage, now: Instant, changes: Partial<Omit<Rotation, 'stage'>> = {}) {
  return { rotation: rotationAt(stage, changes), now, oldKey: 'Active' } as const;
}

function inactive(stage: Stage, now: Instant, changes: Partial<Omit<Rotation, 'stage'>> = {}) {
  return { rotation: rotationAt(stage, changes), now, oldKey: 'Inactive' } as const;
}

/** As it should be: off from the moment that Keyturn switched it off, or as it was found. */
function retired(
  stage: Stage,
  now: Instant,
  changes: Partial<Omit<Rotation, 'stage'>> = {},
): Situation {
  const isOff =
    stage.name === 'soaking' ||
    stage.name === 'deleting' ||
    stage.name === 'restoring' ||
    (stage.name === 'held' && stage.oldKey === 'Inactive');
  const rotation = rotationAt(stage, { kind: 'retire', ...changes });
  return { rotation, now, oldKey: isOff ? 'Inactive' : rotation.key.foundAs };
}

const spare = { keyId: 'AKIAEXAMPLESPAREKEY0', rotationId: '00000000-0000-5000-8000-0000000000aa' };
const waiting = (retryAt: Instant) => ({ status: 'waiting', retryAt }) as const;
const justNow: readonly [Instant, Instant] = [plus(monday, { minutes: 15 }), monday];
/** Ordered so long ago that it counts as failed; to be asked about now. */
const aDayAgo = (now: Instant) => [now, plus(now, { hours: -24 })] as const;
const unanswered = {
  code: 'unanswered',
  text: 'Nobody approved it in 7 days: approve it.',
} as const;
const refusedRun = { code: 'runbook failed', text: 'deactivate-key failed: look at it.' } as const;
const outsider = { code: 'changed outside', text: 'Somebody switched it off: roll back.' } as const;
const incomplete = {
  code: 'evidence incomplete',
  text: 'CloudTrail did not answer: wait.',
} as const;

const off = { key: { ...staleKey, foundAs: 'Inactive' } } as const;
const unapproved = { approval: { given: false } } as const;
const retiring = (changes = {}, plan = {}) => retirement(changes, plan);

/** An unused key that is to be retired; `found Inactive`: it was off when it was claimed. */
const retirements: Readonly<Record<string, Situation>> = {
  'retire: proposed, not approved': retired(retiring(unapproved), monday),
  'retire: proposed, approved, not due': retired(retiring(), tuesday),
  'retire: proposed, approved, due': retired(retiring(), story.deactivateAt),
  'retire: proposed, approved, due, window closed': retired(retiring(), story.deactivateAt, closed),
  'retire: proposed, maybe off after a failed run, due': retired(
    retiring({}, { statusBefore: 'Active' }),
    story.deactivateAt,
  ),
  'retire: proposed, found Inactive, due': retired(retiring(), story.deactivateAt, off),
  'retire: deactivating, started': retired(
    deactivating({ run: startedRun(story.deactivateAt), before: retiring() }),
    story.deactivateAt,
  ),
  'retire: soaking, before deadline': retired(soaking({ before: retiring() }), soakNow),
  'retire: soaking, due': retired(soaking({ before: retiring() }), story.deleteAt),
  'retire: soaking, found Inactive, due': retired(
    soaking({ before: retiring() }),
    story.deleteAt,
    off,
  ),
  'retire: deleting, started': retired(
    deleting({ run: startedRun(story.deleteAt), soak: soaking({ before: retiring() }) }),
    story.deleteAt,
  ),
  'retire: restoring, started': retired(
    restoring({ run: startedRun(soakNow), from: soaking({ before: retiring() }) }),
    soakNow,
  ),
  'retire: held at proposed': retired(held({ kept: retiring(), reason: incomplete }), heldNow),
  'retire: held at proposed, old key unknown': retired(
    held({ kept: retiring(), reason: refusedRun, oldKey: 'unknown' }),
    heldNow,
  ),
  'retire: held at proposed, not approved': retired(
    held({ kept: retiring(unapproved), reason: unanswered }),
    overdue,
  ),
  'retire: held at soaking': retired(
    held({ kept: soaking({ before: retiring() }), reason: incomplete, oldKey: 'Inactive' }),
    plus(story.deleteAt, { hours: 2 }),
  ),
};

export const stageSituations: Readonly<Record<string, Situation>> = {
  'proposed, not approved': active(proposed(), monday),
  'proposed, not approved, answer overdue': active(proposed(), overdue),
  'proposed, approved, due': active(approvedProposal(), monday),
  'proposed, approved, due for 24 h': active(approvedProposal({ due: monday }), tomorrow),
  'proposed, approved, due, window closed': active(approvedProposal(), monday, closed),
  'proposed, approved, not due': active(approvedProposal({ due: tomorrow }), monday),
  'issuing, ordered': active(issuing({ run: orderedRun(...justNow) }), monday),
  'issuing, started': active(issuing({ run: startedRun(...justNow) }), monday),
  'issuing, started, last try': active(
    issuing({ attempt: 3, triesLeft: 0, run: startedRun(...justNow) }),
    monday,
  ),
  'issuing, waiting, not due': active(issuing({ run: waiting(tomorrow) }), monday),
  'issuing, waiting, due': active(issuing({ run: waiting(monday) }), monday),
  'issuing, waiting, due for 24 h': active(issuing({ run: waiting(monday) }), tomorrow),
  'issuing, waiting, due, window closed': active(issuing({ run: waiting(monday) }), monday, closed),
  'overlapping, before deadline': active(overlapping(), tuesday),
  'overlapping, due': active(overlapping(), story.deactivateAt),
  'overlapping, due, window closed': active(overlapping(), story.deactivateAt, closed),
  'deactivating, ordered': active(
    deactivating({ run: orderedRun(story.deactivateAt) }),
    story.deactivateAt,
  ),
  'deactivating, started': active(
    deactivating({ run: startedRun(story.deactivateAt) }),
    story.deactivateAt,
  ),
  'deactivating, ordered 24 h ago': active(
    deactivating({ run: orderedRun(...aDayAgo(deactivatingNow)) }),
    deactivatingNow,
  ),
  'deactivating, started, ordered 24 h ago': active(
    deactivating({ run: startedRun(...aDayAgo(deactivatingNow)) }),
    deactivatingNow,
  ),
  'soaking, before deadline': inactive(soaking(), soakNow),
  'soaking, due': inactive(soaking(), story.deleteAt),
  'soaking, due, window closed': inactive(soaking(), story.deleteAt, closed),
  'deleting, ordered': inactive(deleting({ run: orderedRun(story.deleteAt) }), story.deleteAt),
  'deleting, started': inactive(deleting({ run: startedRun(story.deleteAt) }), story.deleteAt),
  'restoring, ordered': inactive(restoring({ run: orderedRun(soakNow) }), soakNow),
  'restoring, started': inactive(restoring({ run: startedRun(soakNow) }), soakNow),
  'held at proposed': active(held({ kept: proposed(), reason: unanswered }), overdue),
  'held at overlapping': active(held(), heldNow),
  'held at overlapping, old key Inactive': inactive(
    held({ reason: outsider, oldKey: 'Inactive' }),
    heldNow,
  ),
  'held at overlapping, old key unknown': active(
    held({ reason: refusedRun, oldKey: 'unknown' }),
    heldNow,
  ),
  'held at soaking': inactive(
    held({ kept: soaking(), reason: incomplete, oldKey: 'Inactive' }),
    plus(story.deleteAt, { hours: 2 }),
  ),
  'proposed, approved, due, waits for a spare': active(
    approvedProposal({ plan: { ...toReplace, waitsFor: spare } }),
    monday,
  ),
  done: inactive(done(), plus(story.deleted, { hours: 1 })),
  ...retirements,
};

/** Later than every `now` above it is used with, so that only quiet time is lacking. */
const quietAt = instant('2026-11-09T23:00:00Z');

function gathered(evidence: (situation: Situation) => Evidence) {
  return (situation: Situation): RotationEvent => ({
    type: 'evidence gathered',
    evidence: evidence(situation),
  });
}

/** How the old key stands: safe if as Keyturn left it, else the standing is broken. */
function standing(status: 'Active' | 'Inactive') {
  return gathered(({ now, oldKey }) =>
    oldKey === status
      ? safe({ at: now, oldKey })
      : unknown({ at: now, oldKey: status }, 'standing'),
  );
}

function finished(result: (now: Instant) => RunResult, execution = executionId) {
  return ({ now }: Situation): RotationEvent => ({
    type: 'run finished',
    executionId: execution,
    result: result(now),
  });
}

const always = (event: RotationEvent) => () => event;

export const eventSituations: Readonly<Record<string, (situation: Situation) => RotationEvent>> = {
  'finding reported, known': always({ type: 'finding reported', finding: configFinding }),
  'finding reported, new': always({ type: 'finding reported', finding: hubFinding }),
  admitted: always({ type: 'admitted' }),
  'deadline passed': always({ type: 'deadline passed' }),
  'evidence: safe': gathered(({ now, oldKey }) => safe({ at: now, oldKey })),
  'evidence: old key used since pickup': gathered(({ now, oldKey }) =>
    inUse({ at: now, oldKey, uses: [use(plus(now, { hours: -2 }))], quietAt }),
  ),
  'evidence: only quiet time lacking': gathered(({ now, oldKey }) =>
    inUse({
      at: now,
      oldKey,
      uses: [use(plus(story.pickedUp, { hours: -1 }))],
      pickup: picked,
      quietHours: 168,
      quietAt,
    }),
  ),
  'evidence: not picked up': gathered(({ now, oldKey }) =>
    unknown({ at: now, oldKey, pickup: notPicked }, 'pickup'),
  ),
  'evidence: sources incomplete': gathered(({ now, oldKey }) =>
    unknown({ at: now, oldKey }, 'cloudtrail'),
  ),
  'evidence: standing broken': gathered(({ now, oldKey }) =>
    unknown({ at: now, oldKey }, 'standing'),
  ),
  'evidence: standing unread': gathered(({ now }) =>
    unknown({ at: now, oldKey: 'unknown' }, 'standing'),
  ),
  'evidence: user gone': gathered(({ now }) =>
    unknown({ at: now, oldKey: 'Gone', userGone: true }, 'standing'),
  ),
  'evidence: old key gone': gathered(({ now }) => unknown({ at: now, oldKey: 'Gone' }, 'standing')),
  'evidence: old key Inactive': standing('Inactive'),
  'evidence: old key Active': standing('Active'),
  'evidence: stale': gathered(({ now, oldKey }) => safe({ at: plus(now, { hours: -24 }), oldKey })),
  'run started': always({ type: 'run started', effectId: runEffectId, executionId }),
  'run started, other order': always({
    type: 'run started',
    effectId: 'another/1/0',
    executionId: otherExecutionId,
  }),
  'run still going': always({ type: 'run still going', executionId }),
  'run still going, other run': always({
    type: 'run still going',
    executionId: otherExecutionId,
  }),
  'run not started': always({
    type: 'run not started',
    effectId: runEffectId,
    problem: 'the document is missing',
  }),
  'run not started, other order': always({
    type: 'run not started',
    effectId: 'another/1/0',
    problem: 'the document is missing',
  }),
  'run finished: issued': finished(() => ({ status: 'issued', issued })),
  'run finished: deactivated': finished((at) => ({ status: 'deactivated', at })),
  'run finished: deleted': finished((at) => ({ status: 'deleted', at })),
  'run finished: restored': finished((at) => ({ status: 'restored', at })),
  'run finished: refused': finished(() => ({ status: 'refused', problem: 'the key is in use' })),
  'run finished: failed': finished(() => ({ status: 'failed', problem: 'a step timed out' })),
  'run finished, other run': finished(
    () => ({ status: 'failed', problem: 'a step timed out' }),
    otherExecutionId,
  ),
  'key gone: key': always({ type: 'key gone', what: 'key' }),
  'key gone: user': always({ type: 'key gone', what: 'user' }),
  'issued natively': always({
    type: 'issued natively',
    issued,
    custody: { vault: 'secrets-manager', healthCheck: null, copies: [] },
  }),
  'look failed': always({ type: 'look failed', problem: 'IAM did not answer' }),
  'room awaited': always({ type: 'room awaited', spare }),
  'no room': always({ type: 'no room', problem: 'the second key is in use.' }),
  crowded: always({ type: 'crowded' }),
  'found in files': always({
    type: 'found in files',
    found: { at: story.opened, places: ['.env:3'], more: 0 },
  }),
  'ring closed': always({ type: 'ring closed', why: 'low risk: closed' }),
  'run withdrawn': always({
    type: 'run withdrawn',
    effectId: runEffectId,
    why: 'the window is closed',
  }),
  'run withdrawn, other order': always({
    type: 'run withdrawn',
    effectId: 'another/1/0',
    why: 'the window is closed',
  }),
  exempted: always({ type: 'exempted', why: 'The policy exempts this user.' }),
  approved: always({ type: 'approved', by: approver }),
  'snoozed 24 h': always({ type: 'snoozed', by: approver, hours: 24 }),
  'snoozed until a day later': ({ rotation, now }) => ({
    type: 'snoozed until',
    by: approver,
    until: plus(snoozedFrom(rotation, now) ?? now, { hours: 24 }),
  }),
  paused: always({ type: 'paused', by: approver }),
  resumed: always({ type: 'resumed', by: approver }),
  'rolled back': always({ type: 'rolled back', by: approver }),
  attested: always({ type: 'attested', by: approver }),
  forced: always({ type: 'forced', by: admin }),
  abandoned: always({ type: 'abandoned', by: admin }),
  'reassigned, nobody known': always({
    type: 'reassigned',
    by: approver,
    owner: { known: false },
    assigned: true,
  }),
  'exempted by a person': ({ now }) => ({
    type: 'key exempted',
    by: approver,
    reason: 'The vendor replaces it.',
    until: plus(now, { days: 90 }),
  }),
  'incident answered': always({
    ...{ type: 'incident answered', about: 'held', what: 'acknowledged' },
    ...{ by: approver, at: story.deactivated, eventId: 'ONE' },
  }),
  'press refused': always({
    type: 'press refused',
    by: approver,
    press: 'force',
    why: 'only an admin may force',
  }),
};
