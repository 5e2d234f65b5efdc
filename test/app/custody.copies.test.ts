/** Copies of the secret in other Regions: what their readers get, whatever happens at once. */
import { describe, expect, test } from 'vitest';
import { Transient } from '../../domain/errors.ts';
import { awsError } from '../../sandbox/account/service.ts';
import { keyIds, outsider, secretName, through } from './custody-acts.ts';
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

/** AWSCURRENT of the copy cannot be moved. */
function blockCopy(world: CustodyWorld): void {
  world.meddle(async ({ operation, region, input }, proceed) => {
    const moves = Object(input).VersionStage === 'AWSCURRENT';
    if (operation === 'UpdateSecretVersionStage' && region === other && moves) {
      throw awsError('AccessDeniedException', 'no', 400);
    }
    return proceed();
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

  test('a copy that fails is behind: the key stays, and finishSecret brings it up', async () => {
    const world = given();
    await through(world, 'createSecret', 'setSecret', 'testSecret');
    const before = placeholder(world);
    blockCopy(world);
    const error = errorOf(await world.run('finishSecret'));
    expect(error).toBeInstanceOf(Transient);
    expect(error.message).toContain(`Behind: copy in ${other} (`);
    expect(error.message).toContain(`is AWSCURRENT in ${world.secret()?.arn} and stays so`);
    expect(placeholder(world)).toBe(before);
    expect(keyIds(world)).toEqual([oldKeyId, world.currentKeyId()]);
    expect(world.labelled('AWSPENDING')).toEqual([token(1)]);
    world.meddle((_call, proceed) => proceed());
    answerOf(await world.run('finishSecret'));
    expect(world.currentKeyId(other)).toBe(world.currentKeyId());
    expect([world.labelled('AWSPENDING'), world.labelled('AWSPENDING', other)]).toEqual([[], []]);
  });

  test('undo of what is current at home undoes nothing, and brings copies up', async () => {
    const world = given();
    await through(world, 'createSecret', 'setSecret', 'testSecret');
    blockCopy(world);
    errorOf(await world.run('finishSecret'));
    const current = world.currentKeyId();
    const answer = { Issued: 'true', NewKeyId: current };
    expect(answerOf(await world.run('undo'))).toMatchObject(answer);
    expect(world.currentKeyId(other)).toBeNull();
    world.meddle((_call, proceed) => proceed());
    expect(answerOf(await world.run('undo'))).toMatchObject(answer);
    expect(world.currentKeyId(other)).toBe(current);
    expect(keyIds(world)).toEqual([oldKeyId, current]);
  });

  test('one copy that fails does not keep another from the key', async () => {
    const world = custodyWorld({}, { Copies: `${other},ap-south-1` });
    await through(world, 'createSecret', 'setSecret', 'testSecret');
    blockCopy(world);
    const { message } = errorOf(await world.run('finishSecret'));
    expect(message).not.toContain('ap-south-1');
    expect(world.currentKeyId('ap-south-1')).toBe(world.currentKeyId());
  });

  test('a key that IAM no longer shows as Active is not brought to a copy', async () => {
    const world = given();
    await through(world, 'createSecret', 'setSecret', 'testSecret');
    blockCopy(world);
    errorOf(await world.run('finishSecret'));
    world.meddle((_call, proceed) => proceed());
    await outsider(world, 'iam', 'DeleteAccessKey', {
      UserName: 'svc-billing',
      AccessKeyId: world.currentKeyId(),
    });
    expect(errorOf(await world.run('finishSecret')).message).toContain('is not there');
    expect(world.currentKeyId(other)).toBeNull();
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

  test.each(['before', 'after'] as const)('%s a copy changes over: all is issued', async (when) => {
    const { world, finished } = await finishWith(when, other);
    expect(finished).toMatchObject({ ok: true });
    expect(world.currentKeyId(other)).toBe(world.currentKeyId());
    expect(keyIds(world)).toEqual([oldKeyId, world.currentKeyId()]);
    expect(world.labelled('AWSPENDING', other)).toEqual([]);
  });

  test('before the vault changes over: no copy ever shows the key', async () => {
    const { world, before } = await finishWith('before', 'eu-west-1');
    expect(placeholder(world)).toBe(before);
    expect(world.currentKeyId()).toBeNull();
    expect(keyIds(world)).toEqual([oldKeyId]);
  });
});

test('a key that anybody made current in a copy is never deleted, nor taken back', async () => {
  const world = given();
  await through(world, 'createSecret', 'setSecret', 'testSecret', 'testSecret');
  const before = placeholder(world);
  const operation = 'UpdateSecretVersionStage';
  const move = (from = '', to = '') =>
    atCopy(world, operation, {
      VersionStage: 'AWSCURRENT',
      RemoveFromVersionId: from,
      MoveToVersionId: to,
    });
  await move(before, token(1));
  expect(errorOf(await world.run('undo')).message).toContain('is AWSCURRENT in');
  expect(placeholder(world)).toBe(token(1));
  await move(token(1), before);
  expect(errorOf(await world.run('undo')).message).toContain('is AWSPREVIOUS in');
  expect(keyIds(world)).toHaveLength(2);
});

test('a copy in the vault’s own Region is refused before a key is made', async () => {
  const world = custodyWorld({}, { Copies: 'eu-west-1' });
  const { message } = errorOf(await world.run('createSecret'));
  expect(message).toContain('name other Regions only');
  expect(keyIds(world)).toEqual([oldKeyId]);
});
