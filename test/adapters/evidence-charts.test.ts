/** What charts draw of fixed figures: golden drawings, and spans that lose nothing. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { columns, course, rows, spans } from '../../adapters/evidence-charts.ts';
import { expectGolden } from '../golden-file.ts';

const text = { id: 'a', title: 'A title', description: 'What <is> to be seen.' };

const looksLike = (name: string, markup: string) =>
  expectGolden(
    `evidence/${name}`,
    `${markup}
`,
  );

const bars = [
  { label: '0–1', value: 3 },
  { label: '1–2', value: 0 },
  { label: '<2–3>', value: 7 },
];

describe('a drawing', () => {
  test('of columns', () => looksLike('columns.svg', columns(text, bars, 'days').markup));

  test('of rows', () => looksLike('rows.svg', rows(text, bars).markup));

  test('of a course, which no line joins over a gap', () => {
    const points = [1.5, 2, null, 4].map((value, index) => ({
      label: `W${index}`,
      value,
      said: String(value),
    }));
    const { markup } = course(text, points, { axis: 'days' });
    expect(markup.match(/class="course"/g)).toHaveLength(1);
    expect(markup.match(/class="point"/g)).toHaveLength(3);
    looksLike('course.svg', markup);
  });

  test.each([[[]], [[{ label: 'a', value: 0 }]]])('of %j has no place that is no number', (few) => {
    const points = few.map(({ label, value }) => ({ label, value, said: '' }));
    const all = [columns(text, few, 'x'), rows(text, few), course(text, points, { axis: 'x' })];
    for (const { markup } of all) expect(markup).not.toMatch(/NaN|Infinity|undefined/);
  });

  test('of many points names some of them', () => {
    const points = Array.from({ length: 52 }, (_, week) => ({
      label: `W${week}`,
      value: week,
      said: String(week),
    }));
    const { markup } = course(text, points, { axis: 'days' });
    expect(markup.match(/>W\d+</g)).toHaveLength(9);
    expect(markup.match(/class="point"/g)).toHaveLength(52);
    const beside = columns(text, points, 'weeks').markup;
    expect(beside.match(/>W\d+</g)).toHaveLength(9);
    expect(beside.match(/class="bar"/g)).toHaveLength(52);
  });
});

describe('spans', () => {
  test('hold their beginning, and the last one its end', () => {
    expect(spans([0, 1, 1.5, 7.9, 8], '')).toEqual([
      { label: '0–1', value: 1 },
      { label: '1–2', value: 2 },
      ...[2, 3, 4, 5, 6].map((from) => ({ label: `${from}–${from + 1}`, value: 0 })),
      { label: '7–8', value: 2 },
    ]);
    expect(spans([], '')).toEqual([]);
    expect(spans([0], '')[0]).toMatchObject({ value: 1 });
  });

  test('lose no value, whatever the values are', () => {
    const values = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1 });
    fc.assert(
      fc.property(values, (some) => {
        const all = spans(some, '');
        expect(all.reduce((sum, { value }) => sum + value, 0)).toBe(some.length);
        expect(all.length).toBeLessThan(20);
      }),
    );
  });
});
