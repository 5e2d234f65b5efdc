/** Parameter Store keeps the vault's contract; what it cannot do on a condition is told. */
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { parameterStoreVault } from '../../adapters/parameter-store-vault.ts';
import type { StoredKey } from '../../domain/custody.ts';
import { Conflict, Permanent, Transient } from '../../domain/errors.ts';
import { instant, plus } from '../../domain/instant.ts';
import { Sealed } from '../../domain/sealed.ts';
import { createCloud } from '../../sandbox/account/cloud.ts';
import { awsError } from '../../sandbox/account/service.ts';
import { virtualClock } from '../../sandbox/clock.ts';
import { vaultContract } from '../contracts/vault.ts';
import { cannedAws } from './canned-aws.ts';

const account = '111122223333';
const region = 'eu-west-1';
const live = '/keyturn/users/svc-billing';
const placeholderId = '11111111-1111-5111-8111-111111111111';
const first = '22222222-2222-5222-8222-222222222222';
const second = '33333333-3333-5333-8333-333333333333';

function given() {
  const clock = virtualClock(instant('2026-11-02T03:14:07Z'));
  const cloud = createCloud({ clock, partition: 'aws', seed: 'vault' });
  cloud.createRole(account, 'keyturn-custodian');
  const credentials = cloud.roleCredentials(account, 'keyturn-custodian', 'test');
  const call = (operation: string, input: unknown) =>
    cloud.call({ service: 'ssm', operation, input, region, credentials });
  return {
    clock,
    cloud,
    call,
    vault: parameterStoreVault(cloud.connection({ region, credentials }), clock),
    /** As most edit: the description stays. */
    edit: (value: string) => call('PutParameter', { Name: live, Value: value, Overwrite: true }),
  };
}

vaultContract('Parameter Store', () => {
  const { vault, edit } = given();
  return {
    vault,
    intrude: async (_name, value) => {
      await edit(value);
    },
  };
});

const secretText = `SENTINEL${'a'.repeat(32)}`;
function key(keyId: string): StoredKey {
  return {
    keyId,
    secret: new Sealed(secretText),
    createdAt: instant('2026-11-02T03:14:07Z'),
    userName: 'svc-billing',
    userId: 'AIDACKCEVSQ6C2EXAMPLE',
    rotationId: '3f0c9a52-6b1d-5e4f-8a7b-2c9d0e1f2a3b',
  };
}
const keyA = key('AKIAIOSFODNN7EXAMPLE');

async function opened(userName = 'svc-billing') {
  const made = given();
  const name = `keyturn/${userName.replaceAll(',', '/2C')}`;
  await made.vault.open({ name, placeholderId, userName, tags: {} });
  const secret = await made.vault.describe(name);
  if (secret === undefined) throw new Error('the secret was not made');
  const labelsNow = async () => (await made.vault.describe(name))?.labels;
  return { ...made, name, arn: secret.arn, labelsNow };
}

describe('what consumers read', () => {
  test('is the latest version, whole, and what was current before is marked', async () => {
    const { vault, arn, call, labelsNow } = await opened();
    await vault.putPending(arn, first, keyA);
    await vault.moveCurrent(arn, { from: placeholderId, to: first });
    const read = await call('GetParameter', { Name: live, WithDecryption: true });
    expect(read).toMatchObject({ Parameter: { Version: 2, Type: 'SecureString' } });
    expect(JSON.stringify(read)).toContain(secretText);
    expect(await labelsNow()).toEqual({
      [placeholderId]: ['AWSPREVIOUS'],
      [first]: ['AWSCURRENT', 'AWSPENDING'],
    });
  });

  test('can be given back', async () => {
    const { vault, arn, labelsNow } = await opened();
    await vault.putPending(arn, first, keyA);
    await vault.moveCurrent(arn, { from: placeholderId, to: first });
    await vault.moveCurrent(arn, { from: first, to: placeholderId });
    expect((await vault.readCurrent(arn))?.content).toEqual({ kind: 'placeholder' });
    expect(await labelsNow()).toMatchObject({ [placeholderId]: ['AWSCURRENT'] });
    expect((await labelsNow())?.[first]).toContain('AWSPREVIOUS');
  });

  test('shows somebody’s edit as nobody’s version, though the description stays', async () => {
    const { vault, arn, edit, labelsNow } = await opened();
    await vault.putPending(arn, first, keyA);
    await vault.moveCurrent(arn, { from: placeholderId, to: first });
    await edit('hello');
    expect(await vault.readCurrent(arn)).toEqual({
      versionId: 'number-3',
      content: { kind: 'foreign' },
    });
    expect((await labelsNow())?.[first]).toEqual(['AWSPREVIOUS', 'AWSPENDING']);
  });
});

describe('somebody writes while AWSCURRENT moves', () => {
  test.each(['before', 'after'] as const)(
    '%s: Conflict, and trying again heals it',
    async (when) => {
      const { vault, arn, cloud, edit } = await opened();
      await vault.putPending(arn, first, keyA);
      let struck = false;
      cloud.setInterceptor(async (call, proceed) => {
        if (struck || call.operation !== 'PutParameter') return proceed();
        struck = true;
        if (when === 'before') await edit('hello');
        const answer = await proceed();
        if (when === 'after') await edit('hello');
        return answer;
      });
      const moved = vault.moveCurrent(arn, { from: placeholderId, to: first });
      expect(await moved.catch((thrown: unknown) => thrown)).toBeInstanceOf(Conflict);
      const now = await vault.readCurrent(arn);
      expect(now?.versionId).toBe('number-3');
      await vault.moveCurrent(arn, { from: now?.versionId ?? '', to: first });
      expect((await vault.readCurrent(arn))?.versionId).toBe(first);
    },
  );

  test('it is noticed by the number alone, should the history be late to show it', async () => {
    const { vault, arn, cloud, edit } = await opened();
    await vault.putPending(arn, first, keyA);
    let early: unknown;
    let struck = false;
    cloud.setInterceptor(async (call, proceed) => {
      if (call.operation === 'GetParameterHistory') {
        early ??= await proceed();
        return early;
      }
      if (call.operation === 'PutParameter' && !struck) {
        struck = true;
        await edit('hello');
      }
      return proceed();
    });
    const moved = vault.moveCurrent(arn, { from: placeholderId, to: first });
    expect(await moved.catch((thrown: unknown) => thrown)).toBeInstanceOf(Conflict);
  });

  test('an answer that is lost makes one version, and no second', async () => {
    const { vault, arn, cloud, call } = await opened();
    await vault.putPending(arn, first, keyA);
    cloud.setInterceptor(async (made, proceed) => {
      const answer = await proceed();
      if (made.operation === 'PutParameter') throw new Error('socket hang up');
      return answer;
    });
    const moved = vault.moveCurrent(arn, { from: placeholderId, to: first });
    expect(await moved.catch((thrown: unknown) => thrown)).toBeInstanceOf(Transient);
    cloud.setInterceptor(undefined);
    expect((await vault.readCurrent(arn))?.versionId).toBe(first);
    expect(await call('GetParameter', { Name: live })).toMatchObject({ Parameter: { Version: 2 } });
  });
});

test('attempts withdrawn over 90 days ago go; what was current stays readable', async () => {
  const { vault, arn, clock, cloud } = await opened();
  await vault.putPending(arn, first, keyA);
  await vault.moveCurrent(arn, { from: placeholderId, to: first });
  await vault.clearPending(arn, first);
  await clock.runUntil(plus(clock.now(), { days: 91 }));
  await vault.putPending(arn, second, key('AKIAI44QH8DHBEXAMPLE'));
  await vault.clearPending(arn, second);
  const names = cloud.parameters(account, region).map(({ name }) => name);
  expect(names).toEqual([`/keyturn/pending/svc-billing/${second}`, live]);
  expect(await vault.read(arn, first)).toMatchObject({ key: { keyId: keyA.keyId } });
});

test('more versions and attempts than a page holds are all seen', async () => {
  const { vault, arn, edit, labelsNow } = await opened();
  for (let n = 0; n < 120; n++) await edit(`number ${n}`);
  const tokens = Array.from({ length: 23 }, (_, n) => `${first.slice(0, -2)}${n + 10}`);
  for (const token of tokens) await vault.putPending(arn, token, keyA);
  expect(Object.keys((await labelsNow()) ?? {}).length).toBe(25);
  expect((await vault.readCurrent(arn))?.versionId).toBe('number-121');
});

test.each([
  ['a,b+c=d@e', 'a__2Cb__2Bc__3Dd__40e'],
  ['svc_billing', 'svc_billing'],
  ['a__2Bb', 'a__5F__5F2Bb'],
  ['a_+', 'a__5F__2B'],
  [',', '__2C'],
])('user %s has a parameter of its own, %s', async (userName, expected) => {
  const { arn, name, vault } = await opened(userName);
  expect(arn).toBe(`arn:aws:ssm:${region}:${account}:parameter/keyturn/users/${expected}`);
  expect((await vault.describe(name))?.arn).toBe((await vault.describe(arn))?.arn);
});

/** What the SDK throws when it cannot read an answer: it quotes it, and hangs it on the error. */
function unreadable(): never {
  throw Object.assign(new SyntaxError(`Unexpected token in JSON: ..."${secretText}"...`), {
    $metadata: { httpStatusCode: 200 },
    $response: { body: secretText },
  });
}
const arn = `arn:aws:ssm:${region}:${account}:parameter${live}`;

test.each([
  ['an answer that the SDK could not read', unreadable],
  [
    'a complaint that quotes the value',
    () => {
      throw awsError('ValidationException', `Value '${secretText}' failed`);
    },
  ],
])('no error shows a value: %s', async (_name, fail) => {
  const { connection } = cannedAws({ GetParameter: unreadable, PutParameter: fail });
  const vault = parameterStoreVault(connection, given().clock);
  for (const call of [
    vault.read(arn, first),
    vault.readCurrent(arn),
    vault.putPending(arn, first, keyA),
  ]) {
    const error = await call.catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(Error);
    expect(inspect(error, { depth: 20, showHidden: true })).not.toContain('SENTINEL');
  }
});

test('a throttle is never an answer', async () => {
  const fail = () => {
    throw awsError('ThrottlingException', 'Rate exceeded');
  };
  const { connection } = cannedAws({
    GetParameter: fail,
    GetParameterHistory: fail,
    LabelParameterVersion: fail,
    PutParameter: fail,
  });
  const vault = parameterStoreVault(connection, given().clock);
  for (const call of [
    vault.describe(arn),
    vault.read(arn, first),
    vault.readCurrent(arn),
    vault.moveCurrent(arn, { from: 'a', to: 'b' }),
    vault.clearPending(arn, 'a'),
    vault.open({ name: 'keyturn/x', placeholderId, userName: 'x', tags: {} }),
    vault.putPending(arn, first, keyA),
  ]) {
    expect(await call.catch((caught: unknown) => caught)).toBeInstanceOf(Transient);
  }
});

test('an empty or foreign name is refused before any call', async () => {
  const { connection, calls } = cannedAws({});
  const vault = parameterStoreVault(connection, given().clock);
  for (const name of ['', 'keyturn/', '/aws/x', `${arn}/more`]) {
    const error = await vault.describe(name).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(Permanent);
  }
  expect(calls).toEqual([]);
});
