/** Documents that AWS takes are taken: the project's own, and one of every action and property. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { catalogue } from '../../../sandbox/runner/catalogue/actions.ts';
import { call, problemsOf, stepsOnly, use } from './documents.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const textsIn = (folder: string) =>
  readdirSync(join(root, folder)).map((file): [string, string] => [
    `${folder}/${file}`,
    readFileSync(join(root, folder, file), 'utf8'),
  ]);
const fixtures = textsIn('test/fixtures/automation');

describe('a sound document', () => {
  it.each([...textsIn('runbooks'), ...fixtures])('%s', (_file, text) => {
    expect(problemsOf(text)).toEqual([]);
  });

  it('stands for every action of the catalogue', () => {
    const all = fixtures.map(([, text]) => text).join();
    const missing = Object.keys(catalogue).filter((action) => !all.includes(action));
    expect(missing).toEqual([]);
    expect(Object.keys(catalogue)).toHaveLength(23);
  });
});

describe('what looks odd and is taken', () => {
  const nap = "- { name: A, action: 'aws:sleep', inputs: { Duration: PT1S } }";
  it.each([
    ['a byte order mark', `\uFEFF${stepsOnly(nap)}`],
    ['carriage returns', stepsOnly(nap).replaceAll('\n', '\r\n')],
    ['a version that is a number', stepsOnly(nap).replace("'0.3'", '0.3')],
    ['YAML document marks', `---\n${stepsOnly(nap)}...\n`],
    [
      'tabs in JSON',
      '{\n\t"schemaVersion":\t"0.3",\n\t"mainSteps": [\n\t\t{ "name": "A", ' +
        '"action": "aws:pause",\t"inputs": {} }\n\t]\n}',
    ],
    [
      'anchors and merge keys',
      stepsOnly(`- &a { name: A, action: 'aws:pause' }\n- { <<: *a, name: B }`),
    ],
    ['a pause without inputs', stepsOnly("- { name: A, action: 'aws:pause' }")],
    [
      'every form of duration',
      stepsOnly(
        ['PT10M', 'P1DT2H', 'P1W'.replace('1W', '6D'), 'PT0S', 'PT1.5S', "'PT{{ global:DATE }}S'"]
          .map((each, n) => `- { name: A${n}, action: 'aws:sleep', inputs: { Duration: ${each} } }`)
          .join('\n'),
      ),
    ],
    [
      'a step that nothing leads to',
      stepsOnly(`${nap.replace('A,', 'A, isEnd: true,')}
- { name: B, action: 'aws:pause', inputs: {} }`),
    ],
    [
      'And and Or of one expression',
      stepsOnly(`- name: A
  action: aws:branch
  inputs: { Choices: [{ NextStep: B, Or: [{ Variable: x, StringEquals: x }] }] }
- { name: B, action: 'aws:pause', inputs: {} }`),
    ],
    [
      'steps that go on from a decided branch only',
      stepsOnly(`- name: A
  action: aws:branch
  inputs: { Choices: [{ NextStep: C, Variable: x, StringEquals: x }], Default: C }
- { name: B, action: 'aws:sleep', nextStep: A, inputs: { Duration: PT1S } }
- { name: C, action: 'aws:pause', inputs: {} }`),
    ],
    [
      'outputs of a branch not taken',
      stepsOnly(`- name: A
  action: aws:branch
  inputs: { Choices: [{ NextStep: C, Variable: x, StringEquals: x }], Default: B }
- name: B
  action: aws:executeAwsApi
  isEnd: true
  inputs: { Service: iam, Api: GetUser }
  outputs: [{ Name: X, Selector: $.X }]
${use('C', '{{ B.X }}')}`),
    ],
    [
      'an output of what runs later, unless it was cancelled',
      stepsOnly(
        [
          use('A', '{{ B.X }}'),
          call('B', "onCancel: 'step:A', outputs: [{ Name: X, Selector: $.X }]"),
        ].join('\n'),
      ),
    ],
    [
      'references of three parts',
      stepsOnly(`- { name: A, action: 'aws:executeAutomation', inputs: { DocumentName: X } }
${use('B', '{{ A.Child.X }}')}`),
    ],
  ])('%s', (_what, text) => {
    expect(problemsOf(text)).toEqual([]);
  });
});
