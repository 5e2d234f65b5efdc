/** The table of metrics in docs/operating.md is that of the code, and so is what they cost. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { idleLines } from '../../commands/cost.ts';
import { customMetrics, metricDefinitions } from '../../domain/metrics.ts';

const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'operating.md'), 'utf8');

test('the table names every metric with its unit and meaning, in the order of the code', () => {
  const rows = [...page.matchAll(/^\| `([A-Z]\w+)`( by `Stage`)? \| (\w+) \| [^|]+ \| (.+) \|$/gm)];
  expect(
    rows.map(([, name, byStage, unit, meaning]) => ({ name, byStage, unit, meaning })),
  ).toEqual(
    Object.entries(metricDefinitions).map(([name, { unit, meaning, byStage }]) => ({
      ...{ name, unit, meaning },
      byStage: byStage === true ? ' by `Stage`' : undefined,
    })),
  );
});

test('how many there are, and what they cost, is what the command counts', () => {
  const lines = idleLines({ readUnitsATick: 0, callsATick: {} });
  const daily = lines.find(({ price }) => price === 'metricHour');
  const dollars = daily?.dollars.toFixed(2);
  const said = /(\d+) custom metrics, an hour a day each[\s\S]*?\$(\d+\.\d\d) a month/.exec(page);
  expect([said?.[1], said?.[2]]).toEqual([String(customMetrics().length), dollars]);
});
