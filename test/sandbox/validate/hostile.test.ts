/** Whatever stands in a file: never a crash, always an answer, and soon. */
import { describe, expect, it } from 'vitest';
import { validateDocument } from '../../../sandbox/validate/validate-document.ts';
import { call, problemsOf, stepsOnly } from './documents.ts';

const many = (count: number, each: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => each(n)).join('\n');

const laughs = many(15, (n) => {
  const [here, before] = [n, n - 1].map((each) => String.fromCharCode(97 + each));
  const item = n === 0 ? 'x' : `*${before}`;
  return `${here}: &${here} [${Array(9).fill(item).join(',')}]`;
});

const unreadable: readonly (readonly [string, string, string])[] = [
  ['300 KB of open lists', `${'['.repeat(150_000)}${']'.repeat(150_000)}`, 'levels deep'],
  ['300 KB of JSON in JSON', `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`, 'levels deep'],
  ['maps in maps by indentation', many(770, (n) => `${' '.repeat(n)}a:`), 'levels deep'],
  ['a list that holds itself', 'mainSteps: &a\n- *a\n', 'levels deep'],
  ['aliases of aliases of aliases', laughs, 'Excessive alias count'],
  ['an alias of nothing', "schemaVersion: '0.3'\nmainSteps: *steps\n", 'steps'],
  ['a merge of nothing', '<<: 1\n', 'cannot be read'],
  ['control characters', '\u0000\u0001\u0002: [', 'is no YAML'],
];

describe('a text that is no document', () => {
  it.each(unreadable)('%s', (_what, text, said) => {
    const { value, problems } = validateDocument(text);
    expect(value).toBeUndefined();
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.length).toBeLessThanOrEqual(3);
    for (const problem of problems) expect(problem).toMatch(/^document: /);
    expect(problems.join()).toContain(said);
  });
});

describe('a document of odd things', () => {
  it('names of the language mean nothing', () => {
    const text = `schemaVersion: '0.3'
parameters:
  __proto__: { type: String }
  constructor: { type: toString }
mainSteps:
  - name: valueOf
    action: constructor
    nextStep: __proto__
    __proto__: 1
    inputs: { Duration: '{{ hasOwnProperty }}' }
    outputs: [{ Name: __proto__, Selector: $, Type: constructor }]
  - name: toString
    action: aws:sleep
    inputs: { Duration: '{{ valueOf.constructor }}', constructor: 1 }
`;
    const types = 'String, StringList, Boolean, Integer, MapList, StringMap';
    expect(problemsOf(text)).toEqual([
      `parameters.constructor: type is not one of ${types}: "toString"; did you mean String?`,
      'valueOf: unknown property __proto__',
      'valueOf: action constructor is unknown',
      `valueOf: output __proto__ Type is not one of ${types}: "constructor"`,
      'valueOf: nextStep leads to __proto__, and there is no such step',
      'valueOf: {{ hasOwnProperty }} is not a declared parameter',
      'toString: input constructor is unknown to aws:sleep',
    ]);
  });

  it('nothing where something belongs is named, everywhere', () => {
    const text = `schemaVersion: ~
parameters: { a: ~, 1: { type: ~ } }
variables: [1]
files: { x: ~ }
assumeRole: [1]
outputs: [~, 1, { a: b }]
mainSteps:
  - ~
  - {}
  - { name: ~, action: 2, inputs: 3, outputs: 4, nextStep: 5, isEnd: 6, onFailure: 7, onCancel: ~ }
  - { name: B, action: 'aws:branch', inputs: { Choices: [~, { And: [~] }, { Not: ~ }] } }
  - { name: L, action: 'aws:loop', inputs: { Steps: [~, 1], Iterators: ~, LoopCondition: ~ } }
`;
    const problems = problemsOf(text);
    expect(problems.length).toBeGreaterThan(25);
    for (const problem of problems) expect(problem).toMatch(/^[\w.]+(?: \d(?: of \w+)?)?: \S/);
  });

  it('a key that is a list or a map is only an unknown one', () => {
    const problems = problemsOf(`${stepsOnly(call('A'))}? [a, b]\n: 1\n? { c: d }\n: 2\n`);
    expect(problems).toEqual([
      'document: unknown property [ a, b ]',
      'document: unknown property { c: d }',
    ]);
  });
});

describe('a document of many things', () => {
  it('thousands of steps, parameters and faults are looked at in time', () => {
    const text = stepsOnly(
      many(3000, (n) =>
        call(`step${n}`, `onFailure: 'step:step0', onCancel: 'step:gone${n}'`).replace(
          'GetUser',
          `GetUser, Of: '{{ step${n + 1}.X }} {{ parameterX${n} }}'`,
        ),
      ),
      `parameters:\n${many(3000, (n) => `  parameter${n}: { type: String }`)}`,
    );
    const problems = problemsOf(text);
    expect(problems.length).toBe(3 * 3000 + 5);
    expect(problems).toContain('step0: the steps run in a circle: step0 → step0');
  });

  it('a long circle is shown by its beginning', () => {
    const text = stepsOnly(`${many(50, (n) => call(`s${n}`))}\n${call('s50', 'nextStep: s0')}`);
    expect(problemsOf(text)).toEqual([
      `s0: the steps run in a circle: ${many(10, (n) => `s${n}`).replaceAll('\n', ' → ')} → … → s0`,
    ]);
  });
});
