/** Starts the run that a rotation waits for: once, however often it is tried. */
import { whyTooLate } from '../domain/asking.ts';
import type { Rotation } from '../domain/case.ts';
import type { OutstandingEffect, RunbookName } from '../domain/effect.ts';
import { Permanent } from '../domain/errors.ts';
import { type Instant, inUtcWords, isDue, plus } from '../domain/instant.ts';
import type { Place, Runbooks, Users } from '../domain/ports.ts';
import type { Run } from '../domain/stage.ts';
import { restsOnNothing } from '../domain/unsaid.ts';
import { runInFlight } from '../domain/wake.ts';
import { nextOpening } from '../domain/window.ts';
import { advance, type Shell } from './advance.ts';
import type { Performed } from './performed.ts';
import { type RulingDeps, rulingOn } from './ruling.ts';
import { type RunbookRole, runParameters, strangeIn } from './run-parameters.ts';

interface Starter extends Shell, RulingDeps {
  readonly users: Users;
  readonly runbooks: Runbooks;
  readonly runbookRole: RunbookRole;
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
    const why = runbook === 'restore-key' ? null : await whyNoLonger(shell, rotation);
    const begun =
      why === null ? undefined : await begunUnheard(shell, rotation, where, run, runbook);
    if (why !== null && begun === undefined) {
      await advance(shell, rotationId, { type: 'run withdrawn', effectId: id, why });
      return { superseded: why };
    }
    const executionId =
      begun ??
      (await shell.runbooks.start(where, {
        runbook,
        clientToken: shell.ids.uuid(id),
        parameters: runParameters(shell, rotation, where, id),
      }));
    await advance(shell, rotationId, { type: 'run started', effectId: id, executionId });
    return 'performed';
  } catch (error) {
    if (!(error instanceof Permanent)) throw error;
    const problem = error.message;
    await advance(shell, rotationId, { type: 'run not started', effectId: id, problem });
    throw error;
  }
}

/** The answer of an earlier try may have been lost: what runs is followed, not withdrawn. */
async function begunUnheard(
  shell: Starter,
  rotation: Rotation,
  where: Place,
  { effectId, since }: Run,
  runbook: RunbookName,
): Promise<string | undefined> {
  const found = await shell.runbooks.find(where, { runbook, effectId, since });
  return found.find((run) => strangeIn(shell, run, rotation, where, effectId) === undefined)
    ?.executionId;
}

/**
 * An order may be hours old when it can be carried out at last: SSM was down, or everything was
 * stopped. What must hold at the moment of the act is asked again. Giving a key back never waits.
 */
async function whyNoLonger(shell: Starter, rotation: Rotation): Promise<string | null> {
  const now = shell.clock.now();
  if (restsOnNothing(rotation)) return 'the word that it was ordered on was taken back';
  const late = whyTooLate(rotation, now);
  if (late !== null && !(await wasWithdrawnBefore(shell, rotation.id, now))) return late;
  const { key, policy } = rotation;
  const opening = nextOpening(policy.window, now);
  if (!isDue(opening, now)) return `the window is closed until ${inUtcWords(opening)}`;
  const { partition, account, userName, userId } = key.user;
  const user = await shell.users.byName(partition, account, userName);
  // Somebody else of that name, or nobody: custodian and witness refuse, and say so.
  return user?.userId === userId ? (await rulingOn(shell, user)).exempt : null;
}

/**
 * Deciding anew is worth it once. Where SSM starts nothing for hours, an order that were withdrawn
 * again and again would tell everybody so each time, and would never be old enough to be held.
 */
async function wasWithdrawnBefore(
  { store }: Shell,
  rotationId: string,
  now: Instant,
): Promise<boolean> {
  const journal = await store.journal(rotationId);
  return journal.some(
    ({ event, at }) => event.type === 'run withdrawn' && !isDue(plus(at, { days: 2 }), now),
  );
}
