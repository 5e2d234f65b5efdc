/** The custodian's payloads and answers: what is refused, and what is said. */
import { describe, expect, test } from 'vitest';
import { Permanent } from '../../domain/errors.ts';
import { custodianHandler } from '../../functions/custodian.ts';
import { custodyWorld, sentinel } from '../app/custody-world.ts';

/** The error with which a payload is refused; nothing may have been called. */
async function refusal(change: (payload: Record<string, unknown>) => unknown): Promise<string> {
  const world = custodyWorld();
  const payload = change({ ...world.payloadOf('createSecret', 1) });
  const error = await custodianHandler(world.deps)(payload).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Permanent);
  const called = world.cloud.history.filter(({ arn }) => arn?.includes('/keyturn-'));
  expect(called).toEqual([]);
  const { message } = error as Error;
  expect(message).not.toContain(sentinel);
  return message;
}

describe('a payload that is refused', () => {
  test('lists every problem', async () => {
    const message = await refusal(() => ({ Step: 'deleteSecret', RotationId: '', Attempt: '0' }));
    for (const problem of [
      'Step is not one of createSecret, setSecret, testSecret, finishSecret, undo',
      'SecretId is missing',
      'ClientRequestToken is missing',
      'RotationId is not a UUID',
      'Attempt is not a number from 1 to 99, as text',
      'UserName is missing',
      'UserId is missing',
      'OldKeyId is missing',
    ]) {
      expect(message).toContain(problem);
    }
  });

  test.each([
    'Step',
    'SecretId',
    'ClientRequestToken',
    'RotationId',
    'Attempt',
    'UserName',
    'UserId',
    'OldKeyId',
  ])('names %s when it is empty, missing, or no text', async (field) => {
    for (const value of ['', undefined, null, 7, [sentinel], ` ${sentinel}`]) {
      expect(await refusal((payload) => ({ ...payload, [field]: value }))).toContain(field);
    }
    expect(
      await refusal((payload) => {
        delete payload[field];
        return payload;
      }),
    ).toContain(`${field} is missing`);
  });

  test.each([
    ['Vault', 'somewhere'],
    ['Vault', ''],
    ['HealthCheck', 'arn:aws:lambda:eu-west-1:111122223333:function:x'],
    ['HealthCheck', ''],
    ['Copies', ''],
    ['Copies', 'Ohio'],
    ['Copies', 'us-east-2,'],
    ['Copies', 'us-east-2,us-east-2'],
    ['Copies', 'github-actions:acme/web,github-actions:Acme/web'],
    ['Copies', 'github-actions:acme/..'],
    ['Copies', 'https://example.com'],
    ['Copies', 'none,us-east-2'],
  ])('says that %s is %j', async (field, value) => {
    expect(await refusal((payload) => ({ ...payload, [field]: value }))).toContain(`${field} `);
  });

  test.each([undefined, null, 'createSecret', 7, []])('is %s', async (payload) => {
    expect(await refusal(() => payload)).toContain('touched nothing');
  });

  test('mixes what the runbook and what Secrets Manager says', async () => {
    const message = await refusal((payload) => ({ ...payload, RotationToken: sentinel }));
    expect(message).toContain('RotationToken comes from Secrets Manager and RotationId, Attempt');
  });

  const native = {
    Step: 'createSecret',
    SecretId: 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:keyturn/svc-billing-AbCdEf',
    ClientRequestToken: 'EXAMPLE1-90ab-cdef-fedc-ba987EXAMPLE',
    RotationToken: sentinel,
  };

  test.each([
    ['Step', 'undo', 'Step is not one of createSecret, setSecret, testSecret, finishSecret'],
    ['SecretId', 'keyturn/svc-billing', "SecretId is not the ARN of a secret of Keyturn's"],
    ['SecretId', native.SecretId.replace('keyturn/', 'other/'), 'SecretId is not the ARN'],
    ['SecretId', native.SecretId.replace('-AbCdEf', ''), 'SecretId is not the ARN'],
    ['SecretId', 7, 'SecretId is not the ARN'],
    ['ClientRequestToken', `${sentinel} `.repeat(4), 'ClientRequestToken is not a token'],
    ['ClientRequestToken', undefined, 'ClientRequestToken is not a token'],
  ])('comes from Secrets Manager with %s %s', async (field, value, problem) => {
    expect(await refusal(() => ({ ...native, [field]: value }))).toContain(problem);
  });

  test.each([
    ['another account', 'eu-west-1:444455556666'],
    ['another Region', 'us-east-1:111122223333'],
  ])('comes from Secrets Manager about %s', async (_, elsewhere) => {
    const SecretId = native.SecretId.replace('eu-west-1:111122223333', elsewhere);
    const message = await refusal(() => ({ ...native, SecretId }));
    expect(message).toContain("is not a secret of Keyturn's in aws/111122223333/eu-west-1");
  });
});

test('an answer is all text, with none for what does not exist', async () => {
  const world = custodyWorld();
  const handle = custodianHandler(world.deps);
  const undone = await handle(world.payloadOf('undo', 1));
  expect(undone).toEqual({
    Step: 'undo',
    NewKeyId: 'none',
    SecretArn: 'none',
    SecretVersionId: 'none',
    CurrentSince: 'none',
    TestRequestIds: 'none',
    WrittenTo: 'none',
    Issued: 'false',
  });
  for (const step of ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const) {
    const answer = await handle(world.payloadOf(step, 1));
    expect(Object.values(answer).every((value) => typeof value === 'string')).toBe(true);
    expect(answer.Step).toBe(step);
    if (step === 'testSecret') expect(answer.TestRequestIds.split(',').length).toBeGreaterThan(3);
    expect(answer.Issued).toBe(step === 'finishSecret' ? 'true' : 'false');
  }
});
