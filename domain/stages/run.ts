/** What the four stages that wait for a runbook run have in common. */
import type { Rotation } from '../case.ts';
import { type Decision, ignore, longestRunHours, postponed, started, stay } from '../decision.ts';
import type { RotationEvent, RunResult } from '../event.ts';
import { type Instant, isDue, plus } from '../instant.ts';
import type { Run, Stage } from '../stage.ts';

interface RunStage {
  readonly run: Run;
  /** The same stage with what is now known of the run. */
  readonly withRun: (run: Run) => Stage;
  readonly notStarted: (problem: string) => Decision;
  /** Back to where it was ordered: it is decided again. */
  readonly withdrawn: (why: string) => Decision;
  readonly finished: (result: RunResult) => Decision;
}

/** Decides on an event while a run is in flight. */
export function decideRun(
  rotation: Rotation,
  stage: RunStage,
  event: RotationEvent,
  now: Instant,
): Decision {
  const { run } = stage;
  const anotherRun = () => ignore(rotation, `${rotation.stage.name} awaits another run`);
  switch (event.type) {
    case 'run started':
      if (event.effectId !== run.effectId) return anotherRun();
      return run.status === 'started'
        ? ignore(rotation, 'the start of that run is known already')
        : stay(rotation, stage.withRun(started(run, event.executionId, now)));
    case 'run not started':
      return event.effectId === run.effectId && run.status === 'ordered'
        ? stage.notStarted(event.problem)
        : anotherRun();
    case 'run withdrawn':
      return event.effectId === run.effectId && run.status === 'ordered'
        ? stage.withdrawn(event.why)
        : anotherRun();
    case 'run still going': {
      if (run.status !== 'started' || run.executionId !== event.executionId) return anotherRun();
      if (!isOverlong(run, now)) {
        return stay(rotation, stage.withRun(started(run, event.executionId, now)));
      }
      return stage.finished({ status: 'failed', problem: neverEnded(run.executionId) });
    }
    case 'run finished':
      return run.status === 'started' && run.executionId === event.executionId
        ? stage.finished(event.result)
        : anotherRun();
    case 'deadline passed':
      if (!isDue(run.pollAt, now)) return ignore(rotation, 'it is not due yet');
      if (!isOverlong(run, now)) return stay(rotation, stage.withRun(postponed(run, now)));
      return run.status === 'ordered'
        ? stage.notStarted(`SSM has not started the run in ${longestRunHours} h`)
        : stage.finished({ status: 'failed', problem: neverEnded(run.executionId) });
    default:
      return ignore(rotation, 'a runbook is running: try again when it has ended');
  }
}

function neverEnded(executionId: string): string {
  return `run ${executionId} is not known to have ended in ${longestRunHours} h: look at it in SSM`;
}

function isOverlong(run: Run, now: Instant): boolean {
  return isDue(plus(run.since, { hours: longestRunHours }), now);
}

/** Why a run's result is not the one that the stage waits for, as a sentence. */
export function problemIn(result: RunResult): string {
  return 'problem' in result ? result.problem : `it reported "${result.status}"`;
}
