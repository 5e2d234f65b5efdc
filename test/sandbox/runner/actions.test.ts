/** Each action by itself: its inputs as they arrive, its outputs as they are shown. */
import { describe, expect, it } from 'vitest';
import { rig, statuses, stepOf, stepsOnly } from './rig.ts';

const echo = (inputs: string) => `
- name: Echo
  action: aws:invokeLambdaFunction
  inputs:
    FunctionName: echo
    InputPayload: ${inputs}
`;

/** Runs a document whose step Echo sends a payload, and shows the payload. */
async function payloadOf(text: string, parameters: Record<string, readonly string[]> = {}) {
  const sandbox = rig();
  sandbox.place('echo', () => ({ statusCode: 200, payload: {} }));
  sandbox.answer('ListAccessKeys', () => ({
    AccessKeyMetadata: [
      { AccessKeyId: 'AKIAIOSFODNN7EXAMPLE', Status: 'Active', CreateDate: new Date(0) },
      { AccessKeyId: 'AKIAI44QH8DHBEXAMPLE', Status: 'Inactive' },
    ],
    IsTruncated: false,
    Count: 2,
  }));
  const execution = await sandbox.run(text, parameters);
  return { execution, payload: sandbox.invocations[0]?.payload };
}

const look = (outputs: string) => `
- name: Look
  action: aws:executeAwsApi
  inputs: { Service: iam, Api: ListAccessKeys, UserName: svc-billing }
  outputs: [${outputs}]
`;

describe('interpolation', () => {
  it('keeps the type of a whole reference and renders an embedded one', async () => {
    const head = `
parameters:
  Flag: { type: Boolean }
  Count: { type: Integer }
  List: { type: StringList }
  Map: { type: StringMap }
variables:
  Greeting: { type: String, default: hello }`;
    const inputs = `
      Flag: '{{ Flag }}'
      Count: '{{Count}}'
      List: '{{ List }}'
      Nested: { Deep: ['{{ Map }}'] }
      Text: 'is {{ Flag }}, {{ Count }}, {{ List }}, {{ Map }}, {{ variable:Greeting }}'
      Plain: 7`;
    const { payload } = await payloadOf(stepsOnly(echo(inputs), head), {
      Flag: ['true'],
      Count: ['3'],
      List: ['a', '{{ Count }}'],
      Map: ['{"k":"v"}'],
    });
    expect(payload).toEqual({
      Flag: true,
      Count: 3,
      List: ['a', '{{ Count }}'],
      Nested: { Deep: [{ k: 'v' }] },
      Text: 'is true, 3, ["a","{{ Count }}"], {"k":"v"}, hello',
      Plain: 7,
    });
  });

  it('knows the system variables, at the time of the step', async () => {
    const inputs = `
      Where: '{{ global:AWS_PARTITION }}/{{ global:ACCOUNT_ID }}/{{ global:REGION }}'
      Date: '{{ global:DATE }}'
      Time: '{{ global:DATE_TIME }}'
      Id: '{{ automation:EXECUTION_ID }}'`;
    const sleepFirst = '- { name: Nap, action: aws:sleep, inputs: { Duration: PT1H } }';
    const { payload, execution } = await payloadOf(stepsOnly(sleepFirst + echo(inputs)));
    expect(payload).toEqual({
      Where: 'aws/111122223333/us-east-1',
      Date: '2026-11-02',
      Time: '2026-11-02_04.20.22',
      Id: execution.AutomationExecutionId,
    });
  });

  it('a step that did not succeed has no output, in SSM’s own words', async () => {
    const failing = look('{ Name: First, Selector: $.IsTruncated, Type: Integer }').replace(
      'inputs:',
      'onFailure: Continue\n  inputs:',
    );
    const text = stepsOnly(failing + echo("{ It: '{{ Look.First }}' }"), 'outputs: [Look.First]');
    const { payload, execution } = await payloadOf(text);
    const words = 'No output available yet because the step is not successfully executed';
    expect(payload).toEqual({ It: words });
    expect(execution.Outputs).toEqual({ 'Look.First': [words] });
  });
});

describe('aws:executeAwsApi', () => {
  const cases: [string, string, unknown, string[]][] = [
    [
      '$.AccessKeyMetadata[0].AccessKeyId',
      'String',
      'AKIAIOSFODNN7EXAMPLE',
      ['AKIAIOSFODNN7EXAMPLE'],
    ],
    ['$.AccessKeyMetadata[*].Status', 'StringList', ['Active', 'Inactive'], ['Active', 'Inactive']],
    ['$.IsTruncated', 'Boolean', false, ['false']],
    ['$.IsTruncated', 'String', 'false', ['false']],
    ['$.Count', 'Integer', 2, ['2']],
    ['$.Count', 'StringList', ['2'], ['2']],
    [
      '$.AccessKeyMetadata[1]',
      'StringMap',
      { AccessKeyId: 'AKIAI44QH8DHBEXAMPLE', Status: 'Inactive' },
      ['{"AccessKeyId":"AKIAI44QH8DHBEXAMPLE","Status":"Inactive"}'],
    ],
    [
      '$.AccessKeyMetadata[1:]',
      'MapList',
      [{ AccessKeyId: 'AKIAI44QH8DHBEXAMPLE', Status: 'Inactive' }],
      ['{"AccessKeyId":"AKIAI44QH8DHBEXAMPLE","Status":"Inactive"}'],
    ],
    [
      '$.AccessKeyMetadata[0].CreateDate',
      'String',
      '1970-01-01T00:00:00.000Z',
      ['1970-01-01T00:00:00.000Z'],
    ],
    ['$.Nothing', 'String', '', ['']],
  ];
  it.each(cases)('selects %s as %s', async (selector, type, value, shown) => {
    const outputs = `{ Name: It, Selector: '${selector}', Type: ${type} }`;
    const text = stepsOnly(look(outputs) + echo("{ It: '{{ Look.It }}' }"), 'outputs: [Look.It]');
    const { payload, execution } = await payloadOf(text);
    expect(payload).toEqual({ It: value });
    expect(execution.Outputs).toEqual({ 'Look.It': shown });
  });

  it.each([
    ['$.AccessKeyMetadata[*].Status', 'String'],
    ['$.AccessKeyMetadata', 'StringList'],
    ['$.IsTruncated', 'Integer'],
    ['$.Count', 'Boolean'],
    ['$.Count', 'StringMap'],
    ['$.AccessKeyMetadata[0].Status', 'MapList'],
  ])('fails when %s is no %s', async (selector, type) => {
    const outputs = `{ Name: It, Selector: '${selector}', Type: ${type} }`;
    const { execution } = await payloadOf(stepsOnly(look(outputs)));
    expect(statuses(execution)).toBe('Look=Failed');
    expect(stepOf(execution, 'Look').FailureMessage).toContain(`is not of type ${type}`);
  });

  it('passes the other inputs on, and shows all as JSON', async () => {
    const sandbox = rig();
    sandbox.answer('UpdateAccessKey', () => ({}));
    const execution = await sandbox.run(
      stepsOnly(`- name: Off
  action: aws:executeAwsApi
  inputs: { Service: iam, Api: UpdateAccessKey, UserName: svc, Flags: [1, true] }`),
    );
    expect(sandbox.calls[0]?.input).toEqual({ UserName: 'svc', Flags: [1, true] });
    expect(stepOf(execution, 'Off').Inputs).toEqual({
      Service: '"iam"',
      Api: '"UpdateAccessKey"',
      UserName: '"svc"',
      Flags: '[1,true]',
    });
  });
});

describe('aws:invokeLambdaFunction', () => {
  const ask = (more: string) =>
    stepsOnly(
      `- name: Ask
  action: aws:invokeLambdaFunction
  inputs: { FunctionName: witness, ${more} }
  outputs: [{ Name: Verdict, Selector: $.Payload.Verdict }]`,
      'outputs: [Ask.Verdict, Ask.Payload, Ask.StatusCode]',
    );
  const witness = () => {
    const sandbox = rig();
    sandbox.place('witness', () => ({ statusCode: 200, payload: { Verdict: 'safe' } }));
    return sandbox;
  };

  it('answers with status, payload as JSON, and what is selected from it', async () => {
    const sandbox = witness();
    const execution = await sandbox.run(ask('InputPayload: { A: 1 }, Payload: \'{"B":2}\''));
    expect(sandbox.invocations[0]?.payload).toEqual({ A: 1 });
    expect(execution.Outputs).toEqual({
      'Ask.Verdict': ['safe'],
      'Ask.Payload': ['{"Verdict":"safe"}'],
      'Ask.StatusCode': ['200'],
    });
    expect(stepOf(execution, 'Ask').Outputs).toHaveProperty('LogResult');
  });

  it('takes a payload as JSON text, and no log if none is wanted', async () => {
    const sandbox = witness();
    const execution = await sandbox.run(ask('Payload: \'{"B":2}\', LogType: None'));
    expect(sandbox.invocations[0]?.payload).toEqual({ B: 2 });
    expect(stepOf(execution, 'Ask').Outputs).not.toHaveProperty('LogResult');
  });

  it('fails when the function reports an error, and shows what it said', async () => {
    const sandbox = rig();
    sandbox.place('witness', () => ({
      statusCode: 200,
      functionError: 'Unhandled',
      payload: { errorType: 'Permanent', errorMessage: 'no such user' },
    }));
    const execution = await sandbox.run(ask('LogType: None'));
    const step = stepOf(execution, 'Ask');
    expect(step.StepStatus).toBe('Failed');
    expect(step.FailureMessage).toContain('no such user');
    expect(step.Outputs).toEqual({
      StatusCode: ['200'],
      FunctionError: ['Unhandled'],
      Payload: ['{"errorType":"Permanent","errorMessage":"no such user"}'],
    });
    expect(execution.Outputs?.['Ask.Payload']?.[0]).toContain('No output available yet');
  });

  it('fails when there is no such function', async () => {
    const execution = await rig().run(ask('LogType: None'));
    expect(stepOf(execution, 'Ask').FailureMessage).toContain('ResourceNotFoundException');
  });

  it('does not send what is no JSON, or more than 200 KB', async () => {
    const sandbox = witness();
    const broken = await sandbox.run(ask("Payload: '{'"));
    const large = await sandbox.run(ask(`InputPayload: { A: ${'a'.repeat(200 * 1024)} }`));
    for (const execution of [broken, large]) {
      expect(stepOf(execution, 'Ask').FailureDetails?.FailureStage).toBe('InputValidation');
    }
    expect(sandbox.invocations).toEqual([]);
  });

  it('does not wait for an Event and does not call for a DryRun', async () => {
    const sandbox = witness();
    const event = await sandbox.run(ask('InvocationType: Event'));
    expect(stepOf(event, 'Ask').Outputs).toEqual({ StatusCode: ['202'] });
    expect(sandbox.invocations).toHaveLength(1);
    const dry = await sandbox.run(ask('InvocationType: DryRun'));
    expect(stepOf(dry, 'Ask').Outputs).toEqual({ StatusCode: ['204'] });
    expect(sandbox.invocations).toHaveLength(1);
  });
});

describe('aws:sleep', () => {
  const nap = (inputs: string, more = '') =>
    stepsOnly(`- { name: Nap, action: aws:sleep, ${more} inputs: { ${inputs} } }`, params);
  const params = "parameters: { For: { type: String, default: '' } }";
  const cases: [string, string][] = [
    ['Duration: PT10M', '2026-11-02T03:30:21.000Z'],
    ['Duration: P1DT2H3M4.5S', '2026-11-03T05:23:25.500Z'],
    ["Timestamp: '2026-11-04T00:00:00Z'", '2026-11-04T00:00:00.000Z'],
    ["Timestamp: '2020-01-01T01:00:00Z'", '2026-11-02T03:20:21.000Z'],
  ];
  it.each(cases)('%s', async (inputs, until) => {
    const execution = await rig().run(nap(inputs));
    expect(execution.AutomationExecutionStatus).toBe('Success');
    expect(execution.ExecutionEndTime).toEqual(new Date(until));
  });

  it.each([['-PT1S'], ['P8D'], ['PT'], ['']])('Duration %j fails', async (duration) => {
    const parameters = duration === '' ? {} : { For: [duration] };
    const execution = await rig().run(nap("Duration: '{{ For }}'"), parameters);
    expect(stepOf(execution, 'Nap').FailureDetails?.FailureStage).toBe('InputValidation');
  });

  it('a sleep beyond timeoutSeconds times out when its time is up', async () => {
    const execution = await rig().run(nap('Duration: PT1H', 'timeoutSeconds: 60,'));
    expect(statuses(execution)).toBe('Nap=TimedOut');
    expect(execution.ExecutionEndTime).toEqual(new Date('2026-11-02T03:21:21Z'));
  });
});

describe('resource properties', () => {
  const step = (action: string, desired: string, more = '') =>
    stepsOnly(`- name: Look
  action: aws:${action}
${more}
  inputs:
    Service: iam
    Api: GetThing
    UserName: svc
    PropertySelector: $.Thing.Status
    DesiredValues: [${desired}]`);

  it.each([
    ['Active', 'Active, Inactive', 'Success'],
    ['active', 'Active', 'Failed'],
    [2, '2', 'Success'],
    [true, "'True'", 'Success'],
    [true, "'true'", 'Failed'],
    [undefined, "''", 'Failed'],
  ])('assert %j against %s: %s', async (value, desired, status) => {
    const sandbox = rig();
    sandbox.answer('GetThing', () => ({ Thing: { Status: value } }));
    const execution = await sandbox.run(step('assertAwsResourceProperty', desired));
    expect(execution.AutomationExecutionStatus).toBe(status);
    expect(sandbox.calls.map((call) => call.input)).toEqual([{ UserName: 'svc' }]);
  });

  it('wait looks until it is so', async () => {
    const sandbox = rig();
    let looks = 0;
    sandbox.answer('GetThing', () => {
      looks += 1;
      return { Thing: { Status: looks < 4 ? 'Active' : 'Inactive' } };
    });
    const execution = await sandbox.run(step('waitForAwsResourceProperty', 'Inactive'));
    expect(execution.AutomationExecutionStatus).toBe('Success');
    expect(looks).toBe(4);
    expect(execution.ExecutionEndTime).toEqual(new Date('2026-11-02T03:20:36Z'));
  });

  it('wait times out after timeoutSeconds, and after an hour if it says nothing', async () => {
    const sandbox = rig();
    sandbox.answer('GetThing', () => ({ Thing: { Status: 'Active' } }));
    const short = await sandbox.run(
      step('waitForAwsResourceProperty', 'Inactive', '  timeoutSeconds: 12'),
    );
    expect(short.AutomationExecutionStatus).toBe('TimedOut');
    expect(short.ExecutionEndTime).toEqual(new Date('2026-11-02T03:20:33Z'));
    const long = await sandbox.run(step('waitForAwsResourceProperty', 'Inactive'));
    expect(long.AutomationExecutionStatus).toBe('TimedOut');
    expect(long.ExecutionEndTime).toEqual(new Date('2026-11-02T04:20:34Z'));
  });
});
