/** What stays of a report a day, and what a use ends. */
import { describe, expect, test } from 'vitest';
import { instant, plus } from '../../domain/instant.ts';
import { pausesUntil, type UseHistory, withReport } from '../../domain/use-history.ts';

const first = instant('2026-06-01T06:00:00Z');
const day = (days: number) => plus(first, { hours: 24 * days });

/** A report at six each morning; `uses` in days, fractions are hours. */
function reported(days: number, ...uses: readonly number[]): UseHistory | undefined {
  let history: UseHistory | undefined;
  for (let morning = 0; morning <= days; morning++) {
    const shown = uses.filter((use) => use <= morning).at(-1);
    if (shown !== undefined) history = withReport(history, day(shown), day(morning));
  }
  return history;
}

describe('a pause', () => {
  test('lasts from a use to the next one that a report shows', () => {
    expect(reported(32, 0.5, 30.5)).toEqual({
      lastUse: day(30.5),
      shownUntil: day(32),
      pauses: [{ from: day(0.5), to: day(30.5) }],
    });
  });

  test('is none where the use before was not shown for a day: others may have come since', () => {
    const busy = Array.from({ length: 300 }, (_each, index) => index / 10);
    expect(reported(30, ...busy)?.pauses).toEqual([]);
    const before = { lastUse: day(0.9), shownUntil: day(1), pauses: [] };
    expect(withReport(before, day(8), day(8.1)).pauses).toEqual([]);
  });

  test('is one from exactly a day on', () => {
    const shown = (until: number) => ({ lastUse: day(1), shownUntil: day(until), pauses: [] });
    expect(pausesUntil(shown(2), day(3))).toHaveLength(1);
    expect(pausesUntil(shown(1.99), day(3))).toHaveLength(0);
  });

  test('that goes on is none yet', () => {
    expect(reported(20, 0.5)?.pauses).toEqual([]);
    const { lastUse, shownUntil } = { lastUse: day(0.5), shownUntil: day(20) };
    expect(pausesUntil({ lastUse, shownUntil, pauses: [] }, lastUse)).toEqual([]);
  });

  test('is forgotten 90 days after it ended, and not before', () => {
    const of = (days: number) => reported(days, 0.5, 30.5)?.pauses.length;
    expect(of(120)).toBe(1);
    expect(of(121)).toBe(0);
  });
});

test('a report that is older than the last one, or shows an older use, changes nothing', () => {
  const before = { lastUse: day(5), shownUntil: day(9), pauses: [] };
  expect(withReport(before, day(8), day(8.5))).toBe(before);
  expect(withReport(before, day(4), day(10))).toBe(before);
  expect(withReport(before, day(5), day(9))).toBe(before);
  expect(withReport(before, day(5), day(10))).toEqual({ ...before, shownUntil: day(10) });
});
