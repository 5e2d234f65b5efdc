/**
 * Asks SSM what became of a run and lets the rotation that waits for it know. Status events and the
 * tick both come here, so a lost event delays a rotation and never changes where it goes.
 */
import type { Rotation } from '../domain/case.ts';
import type { RunResult } from '../domain/event.ts';
import type { Ids, Log, Place, Runbooks } from '../domain/ports.ts';
import type { Run } from '../domain/stage.ts';
import { runInFlight } from '../domain/wake.ts';
import { advance, type Shell } from './advance.ts';
import { type RunParametersDeps, strangeIn } from './run-parameters.ts';

export interface FollowDeps extends Shell, RunParametersDeps {
  readonly runbooks: Runbooks;
  readonly ids: Ids;
  readonly log: Log;
}

export type Followed =
  /** The run has ended and the rotation has moved on. */
  | { readonly status: 'finished'; readonly rotation: Rotation }
  /** It is the run that the rotation waits for, and it has not ended. */
  | { readonly status: 'still going' }
  /** Nothing waits for it; nothing has changed. */
  | { readonly status: 'not awaited'; readonly reason: string };

/**
 * Follows a run by its execution id. A run whose start was ordered but never confirmed (the answer
 * was lost) is recognised by all that it was started with. Throws what the ports throw.
 *
 * `overdue` is the rotation on whose behalf the tick asks, long after the run was started: then a
 * run that goes on is noted, so that it is asked about again later, and one that SSM does not know
 * has failed, so that somebody is told.
 */
export async function followRun(
  deps: FollowDeps,
  where: Place,
  executionId: string,
  overdue?: string,
): Promise<Followed> {
  const report = await deps.runbooks.read(where, executionId);
  if (report === undefined) {
    const reason = `SSM knows no execution ${executionId} in ${where.account} ${where.region}`;
    if (overdue === undefined) return notAwaited(reason);
    const result = { status: 'failed', problem: `${reason}: look at the key yourself` } as const;
    return finish(deps, overdue, executionId, result);
  }
  const { effectId, state } = report;
  const rotationId = overdue ?? report.rotationId;
  if (rotationId === undefined) {
    return notAwaited(`execution ${executionId} was not started by Keyturn`);
  }
  const rotation = await deps.store.load(rotationId);
  const run = rotation && runInFlight(rotation);
  if (!rotation || !run || !isAt(rotation, where) || !isSame(run, executionId, effectId)) {
    return notAwaited(`no rotation waits for execution ${executionId}`);
  }
  if (run.status === 'ordered') {
    const strange = strangeIn(deps, report, rotation, where, run.effectId);
    if (strange !== undefined) {
      const reason = `execution ${executionId} is not the one that was ordered: ${strange}`;
      deps.log.error(`${reason}: find out who started it`, { rotationId });
      return notAwaited(reason);
    }
    const event = { type: 'run started', effectId: run.effectId, executionId } as const;
    await advance(deps, rotationId, event);
  }
  if (state.ended) return finish(deps, rotationId, executionId, state.result);
  if (overdue !== undefined) {
    await advance(deps, rotationId, { type: 'run still going', executionId });
  }
  return { status: 'still going' };
}

async function finish(
  deps: FollowDeps,
  rotationId: string,
  executionId: string,
  result: RunResult,
): Promise<Followed> {
  const event = { type: 'run finished', executionId, result } as const;
  const advanced = await advance(deps, rotationId, event);
  return advanced.ignored === undefined
    ? { status: 'finished', rotation: advanced.rotation }
    : notAwaited(`execution ${executionId}: ${advanced.ignored}`);
}

/**
 * A run elsewhere is never taken for ours: whoever may start automations in another account could
 * write any rotation and effect id into its parameters.
 */
function isAt({ key: { user }, region }: Rotation, where: Place): boolean {
  return (
    user.partition === where.partition && user.account === where.account && region === where.region
  );
}

function isSame(run: Run, executionId: string, effectId: string | undefined): boolean {
  return run.status === 'started' ? run.executionId === executionId : run.effectId === effectId;
}

function notAwaited(reason: string): Followed {
  return { status: 'not awaited', reason };
}
