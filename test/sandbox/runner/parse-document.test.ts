/**
 * Documents that the runner takes. What is wrong with one is tested with the validator; here is
 * what AWS takes and the sandbox does not.
 */
import { describe, expect, it } from 'vitest';
import { validateDocument } from '../../../sandbox/validate/validate-document.ts';
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
    onCancel: step:Look
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
      onCancel: { kind: 'step', name: 'Look' },
    });
    expect(document.outputs).toEqual(['Look.UserId']);
  });

  it('may be JSON', () => {
    const step = { name: 'Nap', action: 'aws:sleep', inputs: { Duration: 'PT1S' } };
    const json = JSON.stringify({ schemaVersion: '0.3', mainSteps: [step] });
    expect(problemsOf(json)).toEqual([]);
  });
});

const beyond: [string, string, string][] = [
  [
    'another action',
    stepsOnly(`- name: Run
  action: aws:approve
  inputs: { Approvers: [arn:aws:iam::111122223333:user/dana] }`),
    'Run: valid, but the sandbox does not run aws:approve',
  ],
  [
    'another input of Lambda',
    stepsOnly(`- name: Ask
  action: aws:invokeLambdaFunction
  inputs: { FunctionName: witness, Qualifier: live }`),
    'Ask: valid, but the sandbox objects: input Qualifier is not known to this runner',
  ],
  [
    'an operation not in PascalCase',
    stepsOnly(`- name: Ask
  action: aws:executeAwsApi
  inputs: { Service: iam, Api: getUser }`),
    'Ask: valid, but the sandbox objects: input Api is not an operation in PascalCase: getUser',
  ],
  [
    'a filter in a selector',
    stepsOnly(`- name: Look
  action: aws:executeAwsApi
  inputs: { Service: iam, Api: GetUser }
  outputs: [{ Name: X, Selector: '$..[?(@.a)]' }]`),
    'Look: valid, but the sandbox does not select by it: output X "$..[?(@.a)]" filters: ' +
      'select by name, index or *',
  ],
  [
    'a number that only the run knows',
    stepsOnly(
      nap.replace('inputs', "timeoutSeconds: '{{ T }}', inputs"),
      'parameters: { T: { type: Integer } }',
    ),
    'Nap: valid, but the sandbox takes only a number for timeoutSeconds',
  ],
  [
    'a Parameter Store reference in a step',
    stepsOnly(nap.replace('PT1S', "'{{ssm:pause}}'")),
    'Nap: valid, but the sandbox does not resolve {{ ssm:pause }}',
  ],
  [
    'a default from Parameter Store',
    stepsOnly(nap, "parameters: { P: { type: String, default: '{{ssm:name}}' } }"),
    'parameters.P: valid, but the sandbox does not resolve {{ ssm:name }} in a default',
  ],
  [
    'a parameter of a typed resource',
    stepsOnly(nap, "parameters: { P: { type: 'AWS::EC2::Instance::Id' } }"),
    'parameters.P: valid, but the sandbox does not know the type AWS::EC2::Instance::Id',
  ],
  [
    'lookahead in a pattern',
    stepsOnly(nap, "parameters: { P: { type: String, allowedPattern: '^(?!AKIA)' } }"),
    'parameters.P: valid, but the sandbox takes no lookaround or back-reference in ' +
      'allowedPattern: ^(?!AKIA)',
  ],
  [
    'the whole response of an action',
    stepsOnly(
      '- { name: A, action: aws:executeAwsApi, inputs: { Service: iam, Api: GetUser } }',
      'outputs: [A.OutputPayload]',
    ),
    'document: valid, but the sandbox does not know the output A.OutputPayload',
  ],
];

describe('a document that AWS takes and the sandbox does not', () => {
  it.each(beyond)('for %s', (_what, text, problem) => {
    expect(validateDocument(text).problems).toEqual([]);
    expect(problemsOf(text)).toEqual([problem]);
  });
});

describe('a document that nobody takes', () => {
  it('is refused with what the validator says, every problem at once', () => {
    const text = stepsOnly(nap.replace('PT1S', 'soon').replace('inputs', 'nextStep: Gone, inputs'));
    expect(problemsOf(text)).toEqual(validateDocument(text).problems);
    expect(problemsOf(text)).toHaveLength(2);
  });
});

it('flags and counts may be texts', () => {
  const document = documentOf(
    stepsOnly(nap.replace('inputs', "isEnd: 'true', maxAttempts: '3', inputs")),
  );
  expect(document.steps[0]).toMatchObject({ isEnd: true, maxAttempts: 3 });
});
