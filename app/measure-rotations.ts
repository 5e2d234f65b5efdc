/**
 * Measures what rotations came to on the day that is over, and where they stand. Counted from their
 * journals and never as they happen: counted once more, it comes to the same. If not all of them
 * could be read in time nothing is measured, since half a number would look like a whole one.
 */
import { messageOf, Permanent } from '../domain/errors.ts';
import { plus } from '../domain/instant.ts';
import { dayFigures, type Gauges } from '../domain/metrics.ts';
import type { Clock, Log, RotationStore } from '../domain/ports.ts';
import { dayBefore, type RotationTally, rotationTally } from '../domain/rotation-figures.ts';
import { mayBegin, type TimeLeft } from './time-left.ts';

export interface MeasuringShell {
  readonly store: Pick<RotationStore, 'openOrEndedSince' | 'journal'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  readonly gauges: Gauges;
}

/** Journals that are read at once. */
const atOnce = 8;

/** An end is listed by the moment that was decided on, a little before its entry. */
const sooner = { hours: -1 } as const;

/** How many rotations were measured, or why none. Throws Transient. */
export async function measureRotations(
  shell: MeasuringShell,
  time: TimeLeft,
): Promise<{ readonly rotations: number } | { readonly unmeasured: string }> {
  const { store, clock, gauges } = shell;
  const now = clock.now();
  const day = dayBefore(now);
  const tally = rotationTally(day);
  let rotations = 0;
  let next: string[] = [];
  const readNext = async () => {
    await Promise.all(next.map((id) => addTo(shell, tally, id)));
    rotations += next.length;
    next = [];
  };
  for await (const id of store.openOrEndedSince(plus(day.from, sooner))) {
    if (!mayBegin(time)) return { unmeasured: `time ran out after ${rotations} rotations` };
    next.push(id);
    if (next.length === atOnce) await readNext();
  }
  await readNext();
  gauges(dayFigures(tally.figures()), now);
  return { rotations };
}

/** One that cannot be read is told of by whoever acts on it, and keeps no other from counting. */
async function addTo({ store, log }: MeasuringShell, tally: RotationTally, rotationId: string) {
  try {
    tally.add(await store.journal(rotationId));
  } catch (error) {
    if (!(error instanceof Permanent)) throw error;
    log.error('rotation not measured', { rotationId, problem: messageOf(error) });
  }
}
