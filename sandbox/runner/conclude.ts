/** The end of a step and of an execution, and the event that tells of it. */
import type { Instant } from '../../domain/instant.ts';
import type { Clock } from '../../domain/ports.ts';
import type { Execution, StepRun } from './execution.ts';
import {
  type EndedThing,
  type EndStatus,
  executionEnded,
  type StatusEvent,
  stepEnded,
} from './status-event.ts';

export interface Reporter {
  readonly clock: Clock;
  emit(event: StatusEvent): void;
  nextId(): string;
  /** The execution has ended: its place is free. */
  ended(execution: Execution): void;
}

/** A step has ended: with which status, and EventBridge hears of it. */
export function conclude(
  engine: Reporter,
  execution: Execution,
  run: StepRun,
  status: EndStatus,
): void {
  run.status = status;
  run.endedAt = engine.clock.now();
  const thing = endedThing(engine, execution, status, run.startedAt ?? run.endedAt);
  engine.emit(stepEnded(thing, run.step.name, run.step.action));
}

/** The execution has ended. */
export function end(engine: Reporter, execution: Execution, status: EndStatus): void {
  execution.status = status;
  execution.endedAt = engine.clock.now();
  execution.current = undefined;
  const thing = endedThing(engine, execution, status, execution.startedAt ?? execution.endedAt);
  engine.emit(executionEnded(thing, execution.executedBy));
  engine.ended(execution);
}

function endedThing(
  engine: Reporter,
  execution: Execution,
  status: EndStatus,
  startedAt: Instant,
): EndedThing {
  return {
    eventId: engine.nextId(),
    where: execution.where,
    executionId: execution.id,
    documentName: execution.documentName,
    documentVersion: execution.documentVersion,
    status,
    startedAt,
    endedAt: engine.clock.now(),
  };
}
