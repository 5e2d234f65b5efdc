/** What a report is asked by, and what becomes of one that cannot be made. */
import { describe, expect, test } from 'vitest';
import { cryptoIds } from '../../adapters/crypto-ids.ts';
import { memoryStore } from '../../adapters/memory-store.ts';
import { Permanent, Transient } from '../../domain/errors.ts';
import type { EvidenceArchive } from '../../domain/evidence-archive.ts';
import type { JournalFile, ReportHead } from '../../domain/evidence-report.ts';
import { plus } from '../../domain/instant.ts';
import { type EvidenceReportDeps, evidenceReportHandler } from '../../functions/evidence-report.ts';
import { virtualClock } from '../../sandbox/clock.ts';
import { memoryLog } from '../../sandbox/memory-log.ts';
import { done, held, issuing } from '../builders.ts';
import { commit, later, opened, unopened } from '../contracts/committing.ts';

/** An archive that keeps in memory what it is given. */
function archive() {
  const reports: ReportHead[] = [];
  const journals: JournalFile[] = [];
  const kept: EvidenceArchive = {
    textOf: (_, entries) => Buffer.from(JSON.stringify(entries)),
    keepJournal: async (file) => void journals.push(file),
    keepReport: async (head) => {
      reports.push(head);
      return 'memory';
    },
    digestOf: async (name) => reports.find(({ period }) => period.name === name)?.digest,
  };
  return { kept, reports, journals };
}

const store = memoryStore();
const days = (count: number) => plus(opened, { days: count });

function given(changes: Partial<EvidenceReportDeps> = {}) {
  const clock = virtualClock(days(30));
  const { lines, log } = memoryLog(clock.now);
  const { kept, ...shelf } = archive();
  const deps = { store, archive: kept, clock, ids: cryptoIds, stage: 'test', timeZone: 'UTC', log };
  return { report: evidenceReportHandler({ ...deps, ...changes }), lines, ...shelf };
}

const asked = (from: number, to: number) => ({ from: days(from), to: days(to) });

describe('what is in a report', () => {
  test('is what changed in its period, as it was when that ended', async () => {
    const first = await commit(store, unopened('a'), { at: days(0) });
    const second = await commit(store, first, { at: days(2), stage: issuing() });
    await commit(store, second, { at: days(4), stage: done({ at: days(4), outcome: 'rotated' }) });
    await commit(store, unopened('b'), { at: days(5) });
    const { report, reports, journals } = given();
    await report(asked(1, 3));
    expect(reports[0]?.rotations).toMatchObject([
      { rotationId: 'a', stage: 'issuing', outcome: null, entryCount: 2, whole: true },
    ]);
    expect(journals).toEqual([]);
    const told = await report(asked(0, 10));
    expect(told).toMatchObject({ rotations: 2, looked: 2, problems: 0, done: { rotated: 1 } });
    expect(journals.map(({ rotationId, entryCount }) => [rotationId, entryCount])).toEqual([
      ['a', 3],
    ]);
    expect(await report(asked(10, 11))).toMatchObject({ rotations: 0, looked: 2 });
    // The first moment is in it, the last is not.
    expect(await report(asked(5, 6))).toMatchObject({ rotations: 1 });
    expect(await report(asked(2, 4))).toMatchObject({ rotations: 1, done: { rotated: 0 } });
    expect(reports.at(-1)?.rotations).toMatchObject([{ stage: 'issuing', entryCount: 2 }]);
  });

  test('sums up how long rotations took, and what is on hold', async () => {
    const own = memoryStore();
    for (const [id, hours] of [
      ['a', 10],
      ['b', 20],
      ['c', 60],
      ['d', 90],
    ] as const) {
      const first = await commit(own, unopened(id), { at: opened });
      const stage = done({ at: later(hours), outcome: 'rotated' });
      await commit(own, first, { at: later(hours), stage });
    }
    await commit(own, await commit(own, unopened('e')), { at: later(1), stage: held() });
    const { report } = given({ store: own });
    expect(await report(asked(0, 5))).toMatchObject({
      rotations: 5,
      opened: 5,
      done: { rotated: 4, retired: 0 },
      held: 1,
      hoursToRotate: { median: 40, max: 90 },
    });
    expect(await report(asked(0, 1))).toMatchObject({ hoursToRotate: { median: 15, max: 20 } });
  });

  test('keeps a journal that ended as long as it is by now, whatever the period', async () => {
    const own = memoryStore();
    const stage = done({ at: days(1), outcome: 'rotated' });
    const ended = await commit(own, await commit(own, unopened('a')), { at: days(1), stage });
    await commit(own, ended, { at: days(8), stage });
    const { report, reports, journals } = given({ store: own });
    await report(asked(0, 5));
    expect(reports[0]?.rotations).toMatchObject([{ entryCount: 2 }]);
    expect(journals).toMatchObject([{ rotationId: 'a', entryCount: 3 }]);
  });

  test('names what cannot be read, and what lost its end, and goes on', async () => {
    const own = memoryStore();
    for (const id of ['a', 'b', 'c']) {
      await commit(own, await commit(own, unopened(id)), { at: later(1), stage: held() });
    }
    const broken = {
      ...own,
      journal: async (id: string) => {
        if (id === 'a') throw new Permanent('item a is not as Keyturn writes it');
        const entries = await own.journal(id);
        return id === 'b' ? entries.slice(0, 1) : entries;
      },
    };
    const { report, reports, lines } = given({ store: broken });
    expect(await report(asked(0, 2))).toMatchObject({ rotations: 2, looked: 3, problems: 2 });
    expect(reports[0]?.gaps.map(({ rotationId, problem }) => [rotationId, problem])).toEqual([
      ['a', expect.stringContaining('it cannot be read: item a')],
      ['b', expect.stringContaining('its journal has lost its end')],
    ]);
    expect(lines).toMatchObject([{ message: 'invocation done', facts: { problems: 2 } }]);
  });
});

describe('a report that cannot be made', () => {
  test.each([
    [{ from: days(0) }, ['to is missing']],
    [{ from: 'monday', to: 3 }, ['from is not a moment', 'to is not a moment']],
    [{ ...asked(0, 1), form: 1 }, ['form is nothing']],
    ['last week', ['the event']],
    [asked(3, 2), ['is not before']],
    [asked(0, 40), ['yet to come']],
  ])('asked by %j names everything that is wrong', async (event, problems) => {
    const { report, reports } = given();
    const made = report(event);
    await expect(made).rejects.toThrow(Permanent);
    for (const problem of problems) await expect(made).rejects.toThrow(problem);
    expect(reports).toEqual([]);
  });

  test('in the time that is left writes none, and says so', async () => {
    const { report, reports, lines } = given();
    const made = report({}, { getRemainingTimeInMillis: () => 20_000 });
    await expect(made).rejects.toThrow(Transient);
    await expect(made).rejects.toThrow(/time ran out for the report \S+ after 0 rotations/);
    expect(reports).toEqual([]);
    expect(lines).toMatchObject([{ level: 'error', message: 'invocation failed' }]);
  });

  test('because the store does not answer is tried again as a whole', async () => {
    const lastHash = async () => {
      throw new Transient('throttled');
    };
    const { report, reports } = given({ store: { ...store, lastHash } });
    await expect(report(asked(0, 10))).rejects.toThrow(Transient);
    expect(reports).toEqual([]);
  });

  test('asked for nothing is the last week, in the zone of the stage', async () => {
    const { report, reports } = given({ timeZone: 'Asia/Tokyo' });
    expect(await report({})).toMatchObject({ report: reports[0]?.period.name });
    expect(reports[0]?.period.from).toMatch(/T15:00:00\.000Z$/);
  });
});
