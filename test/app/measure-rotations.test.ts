/** What is measured of rotations once a day: all of it, the same each time, or nothing. */
import { expect, test } from 'vitest';
import { memoryStore } from '../../adapters/memory-store.ts';
import { type MeasuringShell, measureRotations } from '../../app/measure-rotations.ts';
import { endless } from '../../app/time-left.ts';
import { Permanent, Transient } from '../../domain/errors.ts';
import { type Instant, instant, plus } from '../../domain/instant.ts';
import type { Measured } from '../../domain/metrics.ts';
import { dayBefore } from '../../domain/rotation-figures.ts';
import { done, overlapping } from '../builders.ts';
import { commit, unopened } from '../contracts/committing.ts';
import { timeFor } from './time-for.ts';

const now = instant('2026-11-23T05:00:00Z');
const at = (hours: number) => plus(dayBefore(now).from, { hours });

interface Given {
  readonly shell: MeasuringShell;
  readonly emitted: { readonly measured: readonly Measured[]; readonly at: Instant }[];
  readonly problems: string[];
}

async function given(): Promise<Given> {
  const store = memoryStore();
  const first = await commit(store, unopened('a'), { at: at(-9) });
  await commit(store, first, { stage: done({ at: at(5) }), at: at(5) });
  const old = await commit(store, unopened('b'), { at: at(-90) });
  await commit(store, old, { stage: done({ at: at(-80) }), at: at(-80) });
  for (let index = 0; index < 20; index += 1) {
    await commit(store, unopened(`c${index}`, {}, overlapping()), { at: at(index) });
  }
  const emitted: Given['emitted'] = [];
  const problems: string[] = [];
  const log = {
    info: () => undefined,
    error: (problem: string) => void problems.push(problem),
  };
  const gauges = (measured: readonly Measured[], moment: Instant) =>
    void emitted.push({ measured, at: moment });
  return { shell: { store, log, gauges, clock: { now: () => now } }, emitted, problems };
}

test('reads what is open or ended lately, and emits it once; once more, the same', async () => {
  const { shell, emitted } = await given();
  expect(await measureRotations(shell, endless)).toEqual({ rotations: 21 });
  expect(emitted).toHaveLength(1);
  expect(emitted[0]?.measured[0]?.values).toMatchObject({
    ...{ RotationsOpened: 20, RotationsRotated: 1, MeanHoursToRotate: 14 },
  });
  await measureRotations(shell, endless);
  expect(emitted[1]).toEqual(emitted[0]);
});

test('emits nothing of a part', async () => {
  const { shell, emitted } = await given();
  const came = await measureRotations(shell, timeFor(10));
  expect(came).toEqual({ unmeasured: 'time ran out after 8 rotations' });
  expect(emitted).toEqual([]);
});

test('goes on past one that cannot be read, and stops where the table is away', async () => {
  const { shell, emitted, problems } = await given();
  const { store } = shell;
  const reading = (error: Error): MeasuringShell => ({
    ...shell,
    store: {
      openOrEndedSince: store.openOrEndedSince,
      journal: async (id) => {
        if (id === 'c3') throw error;
        return store.journal(id);
      },
    },
  });
  await measureRotations(reading(new Permanent('of a newer Keyturn')), endless);
  expect(emitted[0]?.measured[0]?.values.RotationsOpened).toBe(19);
  expect(problems).toEqual(['rotation not measured']);
  const gone = reading(new Transient('no answer'));
  await expect(measureRotations(gone, endless)).rejects.toThrow(Transient);
  expect(emitted).toHaveLength(1);
});
