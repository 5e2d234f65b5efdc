/** A runner with a scripted account behind it, for documents written in the tests. */
import type { AutomationExecution, StepExecution } from '@aws-sdk/client-ssm';
import { instant, plus } from '../../../domain/instant.ts';
import type { Place } from '../../../domain/ports.ts';
import { awsError } from '../../../sandbox/account/service.ts';
import { virtualClock } from '../../../sandbox/clock.ts';
import type { ActingPlace, FunctionAnswer } from '../../../sandbox/runner/action.ts';
import type { AutomationDocument } from '../../../sandbox/runner/document.ts';
import { parseAutomationDocument } from '../../../sandbox/runner/parse-document.ts';
import { createRunner } from '../../../sandbox/runner/runner.ts';
import type { StatusEvent } from '../../../sandbox/runner/status-event.ts';

export const place: Place = { partition: 'aws', account: '111122223333', region: 'us-east-1' };
export const startedAt = instant('2026-11-02T03:20:20Z');
export const starter = 'arn:aws:sts::111122223333:assumed-role/keyturn-dev-advance/on-tick';

/** The document, or an error that lists what is wrong with it. */
export function documentOf(text: string): AutomationDocument {
  const read = parseAutomationDocument(text);
  if (!read.ok) throw new Error(read.problems.join('\n'));
  return read.value;
}

/** What is wrong with a document. */
export function problemsOf(text: string): readonly string[] {
  const read = parseAutomationDocument(text);
  return read.ok ? [] : read.problems;
}

/** A document of these steps (YAML, not indented). */
export function stepsOnly(steps: string, head = ''): string {
  return `schemaVersion: '0.3'\n${head}\nmainSteps:\n${steps}`;
}

export interface ApiCall {
  readonly where: ActingPlace;
  readonly service: string;
  readonly operation: string;
  readonly input: unknown;
}

export interface Invocation {
  readonly where: ActingPlace;
  readonly name: string;
  readonly payload: unknown;
}

export function rig() {
  const clock = virtualClock(startedAt);
  const calls: ApiCall[] = [];
  const invocations: Invocation[] = [];
  const events: StatusEvent[] = [];
  const apis = new Map<string, () => unknown>();
  const functions = new Map<
    string,
    (payload: unknown) => FunctionAnswer | Promise<FunctionAnswer>
  >();
  let ids = 0;
  const runner = createRunner({
    clock,
    callAws: async (where, call) => {
      calls.push({ where, ...call });
      const api = apis.get(call.operation);
      if (api === undefined) throw awsError('UnknownOperationException', call.operation);
      return api();
    },
    invokeFunction: async (where, name, payload) => {
      invocations.push({ where, name, payload });
      const run = functions.get(name);
      if (run === undefined) throw awsError('ResourceNotFoundException', `no ${name}`, 404);
      return run(payload);
    },
    emit: (event) => events.push(event),
    nextId: () => {
      ids += 1;
      return `6dbf9ac2-da09-ee1d-3deb-${String(ids).padStart(12, '0')}`;
    },
  });
  const start = (text: string, parameters: Record<string, readonly string[]> = {}): string =>
    runner.start(documentOf(text), {
      parameters,
      where: place,
      executedBy: starter,
      documentName: 'Keyturn-Trial',
      documentVersion: '1',
    });
  const drain = async () => {
    while (await clock.step());
  };
  const read = (id: string): AutomationExecution => {
    const execution = runner.get(id);
    if (execution === undefined) throw new Error(`no execution ${id}`);
    return execution;
  };
  return {
    clock,
    runner,
    calls,
    invocations,
    events,
    /** Answers an API operation; a thrown error is AWS's. */
    answer: (operation: string, answer: () => unknown) => apis.set(operation, answer),
    /** Puts a Lambda function in place. */
    place: (name: string, run: (payload: unknown) => FunctionAnswer | Promise<FunctionAnswer>) =>
      functions.set(name, run),
    start,
    drain,
    read,
    /** Runs to the end and shows the execution. */
    run: async (text: string, parameters: Record<string, readonly string[]> = {}) => {
      const id = start(text, parameters);
      await drain();
      return read(id);
    },
    after: (seconds: number) => clock.runUntil(plus(clock.now(), { seconds })),
  };
}

export function stepOf(execution: AutomationExecution, name: string): StepExecution {
  const step = execution.StepExecutions?.find((one) => one.StepName === name);
  if (step === undefined) throw new Error(`no step ${name}`);
  return step;
}

/** `first=Success second=Pending`: the statuses of all steps. */
export function statuses(execution: AutomationExecution): string {
  return (execution.StepExecutions ?? [])
    .map((step) => `${step.StepName}=${step.StepStatus}`)
    .join(' ');
}
