/**
 * The machine's state and the model's, each in the same words, so that they can be compared and a
 * difference can be read. What a stage does not rest on is left out.
 */
import type { Rotation } from '../../../domain/case.ts';
import type { Effect } from '../../../domain/effect.ts';
import type { Authority, Evidence } from '../../../domain/evidence.ts';
import type { Paused, Run } from '../../../domain/stage.ts';
import { type Place, type Story, said, stageOf } from './story.ts';

/** The model's story. */
export function storyInWords(story: Story): string {
  const { kind, version, shown, snoozed, findings } = story;
  const { owner, isSure, gaveUp } = story;
  const head = `${kind} v${version} shown ${shown} snoozed ${snoozed.toFixed(6)} h`;
  const whose = `of ${owner} (sure: ${isSure}; given up by: ${gaveUp.join()})`;
  return `${head} ${whose}, ${Object.keys(findings).length} findings: ${whereInWords(story)}`;
}

function whereInWords(story: Story): string {
  const { run, hold, retryAt, attempt, triesLeft, end, where } = story;
  if (end !== null) {
    return `done, ${end}${story.exemptUntil === null ? '' : ` until ${said(story.exemptUntil)}`}`;
  }
  if (run !== null) {
    const execution = run.execution ?? 'not started';
    const head = `${stageOf(story)} by ${run.order} (${execution}) asked at ${said(run.pollAt)}`;
    const tries = stageOf(story) === 'issuing' ? `, attempt ${attempt}, ${triesLeft} left` : '';
    return `${head}${tries}`;
  }
  if (retryAt !== null) {
    return `issuing again at ${said(retryAt)}, attempt ${attempt}, ${triesLeft} left`;
  }
  const place = placeInWords(story, where);
  if (hold === null) return place;
  const { code, oldKey, since, lookAt } = hold;
  return `held (${code}; old key ${oldKey}) since ${said(since)} to ${said(lookAt)} at ${place}`;
}

function placeInWords(story: Story, where: Place): string {
  const { due, word, memory } = story.at[where];
  const rests = `due ${said(due)} on ${word}`;
  const quiet = memory === null ? 'no look' : `quiet ${memory.quiet / 3_600_000} h`;
  if (where !== 'proposed') return `${where}, ${rests}, ${quiet}`;
  const answer = story.approved ? 'approved' : `answer by ${said(story.answerBy)}`;
  const plan =
    story.kind === 'replace'
      ? `${story.attempts} attempts, waits for ${story.waitsFor}`
      : `stood ${story.stood}, ${quiet}`;
  return `proposed, ${rests}, ${answer}, ${plan}, ring ${story.ring}`;
}

/** The machine's rotation. */
export function rotationInWords(rotation: Rotation): string {
  const { kind, version, shownVersion, snoozedHours, findings, stage } = rotation;
  const { owner, handover } = rotation;
  const head = `${kind} v${version} shown ${shownVersion} snoozed ${snoozedHours.toFixed(6)} h`;
  const { assigned = true, givenUpBy = [] } = handover ?? {};
  const who = owner.known ? owner.slackUserId : null;
  const whose = `of ${who} (sure: ${assigned}; given up by: ${givenUpBy.join()})`;
  return `${head} ${whose}, ${findings.length} findings: ${stageInWords(stage)}`;
}

function stageInWords(stage: Rotation['stage']): string {
  switch (stage.name) {
    case 'done':
      return stage.exemption === undefined
        ? `done, ${stage.outcome}`
        : `done, ${stage.outcome} until ${stage.exemption.until}`;
    case 'issuing': {
      const tries = `attempt ${stage.attempt}, ${stage.triesLeft} left`;
      return stage.run.status === 'waiting'
        ? `issuing again at ${stage.run.retryAt}, ${tries}`
        : `${runInWords('issuing', stage.run)}, ${tries}`;
    }
    case 'deactivating':
    case 'deleting':
    case 'restoring':
      return runInWords(stage.name, stage.run);
    case 'held': {
      const { reason, oldKey, since, nextProbeAt, kept } = stage;
      const head = `held (${reason.code}; old key ${oldKey}) since ${since} to ${nextProbeAt}`;
      return `${head} at ${pausedInWords(kept)}`;
    }
    default:
      return pausedInWords(stage);
  }
}

function runInWords(name: string, run: Run): string {
  const execution = run.status === 'started' ? run.executionId : 'not started';
  return `${name} by ${run.effectId} (${execution}) asked at ${run.pollAt}`;
}

const evidenced: Authority = { kind: 'evidence' };
const quietIn = (evidence: Evidence | null) =>
  evidence === null ? 'no look' : `quiet ${evidence.quietHours} h`;

function pausedInWords(stage: Paused): string {
  switch (stage.name) {
    case 'overlapping': {
      const { name, deactivateAt, authority, evidence } = stage;
      return `${name}, due ${deactivateAt} on ${authority.kind}, ${quietIn(evidence)}`;
    }
    case 'soaking': {
      const { name, deleteAt, authority, evidence } = stage;
      return `${name}, due ${deleteAt} on ${authority.kind}, ${quietIn(evidence)}`;
    }
    case 'proposed': {
      const { due, approval, answerBy, plan } = stage;
      const { kind } = plan.kind === 'retire' ? plan.authority : evidenced;
      const answer = approval.given ? 'approved' : `answer by ${answerBy}`;
      const what =
        plan.kind === 'replace'
          ? `${plan.attempts} attempts, waits for ${plan.waitsFor?.rotationId ?? null}`
          : `stood ${plan.statusBefore}, ${quietIn(plan.evidence)}`;
      const ring = `ring ${stage.ringClosed ?? null}`;
      return `proposed, due ${due} on ${kind}, ${answer}, ${what}, ${ring}`;
    }
  }
}

/** Every order but the messages, which say the same as the state, in a fixed order. */
export function ordersInWords(effects: readonly Effect[]): readonly string[] {
  return effects.flatMap((effect) => {
    switch (effect.type) {
      case 'start runbook':
        return [`start ${effect.runbook}`];
      case 'page':
        return [`page ${effect.about}`];
      case 'clear page':
        return [`clear ${effect.about}`];
      case 'record result':
        return [`record ${effect.workflow}`];
      // That people are called no more moves nothing: incident.test.ts has it.
      case 'acknowledge page':
      case 'update message':
      case 'tell owner':
        return [];
      default:
        return [effect.type];
    }
  });
}

/** The row of the stage table that a rotation is in. */
export function rowIn({ stage }: Rotation): string {
  return stage.name === 'held' ? `held at ${stage.kept.name}` : stage.name;
}
