/** Starts the run that a rotation waits for: once, however often it is tried. */
import type { OutstandingEffect, RunbookName } from '../domain/effect.ts';
import { Permanent } from '../domain/errors.ts';
import type { Place, Runbooks } from '../domain/ports.ts';
import { runInFlight } from '../domain/wake.ts';
import { advance, type Shell } from './advance.ts';
import type { Performed } from './performed.ts';
import { runParameters } from './run-parameters.ts';

interface Starter extends Shell {
  readonly runbooks: Runbooks;
  readonly runbookRole: (where: Place) => string;
}

/**
 * The client token follows from the effect's id, so SSM starts one run however often this is
 * called. A run that can never be started is told to the machine, which decides what that means.
 */
export async function startRun(
  shell: Starter,
  { id, rotationId }: OutstandingEffect,
  runbook: RunbookName,
): Promise<Performed> {
  const rotation = await shell.store.load(rotationId);
  if (rotation === undefined) throw new Permanent(`there is no rotation ${rotationId}`);
  const run = runInFlight(rotation);
  if (run === null || run.effectId !== id) return { superseded: 'that run is no longer awaited' };
  if (run.status === 'started') return 'performed';
  const { partition, account } = rotation.key.user;
  const where: Place = { partition, account, region: rotation.region };
  try {
    const executionId = await shell.runbooks.start(where, {
      runbook,
      clientToken: shell.ids.uuid(id),
      parameters: runParameters(shell, rotation, where, id),
    });
    await advance(shell, rotationId, { type: 'run started', effectId: id, executionId });
    return 'performed';
  } catch (error) {
    if (!(error instanceof Permanent)) throw error;
    const problem = error.message;
    await advance(shell, rotationId, { type: 'run not started', effectId: id, problem });
    throw error;
  }
}
