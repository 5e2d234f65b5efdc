/**
 * All entries of a week were gone from a journal that had gone on since. Nothing of it was of that
 * week any more, so the week's report neither had the rotation nor told that anything was missing.
 */
import { expect, test } from 'vitest';
import { cryptoIds } from '../../adapters/crypto-ids.ts';
import { memoryStore } from '../../adapters/memory-store.ts';
import { type EvidenceShell, reportEvidence } from '../../app/report-evidence.ts';
import { endless } from '../../app/time-left.ts';
import type { ReportHead } from '../../domain/evidence-report.ts';
import { plus } from '../../domain/instant.ts';
import { virtualClock } from '../../sandbox/clock.ts';
import { held, issuing } from '../builders.ts';
import { commit, opened, unopened } from '../contracts/committing.ts';

const after = (days: number) => plus(opened, { hours: 24 * days });

test('a journal that lacks the week is a gap of the report', async () => {
  const store = memoryStore();
  const first = await commit(store, unopened('a'), { at: after(0) });
  const second = await commit(store, first, { at: after(2), stage: issuing() });
  await commit(store, second, { at: after(4), stage: held() });
  const reports: ReportHead[] = [];
  const archive: EvidenceShell['archive'] = {
    textOf: () => Buffer.from(''),
    keepJournal: async () => undefined,
    keepReport: async (head) => {
      reports.push(head);
      return 'nowhere';
    },
    digestOf: async () => undefined,
  };
  const journal = async (id: string) =>
    (await store.journal(id)).filter(({ version }) => version !== 2);
  const shell = { archive, clock: virtualClock(after(30)), ids: cryptoIds, stage: 'test' };
  const period = { name: 'a day', from: after(1), to: after(3), timeZone: 'UTC' };
  await reportEvidence({ ...shell, store }, period, endless);
  await reportEvidence({ ...shell, store: { ...store, journal } }, period, endless);
  expect(reports.map(({ rotations, gaps }) => [rotations.length, gaps.length])).toEqual([
    [1, 0],
    [0, 1],
  ]);
  expect(reports[1]?.gaps).toMatchObject([
    { rotationId: 'a', problem: expect.stringContaining('entry 2') },
  ]);
});
