/** Growth, medians and sums of what was measured: each number is what it says. */
import { describe, expect, test } from 'vitest';
import { median } from '../../../sandbox/bench/median.ts';
import { simulatedDays, sumOf } from '../../../sandbox/bench/simulated-days.ts';
import { growthOf, mostCallsRatio, stormGrowth } from '../../../sandbox/bench/storm-growth.ts';

const patient = { timeout: 60_000 };
const silent = () => undefined;

test('a median is the middle, whatever comes first', () => {
  expect(median([5, 1, 3])).toBe(3);
  expect(median([10, 9, 100])).toBe(10);
  expect(median([])).toBe(0);
});

describe('growth', () => {
  const storm = (keys: number, cpuSeconds: number, awsCalls = 150 * keys) => {
    return { keys, events: 5 * keys, awsCalls, cpuSeconds, broken: [] as readonly string[] };
  };

  test('is of what a key costs: 1 if twice the keys cost twice as much', () => {
    const growth = growthOf([storm(100, 2)], [storm(200, 4)]);
    expect(growth).toMatchObject({ callsRatio: 1, cpuRatio: 1, problems: [] });
    expect(growth.fewer).toEqual({
      ...{
        keys: 100,
        events: 500,
        awsCallsPerKey: 150,
        cpuMillisPerKey: 20,
        cpuMillisRange: [20, 20],
      },
      ...{ eventsPerSecond: 250, keysPerSecond: 50 },
    });
  });

  test('is more than 1 if keys become dearer, not less', () => {
    const growth = growthOf([storm(100, 2)], [storm(200, 12, 150 * 200 * 2)]);
    expect(growth.cpuRatio).toBeCloseTo(3);
    expect(growth.callsRatio).toBeCloseTo(2);
  });

  test('takes the median of the rounds, which one bad round does not move', () => {
    const fewer = [storm(100, 2), storm(100, 90), storm(100, 2.2)];
    const more = [storm(200, 4.4), storm(200, 0.1), storm(200, 50)];
    const growth = growthOf(fewer, more);
    expect(growth.cpuRatio).toBeCloseTo(1);
    expect(growth.fewer.cpuMillisRange).toEqual([20, 900]);
  });

  test('of calls is a problem beyond a bound; of CPU time, which is noisy, it is none', () => {
    const grown = (ratio: number) =>
      growthOf([storm(100, 2)], [storm(200, 400, 150 * 200 * ratio)]).problems;
    expect(grown(mostCallsRatio)).toEqual([]);
    expect(grown(mostCallsRatio + 0.01)).toEqual([
      expect.stringContaining('1.26 times as many calls among 200 as among 100'),
    ]);
  });

  test('tells every bound that a storm broke, once', () => {
    const broken = { ...storm(200, 4), broken: ['automations in flight: 91, at most 90'] };
    expect(growthOf([storm(100, 2)], [broken, broken]).problems).toEqual([
      'storm of 200 keys: automations in flight: 91, at most 90',
    ]);
  });

  test('is of storms of the sizes asked for, each as often as asked', patient, async () => {
    const told: string[] = [];
    const growth = await stormGrowth({ fewer: 10, more: 30, rounds: 2 }, (line) => told.push(line));
    expect(growth).toMatchObject({
      rounds: 2,
      fewer: { keys: 10 },
      more: { keys: 30, events: 150 },
    });
    expect(growth.problems).toEqual([]);
    expect(growth.more.awsCallsPerKey).toBeGreaterThan(50);
    expect(growth.more.cpuMillisPerKey).toBeGreaterThan(0);
    expect(told.filter((line) => line.includes('30 keys, round'))).toHaveLength(2);
  });
});

describe('simulated days', () => {
  const world = { broken: [], cpuSeconds: 2, days: 100 };

  test('are all days by all seconds; the median is of the single worlds', () => {
    const slow = { ...world, seed: 3, cpuSeconds: 10 };
    expect(sumOf([{ ...world, seed: 1 }, { ...world, seed: 2 }, slow])).toEqual({
      ...{ worlds: 3, days: 300, cpuSeconds: 14, problems: [] },
      ...{ daysPerSecond: 300 / 14, medianDaysPerSecond: 50 },
    });
  });

  test('of a world in which something did not hold are a problem', () => {
    const broken = [{ invariant: 'one claim', problem: 'there are two' }];
    expect(sumOf([{ ...world, seed: 7, broken }]).problems).toEqual([
      'the world of seed 7: one claim: there are two',
    ]);
  });

  test('are those of the worlds', patient, async () => {
    const { worlds, days, cpuSeconds, daysPerSecond } = await simulatedDays(1, silent);
    expect(worlds).toBe(1);
    expect(days).toBeGreaterThan(5);
    expect(daysPerSecond).toBeCloseTo(days / cpuSeconds);
  });
});
