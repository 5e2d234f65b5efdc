/** The custodian step by step: what each does, what it refuses, and what it says. */
import { describe, expect, test } from 'vitest';
import { Conflict, Permanent, Transient } from '../../domain/errors.ts';
import { awsError } from '../../sandbox/account/service.ts';
import {
  keyIds,
  loseKey,
  lostAnswer,
  outsider,
  secretName,
  storedValue,
  through,
} from './custody-acts.ts';
import {
  account,
  answerOf,
  type CustodyWorld,
  custodyWorld,
  daysAgo,
  errorOf,
  oldKeyId,
  rotationId,
  sentinel,
  token,
} from './custody-world.ts';

describe('given a user with one stale key', () => {
  test('createSecret makes a key that waits as AWSPENDING behind a placeholder', async () => {
    const world = custodyWorld();
    const answer = answerOf(await world.run('createSecret'));

    const [, made] = world.keys();
    const arn = world.secret()?.arn;
    expect(answer).toEqual({
      Step: 'createSecret',
      NewKeyId: made?.keyId,
      SecretArn: arn,
      SecretVersionId: token(1),
      CurrentSince: 'none',
      TestRequestIds: 'none',
      WrittenTo: 'none',
      Issued: 'false',
    });
    expect(world.labelled('AWSPENDING')).toEqual([token(1)]);
    expect(storedValue(world, token(1))).toEqual({
      accessKeyId: made?.keyId,
      secretAccessKey: expect.stringContaining(sentinel),
      userName: 'svc-billing',
      userId: world.user.userId,
      createdAt: '2026-11-02T03:14:07.000Z',
      rotation: rotationId,
    });
    const placeholder = world.labelled('AWSCURRENT')[0] ?? '';
    expect(storedValue(world, placeholder)).toEqual({ placeholder: true, userName: 'svc-billing' });
    expect(world.secret()?.name).toBe(secretName);
    expect(world.secret()?.tags).toEqual({
      'keyturn:user-id': world.user.userId,
      'keyturn:user-name': 'svc-billing',
      'keyturn:driver': 'keyturn',
      'keyturn:rotation': rotationId,
    });
  });

  test('CreateAccessKey is called in a session named after the token', async () => {
    const world = custodyWorld();
    await through(world, 'createSecret');
    expect(world.created().map((call) => call.arn)).toEqual([
      `arn:aws:sts::${account}:assumed-role/keyturn-key-maker/${token(1)}`,
    ]);
  });

  test('all four steps issue it, and say since when and with which requests', async () => {
    const world = custodyWorld();
    await through(world, 'createSecret', 'setSecret');
    const tested = answerOf(await world.run('testSecret'));
    expect(tested).toMatchObject({ Issued: 'false', CurrentSince: 'none' });
    const finished = answerOf(await world.run('finishSecret'));

    const [, made] = world.keys();
    expect(finished).toMatchObject({
      Step: 'finishSecret',
      NewKeyId: made?.keyId,
      SecretVersionId: token(1),
      CurrentSince: world.clock.now(),
      Issued: 'true',
    });
    const tries = world.cloud.history.filter((call) => call.operation === 'GetCallerIdentity');
    const said = [tested.TestRequestIds, finished.TestRequestIds].join(',').split(',');
    expect(said).toEqual(tries.map((call) => call.requestId));
    expect(world.labelled('AWSCURRENT')).toEqual([token(1)]);
    expect(world.labelled('AWSPENDING')).toEqual([]);
    expect(world.currentKeyId()).toBe(made?.keyId);
  });

  test('once issued, every step repeated says so and changes nothing', async () => {
    const world = custodyWorld();
    expect((await world.runbook(1)).issued).toBe(true);
    const current = world.currentKeyId();
    const before = world.cloud.history.length;
    for (const step of [
      'createSecret',
      'setSecret',
      'testSecret',
      'finishSecret',
      'undo',
    ] as const) {
      const answer = answerOf(await world.run(step));
      expect(answer).toMatchObject({ Issued: 'true', NewKeyId: current });
      expect(answer.CurrentSince).toBe(world.clock.now());
      // A later attempt, ordered because nobody learnt that this one had succeeded, finds it too.
      expect(answerOf(await world.run(step, 2))).toMatchObject({
        Issued: 'true',
        NewKeyId: current,
        SecretVersionId: token(1),
      });
    }
    const written = world.cloud.history.slice(before).map((call) => call.operation);
    const reads = ['GetUser', 'DescribeSecret', 'GetSecretValue', 'GetParameter'];
    expect(new Set(written)).toEqual(new Set(reads));
  });

  test('a move of AWSCURRENT whose answer was lost has moved it all the same', async () => {
    const world = custodyWorld();
    await through(world, 'createSecret', 'testSecret');
    world.meddle(async (call, proceed) => {
      const answer = await proceed();
      if (Object(call.input).MoveToVersionId === token(1)) throw lostAnswer;
      return answer;
    });
    expect(answerOf(await world.run('finishSecret'))).toMatchObject({
      Issued: 'true',
      NewKeyId: world.currentKeyId(),
    });
  });

  test('AWSPENDING that stayed on the current version goes with the next finish', async () => {
    const world = custodyWorld();
    await through(world, 'createSecret', 'testSecret');
    world.meddle((call, proceed) => {
      const input = Object(call.input);
      if (call.operation === 'UpdateSecretVersionStage' && input.VersionStage === 'AWSPENDING') {
        throw awsError('InternalServiceError', 'try again', 500);
      }
      return proceed();
    });
    expect(answerOf(await world.run('finishSecret')).Issued).toBe('true');
    expect(world.labelled('AWSPENDING')).toEqual([token(1)]);
    world.meddle((_call, proceed) => proceed());
    await through(world, 'finishSecret');
    expect(world.labelled('AWSPENDING')).toEqual([]);
  });

  test('all of it works in another partition, whose IAM events are in another Region', async () => {
    const world = custodyWorld({ partition: 'aws-us-gov' });
    const orphan = await loseKey(world);
    await world.pass({ hours: 1 });
    expect((await world.runbook(2)).issued).toBe(true);
    expect(keyIds(world)).not.toContain(orphan);
    expect(world.secret()?.arn).toMatch(/^arn:aws-us-gov:secretsmanager:us-gov-east-1:/);
  });
});

describe('given that something is not as ordered', () => {
  const refused = async (
    arrange: (world: CustodyWorld) => unknown,
    changes: Readonly<Record<string, string>> = {},
  ) => {
    const world = custodyWorld();
    await arrange(world);
    const keysBefore = keyIds(world);
    const error = errorOf(await world.run('createSecret', 1, null, changes));
    expect(keyIds(world)).toEqual(keysBefore);
    expect(world.created()).toEqual([]);
    return error;
  };
  const nothing = () => {};

  test('a user made again under the same name is not touched', async () => {
    const error = await refused((world) => {
      world.cloud.removeUser(account, 'svc-billing');
      world.cloud.addUser({ account, userName: 'svc-billing', createdAt: daysAgo(1) });
    });
    expect(error).toBeInstanceOf(Permanent);
    expect(error.message).toContain('deleted and made again');
  });

  test('a user that is gone', async () => {
    const error = await refused((world) => world.cloud.removeUser(account, 'svc-billing'));
    expect(error.message).toContain(`account ${account} has no user svc-billing`);
  });

  test('a token that is not the attempt’s', async () => {
    const error = await refused(nothing, { ClientRequestToken: token(2) });
    expect(error.message).toContain('is not that of attempt 1');
  });

  test('a secret that is not the user’s', async () => {
    const error = await refused(nothing, { SecretId: 'keyturn/svc-other' });
    expect(error.message).toContain(
      'is not that of user svc-billing, which is keyturn/svc-billing',
    );
  });

  test('an old key that is Inactive, or gone', async () => {
    const inactive = await refused((world) =>
      outsider(world, 'iam', 'UpdateAccessKey', {
        UserName: 'svc-billing',
        AccessKeyId: oldKeyId,
        Status: 'Inactive',
      }),
    );
    expect(inactive.message).toContain(`the old key ${oldKeyId} is Inactive`);
    const other = await refused(nothing, { OldKeyId: 'AKIAI44QH8DHBEXAMPLE' });
    expect(other.message).toContain('the old key AKIAI44QH8DHBEXAMPLE is not there');
  });

  test('an old key that went Inactive between two attempts', async () => {
    const world = custodyWorld();
    await through(world, 'createSecret', 'undo');
    const input = { UserName: 'svc-billing', AccessKeyId: oldKeyId, Status: 'Inactive' };
    await outsider(world, 'iam', 'UpdateAccessKey', input);
    const error = errorOf(await world.run('createSecret', 2));
    expect(error.message).toContain(`the old key ${oldKeyId} is Inactive`);
    expect(world.created()).toHaveLength(1);
  });

  test('a second key, although it is Inactive', async () => {
    const error = await refused((world) =>
      world.cloud.addKey(account, 'svc-billing', {
        createdAt: daysAgo(30),
        keyId: 'AKIAI44QH8DHBEXAMPLE',
        status: 'Inactive',
      }),
    );
    expect(error).toBeInstanceOf(Permanent);
    expect(error.message).toContain('AKIAI44QH8DHBEXAMPLE');
    expect(error.message).toContain("not Keyturn's to delete");
  });

  const secretOf =
    (tags: Readonly<Record<string, string>>, value = '{"placeholder":true}') =>
    (world: CustodyWorld) =>
      outsider(world, 'secretsmanager', 'CreateSecret', {
        Name: secretName,
        SecretString: value,
        Tags: Object.entries({
          'keyturn:user-id': world.user.userId,
          'keyturn:driver': 'keyturn',
          ...tags,
        }).map(([Key, Value]) => ({ Key, Value })),
      });

  test('a secret of that name that is another user’s, or driven by another', async () => {
    const other = await refused(secretOf({ 'keyturn:user-id': 'AIDACKCEVSQ6C2EXAMPLE' }));
    expect(other.message).toContain('its tag keyturn:user-id is AIDACKCEVSQ6C2EXAMPLE, not AIDA');
    const native = await refused(secretOf({ 'keyturn:driver': 'secrets-manager' }));
    expect(native.message).toContain('its tag keyturn:driver is secrets-manager, not keyturn');
  });

  test('an AWSCURRENT that somebody else wrote', async () => {
    const error = await refused(secretOf({}, `{"password":"${sentinel}"}`));
    expect(error.message).toContain('was not written by Keyturn');
    expect(await refused(secretOf({}, `${sentinel} is no JSON`))).toBeInstanceOf(Permanent);
  });

  test('another rotation under way in the same secret', async () => {
    const error = await refused(async (world) => {
      await secretOf({})(world);
      await outsider(world, 'secretsmanager', 'PutSecretValue', {
        SecretId: secretName,
        ClientRequestToken: '0d9f3a44-2b1c-4e5f-8a7b-2c9d0e1f2a3b',
        SecretString: '{}',
        VersionStages: ['AWSPENDING'],
      });
    });
    expect(error).toBeInstanceOf(Conflict);
    expect(error.message).toContain('another rotation is under way');
  });

  test('a step out of turn', async () => {
    const world = custodyWorld();
    expect(errorOf(await world.run('testSecret')).message).toContain('run createSecret first');
    await through(world, 'createSecret');
    expect(errorOf(await world.run('testSecret', 2)).message).toContain('run createSecret first');
    await through(world, 'undo');
    for (const step of ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const) {
      expect(errorOf(await world.run(step)).message).toContain('it has been undone');
    }
    expect(world.created().length).toBe(1);
  });

  test('an old key switched off before the new one is current', async () => {
    const world = custodyWorld();
    await through(world, 'createSecret', 'testSecret');
    world.meddle(async (call, proceed) => {
      const answer = await proceed();
      if (call.operation !== 'ListAccessKeys') return answer;
      const { AccessKeyMetadata = [] } = Object(answer);
      return {
        ...Object(answer),
        AccessKeyMetadata: AccessKeyMetadata.map((key: { AccessKeyId: string }) =>
          key.AccessKeyId === oldKeyId ? { ...key, Status: 'Inactive' } : key,
        ),
      };
    });
    const error = errorOf(await world.run('finishSecret'));
    expect(error.message).toContain(`the old key ${oldKeyId} is Inactive`);
    expect(world.labelled('AWSCURRENT')).not.toContain(token(1));
  });
});

describe('given a new key', () => {
  test('that fails once more after it has worked, the count starts again', async () => {
    const world = custodyWorld({ relapseShare: 1 });
    expect((await world.runbook(1)).issued).toBe(true);
  });

  test('that never comes to work, testSecret gives up before the function is stopped', async () => {
    const world = custodyWorld({ propagationSeconds: 100_000 });
    await through(world, 'createSecret');
    const before = world.clock.now();
    const error = errorOf(await world.run('testSecret'));
    expect(error).toBeInstanceOf(Transient);
    expect(error.message).toContain(
      'is not proven to work: it is refused with InvalidClientTokenId',
    );
    expect(Date.parse(world.clock.now()) - Date.parse(before)).toBeLessThanOrEqual(240_000);
  });

  test('that turns out to be somebody else’s, it is refused at once', async () => {
    const world = custodyWorld();
    await through(world, 'createSecret');
    await world.pass({ minutes: 1 });
    world.meddle(async (call, proceed) => {
      const answer = Object(await proceed());
      const stranger = { UserId: 'AIDACKCEVSQ6C2EXAMPLE' };
      return call.operation === 'GetCallerIdentity' ? { ...answer, ...stranger } : answer;
    });
    const error = errorOf(await world.run('testSecret'));
    expect(error).toBeInstanceOf(Permanent);
    expect(error.message).toContain('must not become current');
  });
});
