/** Copies of the secret in other Regions: what their readers get, whatever happens at once. */
import { describe, expect, test } from 'vitest';
import { awsError } from '../../sandbox/account/service.ts';
import { keyIds, secretName, through } from './custody-acts.ts';
import {
  account,
  answerOf,
  type CustodyWorld,
  custodyWorld,
  errorOf,
  oldKeyId,
  token,
} from './custody-world.ts';

const other = 'us-east-2';
const given = () => custodyWorld({}, { Copies: other });

/** Somebody acts on the copy by hand. */
async function atCopy(world: CustodyWorld, operation: string, input: object): Promise<unknown> {
  world.cloud.createRole(account, 'admin');
  const credentials = world.cloud.roleCredentials(account, 'admin', 'somebody');
  const all = { SecretId: secretName, ...input };
  return world.cloud.call({
    service: 'secretsmanager',
    operation,
    input: all,
    region: other,
    credentials,
  });
}

const placeholder = (world: CustodyWorld) => world.labelled('AWSCURRENT', other)[0];

describe('step by step', () => {
  test('setSecret stores the key where nobody reads it; finishSecret changes over', async () => {
    const world = given();
    await through(world, 'createSecret');
    expect(world.secret(other)).toBeUndefined();
    await through(world, 'setSecret');
    expect(world.labelled('AWSPENDING', other)).toEqual([token(1)]);
    expect(world.currentKeyId(other)).toBeNull();
    expect(world.secret(other)?.tags).toEqual(world.secret()?.tags);
    await through(world, 'testSecret', 'finishSecret');
    expect(world.currentKeyId(other)).toBe(world.currentKeyId());
    expect(world.labelled('AWSPENDING', other)).toEqual([]);
  });

  test('undo gives back what readers had, then removes the key', async () => {
    const world = given();
    await through(world, 'createSecret', 'setSecret', 'testSecret');
    const before = placeholder(world);
    let moved = false;
    world.meddle(async (call, proceed) => {
      const { operation, region } = call;
      if (moved && operation === 'UpdateSecretVersionStage' && region !== other) {
        throw awsError('AccessDenied', 'no', 403);
      }
      if (operation === 'UpdateSecretVersionStage' && region === other) moved = true;
      return proceed();
    });
    errorOf(await world.run('finishSecret'));
    world.meddle((_call, proceed) => proceed());
    expect(world.currentKeyId(other)).not.toBeNull();
    expect(world.currentKeyId()).toBeNull();
    answerOf(await world.run('undo'));
    expect(placeholder(world)).toBe(before);
    expect(world.labelled('AWSPENDING', other)).toEqual([]);
    expect(keyIds(world)).toEqual([oldKeyId]);
  });
});

describe('what somebody else wrote', () => {
  test('in the copy’s place keeps a key from being made', async () => {
    const world = given();
    await atCopy(world, 'CreateSecret', {
      SecretId: undefined,
      Name: secretName,
      SecretString: 'x',
    });
    const { message } = errorOf(await world.run('createSecret'));
    expect(message).toContain('is not for Keyturn to write');
    expect(keyIds(world)).toEqual([oldKeyId]);
    expect(world.secret(other)?.versions.size).toBe(1);
  });

  test('as AWSCURRENT there keeps the new key from being deleted', async () => {
    const world = given();
    await through(world, 'createSecret', 'setSecret');
    await atCopy(world, 'PutSecretValue', { SecretString: 'mine now' });
    const error = errorOf(await world.run('undo'));
    expect(error.message).toContain('was not written by Keyturn');
    expect(keyIds(world)).toHaveLength(2);
  });
});

describe('an undo at the same time', () => {
  /** While finishSecret makes its first call of that kind, all of undo happens. */
  async function finishWith(when: 'before' | 'after', where: string) {
    const world = given();
    await through(world, 'createSecret', 'setSecret', 'testSecret');
    const before = placeholder(world);
    let undone = false;
    world.meddle(async (call, proceed) => {
      const { operation, region } = call;
      const now = operation === 'UpdateSecretVersionStage' && region === where && !undone;
      if (!now) return proceed();
      undone = true;
      if (when === 'after') await proceed();
      world.meddle((_call, onwards) => onwards());
      const undo = await world.run('undo');
      if (!undo.ok) throw undo.error;
      return when === 'before' ? proceed() : {};
    });
    const finished = await world.run('finishSecret').catch((violation: Error) => violation);
    return { world, before, finished };
  }

  test('after the copy changed over: taken back, and finishSecret moves nothing more', async () => {
    const { world, before, finished } = await finishWith('after', other);
    expect(finished).toMatchObject({ ok: false });
    expect(placeholder(world)).toBe(before);
    expect(world.currentKeyId()).toBeNull();
    expect(keyIds(world)).toEqual([oldKeyId]);
  });

  test('before the copy changes over: finishSecret itself takes it back', async () => {
    const { world, before } = await finishWith('before', other);
    expect(placeholder(world)).toBe(before);
    expect(world.currentKeyId()).toBeNull();
    expect(keyIds(world)).toEqual([oldKeyId]);
  });
});

test('a changeover within undo’s pause keeps the key: the next undo takes it back', async () => {
  const world = given();
  await through(world, 'createSecret', 'setSecret', 'testSecret', 'testSecret');
  const before = placeholder(world);
  const operation = 'UpdateSecretVersionStage';
  let cleared = 0;
  world.meddle(async (call, proceed) => {
    const answer = await proceed();
    if (call.operation !== operation || call.region !== other) return answer;
    cleared += 1;
    if (cleared === 1) {
      await atCopy(world, operation, {
        VersionStage: 'AWSCURRENT',
        RemoveFromVersionId: before,
        MoveToVersionId: token(1),
      });
    }
    return answer;
  });
  expect(errorOf(await world.run('undo')).message).toContain('is AWSCURRENT in');
  expect(keyIds(world)).toHaveLength(2);
  answerOf(await world.run('undo'));
  expect(placeholder(world)).toBe(before);
  expect(keyIds(world)).toEqual([oldKeyId]);
});

test('a copy in the vault’s own Region is refused before a key is made', async () => {
  const world = custodyWorld({}, { Copies: 'eu-west-1' });
  const { message } = errorOf(await world.run('createSecret'));
  expect(message).toContain('name other Regions only');
  expect(keyIds(world)).toEqual([oldKeyId]);
});
