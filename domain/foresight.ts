/**
 * What becomes of a rotation if nothing goes wrong: the machine itself, played on with the best
 * that can happen at every turn. So whatever really happens comes no earlier than foreseen here.
 */
import type { Rotation } from './case.ts';
import { Bug } from './errors.ts';
import type { RotationEvent, RunResult } from './event.ts';
import type { Evidence, Use } from './evidence.ts';
import { type Instant, latest } from './instant.ts';
import { policyActor } from './people.ts';
import { quietFloorHours } from './quiet.ts';
import { decide } from './rotation.ts';
import type { Issued, Proposed, Run, Spare } from './stage.ts';

export type StepName =
  | 'approval wanted by'
  | 'new key issued'
  | 'switched off'
  | 'deleted'
  | 'put on hold';

/** What happens to a key, and when: at the earliest, or (an answer wanted) at the latest. */
export interface ForeseenStep {
  readonly what: StepName;
  readonly at: Instant;
  readonly earliest: boolean;
}

/** What a rotation that is to issue a new key will find. */
export type ForeseenRoom =
  | { readonly is: 'free' }
  /** Once every key in the way is gone. */
  | { readonly is: 'awaited'; readonly spare: Spare; readonly goneAt: Instant }
  | { readonly is: 'taken'; readonly problem: string };

export interface Foreseen {
  readonly steps: readonly ForeseenStep[];
  /** The rotation as that leaves it: done, or held with the reason. */
  readonly end: Rotation;
}

interface Turn {
  readonly at: Instant;
  readonly event: RotationEvent;
}

/** Far more turns than the longest rotation takes. */
const mostTurns = 50;

/** Plays the rotation on from `now` to its end, or to where a person has to decide. */
export function foresee(rotation: Rotation, room: ForeseenRoom, now: Instant): Foreseen {
  const steps: ForeseenStep[] = [];
  let state = rotation;
  let moment = now;
  for (let turns = 0; turns < mostTurns; turns++) {
    const turn = bestTurn(state, room, moment);
    if (turn === null) return { steps, end: state };
    moment = latest(moment, turn.at);
    const { rotation: next, ignored } = decide(state, turn.event, moment);
    if (ignored !== undefined) {
      throw new Bug(`a ${state.stage.name} rotation does not take ${turn.event.type}: ${ignored}`);
    }
    steps.push(...stepsIn(state, next, turn.event, moment));
    state = { ...next, version: state.version + 1 };
  }
  throw new Bug(`a rotation of key ${rotation.key.keyId} has not ended in ${mostTurns} turns`);
}

function stepsIn(
  before: Rotation,
  after: Rotation,
  event: RotationEvent,
  at: Instant,
): readonly ForeseenStep[] {
  if (event.type === 'approved' && before.stage.name === 'proposed') {
    return [{ what: 'approval wanted by', at: before.stage.answerBy, earliest: false }];
  }
  if (after.stage.name === 'held') return [{ what: 'put on hold', at, earliest: true }];
  const what = event.type === 'run finished' ? deeds[event.result.status] : undefined;
  return what === undefined ? [] : [{ what, at, earliest: true }];
}

const deeds: Readonly<Partial<Record<RunResult['status'], StepName>>> = {
  issued: 'new key issued',
  deactivated: 'switched off',
  deleted: 'deleted',
};

/** The best that can happen next; null once nothing does without a person. */
function bestTurn(rotation: Rotation, room: ForeseenRoom, now: Instant): Turn | null {
  const { stage } = rotation;
  switch (stage.name) {
    case 'proposed':
      return bestBeginning(rotation, stage, room, now);
    case 'issuing':
      return stage.run.status === 'waiting'
        ? { at: stage.run.retryAt, event: { type: 'admitted' } }
        : endOf(stage.run, { status: 'issued', issued: issuedAt(now) }, now);
    case 'overlapping':
      return safeAt(stage.deactivateAt, 'Active', now);
    case 'deactivating':
      return endOf(stage.run, { status: 'deactivated', at: now }, now);
    case 'soaking':
      return safeAt(stage.deleteAt, 'Inactive', now);
    case 'deleting':
      return endOf(stage.run, { status: 'deleted', at: now }, now);
    case 'restoring':
      return endOf(stage.run, { status: 'restored', at: now }, now);
    case 'held':
    case 'done':
      return null;
  }
}

function bestBeginning(
  rotation: Rotation,
  { approval, plan, due }: Proposed,
  room: ForeseenRoom,
  now: Instant,
): Turn {
  if (!approval.given) return { at: now, event: { type: 'approved', by: policyActor } };
  if (plan.kind === 'retire') return safeAt(due, rotation.key.foundAs, now);
  switch (room.is) {
    case 'taken':
      return { at: due, event: { type: 'no room', problem: room.problem } };
    case 'awaited':
      return plan.waitsFor?.rotationId === room.spare.rotationId
        ? { at: latest(due, room.goneAt), event: { type: 'admitted' } }
        : { at: due, event: { type: 'room awaited', spare: room.spare } };
    case 'free':
      return { at: due, event: { type: 'admitted' } };
  }
}

const executionId = 'foreseen';

function endOf(run: Run, result: RunResult, now: Instant): Turn {
  const event: RotationEvent =
    run.status === 'ordered'
      ? { type: 'run started', effectId: run.effectId, executionId }
      : { type: 'run finished', executionId: run.executionId, result };
  return { at: now, event };
}

/** Nobody uses the old key, and whoever should uses the new one. */
function safeAt(due: Instant, oldKey: 'Active' | 'Inactive', now: Instant): Turn {
  const at = latest(due, now);
  const by: Use = {
    at,
    service: 'foreseen',
    region: 'foreseen',
    sourceIp: 'foreseen',
    userAgent: 'foreseen',
    source: 'cloudtrail',
  };
  const evidence: Evidence = {
    verdict: 'safe',
    basis: 'evidence',
    at,
    oldKey,
    userGone: false,
    uses: [],
    pickup: { seen: true, at, by },
    regionsAsked: 0,
    quietHours: quietFloorHours,
    quietAt: at,
  };
  return { at, event: { type: 'evidence gathered', evidence } };
}

/** No key of that kind exists: what is foreseen is told by its times alone. */
function issuedAt(at: Instant): Issued {
  return {
    newKeyId: 'foreseen',
    secretArn: 'foreseen',
    secretVersionId: 'foreseen',
    currentSince: at,
    testRequestIds: [],
  };
}
