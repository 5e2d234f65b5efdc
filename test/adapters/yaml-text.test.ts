/** YAML as people write it: faults with their place, and nothing that grows or stands for more. */
import { describe, expect, test } from 'vitest';
import { readYaml } from '../../adapters/yaml-text.ts';

const faults = (text: string) =>
  readYaml(text).faults.map(({ line, column, problem }) => `${line}:${column}: ${problem}`);

describe('is refused', () => {
  test.each<[string, string, readonly (string | RegExp)[]]>([
    ['a tab', 'a:\n\t- 1', ['2:1: a tab stands where the line begins: indent with spaces']],
    ['a field twice', 'a: 1\nb: 2\na: 3', ['3:1: the field is there twice: remove one of the two']],
    ['two documents', 'a: 1\n---\nb: 2', ['2:1: a second document begins: keep one in a file']],
    ['an open bracket', 'a: [1\nb: 2', [/^\d:\d: this is no YAML: /]],
    ['a tag', 'a: !!js/function x', [/^1:4: this is no YAML: Unresolved tag/]],
    ['an anchor', 'a: &x 1', [/^1:\d: &x names a value to be repeated: write values out$/]],
    ['an alias', 'a: &x 1\nb: *x', [/&x/, /^2:4: \*x stands for another value: write that/]],
    ['an alias of nothing', 'b: *x', [/stands for another value/]],
  ])('%s', (_, text, expected) => {
    expect(faults(text).toSorted()).toEqual(
      expected.map((each) => (typeof each === 'string' ? each : expect.stringMatching(each))),
    );
  });

  test('a bomb, before it goes off', () => {
    const line = (name: string, of: string) => `${name}: &${name} [${`*${of},`.repeat(9)}]`;
    const names = ['b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'];
    const bomb = ['a: &a [lol]', ...names.map((name, at) => line(name, ['a', ...names][at] ?? ''))];
    const read = readYaml(bomb.join('\n'));
    expect(read.faults.length).toBeGreaterThan(9);
    expect(read.value).toBeUndefined();
  });

  test('what is longer than settings are', () => {
    expect(faults(`a: ${'x'.repeat(300_000)}`)).toEqual([
      '1:1: the file has over 262144 characters: shorten it',
    ]);
  });

  test('what is nested too deep, without falling over', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    expect(() => readYaml(deep)).not.toThrow();
  });
});

test('words are words, whatever version the text claims', () => {
  const text = '%YAML 1.1\n---\na: yes\nb: 2026-11-01\nc: {<<: {d: 1}}\n';
  expect(readYaml(text).value).toEqual({ a: 'yes', b: '2026-11-01', c: { '<<': { d: 1 } } });
});

describe('places', () => {
  const yaml = readYaml('a: 1\nb:\n  - c: 007\n    d:\n  - {e: x}\n');

  test.each([
    [['a'], '1:4', '1:1'],
    [['b', 0, 'c'], '3:8', '3:5'],
    [['b', 1, 'e'], '5:9', '5:6'],
    [['b', 1, 'f'], '5:5', '5:5'],
    [['b', 7, 'f'], '3:3', '3:3'],
    [[], '1:1', '1:1'],
  ])('of %j', (path, value, name) => {
    const at = (place: { line: number; column: number }) => `${place.line}:${place.column}`;
    expect(at(yaml.placeOf(path))).toBe(value);
    expect(at(yaml.placeOfName(path))).toBe(name);
  });

  test('a number is known as it was written', () => {
    expect(yaml.value).toMatchObject({ b: [{ c: 7 }, {}] });
    expect(yaml.written(['b', 0, 'c'])).toBe('007');
    expect(yaml.written(['b', 0, 'zz'])).toBeUndefined();
  });
});
