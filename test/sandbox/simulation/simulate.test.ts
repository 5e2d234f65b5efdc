/** A campaign of simulated worlds: it replays, it sums up, and nothing is violated in it. */
import { describe, expect, test } from 'vitest';
import { readOptions } from '../../../sandbox/simulate.ts';
import { neverStruck } from '../../../sandbox/simulation/coverage.ts';
import { diceOf } from '../../../sandbox/simulation/dice.ts';
import { planOf } from '../../../sandbox/simulation/plan.ts';
import { simulate } from '../../../sandbox/simulation/simulated-world.ts';
import { strikesOf } from '../../../sandbox/simulation/strikes.ts';

test('the same seed tells the same story, byte for byte', async () => {
  const [one, other] = [await simulate(7), await simulate(7)];
  expect(other.story.join('\n')).toBe(one.story.join('\n'));
  expect(other.faults).toEqual(one.faults);
  expect(one.story.length).toBeGreaterThan(50);
}, 60_000);

test('another seed is another world', () => {
  expect(JSON.stringify(planOf(2))).not.toBe(JSON.stringify(planOf(3)));
});

test.each([11, 12, 13, 14, 15, 16])(
  'seed %i: 90 days, faults, and no violation',
  async (seed) => {
    const { broken, simulatedDays, faults } = await simulate(seed);
    expect(broken).toEqual([]);
    expect(simulatedDays).toBeGreaterThanOrEqual(90);
    expect([...faults.values()].reduce((sum, each) => sum + each, 0)).toBeGreaterThan(10);
  },
  60_000,
);

describe('coverage', () => {
  const seen = new Map([['sns:Publish', new Set(['refused', 'died'])]]);
  test('names what was never struck', () => {
    const gaps = neverStruck([seen], new Map([['died × sns:Publish', 3]]));
    expect(gaps).toContain('coverage: refused × sns:Publish was never struck');
    expect(gaps).not.toContain('coverage: died × sns:Publish was never struck');
  });
});

test('strikes come to an end', () => {
  const setup = { dice: diceOf('x'), rate: 1, chosenShare: 1, tell: () => undefined };
  const strikes = strikesOf(setup);
  expect(strikes.decide('sns:Publish', ['refused'])).toBe('refused');
  strikes.stop();
  expect(strikes.decide('sns:Publish', ['refused'])).toBeUndefined();
});

describe('options', () => {
  test('say what is wrong with them', () => {
    expect(() => readOptions(['--seeds', 'many'])).toThrow(
      '--seeds is "many": give a whole number',
    );
    expect(() => readOptions(['--seeds', '0'])).toThrow('from 1 to');
    expect(() => readOptions(['--from', '-3'])).toThrow();
    expect(() => readOptions(['--seeds', '2', '--story'])).toThrow('--story tells of one world');
    expect(() => readOptions(['--sedes', '2'])).toThrow("Unknown option '--sedes'");
  });

  test('have defaults', () => {
    expect(readOptions(['--json'])).toEqual({ seeds: 100, from: 1, json: true, story: false });
    expect(readOptions(['--story', '--from', '4'])).toMatchObject({ seeds: 1, from: 4 });
  });
});
