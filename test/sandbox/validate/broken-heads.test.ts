/** One fault each in what stands beside the steps, with the exact lines that are said. */
import { describe, expect, it } from 'vitest';
import { type Broken, call, problemsOf, stepsOnly } from './documents.ts';

const sound = call('A');
const parameter = (definition: string) => stepsOnly(sound, `parameters: { P: ${definition} }`);
const variable = (definition: string) => stepsOnly(sound, `variables: { V: ${definition} }`);
const types = 'String, StringList, Boolean, Integer, MapList, StringMap';

const documents: readonly Broken[] = [
  ['nothing', '', ['document: is empty']],
  ['words', 'just words', ['document: is not a map']],
  ['a list', '[1]', ['document: is not a map']],
  ['no version', `mainSteps:\n${sound}`, ['document: has no schemaVersion']],
  [
    'the version of Command documents',
    stepsOnly(sound).replace('0.3', '2.2'),
    ['document: schemaVersion is not 0.3, that of Automation: "2.2"'],
  ],
  [
    'no steps',
    "schemaVersion: '0.3'\nmainSteps: []",
    ['document: mainSteps is not a list of at least one step'],
  ],
  [
    'steps as a map',
    "schemaVersion: '0.3'\nmainSteps: { A: 1 }",
    ['document: mainSteps is not a list of at least one step'],
  ],
  [
    'an unknown section',
    stepsOnly(sound, 'parameter: {}'),
    ['document: unknown property parameter; did you mean parameters?'],
  ],
  [
    'a list as description',
    stepsOnly(sound, 'description: []'),
    ['document: description is not a text'],
  ],
  [
    'an assumeRole that is no parameter',
    stepsOnly(sound, "parameters: { Role: { type: String } }\nassumeRole: '{{ Rolle }}'"),
    ['document: assumeRole: {{ Rolle }} is not a declared parameter; did you mean Role?'],
  ],
  [
    'an assumeRole from Parameter Store',
    stepsOnly(sound, "assumeRole: '{{ssm:role}}'"),
    ['document: assumeRole: {{ ssm:role }} cannot stand there'],
  ],
  [
    'parameters as a list',
    stepsOnly(sound, 'parameters: []'),
    ['document: parameters is not a map'],
  ],
  [
    'a file without a checksum',
    stepsOnly(sound, 'files: { a.zip: {} }'),
    ['document: files a.zip has no checksums with sha256'],
  ],
  ['outputs as a map', stepsOnly(sound, 'outputs: { a: b }'), ['document: outputs is not a list']],
  [
    'an output of no step',
    stepsOnly(sound, 'outputs: [B.X]'),
    ['document: outputs: B.X names a step that does not exist'],
  ],
  [
    'an output that is not declared',
    stepsOnly(sound, 'outputs: [A.UserId]'),
    ['document: outputs: A.UserId names an output that A does not have'],
  ],
  [
    'an output of no form',
    stepsOnly(sound, "outputs: ['{{ A.X }}', 1]"),
    [
      'document: outputs: "{{ A.X }}" is not of the form step.Output',
      'document: outputs: 1 is not of the form step.Output',
    ],
  ],
  [
    'a key twice',
    `${stepsOnly(sound)}mainSteps: []\n`.replace('mainSteps: []', "schemaVersion: '0.3'"),
    ['document: has the key schemaVersion twice in one map, at line 5'],
  ],
  [
    'a key twice in JSON',
    '{"schemaVersion":"0.3","mainSteps":[{"name":"A","name":"A","action":"aws:pause"}]}',
    ['document: has the key name twice in one map, at line 1'],
  ],
  [
    'a tab as indentation',
    "schemaVersion: '0.3'\nmainSteps:\n\t- name: A",
    ['document: is no YAML: Tabs are not allowed as indentation at line 3, column 1'],
  ],
  [
    'two documents',
    `${stepsOnly(sound)}---\na: 1\n`,
    ['document: holds more than one YAML document'],
  ],
];

const parameters: readonly Broken[] = [
  ['not a map', parameter('String'), ['parameters.P: is not a map']],
  ['no type', parameter('{}'), ['parameters.P: has no type']],
  [
    'a foreign type',
    parameter('{ type: Number }'),
    [`parameters.P: type is not one of ${types}: "Number"`],
  ],
  [
    'a type in small letters',
    parameter('{ type: stringlist }'),
    [`parameters.P: type is not one of ${types}: "stringlist"; did you mean StringList?`],
  ],
  [
    'a property unknown',
    parameter('{ type: String, defaults: x }'),
    ['parameters.P: unknown property defaults; did you mean default?'],
  ],
  [
    'a name with a blank',
    stepsOnly(sound, "parameters: { 'a b': { type: String } }"),
    ['parameters.a b: name is not of letters and digits'],
  ],
  [
    'true as a text',
    parameter("{ type: Boolean, default: 'true' }"),
    ['parameters.P: default is not of type Boolean: "true"'],
  ],
  [
    'a broken number',
    parameter('{ type: Integer, default: 1.5 }'),
    ['parameters.P: default is not of type Integer: 1.5'],
  ],
  [
    'a text for a list',
    parameter('{ type: StringList, default: a }'),
    ['parameters.P: default is not of type StringList: "a"'],
  ],
  [
    'a list for a text',
    parameter('{ type: String, default: [a] }'),
    ['parameters.P: default is not of type String: ["a"]'],
  ],
  [
    'a list for a map',
    parameter('{ type: StringMap, default: [] }'),
    ['parameters.P: default is not of type StringMap: []'],
  ],
  [
    'texts for maps',
    parameter('{ type: MapList, default: [a] }'),
    ['parameters.P: default is not of type MapList: ["a"]'],
  ],
  [
    'a default that is not allowed',
    parameter('{ type: String, allowedValues: [a, b], default: c }'),
    ['parameters.P: default is not among allowedValues: "c"'],
  ],
  [
    'allowed values of another type',
    parameter('{ type: Integer, allowedValues: [a] }'),
    ['parameters.P: allowedValues are not of type Integer: "a"'],
  ],
  [
    'no allowed values',
    parameter('{ type: String, allowedValues: [] }'),
    ['parameters.P: allowedValues is not a list of at least one value'],
  ],
  [
    'a pattern not closed',
    parameter("{ type: String, allowedPattern: '^[a' }"),
    ['parameters.P: allowedPattern is no regular expression: ^[a'],
  ],
  [
    'a pattern that is a list',
    parameter('{ type: String, allowedPattern: [a] }'),
    ['parameters.P: allowedPattern is not a text'],
  ],
  [
    'a bound that is no number',
    parameter('{ type: String, minChars: few }'),
    ['parameters.P: minChars is not a whole number: "few"'],
  ],
  [
    'bounds that cross',
    parameter('{ type: StringList, minItems: 3, maxItems: 2 }'),
    ['parameters.P: minItems is more than maxItems: 3 and 2'],
  ],
  [
    'a default that is too long',
    parameter('{ type: StringList, maxItems: 1, default: [a, b] }'),
    ['parameters.P: default has more than 1 items'],
  ],
  [
    'a field that is none',
    parameter('{ type: String, displayType: input }'),
    ['parameters.P: displayType is not textfield or textarea: "input"'],
  ],
  [
    "a step's output as default",
    parameter("{ type: String, default: '{{ A.X }}' }"),
    ['parameters.P: default refers to {{ A.X }}, which is not known that early'],
  ],
  [
    'an unknown parameter as default',
    parameter("{ type: String, default: '{{ Q }}' }"),
    ['parameters.P: default refers to {{ Q }}, which is not known that early'],
  ],
  ['a variable without type', variable('{ default: 1 }'), ['variables.V: has no type']],
  [
    'a variable of a resource',
    variable("{ type: 'AWS::IAM::Role::Arn' }"),
    [`variables.V: type is not one of ${types}: "AWS::IAM::Role::Arn"`],
  ],
  [
    'a variable of another type',
    variable('{ type: Integer, default: none }'),
    ['variables.V: default is not of type Integer: "none"'],
  ],
];

describe('what stands beside the steps', () => {
  it.each(documents)('is refused for %s', (_fault, text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });
  it.each(parameters)('is refused for %s', (_fault, text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });
});
