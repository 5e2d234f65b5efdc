/**
 * Ten thousand damaged inputs of every shape: a slice of what `npm run hostile` plays. A failure
 * names its shape, seed and path, with which the command plays it again.
 */
import { expect, test } from 'vitest';
import { hunt } from '../../../sandbox/hostile/hunt.ts';
import { shapes } from '../../../sandbox/hostile/shapes/all.ts';

const cases = 10_000;
const seed = 20261102;

test(`${cases} damaged inputs do no harm`, { timeout: 60_000 }, async () => {
  const sums = await hunt({ cases, seed, shapes });
  const stories = sums.failures.map(
    ({ shape, seed: its, path, story }) =>
      `npm run hostile -- --shape "${shape}" --seed ${its} --path ${path}\n${story}`,
  );
  expect(stories).toEqual([]);
  expect(sums.cases).toBeGreaterThanOrEqual(cases);
  // Too much damage would prove as little as too little.
  for (const [name, { cases: all = 0, ...ends }] of Object.entries(sums.shapes)) {
    const refused = (ends.rejected ?? 0) + (ends['rejected as forged'] ?? 0);
    if (name.startsWith('what ')) continue;
    expect(refused, name).toBeGreaterThan(all / 20);
    expect(refused, name).toBeLessThan(all * 0.97);
  }
});
