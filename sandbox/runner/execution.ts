/** One run of a document: what has happened so far, and how the SSM API shows it. */
import type {
  AutomationExecution,
  AutomationExecutionStatus,
  StepExecution,
} from '@aws-sdk/client-ssm';
import type { Instant } from '../../domain/instant.ts';
import type { Place } from '../../domain/ports.ts';
import type { ActingPlace, Failure } from './action.ts';
import {
  type AutomationDocument,
  detourText,
  following,
  type Step,
  successors,
} from './document.ts';
import { apiStrings, type Json, type JsonMap } from './json.ts';
import type { GivenParameters } from './parameters.ts';

/** What SSM says where an output does not exist (seen in the CLI's examples, 2026-11). */
export const noOutputYet = 'No output available yet because the step is not successfully executed';

export interface StepRun {
  readonly step: Step;
  readonly id: string;
  status: AutomationExecutionStatus;
  startedAt: Instant | undefined;
  endedAt: Instant | undefined;
  attempt: number;
  attemptStartedAt: Instant | undefined;
  /** Resolved, as the action got them. */
  inputs: JsonMap;
  outputs: JsonMap;
  failure: Failure | undefined;
}

export interface Execution {
  readonly id: string;
  readonly document: AutomationDocument;
  readonly documentName: string;
  readonly documentVersion: string;
  readonly where: Place;
  readonly acting: ActingPlace;
  readonly executedBy: string;
  readonly given: GivenParameters;
  readonly parameters: JsonMap;
  readonly steps: readonly StepRun[];
  readonly requestedAt: Instant;
  status: AutomationExecutionStatus;
  startedAt: Instant | undefined;
  endedAt: Instant | undefined;
  current: StepRun | undefined;
  /** Only the continuation scheduled last is carried out: each one takes a new turn. */
  turn: number;
  /** An action is under way in this very moment. */
  acts: boolean;
  stop: 'Cancel' | 'Complete' | 'TimeOut' | undefined;
  /** The steps of an onCancel are being carried out: nothing is stopped a second time. */
  cancelling: boolean;
  /** The first failure that decides how the execution ends. */
  verdict: { readonly status: 'Failed' | 'TimedOut'; readonly message: string } | undefined;
}

/** Whether nothing will happen to it any more. */
export function hasEnded(execution: Execution): boolean {
  return execution.endedAt !== undefined;
}

export function stepRun(execution: Execution, name: string): StepRun | undefined {
  return execution.steps.find((run) => run.step.name === name);
}

/** The value of `step.Output`: empty if the step succeeded without it. */
export function outputOf(execution: Execution, reference: string): Json {
  const [name = '', output = ''] = reference.split('.');
  const run = stepRun(execution, name);
  if (run?.status !== 'Success') return noOutputYet;
  return run.outputs[output] ?? '';
}

/** As GetAutomationExecution shows it. */
export function shown(execution: Execution): AutomationExecution {
  const { verdict, current, startedAt, endedAt } = execution;
  const variables = Object.entries(execution.document.variables).map(
    ([name, variable]): [string, string[]] => [name, apiStrings(variable.default ?? '')],
  );
  return {
    AutomationExecutionId: execution.id,
    DocumentName: execution.documentName,
    DocumentVersion: execution.documentVersion,
    AutomationExecutionStatus: execution.status,
    ExecutionStartTime: new Date(startedAt ?? execution.requestedAt),
    ...(endedAt === undefined ? {} : { ExecutionEndTime: new Date(endedAt) }),
    ExecutedBy: execution.executedBy,
    Mode: 'Auto',
    Parameters: Object.fromEntries(
      Object.entries(execution.given).map(([name, values]) => [name, [...values]]),
    ),
    Outputs: Object.fromEntries(
      execution.document.outputs.map((name) => [name, apiStrings(outputOf(execution, name))]),
    ),
    Variables: Object.fromEntries(variables),
    StepExecutions: execution.steps.map((run) => shownStep(execution, run)),
    StepExecutionsTruncated: false,
    ...(verdict === undefined ? {} : { FailureMessage: verdict.message }),
    ...(current === undefined || endedAt !== undefined
      ? {}
      : { CurrentStepName: current.step.name, CurrentAction: current.step.action }),
  };
}

function shownStep(execution: Execution, run: StepRun): StepExecution {
  const { step, failure } = run;
  const steps = execution.document.steps;
  const next = step.isEnd ? undefined : following(steps, step);
  return {
    StepName: step.name,
    Action: step.action,
    StepExecutionId: run.id,
    StepStatus: run.status,
    OnFailure: detourText(step.onFailure),
    MaxAttempts: step.maxAttempts,
    IsEnd: step.isEnd,
    IsCritical: step.isCritical,
    ValidNextSteps: successors(steps, step),
    ...(step.timeoutSeconds === undefined ? {} : { TimeoutSeconds: step.timeoutSeconds }),
    ...(next === undefined ? {} : { NextStep: next }),
    ...(run.startedAt === undefined ? {} : { ExecutionStartTime: new Date(run.startedAt) }),
    ...(run.endedAt === undefined ? {} : { ExecutionEndTime: new Date(run.endedAt) }),
    ...(run.status === 'Success' ? { ResponseCode: '0' } : {}),
    // The API shows inputs as JSON: a text has its quotation marks.
    Inputs: Object.fromEntries(
      Object.entries(run.inputs).map(([name, value]) => [name, JSON.stringify(value)]),
    ),
    Outputs: Object.fromEntries(
      Object.entries(run.outputs).map(([name, value]) => [name, apiStrings(value)]),
    ),
    ...(failure === undefined ? {} : shownFailure(failure)),
  };
}

function shownFailure(failure: Failure): StepExecution {
  return {
    FailureMessage: failure.message,
    FailureDetails: { FailureStage: failure.stage, FailureType: failure.type },
  };
}
