/**
 * What is done once a day: the inventory, then what is measured from it and from journals, then a
 * note of each key that becomes a finding soon, then the figures of each account are kept. What is
 * measured or noted late is no reason for a key to wait, so what fails of it is logged and told in
 * the result, and fails nothing.
 */
import { type AccountFigures, fleetSums, perAccountFigures } from '../domain/account-figures.ts';
import { type Coverage, coverageOf } from '../domain/coverage.ts';
import { messageOf, Permanent, Transient } from '../domain/errors.ts';
import { figuresOfDay } from '../domain/figures-of-day.ts';
import { fromAnotherEachDay } from '../domain/inventory.ts';
import { type Gauges, keyFigures } from '../domain/metrics.ts';
import { measureRotations } from './measure-rotations.ts';
import { noteApproaching } from './note-approaching.ts';
import { type InventoryShell, type InventoryTaken, takeInventory } from './take-inventory.ts';
import { endless, keepingBack, limited, type TimeLeft } from './time-left.ts';

/** However slow accounts are, what is measured and noted afterwards has so long of its own. */
const afterwardsMillis = 120_000;

/** Whatever hangs for longer is left out. */
const keepMillis = 60_000;

export interface StockShell extends InventoryShell {
  readonly gauges: Gauges;
}

export interface StockTaken extends InventoryTaken {
  /** Of each account that was read, by its id. */
  readonly figures: readonly AccountFigures[];
  /** Rotations that were measured; null if they could not be. */
  readonly measured: number | null;
  /** Keys noted to tell their owners of, and users who were left to tomorrow. */
  readonly approachingNoted: number;
  readonly approachingLeft: number;
}

/** Throws what `takeInventory` throws, and what nobody expected of the rest. */
export async function takeStock(shell: StockShell, time: TimeLeft = endless): Promise<StockTaken> {
  const { seen, ...taken } = await takeInventory(shell, keepingBack(time, afterwardsMillis));
  const { clock, gauges } = shell;
  const uncovered = taken.abandoned + taken.contradicted;
  // Of no account read there is nothing to say, which is not the same as nothing.
  if (seen.accounts.length > 0)
    gauges(keyFigures(fleetSums(seen.accounts), uncovered), clock.now());
  const measured = await measure(shell, time);
  const users = fromAnotherEachDay(seen.approaching, clock.now());
  const { noted, failed, left } = await noteApproaching(shell, users, time);
  if (left > 0) shell.log.error('users not warned for want of time', { users: left });
  const figures = perAccountFigures(seen.accounts);
  const approaching = { approachingNoted: noted, approachingLeft: failed + left };
  const notKept = taken.notKept + (await keepFigures(shell, figures, time));
  await noteCoverage(shell, coverageOf({ ...taken, notKept }, clock.now()), time);
  return { ...taken, notKept, figures, measured, ...approaching };
}

/** Without it the team is told that no inventory was taken. */
async function noteCoverage(
  { store, log }: StockShell,
  coverage: Coverage,
  time: TimeLeft,
): Promise<void> {
  const what = 'noting what the inventory says nothing of';
  try {
    await limited(time, keepMillis, what, () => store.noteCoverage(coverage));
  } catch (error) {
    if (!(error instanceof Transient) && !(error instanceof Permanent)) throw error;
    log.error('inventory: coverage not noted', { problem: messageOf(error) });
  }
}

/** How many files could not be kept. */
async function keepFigures(
  { history, clock, ids, log }: StockShell,
  figures: readonly AccountFigures[],
  time: TimeLeft,
): Promise<0 | 1> {
  if (history === undefined || figures.length === 0) return 0;
  const what = 'keeping the figures of the accounts';
  const keep = () => history.archive.keepFigures(figuresOfDay(clock.now(), figures, ids.digest));
  try {
    await limited(time, keepMillis, what, keep);
    return 0;
  } catch (error) {
    if (!(error instanceof Transient) && !(error instanceof Permanent)) throw error;
    log.error('inventory: not kept', { what, problem: messageOf(error) });
    return 1;
  }
}

async function measure(shell: StockShell, time: TimeLeft): Promise<number | null> {
  const failed = (problem: string) => {
    shell.log.error('rotations not measured', { problem });
    return null;
  };
  try {
    const came = await measureRotations(shell, time);
    return 'rotations' in came ? came.rotations : failed(came.unmeasured);
  } catch (error) {
    if (error instanceof Transient || error instanceof Permanent) return failed(messageOf(error));
    throw error;
  }
}
