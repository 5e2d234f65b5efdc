/**
 * How an execution gets from step to step. A step's status rules the way on (onFailure, isEnd),
 * and failures rule how the whole ends:
 * - Abort ends the execution with the step's status, critical or not;
 * - Continue and step: go on; the execution still ends Failed (TimedOut if the step ran out of
 * time) when the step was critical;
 * - isEnd ends the execution after the step whether it failed or succeeded;
 * - CompletedWithSuccess and CompletedWithFailure belong to change requests and never appear here.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-actions.html
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-handling-timeouts.html
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_StepExecution.html (2026-11)
 */
import { Bug } from '../../domain/errors.ts';
import {
  earliest,
  type Instant,
  isDue,
  latest,
  millisBetween,
  plus,
} from '../../domain/instant.ts';
import type { VirtualClock } from '../clock.ts';
import type { ActionContext, Failure, Outcome } from './action.ts';
import { actions } from './actions.ts';
import { conclude, end, type Reporter } from './conclude.ts';
import { following } from './document.ts';
import { type Execution, hasEnded, type StepRun, stepRun } from './execution.ts';
import { failureMessage } from './failure-message.ts';
import { interpolatedMap } from './interpolation.ts';
import type { JsonMap } from './json.ts';
import { resolver } from './references.ts';
import type { EndStatus } from './status-event.ts';
import { declaredOutputs } from './step-outputs.ts';

export interface Engine extends Reporter {
  readonly clock: VirtualClock;
  readonly callAws: ActionContext['callAws'];
  readonly invokeFunction: ActionContext['invokeFunction'];
}

/** What SSM needs between things that it does. */
const latency = { seconds: 1 };

/** Lets an execution that has a place start with its first step. */
export function begin(engine: Engine, execution: Execution): void {
  execution.status = 'InProgress';
  execution.startedAt = engine.clock.now();
  const first = execution.steps[0];
  if (first === undefined) throw new Bug(`execution ${execution.id} has no steps`);
  enter(engine, execution, first);
}

/** A stop was asked for: it takes effect now, or after the action that is under way. */
export function haltNow(engine: Engine, execution: Execution): void {
  if (execution.startedAt === undefined) {
    end(engine, execution, 'Cancelled');
    return;
  }
  if (execution.stop === 'Cancel') {
    execution.status = 'Cancelling';
    if (execution.current !== undefined) execution.current.status = 'Cancelling';
  }
  if (execution.acts || execution.stop === 'Complete') return;
  soon(engine, execution, () => {
    const run = currentOf(execution);
    if (execution.stop === 'TimeOut') outOfTime(engine, execution, run);
    else cancelled(engine, execution, run);
  });
}

function enter(engine: Engine, execution: Execution, run: StepRun): void {
  execution.current = run;
  run.status = 'InProgress';
  run.startedAt = engine.clock.now();
  attempt(engine, execution, run);
}

function attempt(engine: Engine, execution: Execution, run: StepRun): void {
  run.attempt += 1;
  run.attemptStartedAt = undefined;
  soon(engine, execution, () => act(engine, execution, run));
}

function soon(engine: Engine, execution: Execution, run: () => Promise<void> | void): void {
  schedule(engine, execution, plus(engine.clock.now(), latency), run);
}

/** Only the continuation scheduled last counts: a stop overtakes a sleep. */
function schedule(
  engine: Engine,
  execution: Execution,
  at: Instant,
  run: () => Promise<void> | void,
): void {
  execution.turn += 1;
  const turn = execution.turn;
  engine.clock.at(at, () => (execution.turn === turn && !hasEnded(execution) ? run() : undefined));
}

async function act(engine: Engine, execution: Execution, run: StepRun): Promise<void> {
  const { step } = run;
  const resolve = resolver(execution, engine.clock.now());
  run.inputs = interpolatedMap(step.inputs, resolve);
  const startedAt = engine.clock.now();
  // Counted from here: what others did to the clock before is no delay of this attempt.
  run.attemptStartedAt ??= startedAt;
  execution.acts = true;
  let outcome: Outcome;
  try {
    outcome = await actions[step.action].perform(run.inputs, contextOf(engine, execution));
  } finally {
    execution.acts = false;
  }
  const limit = actions[step.action].limitSeconds ?? Number.POSITIVE_INFINITY;
  const tookTooLong = millisBetween(startedAt, engine.clock.now()) > limit * 1000;
  if (execution.stop === 'TimeOut' || tookTooLong || isLate(engine, run)) {
    outOfTime(engine, execution, run);
  } else {
    settle(engine, execution, run, outcome);
  }
}

function contextOf(engine: Engine, execution: Execution): ActionContext {
  return {
    where: execution.acting,
    now: () => engine.clock.now(),
    callAws: engine.callAws,
    invokeFunction: engine.invokeFunction,
    soon: (run) => engine.clock.at(plus(engine.clock.now(), latency), run),
  };
}

/** The moment at which the attempt is out of time; undefined: never. */
function deadlineOf(run: StepRun): Instant | undefined {
  const seconds = run.step.timeoutSeconds ?? actions[run.step.action].timeoutSeconds;
  if (seconds === undefined || run.attemptStartedAt === undefined) return undefined;
  return plus(run.attemptStartedAt, { seconds });
}

function isLate(engine: Engine, run: StepRun): boolean {
  const deadline = deadlineOf(run);
  return deadline !== undefined && deadline < engine.clock.now();
}

function settle(engine: Engine, execution: Execution, run: StepRun, outcome: Outcome): void {
  switch (outcome.kind) {
    case 'succeeded':
      answered(engine, execution, run, outcome);
      break;
    case 'branched':
      succeeded(engine, execution, run, {}, outcome.to);
      break;
    case 'waiting':
      wait(engine, execution, run, outcome);
      break;
    case 'failed':
      run.outputs = outcome.outputs;
      attemptFailed(engine, execution, run, outcome.failure);
      break;
  }
}

function answered(
  engine: Engine,
  execution: Execution,
  run: StepRun,
  outcome: Extract<Outcome, { kind: 'succeeded' }>,
): void {
  const declared = declaredOutputs(run.step, outcome);
  if ('outputs' in declared) {
    succeeded(engine, execution, run, declared.outputs);
  } else {
    const failure = { stage: 'PostVerification', type: 'Verification' } as const;
    attemptFailed(engine, execution, run, { ...failure, message: declared.problem });
  }
}

function wait(
  engine: Engine,
  execution: Execution,
  run: StepRun,
  outcome: Extract<Outcome, { kind: 'waiting' }>,
): void {
  if (execution.stop === 'Cancel' && !execution.cancelling) {
    cancelled(engine, execution, run);
    return;
  }
  const deadline = deadlineOf(run);
  const until = latest(engine.clock.now(), outcome.until);
  schedule(engine, execution, deadline === undefined ? until : earliest(until, deadline), () => {
    if (deadline !== undefined && deadline < until && isDue(deadline, engine.clock.now())) {
      return outOfTime(engine, execution, run);
    }
    return outcome.afterwards === 'succeed'
      ? succeeded(engine, execution, run, {})
      : act(engine, execution, run);
  });
}

function succeeded(
  engine: Engine,
  execution: Execution,
  run: StepRun,
  outputs: JsonMap,
  branchTo?: string,
): void {
  run.outputs = outputs;
  run.failure = undefined;
  conclude(engine, execution, run, 'Success');
  const next = branchTo ?? (run.step.isEnd ? undefined : nextOf(execution, run));
  goOn(engine, execution, run, next);
}

function nextOf(execution: Execution, run: StepRun): string | undefined {
  return following(execution.document.steps, run.step);
}

function outOfTime(engine: Engine, execution: Execution, run: StepRun): void {
  if (execution.stop === 'TimeOut') execution.stop = undefined;
  const message = `Step timed out while it is executing ${run.step.action}`;
  const failure: Failure = { stage: 'Invocation', type: 'Action', message };
  attemptFailed(engine, execution, run, failure, 'TimedOut');
}

function attemptFailed(
  engine: Engine,
  execution: Execution,
  run: StepRun,
  failure: Failure,
  status: 'Failed' | 'TimedOut' = 'Failed',
): void {
  run.failure = { ...failure, message: failureMessage(failure, status) };
  if (run.attempt < run.step.maxAttempts && execution.stop === undefined) {
    attempt(engine, execution, run);
    return;
  }
  conclude(engine, execution, run, status);
  const { onFailure, isCritical, isEnd } = run.step;
  if (isCritical || onFailure.kind === 'Abort') {
    execution.verdict ??= { status, message: run.failure.message };
  }
  const detour = onFailure.kind === 'step' ? onFailure.name : nextOf(execution, run);
  const ends = onFailure.kind === 'Abort' || isEnd;
  goOn(engine, execution, run, ends ? undefined : detour);
}

/** The current step was stopped before it was through: on to its onCancel, or to the end. */
function cancelled(engine: Engine, execution: Execution, run: StepRun): void {
  conclude(engine, execution, run, 'Cancelled');
  goOn(engine, execution, run, undefined);
}

function goOn(engine: Engine, execution: Execution, run: StepRun, next: string | undefined): void {
  const target = execution.stop === undefined ? next : targetAfterStop(execution, run, next);
  if (target === undefined) {
    end(engine, execution, endStatus(execution));
    return;
  }
  const nextRun = stepRun(execution, target);
  if (nextRun === undefined) throw new Bug(`no step ${target} in ${execution.documentName}`);
  enter(engine, execution, nextRun);
}

/**
 * After a cancellation only the onCancel of the step that was current is carried out, with whatever
 * follows it.
 */
function targetAfterStop(
  execution: Execution,
  run: StepRun,
  next: string | undefined,
): string | undefined {
  if (execution.stop === 'Complete') return undefined;
  if (execution.cancelling) return next;
  execution.cancelling = true;
  return run.step.onCancel.kind === 'step' ? run.step.onCancel.name : undefined;
}

function endStatus(execution: Execution): EndStatus {
  if (execution.stop === 'Cancel') return 'Cancelled';
  return execution.verdict?.status ?? 'Success';
}

function currentOf(execution: Execution): StepRun {
  if (execution.current === undefined) throw new Bug(`execution ${execution.id} is at no step`);
  return execution.current;
}
