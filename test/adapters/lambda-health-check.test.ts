/** Only `{"Healthy": true}` is healthy; what else is said is kept short, and no secret gets out. */
import { describe, expect, test } from 'vitest';
import { lambdaHealthCheck } from '../../adapters/lambda-health-check.ts';
import { awsError } from '../../sandbox/account/service.ts';
import { type Answers, cannedAws, throttled } from './canned-aws.ts';

const question = {
  userName: 'svc-billing',
  userId: 'AIDACKCEVSQ6C2EXAMPLE',
  account: '111122223333',
  newKeyId: 'AKIAI44QH8DHBEXAMPLE',
  secretArn: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:keyturn/svc-billing-AbCdEf',
  secretVersionId: '22222222-2222-5222-8222-222222222222',
};
const secretText = `SENTINEL${'a'.repeat(32)}`;

function ask(Invoke: NonNullable<Answers['Invoke']>) {
  const aws = cannedAws({ Invoke });
  const check = lambdaHealthCheck(aws.connection, 20);
  return { ...aws, answer: check.ask('keyturn-health-billing', question) };
}

const saying = (body: unknown, extra: object = {}) =>
  ask(() => ({ Payload: new TextEncoder().encode(JSON.stringify(body)), ...extra })).answer;

test('a plain yes is healthy, and the question holds no value', async () => {
  const { answer, calls } = ask(() => ({ Payload: new TextEncoder().encode('{"Healthy":true}') }));
  expect(await answer).toEqual({ healthy: true });
  const input = calls[0]?.input as { FunctionName: string; Payload: Uint8Array };
  expect(input.FunctionName).toBe('keyturn-health-billing');
  expect(JSON.parse(new TextDecoder().decode(input.Payload))).toEqual({
    UserName: question.userName,
    UserId: question.userId,
    Account: question.account,
    NewKeyId: question.newKeyId,
    SecretArn: question.secretArn,
    SecretVersionId: question.secretVersionId,
  });
});

describe('anything else is unhealthy', () => {
  test.each([
    ['no', { Healthy: false }],
    ['no, with a reason', { Healthy: false, Reason: 'the queue refuses it' }],
    ['a text', { Healthy: 'true' }],
    ['a number', { Healthy: 1 }],
    ['another case', { healthy: true }],
    ['a list', [{ Healthy: true }]],
    ['nothing', null],
    ['a text alone', 'true'],
    ['a body within a body', { statusCode: 200, body: '{"Healthy":true}' }],
  ])('%s', async (_what, body) => {
    expect(await saying(body)).toMatchObject({ healthy: false });
  });

  test('a yes of a function that failed', async () => {
    expect(await saying({ Healthy: true }, { FunctionError: 'Unhandled' })).toMatchObject({
      healthy: false,
    });
  });

  test.each([
    ['no payload', () => ({})],
    ['an answer that is no JSON', () => ({ Payload: new TextEncoder().encode('yes') })],
    ['a throttle', () => Promise.reject(throttled())],
    ['no such function', () => Promise.reject(awsError('ResourceNotFoundException', 'none', 404))],
    ['silence', () => new Promise(() => {})],
  ])('%s', async (_what, answer) => {
    expect(await ask(answer).answer).toMatchObject({ healthy: false, why: expect.any(String) });
  });
});

test('the reason is told in short, and withheld if it looks like a secret', async () => {
  expect(await saying({ Healthy: false, Reason: 'the queue\nrefuses it' })).toEqual({
    healthy: false,
    why: 'it says: the queue refuses it',
  });
  const long = await saying({ Healthy: false, Reason: 'no! '.repeat(1000) });
  expect(long.healthy === false && long.why.length).toBeLessThan(250);
  const failed = { errorType: 'Error', errorMessage: `cannot sign with ${secretText}` };
  for (const told of [
    await saying({ Healthy: false, Reason: `key ${secretText} fails` }),
    await saying(failed, { FunctionError: 'Unhandled' }),
    await ask(() => Promise.reject(new Error(secretText))).answer,
    await ask(() => Promise.reject(awsError('X', `quoting ${secretText}`))).answer,
  ]) {
    expect(JSON.stringify(told)).not.toContain('SENTINEL');
    expect(told).toMatchObject({ healthy: false, why: expect.stringContaining('withheld') });
  }
});
