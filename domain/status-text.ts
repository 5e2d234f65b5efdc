/**
 * What people read about a rotation: whole plain sentences with absolute UTC times, the same in
 * Slack, on a pager, in a mail. Outside text stands in them as it came; adapters escape it.
 */
import { evidenceOf, keptStage } from './at-a-glance.ts';
import { statusBefore } from './before-off.ts';
import type { Rotation } from './case.ts';
import { asSentence } from './decision.ts';
import { unreachable } from './errors.ts';
import { describeUse } from './evidence.ts';
import { inFiles } from './found-in-files.ts';
import { answerInWords } from './incident.ts';
import { inUtcWords } from './instant.ts';
import { shortKey, userLabel } from './key.ts';
import { actorName } from './people.ts';
import type { Done, Held, Issuing, Outcome, Proposed, StageName } from './stage.ts';

/** One line of the stage list. */
export interface StageLine {
  readonly title: string;
  readonly mark: 'done' | 'now' | 'stopped' | 'to come';
}

interface Step {
  readonly name: StageName;
  readonly title: string;
}

const steps: readonly Step[] = [
  { name: 'proposed', title: 'Approve' },
  { name: 'issuing', title: 'Issue the replacement key' },
  { name: 'overlapping', title: 'Overlap: both keys work' },
  { name: 'deactivating', title: 'Deactivate the old key' },
  { name: 'soaking', title: 'Soak: the old key is off, but restorable' },
  { name: 'deleting', title: 'Delete the old key' },
];

/** An unused key is switched off as it is: none replaces it. */
const retirement: readonly Step[] = steps
  .filter(({ name }) => name !== 'issuing' && name !== 'overlapping')
  .map((step) => (step.name === 'proposed' ? { ...step, title: 'Approve and give notice' } : step));

const words: Readonly<Record<StageName, string>> = {
  proposed: 'Proposed',
  issuing: 'Issuing the replacement key',
  overlapping: 'Overlap: both keys work',
  deactivating: 'Deactivating the old key',
  soaking: 'Soak: the old key is off',
  deleting: 'Deleting the old key',
  restoring: 'Restoring the old key',
  held: 'On hold',
  done: 'Done',
};

/** A stage in a few words, of whichever rotation. */
export function stageWords(stage: StageName): string {
  return words[stage];
}

/** The stage in a few words, e.g. for a table cell. */
export function stageInWords(rotation: Rotation): string {
  const { stage } = rotation;
  if (stage.name === 'done') return `Done: ${stage.outcome}`;
  if (stage.name === 'held') return `On hold (${stage.reason.code})`;
  return words[stage.name];
}

/** `old key …WXYZ of 111122223333/svc-billing`. */
function oldKey(rotation: Rotation): string {
  return `old key ${shortKey(rotation.key.keyId)} of ${userLabel(rotation.key.user)}`;
}

/** The state in one sentence: which key, where it stands, until when. */
export function headline(rotation: Rotation): string {
  const { stage } = rotation;
  const key = oldKey(rotation);
  switch (stage.name) {
    case 'proposed':
      return proposedHeadline(rotation, stage);
    case 'issuing':
      return issuingHeadline(key, stage);
    case 'overlapping':
      return `Both keys work: ${key} is deactivated at ${inUtcWords(stage.deactivateAt)}.`;
    case 'deactivating':
      return `The ${key} is being deactivated.`;
    case 'soaking':
      return `The ${key} is off and is deleted at ${inUtcWords(stage.deleteAt)}.`;
    case 'deleting':
      return `The ${key} is being deleted.`;
    case 'restoring':
      return `The ${key} is being switched on again.`;
    case 'held':
      return `On hold since ${inUtcWords(stage.since)}: the rotation of ${key}.`;
    case 'done':
      return doneHeadline(key, stage);
    default:
      return unreachable(stage);
  }
}

/** What the reader has to do, or that there is nothing to do. */
export function whatToDo(rotation: Rotation): string {
  const { stage } = rotation;
  switch (stage.name) {
    case 'proposed':
      return proposedToDo(stage);
    case 'overlapping':
      return `Change over to the new key in ${stage.issued.secretArn} before then.`;
    case 'soaking':
      return statusBefore(rotation, stage.before) === 'Active'
        ? 'If anything broke, press Roll back: the old key is switched on again.'
        : 'There is nothing to do: the key was off already, not by Keyturn.';
    case 'held':
      return whatToDoWhenHeld(rotation, stage);
    case 'done':
      return stage.remaining.length === 0
        ? 'There is nothing to do.'
        : 'Please look at what remains.';
    case 'issuing':
    case 'deactivating':
    case 'deleting':
    case 'restoring':
      return 'There is nothing to do: a runbook is at work.';
    default:
      return unreachable(stage);
  }
}

/** Why the rotation stands where it stands, as sentences; empty when that needs no reason. */
export function reasons(rotation: Rotation): readonly string[] {
  const { found, stage } = rotation;
  const files = found === undefined || stage.name === 'done' ? [] : [inFiles(found)];
  return [...ownReasons(rotation), ...files];
}

function ownReasons({ stage }: Rotation): readonly string[] {
  switch (stage.name) {
    case 'held':
      return [stage.reason.text];
    case 'restoring':
      return [stage.because];
    case 'proposed':
      return stage.ringClosed === undefined ? [] : [`Its ring: ${stage.ringClosed}.`];
    case 'done':
      return stage.exemption === undefined
        ? stage.remaining
        : [`Reason: ${stage.exemption.reason}`, ...stage.remaining];
    default:
      return [];
  }
}

/** What people said in PagerDuty, as sentences. */
export function answersInWords({ incidents = [] }: Rotation): readonly string[] {
  return incidents.flatMap(({ about, answer }) =>
    answer === null ? [] : `${answerInWords(about, answer)} at ${inUtcWords(answer.at)}.`,
  );
}

/** One plain text that says it all: state, key, deadline, reason, what to do. */
export function wholeSentence(rotation: Rotation): string {
  const why = reasons(rotation).map(asSentence);
  return [headline(rotation), ...why, whatToDo(rotation), ...answersInWords(rotation)].join(' ');
}

/** Every stage with a mark; empty for a rotation that ended before its end. */
export function stageList(rotation: Rotation): readonly StageLine[] {
  const stage = keptStage(rotation);
  const stopped = stage !== rotation.stage;
  const isFinished = stage.name === 'done' && !endedEarly.has(stage.outcome);
  if (stage.name === 'done' && !isFinished) return [];
  const all = rotation.kind === 'replace' ? steps : retirement;
  const found = all.findIndex(({ name }) => name === stage.name);
  const position = found < 0 ? all.length : found;
  return all.map(({ title }, place) => {
    if (place < position) return { title, mark: 'done' };
    if (place > position) return { title, mark: 'to come' };
    return { title, mark: stopped ? 'stopped' : 'now' };
  });
}

const endedEarly: ReadonlySet<Outcome> = new Set(['already gone', 'exempt', 'abandoned']);

function proposedToDo({ approval, plan }: Proposed): string {
  if (plan.kind === 'retire') {
    return approval.given
      ? 'If anything needs the key, press Pause before then: once it is off, calls with it fail.'
      : 'Approve it, or snooze it; the key stays as it is meanwhile.';
  }
  if (approval.given && plan.waitsFor !== null) {
    const other = shortKey(plan.waitsFor.keyId);
    return `The retirement of key ${other} has its own message: answer that. The old key works.`;
  }
  return approval.given
    ? 'There is nothing to do: the old key goes on working.'
    : 'Approve it, or snooze it; the old key goes on working meanwhile.';
}

function retirementHeadline(rotation: Rotation, stage: Proposed): string {
  const key = `unused key ${shortKey(rotation.key.keyId)} of ${userLabel(rotation.key.user)}`;
  if (!stage.approval.given) {
    const since = rotation.key.createdAt.slice(0, 10);
    const by = inUtcWords(stage.answerBy);
    return `Approval wanted by ${by} to retire the ${key}, created on ${since}.`;
  }
  const by = actorName(stage.approval.by);
  if (stage.ringClosed !== undefined) return `Approved by ${by}: the ${key} waits for its ring.`;
  return `Approved by ${by}: the ${key} is switched off at ${inUtcWords(stage.due)}.`;
}

function proposedHeadline(rotation: Rotation, stage: Proposed): string {
  if (stage.plan.kind === 'retire') return retirementHeadline(rotation, stage);
  const key = oldKey(rotation);
  if (!stage.approval.given) {
    const since = rotation.key.createdAt.slice(0, 10);
    const by = inUtcWords(stage.answerBy);
    return `Approval wanted by ${by} to replace the ${key}, created on ${since}.`;
  }
  const by = actorName(stage.approval.by);
  if (stage.ringClosed !== undefined) return `Approved by ${by}: the ${key} waits for its ring.`;
  const { waitsFor } = stage.plan;
  if (waitsFor !== null) {
    const other = `unused key ${shortKey(waitsFor.keyId)}`;
    return `Approved by ${by}: the ${key} gets its replacement once ${other} is retired.`;
  }
  return `Approved by ${by}: the ${key} gets its replacement from ${inUtcWords(stage.due)} on.`;
}

function issuingHeadline(key: string, stage: Issuing): string {
  return stage.run.status === 'waiting'
    ? `Attempt ${stage.attempt} to replace the ${key} starts at ${inUtcWords(stage.run.retryAt)}.`
    : `A replacement for the ${key} is being issued (attempt ${stage.attempt}).`;
}

const endings: Readonly<Record<Outcome, string>> = {
  rotated: 'is replaced and deleted',
  retired: 'was unused and is deleted',
  'already gone': 'was already gone',
  exempt: 'is left as it is: its user is exempt',
  abandoned: 'is left as it is: the rotation was abandoned',
};

function doneHeadline(key: string, stage: Done): string {
  const { exemption } = stage;
  const ending =
    exemption === undefined
      ? endings[stage.outcome]
      : `is left as it is: ${exemption.by} exempted it until ${inUtcWords(exemption.until)}`;
  return `Done at ${inUtcWords(stage.at)}: the ${key} ${ending}.`;
}

function whatToDoWhenHeld(rotation: Rotation, { oldKey, kept }: Held): string {
  const before = kept.name === 'soaking' ? kept.before : kept;
  const isRestorable = before.name !== 'proposed' || isOnBefore(rotation, before);
  if (!isRestorable && oldKey !== 'Active') {
    return `The key is off, not by Keyturn. ${untilPressed}`;
  }
  const key = {
    Active: 'The old key works.',
    Inactive: 'The old key is off; Roll back switches it on again.',
    unknown: 'The old key may be off; Roll back makes sure that it works.',
  }[oldKey];
  return `${key} ${untilPressed}`;
}

const untilPressed = 'Nothing more happens until somebody presses a button.';

function isOnBefore(rotation: Rotation, proposed: Proposed): boolean {
  const { plan } = proposed;
  return plan.kind === 'replace' || statusBefore(rotation, { ...proposed, plan }) === 'Active';
}

/** Who still uses the old key, newest first, at most five, as lines. */
export function usesInWords(rotation: Rotation): readonly string[] {
  return (evidenceOf(rotation)?.uses ?? []).slice(0, 5).map(describeUse);
}
