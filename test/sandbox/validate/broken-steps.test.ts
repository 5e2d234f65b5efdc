/** One fault each in a step by itself, with the exact lines that are said. */
import { describe, expect, it } from 'vitest';
import { type Broken, call, problemsOf, step, stepsOnly } from './documents.ts';

const of = (action: string, inputs = '{}', more = '') => stepsOnly(step(action, inputs, more));
const calling = (more: string) => stepsOnly(call('A', more));
const output = (definition: string) => calling(`outputs: [${definition}]`);
const types = 'String, StringList, Boolean, Integer, MapList, StringMap';

const properties: readonly Broken[] = [
  ['a step that is nothing', stepsOnly('- ~'), ['document: step 1 is not a map']],
  ['no name', stepsOnly("- { action: 'aws:pause' }"), ['step 1: has no name']],
  [
    'a number as name',
    stepsOnly("- { name: 1, action: 'aws:pause' }"),
    ['step 1: name is not of 1 to 128 letters, digits or _'],
  ],
  [
    'a hyphen in a name',
    stepsOnly("- { name: a-b, action: 'aws:pause' }"),
    ['a-b: name is not of 1 to 128 letters, digits or _'],
  ],
  ['no action', stepsOnly('- { name: A }'), ['A: has no action']],
  [
    'a misspelt action',
    of('aws:runComand'),
    ['A: action aws:runComand is unknown; did you mean aws:runCommand?'],
  ],
  [
    'an action in other letters',
    of('aws:executeAWSApi'),
    ['A: action aws:executeAWSApi is unknown; did you mean aws:executeAwsApi?'],
  ],
  [
    'a plugin of Command documents',
    of('aws:runShellScript'),
    ['A: action aws:runShellScript is unknown'],
  ],
  [
    'an unknown property',
    calling('onfailure: Abort'),
    ['A: unknown property onfailure; did you mean onFailure?'],
  ],
  [
    'a precondition, which Command documents have',
    calling('precondition: {}'),
    ['A: unknown property precondition'],
  ],
  [
    'inputs as a list',
    stepsOnly("- { name: A, action: 'aws:pause', inputs: [] }"),
    ['A: inputs is not a map'],
  ],
  [
    'attempts of none',
    calling('maxAttempts: 0'),
    ['A: maxAttempts is not a whole number of at least 1: 0'],
  ],
  [
    'a broken number of attempts',
    calling('maxAttempts: 1.5'),
    ['A: maxAttempts is not a whole number of at least 1: 1.5'],
  ],
  [
    'a time of words',
    calling('timeoutSeconds: soon'),
    ['A: timeoutSeconds is not a whole number of at least 1: "soon"'],
  ],
  [
    'negative time',
    calling('timeoutSeconds: -1'),
    ['A: timeoutSeconds is not a whole number of at least 1: -1'],
  ],
  [
    'more than 30 days to approve',
    of('aws:approve', '{ Approvers: [dana] }', 'timeoutSeconds: 2592001'),
    ['A: timeoutSeconds is more than 2592000: 2592001'],
  ],
  ['isEnd of words', calling('isEnd: maybe'), ['A: isEnd is not true or false: "maybe"']],
  ['isCritical of a number', calling('isCritical: 1'), ['A: isCritical is not true or false: 1']],
  [
    'another onFailure',
    calling('onFailure: continue'),
    ['A: onFailure is not Abort, Continue or step:name: "continue"'],
  ],
  [
    'an onFailure of no step',
    calling("onFailure: 'step:'"),
    ['A: onFailure is not Abort, Continue or step:name: "step:"'],
  ],
  [
    'onCancel Continue',
    calling('onCancel: Continue'),
    ['A: onCancel is not Abort or step:name: "Continue"'],
  ],
  [
    'an end that goes on',
    stepsOnly(`${call('A', 'isEnd: true, nextStep: B')}\n${call('B')}`),
    ['A: has both nextStep and isEnd: true'],
  ],
  ['outputs as a map', calling('outputs: {}'), ['A: outputs is not a list']],
  ['an output that is a text', output('X'), ['A: output 1 is not a map']],
  ['an output without Name', output('{ Selector: $.X }'), ['A: output 1 has no Name']],
  ['an output without Selector', output('{ Name: X }'), ['A: output X Selector is missing']],
  [
    'a selector that is a name',
    output('{ Name: X, Selector: User.Id }'),
    ['A: output X Selector is no JSONPath, it does not start with $: User.Id'],
  ],
  [
    'a selector not closed',
    output("{ Name: X, Selector: '$.A[0' }"),
    ['A: output X Selector is no JSONPath, a bracket is not closed: $.A[0'],
  ],
  [
    'a selector that ends in a dot',
    output("{ Name: X, Selector: '$.A.' }"),
    ['A: output X Selector is no JSONPath: $.A.'],
  ],
  [
    'a selector without a dot',
    output('{ Name: X, Selector: $User }'),
    ['A: output X Selector is no JSONPath: $User'],
  ],
  [
    'another output type',
    output('{ Name: X, Selector: $.X, Type: Number }'),
    [`A: output X Type is not one of ${types}: "Number"`],
  ],
  [
    'an output twice',
    output('{ Name: X, Selector: $.X }, { Name: X, Selector: $.Y }'),
    ['A: output X is declared twice'],
  ],
  [
    'an output property unknown',
    output('{ Name: X, Selector: $.X, type: String }'),
    ['A: output X has an unknown property type; did you mean Type?'],
  ],
  [
    'outputs of a sleep',
    of('aws:sleep', '{ Duration: PT1S }', 'outputs: [{ Name: X, Selector: $.X }]'),
    ['A: aws:sleep has no outputs to declare'],
  ],
  [
    'a reserved output',
    of(
      'aws:invokeLambdaFunction',
      '{ FunctionName: f }',
      'outputs: [{ Name: LogResult, Selector: $.X }]',
    ),
    ['A: output LogResult has a Name that aws:invokeLambdaFunction reserves for itself'],
  ],
  [
    'onCancel on a loop',
    stepsOnly(
      step(
        'aws:loop',
        "{ Iterators: [a], Steps: [{ name: B, action: 'aws:pause' }] }",
        'onCancel: Abort',
      ),
    ),
    ['A: onCancel is not supported on aws:loop'],
  ],
  [
    'onCancel on updateVariable',
    stepsOnly(
      step('aws:updateVariable', "{ Name: 'variable:V', Value: x }", 'onCancel: Abort'),
      'variables: { V: { type: String } }',
    ),
    ['A: onCancel is not supported on aws:updateVariable'],
  ],
];

const inputs: readonly Broken[] = [
  ['no Service', of('aws:executeAwsApi', '{ Api: GetUser }'), ['A: input Service is missing']],
  ['no Api', of('aws:executeAwsApi', "{ Service: iam, Api: '' }"), ['A: input Api is missing']],
  [
    'a selector to assert by',
    of(
      'aws:assertAwsResourceProperty',
      '{ Service: iam, Api: GetUser, PropertySelector: User, DesiredValues: [a] }',
    ),
    ['A: input PropertySelector is no JSONPath, it does not start with $: User'],
  ],
  [
    'nothing desired',
    of(
      'aws:waitForAwsResourceProperty',
      '{ Service: iam, Api: GetUser, PropertySelector: $.User, DesiredValues: [] }',
    ),
    ['A: input DesiredValues is empty'],
  ],
  [
    'a map for a text',
    of('aws:invokeLambdaFunction', '{ FunctionName: { a: b } }'),
    ['A: input FunctionName is not a text: {"a":"b"}'],
  ],
  [
    'a text for a map',
    of('aws:invokeLambdaFunction', '{ FunctionName: f, InputPayload: a }'),
    ['A: input InputPayload is not a map: "a"'],
  ],
  [
    'another invocation',
    of('aws:invokeLambdaFunction', '{ FunctionName: f, InvocationType: Async }'),
    ['A: input InvocationType is not one of Event, RequestResponse, DryRun: "Async"'],
  ],
  [
    'a slip in a known input',
    of('aws:invokeLambdaFunction', '{ FunctionName: f, InputPayloads: {} }'),
    ['A: input InputPayloads is unknown to aws:invokeLambdaFunction; did you mean InputPayload?'],
  ],
  [
    'an input that sleep has not',
    of('aws:sleep', '{ Seconds: 5, Duration: PT5S }'),
    ['A: input Seconds is unknown to aws:sleep'],
  ],
  ['a sleep of nothing', of('aws:sleep'), ['A: needs the input Duration or Timestamp']],
  [
    'a sleep of no ISO form',
    of('aws:sleep', '{ Duration: 10M }'),
    ['A: input Duration is no ISO 8601 duration: "10M"'],
  ],
  [
    'a sleep that is negative',
    of('aws:sleep', '{ Duration: -PT1S }'),
    ['A: input Duration is no ISO 8601 duration: "-PT1S"'],
  ],
  [
    'a sleep of seven days',
    of('aws:sleep', '{ Duration: P7D }'),
    ['A: input Duration is longer than 604799 seconds: P7D'],
  ],
  [
    'a time that is none',
    of('aws:sleep', "{ Timestamp: '2026-13-01T00:00:00Z' }"),
    ['A: input Timestamp is no ISO 8601 time: "2026-13-01T00:00:00Z"'],
  ],
  [
    'another runtime',
    of('aws:executeScript', '{ Runtime: nodejs20.x, Script: x }'),
    ['A: input Runtime is no version of python3 or PowerShell: nodejs20.x'],
  ],
  [
    'Python without a handler',
    of('aws:executeScript', '{ Runtime: python3.11, Script: x }'),
    ['A: input Handler is missing, which Python needs'],
  ],
  [
    'no script',
    of('aws:executeScript', '{ Runtime: PowerShell 7.4 }'),
    ['A: needs the input Script or Attachment'],
  ],
  [
    'an attachment that is no file',
    of('aws:executeScript', '{ Runtime: PowerShell 7.4, Attachment: a.zip }'),
    ['A: input Attachment is not among the files of the document: a.zip'],
  ],
  [
    'more approvals than approvers',
    of('aws:approve', '{ Approvers: [dana], MinRequiredApprovals: 2 }'),
    ['A: needs 2 approvals and has 1 approvers'],
  ],
  [
    'eleven approvers',
    of('aws:approve', '{ Approvers: [a, b, c, d, e, f, g, h, i, j, k] }'),
    ['A: input Approvers has more than 10 items'],
  ],
  [
    'no approvals',
    of('aws:approve', '{ Approvers: [dana], MinRequiredApprovals: 0 }'),
    ['A: input MinRequiredApprovals is less than 1: 0'],
  ],
  [
    'another state',
    of('aws:changeInstanceState', '{ InstanceIds: [i-1], DesiredState: rebooted }'),
    ['A: input DesiredState is not one of running, stopped, terminated: "rebooted"'],
  ],
  [
    'a command on nothing',
    of('aws:runCommand', '{ DocumentName: AWS-RunShellScript }'),
    ['A: needs the input InstanceIds or Targets'],
  ],
  [
    'a stack of nothing',
    of('aws:createStack', '{ StackName: s }'),
    ['A: needs the input TemplateBody or TemplateURL'],
  ],
  [
    'a stack of two things',
    of('aws:createStack', '{ StackName: s, TemplateBody: x, TemplateURL: y }'),
    ['A: has both inputs TemplateBody and TemplateURL, which exclude each other'],
  ],
  [
    'a flag of words',
    of(
      'aws:copyImage',
      '{ SourceRegion: r, SourceImageId: i, ImageName: n, Encrypted: yes please }',
    ),
    ['A: input Encrypted is not true or false: "yes please"'],
  ],
  [
    'a count of words',
    of('aws:runInstances', '{ ImageId: i, MinInstanceCount: few }'),
    ['A: input MinInstanceCount is not a whole number: "few"'],
  ],
  [
    'a map for a list of maps',
    of('aws:createTags', '{ ResourceIds: [i], Tags: { a: b } }'),
    ['A: input Tags is not a list of maps: {"a":"b"}'],
  ],
  [
    'a variable that is none',
    of('aws:updateVariable', "{ Name: 'variable:V', Value: x }"),
    ['A: input Name is variable:V, which the document does not declare'],
  ],
  [
    'a name of no variable',
    of('aws:updateVariable', '{ Name: V, Value: x }'),
    ['A: input Name is not of the form variable:name: V'],
  ],
  [
    'a value of another type',
    stepsOnly(
      step('aws:updateVariable', "{ Name: 'variable:V', Value: [x] }"),
      'variables: { V: { type: Integer } }',
    ),
    ['A: input Value is not of type Integer, as variable:V is: ["x"]'],
  ],
  [
    'a pause with inputs',
    of('aws:pause', '{ Duration: PT1S }'),
    ['A: input Duration is unknown to aws:pause'],
  ],
];

describe('a step', () => {
  it.each(properties)('is refused for %s', (_fault, text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });
  it.each(inputs)('is refused for %s', (_fault, text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });
});
