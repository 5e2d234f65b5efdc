/** What an execution is started with, and what keeps it from starting. */
import { describe, expect, it } from 'vitest';
import { readParameters } from '../../../sandbox/runner/parameters.ts';
import { rig, stepsOnly } from './rig.ts';

const role = 'arn:aws:iam::111122223333:role/keyturn-runbook';

describe('values of each type', () => {
  const cases: [Parameters<typeof readParameters>[0][string]['type'], string[], unknown][] = [
    ['String', ['a'], 'a'],
    ['StringList', ['a', 'b'], ['a', 'b']],
    ['StringList', [], []],
    ['Boolean', ['true'], true],
    ['Integer', ['-12'], -12],
    ['StringMap', ['{"a":{"b":"c"}}'], { a: { b: 'c' } }],
    ['MapList', ['{"a":"1"}', '{"a":"2"}'], [{ a: '1' }, { a: '2' }]],
    ['MapList', ['[{"a":"1"}]'], [{ a: '1' }]],
    ['AWS::IAM::Role::Arn', [role], role],
  ];
  it.each(cases)('%s %j', (type, given, value) => {
    expect(readParameters({ P: { type } }, { P: given })).toEqual({
      ok: true,
      value: { P: value },
    });
  });
});

describe('values that are refused', () => {
  const cases: [string, Parameters<typeof readParameters>[0][string], string[], string][] = [
    ['two texts', { type: 'String' }, ['a', 'b'], 'must be one text'],
    ['True', { type: 'Boolean' }, ['True'], 'must be true or false'],
    ['a decimal', { type: 'Integer' }, ['1.5'], 'must be one whole number'],
    ['no JSON', { type: 'StringMap' }, ['a=b'], 'must be one JSON object'],
    ['a list for a map', { type: 'StringMap' }, ['[]'], 'must be one JSON object'],
    [
      'a text in a list of maps',
      { type: 'MapList' },
      ['{}', '1'],
      'must be a list of JSON objects',
    ],
    ['a user', { type: 'AWS::IAM::Role::Arn' }, ['arn:aws:iam::111122223333:user/x'], 'ARN of an'],
    [
      'what is not allowed',
      { type: 'String', allowedValues: ['a', 'b'] },
      ['c'],
      'must be one of "a", "b": c',
    ],
    [
      'what does not match',
      { type: 'String', allowedPattern: '^AKIA' },
      ['x'],
      'must match ^AKIA: x',
    ],
    [
      'one of a list that does not match',
      { type: 'StringList', allowedPattern: '^a$' },
      ['a', 'b'],
      'must match ^a$: b',
    ],
    ['too few', { type: 'StringList', minItems: 2 }, ['a'], 'at least 2 items'],
    ['too many', { type: 'StringList', maxItems: 1 }, ['a', 'b'], 'at most 1 items'],
    ['too short', { type: 'String', minChars: 2 }, ['a'], 'at least 2 characters'],
    ['too long', { type: 'String', maxChars: 2 }, ['abc'], 'at most 2 characters'],
  ];
  it.each(cases)('%s', (_what, definition, given, problem) => {
    const read = readParameters({ P: definition }, { P: given });
    expect(read).toEqual({ ok: false, problems: [expect.stringContaining(problem)] });
  });
});

describe('a start', () => {
  const text = stepsOnly(
    "- { name: Nap, action: aws:sleep, inputs: { Duration: 'PT{{ Seconds }}S' } }",
    `parameters:
  Seconds: { type: Integer, default: 1 }
  UserName: { type: String, allowedPattern: '^[\\w+=,.@-]{1,64}$' }
  Mode: { type: String, default: '', allowedPattern: '^auto$' }`,
  );

  it('uses defaults, which need not match the pattern', async () => {
    const execution = await rig().run(text, { UserName: ['svc-billing'] });
    expect(execution.AutomationExecutionStatus).toBe('Success');
    expect(execution.Parameters).toEqual({ UserName: ['svc-billing'] });
  });

  it('is refused with every problem, and nothing has begun', () => {
    const sandbox = rig();
    const given = { Seconds: ['soon'], Mode: ['manual'], Extra: ['x'] };
    expect(() => sandbox.start(text, given)).toThrow(
      expect.objectContaining({
        name: 'InvalidAutomationExecutionParametersException',
        message: [
          'parameter Extra is not declared in the document',
          'parameter Seconds must be one whole number',
          'parameter UserName has no default in the document and no value was given',
          'parameter Mode must match ^auto$: manual',
        ].join('; '),
      }),
    );
    expect(sandbox.clock.next()).toBeUndefined();
  });
});

describe('assumeRole', () => {
  const text = stepsOnly(
    '- { name: Look, action: aws:executeAwsApi, inputs: { Service: IAM, Api: GetUser } }',
    "assumeRole: '{{ Role }}'\nparameters: { Role: { type: String, default: '' } }",
  );

  it('is whom every call is made as', async () => {
    const sandbox = rig();
    sandbox.answer('GetUser', () => ({}));
    const execution = await sandbox.run(text, { Role: [role] });
    expect(sandbox.calls).toEqual([
      {
        where: {
          partition: 'aws',
          account: '111122223333',
          region: 'us-east-1',
          roleArn: role,
          executionId: execution.AutomationExecutionId,
          executedBy: execution.ExecutedBy,
        },
        service: 'iam',
        operation: 'GetUser',
        input: {},
      },
    ]);
  });

  it('may be left empty: then the calls are those of whoever started it', async () => {
    const sandbox = rig();
    sandbox.answer('GetUser', () => ({}));
    await sandbox.run(text);
    expect(sandbox.calls[0]?.where).not.toHaveProperty('roleArn');
  });

  it.each([
    ['nonsense', 'The format of the supplied assume role ARN is invalid'],
    ['arn:aws:iam::444455556666:role/keyturn-runbook', 'unable to be assumed'],
  ])('%s is refused', (given, message) => {
    expect(() => rig().start(text, { Role: [given] })).toThrow(
      expect.objectContaining({
        name: 'InvalidAutomationExecutionParametersException',
        message: expect.stringContaining(message),
      }),
    );
  });
});
