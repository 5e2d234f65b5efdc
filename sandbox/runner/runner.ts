/**
 * Executes Automation documents in virtual time, as SSM Automation does: no emulator of AWS has
 * it. Everything happens in tasks of the clock, never inside the caller; a step takes at least a
 * second.
 */
import type { AutomationExecution } from '@aws-sdk/client-ssm';
import { Bug } from '../../domain/errors.ts';
import type { Place } from '../../domain/ports.ts';
import { awsError } from '../account/service.ts';
import type { VirtualClock } from '../clock.ts';
import type { ActionContext } from './action.ts';
import { begin, type Engine, haltNow } from './advance-execution.ts';
import type { AutomationDocument } from './document.ts';
import { type Execution, hasEnded, shown } from './execution.ts';
import { type GivenParameters, readParameters, roleArnPattern } from './parameters.ts';
import type { StatusEvent } from './status-event.ts';

export interface RunnerWorld {
  readonly clock: VirtualClock;
  readonly callAws: ActionContext['callAws'];
  readonly invokeFunction: ActionContext['invokeFunction'];
  emit(event: StatusEvent): void;
  /** A fresh UUID, for executions, steps and events. */
  nextId(): string;
}

export interface StartOrder {
  readonly parameters: GivenParameters;
  readonly where: Place;
  /** The ARN of who starts it. */
  readonly executedBy: string;
  readonly documentName: string;
  readonly documentVersion: string;
}

export interface Runner {
  /**
   * Starts or queues an execution and returns its id. Throws
   * InvalidAutomationExecutionParametersException naming every problem, or
   * AutomationExecutionLimitExceededException.
   */
  start(document: AutomationDocument, order: StartOrder): string;
  /** As the API shows it now; undefined if there is none (in that place, if one is given). */
  get(executionId: string, where?: Place): AutomationExecution | undefined;
  /** How many run or wait for a place, over all accounts and Regions. */
  inFlight(where?: Place): number;
  /** All executions of an account and Region, latest first. */
  list(where: Place): readonly AutomationExecution[];
  /**
   * Cancel: the current step ends Cancelled, then its onCancel. Complete: the current step is the
   * last. False if it cannot be stopped (any more).
   */
  stop(executionId: string, how: 'Cancel' | 'Complete'): boolean;
  /** A fault: the current attempt runs out of time now. False if nothing is under way. */
  timeOut(executionId: string): boolean;
}

/**
 * Executions of an account and Region that run at the same time, and that wait for a place.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-concepts.html (2026-11)
 */
const most = { running: 100, queued: 1000 };

interface Lane {
  running: number;
  readonly queue: Execution[];
}

export function createRunner(world: RunnerWorld): Runner {
  const executions = new Map<string, Execution>();
  const lanes = new Map<string, Lane>();

  const laneOf = (where: Place): Lane => {
    const key = placeKey(where);
    const lane = lanes.get(key) ?? { running: 0, queue: [] };
    lanes.set(key, lane);
    return lane;
  };

  const engine: Engine = {
    ...world,
    ended: (execution) => {
      const lane = laneOf(execution.where);
      const place = lane.queue.indexOf(execution);
      if (place >= 0) {
        lane.queue.splice(place, 1);
        return;
      }
      const next = lane.queue.shift();
      if (next === undefined) lane.running -= 1;
      else begin(engine, next);
    },
  };

  return {
    start: (document, order) => {
      const execution = prepared(world, document, order);
      const lane = laneOf(order.where);
      if (lane.running >= most.running && lane.queue.length >= most.queued) {
        throw awsError(
          'AutomationExecutionLimitExceededException',
          `${most.running} executions run and ${most.queued} wait in this account and Region`,
        );
      }
      executions.set(execution.id, execution);
      if (lane.running >= most.running) {
        lane.queue.push(execution);
      } else {
        lane.running += 1;
        begin(engine, execution);
      }
      return execution.id;
    },
    get: (id, where) => {
      const execution = executions.get(id);
      if (execution === undefined) return undefined;
      if (where !== undefined && placeKey(where) !== placeKey(execution.where)) return undefined;
      return shown(execution);
    },
    inFlight: (where) => {
      const counted = where === undefined ? [...lanes.values()] : [laneOf(where)];
      return counted.reduce((sum, { running, queue }) => sum + running + queue.length, 0);
    },
    list: (where) =>
      [...executions.values()]
        .filter((execution) => placeKey(execution.where) === placeKey(where))
        .reverse()
        .map(shown),
    stop: (id, how) => stop(engine, executions.get(id), how),
    timeOut: (id) => stop(engine, executions.get(id), 'TimeOut'),
  };
}

function placeKey({ partition, account, region }: Place): string {
  return `${partition}/${account}/${region}`;
}

function stop(
  engine: Engine,
  execution: Execution | undefined,
  how: 'Cancel' | 'Complete' | 'TimeOut',
): boolean {
  if (execution === undefined || hasEnded(execution) || execution.stop !== undefined) return false;
  if (execution.status === 'Pending' && how === 'TimeOut') return false;
  if (execution.status === 'Cancelling') return false;
  execution.stop = how;
  haltNow(engine, execution);
  return true;
}

function prepared(world: RunnerWorld, document: AutomationDocument, order: StartOrder): Execution {
  const problems: string[] = [];
  const parameters = readParameters(document.parameters, order.parameters);
  if (!parameters.ok) problems.push(...parameters.problems);
  const values = parameters.ok ? parameters.value : {};
  const roleArn = document.assumeRole.replace(/\{\{\s*(\w+)\s*\}\}/g, (_text, name: string) =>
    String(values[name] ?? ''),
  );
  if (parameters.ok) problems.push(...roleProblems(roleArn, order.where.account));
  if (problems.length > 0) {
    throw awsError('InvalidAutomationExecutionParametersException', problems.join('; '));
  }
  const id = world.nextId();
  if (document.steps.length === 0) throw new Bug(`${order.documentName} has no steps`);
  return {
    id,
    document,
    documentName: order.documentName,
    documentVersion: order.documentVersion,
    where: order.where,
    acting: {
      ...order.where,
      ...(roleArn === '' ? {} : { roleArn }),
      executionId: id,
      executedBy: order.executedBy,
    },
    executedBy: order.executedBy,
    given: order.parameters,
    parameters: values,
    steps: document.steps.map((step) => ({
      step,
      id: world.nextId(),
      status: 'Pending',
      startedAt: undefined,
      endedAt: undefined,
      attempt: 0,
      attemptStartedAt: undefined,
      inputs: {},
      outputs: {},
      failure: undefined,
    })),
    requestedAt: world.clock.now(),
    status: 'Pending',
    startedAt: undefined,
    endedAt: undefined,
    current: undefined,
    turn: 0,
    acts: false,
    stop: undefined,
    cancelling: false,
    verdict: undefined,
  };
}

/**
 * The words are those of
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/automation-troubleshooting.html
 * (2026-11). PassRole does not cross accounts.
 */
function roleProblems(roleArn: string, account: string): string[] {
  if (roleArn === '') return [];
  const match = roleArnPattern.exec(roleArn);
  if (match === null) return [`The format of the supplied assume role ARN is invalid: ${roleArn}`];
  if (match[1] === account) return [];
  return [`The defined assume role is unable to be assumed: ${roleArn} is of another account`];
}
