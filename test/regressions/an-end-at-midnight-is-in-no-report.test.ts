/**
 * A rotation counted as ended at the moment of the decision, and changed at that of its entry. With
 * a week's end between the two, neither week's report counted it as rotated, nor as opened.
 */
import { expect, test } from 'vitest';
import { cryptoIds } from '../../adapters/crypto-ids.ts';
import { memoryStore } from '../../adapters/memory-store.ts';
import { reportEvidence } from '../../app/report-evidence.ts';
import { endless } from '../../app/time-left.ts';
import { plus } from '../../domain/instant.ts';
import { virtualClock } from '../../sandbox/clock.ts';
import { done } from '../builders.ts';
import { commit, opened, unopened } from '../contracts/committing.ts';

const after = (days: number, milliseconds = 0) => plus(opened, { hours: 24 * days, milliseconds });

test('what began and ended at midnight is counted in the week of its entries', async () => {
  const store = memoryStore();
  const ended = done({ at: after(2, -1), outcome: 'rotated' });
  const rotation = { ...unopened('a'), openedAt: after(1, -1) };
  await commit(store, await commit(store, rotation, { at: after(1) }), {
    at: after(2),
    stage: ended,
  });
  const archive = {
    textOf: () => Buffer.from(''),
    keepJournal: async () => undefined,
    keepReport: async () => 'nowhere',
    digestOf: async () => undefined,
  };
  const clock = virtualClock(after(30));
  const shell = { store, archive, clock, ids: cryptoIds, stage: 'test' };
  const report = (from: number) =>
    reportEvidence(
      shell,
      { name: `day ${from}`, from: after(from), to: after(from + 1), timeZone: 'UTC' },
      endless,
    );
  const days = [await report(0), await report(1), await report(2)];
  expect(days.map((day) => day.opened)).toEqual([0, 1, 0]);
  expect(days.map((day) => day.done.rotated)).toEqual([0, 0, 1]);
});
