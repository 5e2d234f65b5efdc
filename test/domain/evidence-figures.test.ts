/** What reports come to together: each rotation once, by its latest journal; nothing invented. */
import { describe, expect, test } from 'vitest';
import { cryptoIds } from '../../adapters/crypto-ids.ts';
import { compare, usualAssumptions } from '../../domain/before-after.ts';
import {
  byStageAndOutcome,
  figuresOf,
  hoursToRotate,
  journalFigures,
} from '../../domain/evidence-figures.ts';
import type { EvidenceReport } from '../../domain/evidence-report.ts';
import { instant } from '../../domain/instant.ts';
import { chained } from '../../domain/journal.ts';
import { journalOf, reportOf } from '../evidence-reports.ts';

const names = ['svc-billing-export', 'svc-mobile-push', 'svc-legacy-sync', 'svc-archive'];
const journals = names.map(journalOf);
const first = reportOf('2026-11-02', journals);
const second = reportOf('2026-11-09', journals, first);

function figures(...reports: readonly EvidenceReport[]) {
  const found = figuresOf(reports);
  if (!found.ok) throw new Error(found.problems.join());
  return found.value;
}

const of = (userName: string, ...reports: readonly EvidenceReport[]) =>
  figures(...reports).rotations.find(({ record }) => record.userName === userName);

describe('reports together', () => {
  test('count each rotation once, as the latest one tells, in whatever order they come', () => {
    const both = figures(second, first);
    expect(both).toEqual(figures(first, second));
    expect(both.periods.map(({ period }) => period.name)).toEqual(['2026-W45', '2026-W46']);
    expect(both.rotations).toHaveLength(4);
    const [early, late] = [of('svc-legacy-sync', first), of('svc-legacy-sync', first, second)];
    expect(late?.record.entryCount).toBe(19);
    expect(early?.record.entryCount).toBeLessThan(19);
    expect(late?.entries).toHaveLength(19);
    const all = byStageAndOutcome(both.rotations).reduce((sum, { count }) => sum + count, 0);
    expect(all).toBe(4);
    expect(byStageAndOutcome(both.rotations)).toContainEqual({ what: 'done: rotated', count: 2 });
  });

  test('have as ended what ended in them, and hours as their sums have them', () => {
    const both = figures(first, second);
    const done = both.periods.reduce((sum, { sums }) => sum + sums.done.rotated, 0);
    expect(hoursToRotate(both)).toHaveLength(done);
    expect(hoursToRotate(figures(first)).at(-1)).toBe(first.sums.hoursToRotate?.max);
    expect(hoursToRotate(figures(second))).toEqual([]);
  });

  test('do not have as ended what ended before them and changed since', () => {
    const journal = journalOf('svc-billing-export');
    const last = journal.at(-1);
    if (last === undefined) throw new Error('no entry');
    const { schema: _, hash: __, previousHash: ___, ...entry } = last;
    const state = { ...entry.state, version: entry.version + 1 };
    const at = instant('2026-11-10T08:00:00Z');
    const next = { ...entry, version: entry.version + 1, from: 'done', at, state } as const;
    const longer = [...journal, chained(next, last.hash, cryptoIds.digest)];
    const late = reportOf('2026-11-09', [longer]);
    expect(late).toMatchObject({ sums: { rotations: 1, done: { rotated: 0 }, problems: 0 } });
    expect(figures(late)).toMatchObject({ rotations: [{ record: { stage: 'done' } }], ended: [] });
  });

  test('are refused from two stages, of the same time, and none at all', () => {
    const problems = (...reports: readonly EvidenceReport[]) => {
      const found = figuresOf(reports);
      return found.ok ? [] : found.problems;
    };
    expect(problems()).toEqual(['there is no report: give one at least']);
    expect(problems(first, second, first)).toEqual(['the report 2026-W45 is there twice']);
    expect(problems(first, { ...second, stage: 'prod' })).toEqual([
      'the report 2026-W46 is of stage prod, not test',
    ]);
    const period = { ...first.period, name: 'other', from: instant('2026-11-04T00:00:00Z') };
    expect(problems(first, { ...first, period })).toEqual([
      'the reports 2026-W45 and other are of the same time in part',
    ]);
  });
});

test('a journal tells the age of the key, who pressed, and what went wrong', () => {
  expect(of('svc-mobile-push', first)?.figures).toEqual({
    keyAgeDays: 377,
    presses: 3,
    pages: 1,
    holds: 1,
    failedRuns: 0,
    refusedRuns: 0,
    rollBacks: 1,
  });
});

test('a hold counts once, however much happens meanwhile', () => {
  const [entry] = journalOf('svc-archive');
  if (entry === undefined) throw new Error('no entry');
  const entries = [
    { ...entry, to: 'held' as const },
    { ...entry, from: 'held' as const, to: 'held' as const },
    { ...entry, from: 'held' as const, to: 'overlapping' as const },
    { ...entry, from: 'overlapping' as const, to: 'held' as const },
  ];
  expect(journalFigures(entries)?.holds).toBe(2);
  expect(journalFigures([])).toBeNull();
});

describe('with Keyturn and by hand', () => {
  test('counts every press, and each minute by what is assumed', () => {
    const both = figures(first, second);
    const presses = both.rotations.reduce((sum, each) => sum + each.figures.presses, 0);
    const compared = compare(both, usualAssumptions, null);
    expect(compared).toMatchObject({
      from: '2026-11-02T00:00:00.000Z',
      to: '2026-11-16T00:00:00.000Z',
      finished: 2,
      rotations: 4,
      presses,
      minutes: 2 * presses,
      manualMinutes: { least: 24, most: 40 },
      incidents: null,
    });
    const assumed = { manualMinutes: { least: 1, most: 1 }, pressMinutes: 0.5 };
    const other = compare(both, assumed, null);
    expect(other).toMatchObject({ minutes: presses / 2, manualMinutes: { least: 2, most: 2 } });
    expect(other.assumptions.join()).toContain('takes 1 minutes of work');
    expect(other.assumptions.join()).toContain('takes 0.5 minutes');
  });

  test('says of none that finished that there is no figure', () => {
    const none = compare(figures(reportOf('2026-10-05', journals)), usualAssumptions, null);
    expect(none).toMatchObject({ finished: 0, minutes: 0, minutesEach: null, hours: null });
  });

  test('tells incidents before, in and after that time, by kind, and loses none', () => {
    const noted = (at: string, kind: string, minutes: number) => ({
      at: instant(`${at}T00:00:00Z`),
      kind,
      minutes,
    });
    const list = [
      noted('2026-11-01', 'outage', 10),
      noted('2026-10-01', 'outage', 5),
      noted('2026-11-02', 'lockout', 7),
      noted('2026-11-08', 'outage', 1),
      noted('2026-11-09', 'outage', 2),
    ];
    expect(compare(figures(first), usualAssumptions, list).incidents).toEqual({
      before: [{ kind: 'outage', count: 2, minutes: 15 }],
      during: [
        { kind: 'lockout', count: 1, minutes: 7 },
        { kind: 'outage', count: 1, minutes: 1 },
      ],
      after: [{ kind: 'outage', count: 1, minutes: 2 }],
    });
  });
});
