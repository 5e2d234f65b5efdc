/** One fault each in how steps hang together, with the exact lines that are said. */
import { describe, expect, it } from 'vitest';
import { type Broken, call, named, problemsOf, step, stepsOnly, use } from './documents.ts';

const pair = (more: string, other = call('B')) => stepsOnly(`${call('A', more)}\n${other}`);
const using = (reference: string, head = '') =>
  stepsOnly(step('aws:executeAwsApi', `{ Service: iam, Api: GetUser, Of: '${reference}' }`), head);
const fork = (choice: string, rest = '') =>
  stepsOnly(`${step('aws:branch', `{ Choices: [${choice}]${rest} }`)}\n${call('B')}`);
const loop = (inputs: string) => stepsOnly(step('aws:loop', inputs));
const inner = "Steps: [{ name: B, action: 'aws:pause' }]";
const operators = 'NextStep: B, Variable: x';

const jumps: readonly Broken[] = [
  [
    'a nextStep to nowhere',
    pair('nextStep: Gone'),
    ['A: nextStep leads to Gone, and there is no such step'],
  ],
  [
    'an onFailure to nowhere',
    pair("onFailure: 'step:Gone'"),
    ['A: onFailure leads to Gone, and there is no such step'],
  ],
  [
    'an onCancel to nowhere',
    pair("onCancel: 'step:Gone'"),
    ['A: onCancel leads to Gone, and there is no such step'],
  ],
  [
    'a choice to nowhere',
    fork('{ NextStep: Gone, Variable: x, StringEquals: x }'),
    ['A: aws:branch leads to Gone, and there is no such step'],
  ],
  [
    'a Default to nowhere',
    fork(`{ ${operators}, StringEquals: x }`, ', Default: Gone'),
    ['A: aws:branch leads to Gone, and there is no such step'],
  ],
  [
    'a slip in the name of a step',
    stepsOnly(`${call('A', 'nextStep: cleanUp')}\n${call('cleanup')}`),
    ['A: nextStep leads to cleanUp, and there is no such step; did you mean cleanup?'],
  ],
  [
    'an onCancel to a sleep',
    pair("onCancel: 'step:B'", "- { name: B, action: 'aws:sleep', inputs: { Duration: PT1S } }"),
    ['A: onCancel leads to B, which is aws:sleep: not supported'],
  ],
  [
    'an onCancel to a pause',
    pair("onCancel: 'step:B'", "- { name: B, action: 'aws:pause' }"),
    ['A: onCancel leads to B, which is aws:pause: not supported'],
  ],
  [
    'two steps of a name',
    stepsOnly(`${call('A')}\n${call('A')}`),
    ['A: another step has this name'],
  ],
  [
    'a name again inside a loop',
    stepsOnly(step('aws:loop', "{ Iterators: [a], Steps: [{ name: A, action: 'aws:pause' }] }")),
    ['A: another step has this name'],
  ],
  [
    'a circle',
    pair('nextStep: B', call('B', 'nextStep: A')),
    ['A: the steps run in a circle: A → B → A'],
  ],
  [
    'a step that goes to itself',
    stepsOnly(call('A', "onFailure: 'step:A'")),
    ['A: the steps run in a circle: A → A'],
  ],
  [
    'a circle by a choice',
    stepsOnly(
      [
        call('A'),
        named('B', 'aws:branch', '{ Choices: [{ NextStep: A, Variable: x, StringEquals: x }] }'),
      ].join('\n'),
    ),
    ['A: the steps run in a circle: A → B → A'],
  ],
];

const conditions: readonly Broken[] = [
  ['no choices', stepsOnly(step('aws:branch')), ['A: input Choices is missing']],
  [
    'choices as a map',
    stepsOnly(step('aws:branch', '{ Choices: {} }')),
    ['A: input Choices is not a list of at least one choice'],
  ],
  ['no operator', fork(`{ ${operators} }`), ['A: choice 1 has no operator']],
  [
    'two operators',
    fork(`{ ${operators}, StringEquals: x, Contains: y }`),
    ['A: choice 1 has more than one operator: StringEquals, Contains'],
  ],
  [
    'an unknown operator',
    fork(`{ ${operators}, StringEqual: x }`),
    ['A: choice 1 has an unknown operator StringEqual; did you mean StringEquals?'],
  ],
  ['no Variable', fork('{ NextStep: B, StringEquals: x }'), ['A: choice 1 has no Variable']],
  ['no NextStep', fork('{ Variable: x, StringEquals: x }'), ['A: choice 1 has no NextStep']],
  [
    'a word to count with',
    fork(`{ ${operators}, NumericGreater: many }`),
    ['A: choice 1 NumericGreater is not a number: "many"'],
  ],
  [
    'a word that is not true',
    fork(`{ ${operators}, BooleanEquals: perhaps }`),
    ['A: choice 1 BooleanEquals is not true or false: "perhaps"'],
  ],
  [
    'a list to compare with',
    fork(`{ ${operators}, StringEquals: [x] }`),
    ['A: choice 1 StringEquals is not a text: ["x"]'],
  ],
  [
    'And of nothing',
    fork('{ NextStep: B, And: [] }'),
    ['A: choice 1 And is not a list of at least one expression'],
  ],
  [
    'a fault deep inside',
    fork('{ NextStep: B, Or: [{ Not: { Variable: x } }] }'),
    ['A: choice 1 Or 1 Not has no operator'],
  ],
  ['a loop of nothing', loop('{ Iterators: [a] }'), ['A: input Steps is missing']],
  [
    'a loop without an end',
    loop(`{ ${inner} }`),
    ['A: needs the input Iterators or LoopCondition'],
  ],
  [
    'a loop of both kinds',
    loop(`{ ${inner}, Iterators: [a], LoopCondition: { Variable: x, StringEquals: x } }`),
    ['A: has both inputs Iterators and LoopCondition, which exclude each other'],
  ],
  [
    'a loop too long',
    loop(`{ ${inner}, Iterators: [a], MaxIterations: 101 }`),
    ['A: input MaxIterations is more than 100: 101'],
  ],
  ['a loop over a text', loop(`{ ${inner}, Iterators: a }`), ['A: input Iterators is not a list']],
  [
    'a loop over another type',
    loop(`{ ${inner}, Iterators: [a], IteratorDataType: MapList }`),
    ['A: input IteratorDataType is not one of Boolean, Integer, String, StringMap: "MapList"'],
  ],
  [
    'a loop on half a condition',
    loop(`{ ${inner}, LoopCondition: { Variable: x } }`),
    ['A: input LoopCondition has no operator'],
  ],
  [
    'a fault in a step of a loop',
    loop("{ Iterators: [a], Steps: [{ name: B, action: 'aws:sleep' }, {}] }"),
    [
      'B: needs the input Duration or Timestamp',
      'step 2 of A: has no name',
      'step 2 of A: has no action',
    ],
  ],
];

const references: readonly Broken[] = [
  [
    'an unknown parameter',
    using('{{ UserNam }}', 'parameters: { UserName: { type: String } }'),
    ['A: {{ UserNam }} is not a declared parameter; did you mean UserName?'],
  ],
  [
    'an unknown variable',
    using('{{ variable:Cound }}', 'variables: { Count: { type: Integer } }'),
    ['A: {{ variable:Cound }} is not declared; did you mean Count?'],
  ],
  [
    'an unknown system variable',
    using('{{ global:ACCOUNT }}'),
    ['A: {{ global:ACCOUNT }} is no system variable; did you mean global:ACCOUNT_ID?'],
  ],
  [
    'another automation variable',
    using('{{ automation:ID }}'),
    ['A: {{ automation:ID }} is no system variable'],
  ],
  [
    'an output of no step',
    using('{{ Gone.X }}'),
    ['A: {{ Gone.X }} names a step that does not exist'],
  ],
  [
    'its own output',
    stepsOnly(use('A', '{{ A.X }}', 'outputs: [{ Name: X, Selector: $.X }]')),
    ['A: {{ A.X }} is its own output'],
  ],
  [
    'an output that the action has not',
    stepsOnly(
      [
        step('aws:runCommand', '{ DocumentName: d, InstanceIds: [i] }'),
        use('B', '{{ A.Outputs }}'),
      ].join('\n'),
    ),
    ['B: {{ A.Outputs }} names an output that A does not have; did you mean Output?'],
  ],
  [
    'an output that is not declared',
    stepsOnly(
      `${call('A')}\n- { name: B, action: 'aws:sleep', inputs: { Duration: '{{ A.Wait }}' } }`,
    ),
    ['B: {{ A.Wait }} names an output that A does not have'],
  ],
  [
    'an output of what only runs later',
    stepsOnly(
      [
        step('aws:sleep', "{ Duration: '{{ B.Wait }}' }"),
        call('B', 'outputs: [{ Name: Wait, Selector: $.X }]'),
      ].join('\n'),
    ),
    ['A: {{ B.Wait }} is of a step that can only run later'],
  ],
  [
    'an unknown parameter in attempts',
    stepsOnly(call('A', "maxAttempts: '{{ Often }}'")),
    ['A: maxAttempts: {{ Often }} is not a declared parameter'],
  ],
  [
    'a parameter unknown in a command',
    stepsOnly(
      step(
        'aws:runCommand',
        "{ DocumentName: d, InstanceIds: [i], Parameters: { commands: ['echo {{ Name }}'] } }",
      ),
    ),
    ['A: {{ Name }} is not a declared parameter'],
  ],
  [
    'one of ours in a script',
    stepsOnly(
      [
        call('A'),
        named(
          'B',
          'aws:executeScript',
          "{ Runtime: PowerShell 7.4, Script: 'echo {{ A.X }} {{ other }}' }",
        ),
      ].join('\n'),
    ),
    ['B: {{ A.X }} names an output that A does not have'],
  ],
];

describe('steps together', () => {
  it.each(jumps)('are refused for %s', (_fault, text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });
  it.each(conditions)('are refused for %s', (_fault, text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });
  it.each(references)('are refused for %s', (_fault, text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });
});

it('faults at several places are all said at once, in the order of the document', () => {
  const text = `schemaVersion: '0.3'
schemaVersion: '0.3'
parameters: { P: { type: Text } }
mainSteps:
  - { name: A, action: 'aws:runComand', nextStep: Gone, maxAttempts: 0 }
  - { name: B, action: 'aws:sleep', inputs: { Duration: soon, Extra: '{{ Q }}' } }
  - { name: C, action: 'aws:executeAwsApi', onFailure: 'step:B', inputs: { Api: GetUser } }
outputs: [A.Anything, C.UserId]
`;
  expect(problemsOf(text)).toEqual([
    'document: has the key schemaVersion twice in one map, at line 2',
    'parameters.P: type is not one of String, StringList, Boolean, Integer, MapList, ' +
      'StringMap: "Text"',
    'A: action aws:runComand is unknown; did you mean aws:runCommand?',
    'A: maxAttempts is not a whole number of at least 1: 0',
    'A: nextStep leads to Gone, and there is no such step',
    'B: input Extra is unknown to aws:sleep',
    'B: input Duration is no ISO 8601 duration: "soon"',
    'B: {{ Q }} is not a declared parameter',
    'C: input Service is missing',
    'B: the steps run in a circle: B → C → B',
    'document: outputs: C.UserId names an output that C does not have',
  ]);
});
