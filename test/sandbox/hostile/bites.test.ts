/** The damage: the same again from the same numbers, of every kind, and of the copy alone. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Bite, bitten, someBites } from '../../../sandbox/hostile/bites.ts';
import { exampleOf } from '../../../sandbox/hostile/examples.ts';
import { hunt } from '../../../sandbox/hostile/hunt.ts';
import { must, shapeOf } from '../../../sandbox/hostile/shape.ts';
import { readOptions } from '../../../sandbox/hostile.ts';

const event = exampleOf('hub-fsbp');
const sample = fc.sample(someBites, { numRuns: 2000, seed: 5 });

describe('bites', () => {
  test('leave the value as it is, and bite the copy', () => {
    const before = JSON.stringify(event);
    const changed = sample.filter((bites) => JSON.stringify(bitten(event, bites).value) !== before);
    expect(JSON.stringify(event)).toBe(before);
    expect(changed.length).toBeGreaterThan(sample.length * 0.9);
  });

  test('are the same again from the same numbers', () => {
    const bites: readonly Bite[] = sample[3] ?? [];
    expect(bitten(event, bites)).toEqual(bitten(event, bites));
  });

  test('are of every kind', () => {
    const marks = sample.flatMap((bites) => bitten(event, bites).marks).join('\n');
    for (const kind of [
      ': gone',
      ': called "__proto__"',
      'beside it',
      'is object now',
      'is wrapped, way 3',
      'is a copy of',
      '<!channel>',
      '444455556666',
      '+275760',
      'arn:aws-cn:',
    ]) {
      expect(marks).toContain(kind);
    }
  });

  test('put a field called __proto__ beside others, as JSON does', () => {
    const all = sample.map((bites) => JSON.stringify(bitten(event, bites).value));
    expect(all.some((text) => text.includes('"__proto__":'))).toBe(true);
    expect('polluted' in {}).toBe(false);
  });
});

const broken = shapeOf<number>({
  name: 'numbers',
  share: 1,
  cases: fc.nat(1000),
  check: (given) => {
    must(given < 300, 'a number is small', given);
    return 'small';
  },
  tell: (given) => `the number ${given}`,
});

describe('a shape that does not hold', () => {
  test('fails with the simplest case, which its seed and path play again', async () => {
    const { failures } = await hunt({ cases: 1000, seed: 1, shapes: [broken] });
    const [failure] = failures;
    expect(failure).toMatchObject({
      shape: 'numbers',
      story: expect.stringContaining('the number 300'),
    });
    const again = await broken.play(1, failure?.seed ?? 0, failure?.path);
    expect(again.failure?.story).toBe(failure?.story);
  });

  test('counts what it came to before', async () => {
    const played = await broken.play(1000, 2);
    expect(played.cameTo.small).toBe(played.cases);
  });

  test('names an error that nobody expected', async () => {
    const throwing = shapeOf<number>({
      name: 'throwing',
      share: 1,
      cases: fc.nat(1),
      check: () => {
        throw new TypeError('no such thing');
      },
      tell: String,
    });
    const { failure } = await throwing.play(10, 1);
    expect(failure?.story).toContain('uncaught TypeError: no such thing');
  });
});

describe('options', () => {
  test('have defaults', () => {
    expect(readOptions([])).toEqual({
      cases: 100_000,
      seed: 1,
      shape: undefined,
      path: undefined,
      json: false,
    });
  });

  test.each([
    [['--cases', '0'], '--cases is "0"'],
    [['--seed', 'x'], '--seed is "x"'],
    [['--shape', 'round'], '--shape is "round": give one of "event: config"'],
    [['--path', '1:2'], '--path is the path of a failure'],
    [['--shape', 'policy file', '--path', 'x'], '--path is the path of a failure'],
  ])('%j are refused', (args, said) => {
    expect(() => readOptions(args)).toThrow(said);
  });
});
