/** Documents that are taken, and everything that is said about those that are not. */
import { describe, expect, it } from 'vitest';
import { documentOf, problemsOf, stepsOnly } from './rig.ts';

const nap = "- { name: Nap, action: 'aws:sleep', inputs: { Duration: PT1S } }";

describe('a sound document', () => {
  it('is read with the defaults that AWS documents', () => {
    const document = documentOf(`
description: A trial
schemaVersion: '0.3'
assumeRole: '{{ AutomationAssumeRole }}'
parameters:
  AutomationAssumeRole: { type: String, allowedPattern: '^arn:aws' }
variables:
  Greeting: { type: String, default: hello }
mainSteps:
  - name: Look
    action: aws:executeAwsApi
    onFailure: Continue
    inputs: { Service: iam, Api: GetUser, UserName: '{{ variable:Greeting }}' }
    outputs:
      - { Name: UserId, Selector: $.User.UserId }
  - name: Nap
    action: aws:sleep
    timeoutSeconds: 30
    maxAttempts: 2
    onFailure: step:Last
    onCancel: step:Last
    inputs: { Duration: PT1S }
  - { name: Last, action: aws:sleep, inputs: { Timestamp: '2026-11-02T00:00:00Z' }, isEnd: true }
outputs:
  - Look.UserId
`);
    expect(document.steps.map((step) => step.isCritical)).toEqual([false, true, true]);
    expect(document.steps[0]?.outputs).toEqual([
      { name: 'UserId', selector: '$.User.UserId', type: 'String' },
    ]);
    expect(document.steps[0]).toMatchObject({ maxAttempts: 1, timeoutSeconds: undefined });
    expect(document.steps[1]).toMatchObject({
      maxAttempts: 2,
      timeoutSeconds: 30,
      onFailure: { kind: 'step', name: 'Last' },
      onCancel: { kind: 'step', name: 'Last' },
    });
    expect(document.outputs).toEqual(['Look.UserId']);
  });

  it('may be JSON', () => {
    const step = { name: 'Nap', action: 'aws:sleep', inputs: { Duration: 'PT1S' } };
    const json = JSON.stringify({ schemaVersion: '0.3', mainSteps: [step] });
    expect(problemsOf(json)).toEqual([]);
  });
});

const single: [string, string, string][] = [
  ['another version', `schemaVersion: 0.3\nmainSteps: [${nap.slice(2)}]`, 'schemaVersion is not'],
  ['no steps', "schemaVersion: '0.3'", 'mainSteps has no step'],
  ['a text', 'just words', 'the document is not a map'],
  ['an unknown top-level property', stepsOnly(nap, 'mainStep: 1'), 'unknown property mainStep'],
  [
    'another action',
    stepsOnly('- { name: Run, action: aws:executeScript, inputs: {} }'),
    'Run: action "aws:executeScript" is not known to this runner',
  ],
  [
    'an unknown step property',
    stepsOnly('- { name: A, action: aws:sleep, inputs: { Duration: PT1S }, onfailure: Abort }'),
    'A: unknown property onfailure',
  ],
  ['two steps of a name', stepsOnly(`${nap}\n${nap}`), 'several steps are named Nap'],
  [
    'a nextStep to nowhere',
    stepsOnly(nap.replace('inputs', 'nextStep: Gone, inputs')),
    'Nap: nextStep leads to Gone, and there is no such step',
  ],
  [
    'an onFailure to nowhere',
    stepsOnly(nap.replace('inputs', "onFailure: 'step:Gone', inputs")),
    'Nap: onFailure leads to Gone, and there is no such step',
  ],
  [
    'another onFailure',
    stepsOnly(nap.replace('inputs', 'onFailure: continue, inputs')),
    'Nap: onFailure is not Abort, Continue or step:name: continue',
  ],
  [
    'onCancel Continue',
    stepsOnly(nap.replace('inputs', 'onCancel: Continue, inputs')),
    'Nap: onCancel is not Abort or step:name: Continue',
  ],
  [
    'maxAttempts 0',
    stepsOnly(nap.replace('inputs', 'maxAttempts: 0, inputs')),
    'Nap: maxAttempts is not a whole number of at least 1',
  ],
  [
    'a circle',
    stepsOnly(
      `${nap}\n- { name: B, action: aws:sleep, nextStep: Nap, inputs: { Duration: PT1S } }`,
    ),
    'the steps run in a circle: Nap → B → Nap',
  ],
  ['a bad duration', stepsOnly(nap.replace('PT1S', '10M')), 'Duration is no ISO 8601 duration'],
  ['a long duration', stepsOnly(nap.replace('PT1S', 'P7D')), 'Duration is longer than 604799'],
  [
    'a reference to no parameter',
    stepsOnly(nap.replace('PT1S', "'{{ HowLong }}'")),
    'Nap: {{ HowLong }} is no parameter',
  ],
  [
    'an unknown global',
    stepsOnly(nap.replace('PT1S', "'{{ global:TIME }}'")),
    'Nap: {{ global:TIME }} is not known',
  ],
  [
    'an undeclared variable',
    stepsOnly(nap.replace('PT1S', "'{{ variable:x }}'")),
    'Nap: {{ variable:x }} is not declared in variables',
  ],
  [
    'an output of no step',
    stepsOnly(nap.replace('PT1S', "'{{ Ask.Time }}'")),
    'Nap: Ask.Time names a step that does not exist',
  ],
  ['an output not declared', stepsOnly(nap, 'outputs: [Nap.Time]'), 'Nap.Time names an output'],
  [
    'outputs where there are none',
    stepsOnly(nap.replace('inputs', 'outputs: [{ Name: X, Selector: $.X }], inputs')),
    'Nap: this action has no outputs to declare',
  ],
  [
    'an assumeRole that is no parameter',
    stepsOnly(nap, "assumeRole: '{{ Role }}'"),
    'assumeRole refers to {{ Role }}, which is not a parameter',
  ],
  [
    'lookahead in a pattern (SSM takes RE2)',
    stepsOnly(nap, "parameters: { P: { type: String, allowedPattern: '^(?!AKIA)' } }"),
    'parameter P: allowedPattern uses lookaround',
  ],
  [
    'a parameter of a foreign type',
    stepsOnly(nap, 'parameters: { P: { type: Number } }'),
    'parameter P: type "Number" is not known',
  ],
  [
    'a default of another type',
    stepsOnly(nap, "parameters: { P: { type: Boolean, default: 'true' } }"),
    'parameter P: default is not of type Boolean',
  ],
  [
    'a default from Parameter Store',
    stepsOnly(nap, "parameters: { P: { type: String, default: '{{ssm:name}}' } }"),
    'parameter P: default refers to {{ ssm:name }}',
  ],
];

describe('a document that is refused', () => {
  it.each(single)('for %s', (_what, text, problem) => {
    expect(problemsOf(text)).toEqual([expect.stringContaining(problem)]);
  });

  it('with every problem at once, also where one step cannot be read', () => {
    const problems = problemsOf(`
schemaVersion: '0.3'
mainSteps:
  - { name: A, action: aws:runCommand, inputs: {} }
  - { name: B, action: aws:sleep, nextStep: Gone, inputs: { Duration: soon, Extra: 1 } }
  - { name: C, action: aws:executeAwsApi, onFailure: 'step:A', inputs: { Api: getUser } }
outputs: [A.Anything, C.UserId]
`);
    expect(problems).toEqual([
      'A: action "aws:runCommand" is not known to this runner',
      'B: input Extra is not known to this runner',
      'B: Duration is no ISO 8601 duration: "soon"',
      'C: input Service is missing',
      'C: input Api is not an operation in PascalCase: getUser',
      'B: nextStep leads to Gone, and there is no such step',
      'outputs: C.UserId names an output that does not exist',
    ]);
  });

  it('when the YAML itself is broken, with every place', () => {
    const problems = problemsOf("schemaVersion: '0.3'\nschemaVersion: '0.3'\nmainSteps: [");
    expect(problems.length).toBeGreaterThanOrEqual(2);
    expect(problems.join()).toContain('Map keys must be unique');
  });
});

describe('inputs of actions', () => {
  const branchOf = (inputs: string) =>
    stepsOnly(
      `- name: Fork\n  action: aws:branch\n  inputs:\n${inputs.replace(/^/gm, '    ')}\n${nap}`,
    );
  const cases: [string, string, string][] = [
    [
      'an unknown operation',
      branchOf("Choices:\n- { NextStep: Nap, Variable: '1', NumericLess: 2 }"),
      'Fork: choice 1 has an unknown operation NumericLess',
    ],
    [
      'a choice that leads nowhere',
      branchOf('Choices:\n- { NextStep: Gone, Variable: a, StringEquals: a }'),
      'Fork: branch leads to Gone',
    ],
    [
      'two operations at once',
      branchOf('Choices:\n- { NextStep: Nap, Variable: a, StringEquals: a, Contains: b }'),
      'Fork: choice 1 needs exactly one operation',
    ],
    [
      'a nested rule without a variable',
      branchOf('Choices:\n- { NextStep: Nap, And: [{ StringEquals: a }] }'),
      'Fork: choice 1 And[0] needs a Variable',
    ],
    ['no choices', branchOf('Default: Nap'), 'Fork: input Choices is missing'],
    [
      'a filter in a selector',
      stepsOnly(`- name: Look
  action: aws:assertAwsResourceProperty
  inputs: { Service: iam, Api: GetUser, PropertySelector: '$..[?(@.a)]', DesiredValues: [a] }`),
      'Look: input PropertySelector: "$..[?(@.a)]" filters',
    ],
    [
      'no desired values',
      stepsOnly(`- name: Look
  action: aws:waitForAwsResourceProperty
  inputs: { Service: iam, Api: GetUser, PropertySelector: $.User, DesiredValues: [] }`),
      'Look: input DesiredValues is not a list of at least one value',
    ],
    [
      'an input of Lambda that is not modelled',
      stepsOnly(`- name: Ask
  action: aws:invokeLambdaFunction
  inputs: { FunctionName: witness, Qualifier: live }`),
      'Ask: input Qualifier is not known to this runner',
    ],
    [
      'another invocation type',
      stepsOnly(`- name: Ask
  action: aws:invokeLambdaFunction
  inputs: { FunctionName: witness, InvocationType: Async }`),
      'Ask: input InvocationType is not one of RequestResponse, Event, DryRun: "Async"',
    ],
  ];
  it.each(cases)('are refused for %s', (_what, text, problem) => {
    expect(problemsOf(text)).toContainEqual(expect.stringContaining(problem));
  });
});
