/** Making keys: one attempt, no answer taken for a key that is none, no secret shown. */
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { iamKeyMaker } from '../../adapters/iam-key-maker.ts';
import { Permanent, Transient } from '../../domain/errors.ts';
import type { IamUser } from '../../domain/key.ts';
import { awsError } from '../../sandbox/account/service.ts';
import { type Answers, cannedAws, noSuchEntity } from './canned-aws.ts';

const user: IamUser = {
  partition: 'aws',
  account: '111122223333',
  userName: 'svc-billing',
  userId: 'AIDACKCEVSQ6C2EXAMPLE',
  path: '/',
  tags: {},
};
const roleArn = 'arn:aws:iam::111122223333:role/teams/keyturn-key-maker';
const token = '22222222-2222-5222-8222-222222222222';
const keyId = 'AKIAIOSFODNN7EXAMPLE';
const secretText = `SENTINEL${'a'.repeat(32)}`;
const session = {
  Credentials: {
    AccessKeyId: 'ASIAIOSFODNN7EXAMPLE',
    SecretAccessKey: `${secretText}/session`,
    SessionToken: `${secretText}/token`,
  },
};
const made = {
  AccessKey: {
    UserName: 'svc-billing',
    AccessKeyId: keyId,
    SecretAccessKey: secretText,
    CreateDate: new Date('2026-11-02T03:14:07Z'),
  },
};

function makerWith(answers: Answers) {
  const aws = cannedAws({ AssumeRole: () => session, ...answers });
  return { maker: iamKeyMaker(aws.connection, roleArn), calls: aws.calls };
}

function failing(error: Error) {
  return () => {
    throw error;
  };
}

const unreadable = Object.assign(new SyntaxError(`not JSON: ${secretText}`), {
  $metadata: { httpStatusCode: 200 },
  $response: { body: secretText },
});

describe('create', () => {
  test('creates one key in a session named after the token', async () => {
    const { maker, calls } = makerWith({ CreateAccessKey: () => made });
    const making = await maker.create(user, token);
    expect(making).toMatchObject({
      outcome: 'made',
      key: { keyId, createdAt: '2026-11-02T03:14:07.000Z' },
    });
    expect(making.outcome === 'made' && making.key.secret.reveal()).toBe(secretText);
    expect(inspect(making, { depth: 9, showHidden: true })).not.toContain('SENTINEL');
    expect(JSON.stringify(making)).not.toContain('SENTINEL');
    expect(calls.map(({ operation, input }) => [operation, input])).toEqual([
      ['AssumeRole', { RoleArn: roleArn, RoleSessionName: token, DurationSeconds: 900 }],
      ['CreateAccessKey', { UserName: 'svc-billing' }],
    ]);
  });

  test.each([
    ['no answer', Object.assign(new Error('socket hang up'), { name: 'TimeoutError' })],
    ['a server error', awsError('ServiceFailureException', 'internal', 500)],
    ['an answer of success that cannot be read', unreadable],
  ])('does not know what happened after %s', async (_name, thrown) => {
    const { maker, calls } = makerWith({ CreateAccessKey: failing(thrown) });
    const making = await maker.create(user, token);
    expect(making.outcome).toBe('unknown');
    expect(inspect(making, { depth: 9, showHidden: true })).not.toContain('SENTINEL');
    expect(calls.filter(({ operation }) => operation === 'CreateAccessKey')).toHaveLength(1);
  });

  test.each([
    ['without a secret', { AccessKey: { ...made.AccessKey, SecretAccessKey: undefined } }],
    ['for another user', { AccessKey: { ...made.AccessKey, UserName: 'keyturn' } }],
    ['that is empty', {}],
  ])('takes no answer %s for a key', async (_name, answer) => {
    const { maker } = makerWith({ CreateAccessKey: () => answer });
    expect((await maker.create(user, token)).outcome).toBe('unknown');
  });

  test.each([
    ['LimitExceededException', 409, Permanent],
    ['AccessDenied', 403, Permanent],
    ['Throttling', 400, Transient],
  ])('throws on %s: nothing was made', async (name, status, kind) => {
    const { maker } = makerWith({ CreateAccessKey: failing(awsError(name, 'no', status)) });
    expect(await maker.create(user, token).catch((e: unknown) => e)).toBeInstanceOf(kind);
  });

  test('throws if the role cannot be assumed, and has then created nothing', async () => {
    const { maker, calls } = makerWith({ AssumeRole: failing(unreadable) });
    const error = await maker.create(user, token).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(Permanent);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('SENTINEL');
    expect(calls.map(({ operation }) => operation)).toEqual(['AssumeRole']);
  });

  test('refuses an empty user name before any call', async () => {
    const { maker, calls } = makerWith({});
    const nobody = { ...user, userName: '' };
    for (const call of [
      maker.create(nobody, token),
      maker.remove(nobody, keyId, token),
      maker.remove(user, '', token),
    ]) {
      expect(await call.catch((e: unknown) => e)).toBeInstanceOf(Permanent);
    }
    expect(calls).toEqual([]);
  });
});

describe('remove', () => {
  test('names user and key, and does not mind a key that is gone', async () => {
    const { maker, calls } = makerWith({ DeleteAccessKey: failing(noSuchEntity()) });
    await maker.remove(user, keyId, token);
    expect(calls.at(-1)?.input).toEqual({ UserName: 'svc-billing', AccessKeyId: keyId });
  });

  test('any other error is an error', async () => {
    const { maker } = makerWith({ DeleteAccessKey: failing(awsError('AccessDenied', 'no', 403)) });
    expect(await maker.remove(user, keyId, token).catch((e: unknown) => e)).toBeInstanceOf(
      Permanent,
    );
  });
});

test('CloudTrail shows the session without the path of its role', () => {
  const { maker } = makerWith({});
  expect(maker.sessionArn(token)).toBe(
    `arn:aws:sts::111122223333:assumed-role/keyturn-key-maker/${token}`,
  );
});
