/** Secrets Manager keeps the vault's contract, and no error of it shows a value. */
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { secretsManagerVault } from '../../adapters/secrets-manager-vault.ts';
import type { StoredKey } from '../../domain/custody.ts';
import { Permanent, Transient } from '../../domain/errors.ts';
import { instant } from '../../domain/instant.ts';
import { Sealed } from '../../domain/sealed.ts';
import { createCloud } from '../../sandbox/account/cloud.ts';
import { awsError } from '../../sandbox/account/service.ts';
import { virtualClock } from '../../sandbox/clock.ts';
import { vaultContract } from '../contracts/vault.ts';
import { cannedAws } from './canned-aws.ts';

const account = '111122223333';
const region = 'eu-west-1';

vaultContract('Secrets Manager', () => {
  const clock = virtualClock(instant('2026-11-02T03:14:07Z'));
  const cloud = createCloud({ clock, partition: 'aws', seed: 'vault' });
  cloud.createRole(account, 'keyturn-custodian');
  const credentials = cloud.roleCredentials(account, 'keyturn-custodian', 'test');
  return {
    vault: secretsManagerVault(cloud.connection({ region, credentials })),
    intrude: async (name, value) => {
      const input = { SecretId: name, SecretString: value };
      const operation = 'PutSecretValue';
      await cloud.call({ service: 'secretsmanager', operation, input, region, credentials });
    },
  };
});

const arn = `arn:aws:secretsmanager:${region}:${account}:secret:keyturn/svc-billing-AbCdEf`;
const secretText = `SENTINEL${'a'.repeat(32)}`;
const key: StoredKey = {
  keyId: 'AKIAIOSFODNN7EXAMPLE',
  secret: new Sealed(secretText),
  createdAt: instant('2026-11-02T03:14:07Z'),
  userName: 'svc-billing',
  userId: 'AIDACKCEVSQ6C2EXAMPLE',
  rotationId: '3f0c9a52-6b1d-5e4f-8a7b-2c9d0e1f2a3b',
};

/** What the SDK throws when it cannot read an answer: it quotes it, and hangs it on the error. */
function unreadable(): Error {
  const error = new SyntaxError(`Unexpected token in JSON: ..."${secretText}"...`);
  return Object.assign(error, {
    $metadata: { httpStatusCode: 200 },
    $response: { body: secretText },
  });
}

test.each([
  ['an answer that the SDK could not read', unreadable()],
  ['a complaint that quotes the value', awsError('ValidationException', `Value '${secretText}'`)],
])('no error shows a value: %s', async (_name, thrown) => {
  const fail = () => {
    throw thrown;
  };
  const { connection } = cannedAws({ GetSecretValue: unreadableCall, PutSecretValue: fail });
  const vault = secretsManagerVault(connection);
  const calls = [
    vault.read(arn, 'v'),
    vault.readCurrent(arn),
    vault.putPending(arn, '22222222-2222-5222-8222-222222222222', key),
  ];
  for (const call of calls) {
    const error = await call.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(Error);
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain('SENTINEL');
  }
});

function unreadableCall(): never {
  throw unreadable();
}

test('a throttle is never an answer', async () => {
  const fail = () => {
    throw awsError('ThrottlingException', 'Rate exceeded');
  };
  const { connection } = cannedAws({
    DescribeSecret: fail,
    GetSecretValue: fail,
    UpdateSecretVersionStage: fail,
    CreateSecret: fail,
  });
  const vault = secretsManagerVault(connection);
  const secret = { name: 'keyturn/x', placeholderId: 'x', userName: 'x', tags: {} };
  for (const call of [
    vault.describe(arn),
    vault.read(arn, 'v'),
    vault.readCurrent(arn),
    vault.moveCurrent(arn, { from: 'a', to: 'b' }),
    vault.clearPending(arn, 'a'),
    vault.open(secret),
  ]) {
    expect(await call.catch((caught: unknown) => caught)).toBeInstanceOf(Transient);
  }
});

test('a secret that is scheduled for deletion says so', async () => {
  const { connection } = cannedAws({
    DescribeSecret: () => ({ ARN: arn, DeletedDate: new Date(0) }),
  });
  expect(await secretsManagerVault(connection).describe(arn)).toMatchObject({ closing: true });
});

test('an empty name is refused before any call', async () => {
  const { connection, calls } = cannedAws({});
  const error = await secretsManagerVault(connection)
    .describe('')
    .catch((e: unknown) => e);
  expect(error).toBeInstanceOf(Permanent);
  expect(calls).toEqual([]);
});
