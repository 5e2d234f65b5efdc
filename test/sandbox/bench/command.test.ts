/** `npm run bench`: its options, what it prints, what it costs, and when something is wrong. */
import { describe, expect, test } from 'vitest';
import { measured, readOptions } from '../../../commands/bench.ts';
import { besideEmpty } from '../../../commands/bench-bundles.ts';
import { benchLines, everyProblem, shortNumbers } from '../../../commands/bench-report.ts';
import { rotationCostOf } from '../../../commands/bench-rotations.ts';

const patient = { timeout: 60_000 };

describe('options', () => {
  test('have defaults', () => {
    expect(readOptions([])).toEqual({
      ...{ keys: [100, 400], rounds: 3, worlds: 10, rotations: 20, users: [1000, 5000] },
      ...{ bundles: true, json: false },
    });
    expect(readOptions(['--help'])).toBe('help');
    const some = readOptions(['--users', '50', '--no-bundles', '--json']);
    expect(some).toMatchObject({ users: [50], bundles: false, json: true });
  });

  test.each([
    [['--keys', '400,100'], '--keys is "400,100": give two numbers, the smaller first'],
    [['--keys', '100'], '--keys is "100": give two numbers'],
    [['--keys', '1,2,3'], '--keys is "1,2,3": give two numbers'],
    [['--keys', '100,many'], '--keys is "many": give a whole number from 1 to 100000'],
    [['--users', '1000,'], '--users is "": give a whole number'],
    [['--rounds', '0'], '--rounds is "0": give a whole number from 1 to 99'],
    [['--worlds', '-1'], '--worlds'],
    [['--rotations', '201'], '--rotations is "201": give a whole number from 1 to 200'],
    [['--bundle'], "Unknown option '--bundle'"],
  ])('%j is wrong usage, and said so', (args, sentence) => {
    expect(() => readOptions(args)).toThrow(sentence);
  });
});

test('everything is measured, printed and named', patient, async () => {
  const tiny = { keys: [5, 10] as const, rounds: 1, worlds: 1, rotations: 1, users: [40] };
  const bench = await measured({ ...tiny, bundles: false, json: true }, () => undefined);
  expect(bench.problems).toEqual([]);
  expect(bench.staleKeys.map(({ users, latencyMillis }) => [users, latencyMillis])).toEqual([
    [40, 0],
    [40, 50],
  ]);
  expect(bench.rotation.callsByService.iam).toBeGreaterThan(3);
  expect(bench.rotation.stepsPerRotation).toBeGreaterThan(5);
  const text = benchLines(bench).join('\n');
  for (const heading of [
    'Storm',
    'Simulated worlds',
    'A rotation',
    'Stale keys',
    'Bundles: left out',
  ]) {
    expect(text).toContain(`\n${heading}`);
  }
  expect(text).not.toMatch(/NaN|undefined|Infinity/);
  expect(JSON.stringify(bench, shortNumbers)).not.toMatch(/null,"rounds|\.\d{4}/);
});

test('what went wrong in any section makes the whole fail', () => {
  const saying = (...problems: readonly string[]) => ({ problems });
  const sections = { storm: saying('one'), simulation: saying('two'), staleKeys: [saying()] };
  const staleKeys = [saying(), saying('three', 'four')];
  expect(everyProblem(sections)).toEqual(['one', 'two']);
  expect(everyProblem({ ...sections, staleKeys })).toEqual(['one', 'two', 'three', 'four']);
});

describe('a rotation', () => {
  const counted = {
    ...{ rotations: 4, days: 3, automationSteps: 60, slackCalls: 0 },
    ...{ writeUnits: 400, readUnits: 80, invocations: {} },
    calls: { 'iam:GetUser': 8, 'iam:CreateAccessKey': 4, 'secretsmanager:CreateSecret': 4 },
  };

  test('takes what all took, by service, divided by their number', () => {
    expect(rotationCostOf(counted)).toMatchObject({
      ...{ callsPerRotation: 4, callsByService: { iam: 3, secretsmanager: 1 } },
      ...{ stepsPerRotation: 15, tableWriteUnitsPerRotation: 100, tableReadUnitsPerRotation: 20 },
    });
  });

  test('costs what the price table says, by the thousand', () => {
    const { dollarsPerThousand, dollarsOfSecrets, dollarsRecalled } = rotationCostOf(counted);
    expect(dollarsOfSecrets).toBeCloseTo(400);
    const steps = 15_000 * 0.002;
    const table = (100_000 * 0.625 + 20_000 * 0.125) / 1e6;
    expect(dollarsPerThousand).toBeCloseTo(400 + steps + table + (1000 * 0.05) / 10_000);
    expect(dollarsRecalled).toBe(0);
    const events = { ...counted, calls: { 'events:PutEvents': 4 } };
    expect(rotationCostOf(events).dollarsRecalled).toBeCloseTo(1000 / 1e6);
  });
});

describe('bundles', () => {
  const empty = { name: 'empty handler', zipBytes: 10_000, bytes: 20_000, importMillis: 20 };
  const onTick = { name: 'onTick', zipBytes: 300_000, bytes: 900_000, importMillis: 80 };

  test('are compared with the empty handler', () => {
    const { functions } = besideEmpty([empty, onTick], 3);
    expect(functions).toEqual([{ ...onTick, importRatio: 4, zipRatio: 30 }]);
    expect(() => besideEmpty([empty], 3)).toThrow('no bundle');
  });

  test('are printed with what they take of its time and size', patient, async () => {
    const tiny = { keys: [2, 3] as const, rounds: 1, worlds: 1, rotations: 1, users: [20] };
    const bench = await measured({ ...tiny, bundles: false, json: false }, () => undefined);
    const firstPress = { millis: 300, emptyMillis: 20, ratio: 15 };
    const bundles = { ...besideEmpty([empty, onTick], 3), firstPress };
    const text = benchLines({ ...bench, bundles }).join('\n');
    expect(text).toContain('answered: 300 ms; the empty handler 20 ms, 15.00 times that');
    expect(text).toMatch(/onTick +293 KB +80\.0 ms {2}4\.00 times the time, 30\.00 times the size/);
  });
});
