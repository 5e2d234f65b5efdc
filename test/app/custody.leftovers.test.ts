/** Keys that the custodian did not mean to leave: whose they are, and which it deletes. */
import { describe, expect, test } from 'vitest';
import { Permanent, Transient } from '../../domain/errors.ts';
import { awsError } from '../../sandbox/account/service.ts';
import { keyIds, loseKey, lostAnswer, outsider, secretName, through } from './custody-acts.ts';
import {
  account,
  answerOf,
  type CustodyWorld,
  custodyWorld,
  errorOf,
  oldKeyId,
  rotationId,
  sentinel,
  token,
} from './custody-world.ts';

describe('given that the answer of CreateAccessKey was lost', () => {
  test('nothing is deleted while CloudTrail cannot know: undo says that a key stays', async () => {
    const world = custodyWorld();
    const orphan = await loseKey(world);
    for (const step of ['createSecret', 'undo', 'undo'] as const) {
      const error = errorOf(await world.run(step));
      expect(error).toBeInstanceOf(Transient);
      expect(error.message).toContain(`key ${orphan} is too young`);
      expect(keyIds(world)).toEqual([oldKeyId, orphan]);
    }
  });

  test.each(['undo', 'the next attempt'])('once it does, %s removes the orphan', async (who) => {
    const world = custodyWorld();
    const orphan = await loseKey(world);
    await world.pass({ hours: 1 });
    if (who === 'undo') {
      expect(answerOf(await world.run('undo')).Issued).toBe('false');
      expect(keyIds(world)).toEqual([oldKeyId]);
    } else {
      expect((await world.runbook(2)).issued).toBe(true);
      expect(keyIds(world)).toHaveLength(2);
      expect(keyIds(world)).not.toContain(orphan);
    }
  });

  test.each([
    [
      'CloudTrail cannot be read',
      (operation: string) => operation === 'LookupEvents',
      'cannot be read',
    ],
    [
      'last-used cannot be read',
      (operation: string) => operation === 'GetAccessKeyLastUsed',
      'when access key',
    ],
  ])('while %s, it stays', async (_name, strikes, says) => {
    const world = custodyWorld();
    const orphan = await loseKey(world);
    await world.pass({ hours: 1 });
    world.meddle((call, proceed) => {
      if (strikes(call.operation)) throw awsError('ThrottlingException', 'Rate exceeded');
      return proceed();
    });
    for (const [step, attempt] of [
      ['undo', 1],
      ['createSecret', 2],
    ] as const) {
      const error = errorOf(await world.run(step, attempt));
      expect(error).toBeInstanceOf(Transient);
      expect(error.message).toContain(says);
    }
    expect(keyIds(world)).toEqual([oldKeyId, orphan]);
  });

  test('a key that somebody has used has not lost its secret: it stays', async () => {
    const world = custodyWorld();
    const orphan = await loseKey(world);
    world.cloud.recordPastUse(orphan, {
      at: world.clock.now(),
      service: 's3',
      region: world.region,
      sourceIp: '203.0.113.7',
      userAgent: 'aws-cli/2.15',
      eventName: 'GetObject',
    });
    await world.pass({ hours: 1 });
    const error = errorOf(await world.run('createSecret', 2));
    expect(error).toBeInstanceOf(Permanent);
    expect(error.message).toContain('somebody has its secret');
    expect(keyIds(world)).toEqual([oldKeyId, orphan]);
  });

  test('another rotation’s orphan, and a person’s key, are not taken for its own', async () => {
    const world = custodyWorld();
    // An attempt made a secret, and no key.
    world.meddle((call, proceed) => {
      if (call.operation === 'CreateAccessKey') throw awsError('AccessDenied', 'no', 403);
      return proceed();
    });
    await world.run('createSecret');
    world.meddle((_call, proceed) => proceed());
    const { AccessKey } = Object(
      await outsider(world, 'iam', 'CreateAccessKey', { UserName: 'svc-billing' }),
    );
    await world.pass({ hours: 1 });
    const error = errorOf(await world.run('createSecret'));
    expect(error).toBeInstanceOf(Permanent);
    expect(error.message).toContain('assumed-role/admin/somebody made key');
    expect(keyIds(world)).toEqual([oldKeyId, AccessKey.AccessKeyId]);
  });

  test('an outright refusal leaves nothing behind, and undo has nothing to do', async () => {
    const world = custodyWorld();
    world.meddle((call, proceed) => {
      if (call.operation === 'CreateAccessKey') throw awsError('AccessDenied', 'no', 403);
      return proceed();
    });
    expect(errorOf(await world.run('createSecret'))).toBeInstanceOf(Permanent);
    expect(answerOf(await world.run('undo'))).toMatchObject({ Issued: 'false', NewKeyId: 'none' });
  });
});

describe('given that the vault does not take the new key', () => {
  const strike = (world: CustodyWorld, operations: readonly string[]) =>
    world.meddle((call, proceed) => {
      if (operations.includes(call.operation)) throw lostAnswer;
      return proceed();
    });

  test('the key is deleted at once, since its answer is still at hand', async () => {
    const world = custodyWorld();
    strike(world, ['PutSecretValue']);
    const error = errorOf(await world.run('createSecret'));
    expect(error.message).toContain('so it was deleted again');
    expect(keyIds(world)).toEqual([oldKeyId]);
  });

  test('nor can it be deleted: the error names it, and a later attempt removes it', async () => {
    const world = custodyWorld();
    strike(world, ['PutSecretValue', 'DeleteAccessKey']);
    const error = errorOf(await world.run('createSecret'));
    const [, stranded] = keyIds(world);
    expect(error.message).toContain(`new key ${stranded} of user svc-billing could be neither`);
    world.meddle((_call, proceed) => proceed());
    await world.pass({ hours: 1 });
    expect((await world.runbook(2)).issued).toBe(true);
    expect(keyIds(world)).not.toContain(stranded);
  });

  test('though it did, and only its answer was lost: the key stays, all is well', async () => {
    const world = custodyWorld();
    world.meddle(async (call, proceed) => {
      const answer = await proceed();
      if (call.operation === 'PutSecretValue') throw lostAnswer;
      return answer;
    });
    expect(answerOf(await world.run('createSecret')).NewKeyId).toBe(keyIds(world)[1]);
  });
});

describe('given a later rotation of the same user', () => {
  test('an old order to undo does not touch what is current, nor what was', async () => {
    const world = custodyWorld();
    expect((await world.runbook(1)).issued).toBe(true);
    const current = world.currentKeyId();
    await outsider(world, 'secretsmanager', 'PutSecretValue', {
      SecretId: secretName,
      ClientRequestToken: '0d9f3a44-2b1c-4e5f-8a7b-2c9d0e1f2a3b',
      SecretString: '{"placeholder":true}',
    });
    const error = errorOf(await world.run('undo'));
    expect(error.message).toContain('AWSPREVIOUS, so consumers may use it');
    expect(keyIds(world)).toEqual([oldKeyId, current]);
  });

  test('a secret that is gone stops undo from judging the second key', async () => {
    const world = custodyWorld();
    expect((await world.runbook(1)).issued).toBe(true);
    world.cloud.removeSecret(account, world.region, secretName);
    const error = errorOf(await world.run('undo'));
    expect(error.message).toContain('there is no secret keyturn/svc-billing');
    expect(keyIds(world)).toHaveLength(2);
  });
});

describe('given what undo must not touch', () => {
  test('an orphan, while a labelled version holds what nobody can read', async () => {
    const world = custodyWorld();
    const orphan = await loseKey(world);
    await world.pass({ hours: 1 });
    await outsider(world, 'secretsmanager', 'PutSecretValue', {
      SecretId: secretName,
      ClientRequestToken: '0d9f3a44-2b1c-4e5f-8a7b-2c9d0e1f2a3b',
      SecretString: `kept by hand: ${sentinel}`,
      VersionStages: ['BY_HAND'],
    });
    expect(errorOf(await world.run('undo')).message).toContain('was not written by Keyturn');
    expect(keyIds(world)).toEqual([oldKeyId, orphan]);
  });

  test('a later attempt’s pending key, however old it is', async () => {
    const world = custodyWorld();
    await through(world, 'createSecret', 'undo');
    answerOf(await world.run('createSecret', 2));
    await world.pass({ hours: 1 });
    const error = errorOf(await world.run('undo', 1));
    expect(error.message).toContain(`held by version ${token(2)}, not by an attempt to undo`);
    expect(keyIds(world)).toHaveLength(2);
    expect(world.labelled('AWSPENDING')).toEqual([token(2)]);
  });

  test('the old key, though somebody stored it under the attempt’s token', async () => {
    const world = custodyWorld();
    world.meddle(async ({ operation }, proceed) => {
      if (operation === 'PutSecretValue') throw awsError('ThrottlingException', 'no', 400);
      return proceed();
    });
    errorOf(await world.run('createSecret'));
    world.meddle((_call, proceed) => proceed());
    const forged = {
      accessKeyId: oldKeyId,
      secretAccessKey: 'EXAMPLE'.repeat(5),
      userName: 'svc-billing',
      userId: world.user.userId,
      createdAt: '2026-07-05T03:14:07.000Z',
      rotation: rotationId,
    };
    await outsider(world, 'secretsmanager', 'PutSecretValue', {
      SecretId: secretName,
      ClientRequestToken: token(1),
      SecretString: JSON.stringify(forged),
      VersionStages: ['AWSPENDING'],
    });
    const error = errorOf(await world.run('undo'));
    expect(error.message).toContain('is not of this rotation and user: it is not deleted');
    expect(keyIds(world)).toContain(oldKeyId);
  });

  test('a key that somebody makes current at the last moment', async () => {
    const world = custodyWorld();
    await through(world, 'createSecret', 'testSecret');
    let moved = false;
    world.meddle(async (call, proceed) => {
      const answer = await proceed();
      if (Object(call.input).VersionStage !== 'AWSCURRENT' || moved) return answer;
      moved = true;
      await outsider(world, 'secretsmanager', 'UpdateSecretVersionStage', {
        SecretId: secretName,
        VersionStage: 'AWSCURRENT',
        RemoveFromVersionId: Object(answer).VersionId,
        MoveToVersionId: token(1),
      });
      return answer;
    });
    const error = await world.run('undo').then(errorOf, (violated: Error) => violated);
    expect(keyIds(world)).toHaveLength(2);
    expect(error.message).toMatch(/is not deleted: it is AWSCURRENT|good tries/);
  });
});
