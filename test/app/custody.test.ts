/** The custodian step by step: what each does, what it refuses, and what it says. */
import { describe, expect, test } from 'vitest';
import { Conflict, Permanent, Transient } from '../../domain/errors.ts';
import { custodianHandler } from '../../functions/custodian.ts';
import { awsError } from '../../sandbox/account/service.ts';
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

const secretName = 'keyturn/svc-billing';

function storedValue(world: CustodyWorld, versionId: string): Record<string, unknown> {
  const arn = world.secret()?.arn ?? '';
  return JSON.parse(world.cloud.secretValue(arn, versionId)?.text ?? 'null');
}

/** Anybody with administrator's rights, outside Keyturn. */
async function outsider(
  world: CustodyWorld,
  service: string,
  operation: string,
  input: unknown,
): Promise<unknown> {
  world.cloud.createRole(account, 'admin');
  const credentials = world.cloud.roleCredentials(account, 'admin', 'somebody');
  return world.cloud.call({ service, operation, input, region: world.region, credentials });
}

async function through(world: CustodyWorld, ...steps: readonly string[]) {
  for (const step of steps) answerOf(await world.run(step as 'createSecret'));
}

const keyIds = (world: CustodyWorld) => world.keys().map(({ keyId }) => keyId);

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
    expect(new Set(written)).toEqual(new Set(['GetUser', 'DescribeSecret', 'GetSecretValue']));
  });

  test('AWSPENDING that stayed on the current version is taken off by repeating finishSecret', async () => {
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

const lostAnswer = Object.assign(new Error('socket hang up'), { name: 'TimeoutError' });

/** CreateAccessKey works, and its answer does not arrive. */
async function loseKey(world: CustodyWorld): Promise<string> {
  world.meddle(async (call, proceed) => {
    const answer = await proceed();
    if (call.operation === 'CreateAccessKey') throw lostAnswer;
    return answer;
  });
  const error = errorOf(await world.run('createSecret'));
  world.meddle((_call, proceed) => proceed());
  const orphan = keyIds(world)[1] ?? '';
  expect(error).toBeInstanceOf(Transient);
  expect(error.message).toContain(`IAM lists ${orphan}, whose secret is lost`);
  return orphan;
}

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

  test('and it cannot be deleted either: the error names it, and a later attempt removes it', async () => {
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

  test('though it did, and only its answer was lost: the key stays and the step succeeds', async () => {
    const world = custodyWorld();
    world.meddle(async (call, proceed) => {
      const answer = await proceed();
      if (call.operation === 'PutSecretValue') throw lostAnswer;
      return answer;
    });
    expect(answerOf(await world.run('createSecret')).NewKeyId).toBe(keyIds(world)[1]);
  });
});

describe('given two at once', () => {
  test('two createSecret of one attempt leave one key, the stored one', async () => {
    const world = custodyWorld();
    // Both get past every check before either makes a key; IAM's quota is no lock.
    const waiting: (() => void)[] = [];
    world.meddle(async (call, proceed) => {
      if (call.operation === 'AssumeRole' && waiting.length < 2) {
        await new Promise<void>((resume) => {
          waiting.push(resume);
          if (waiting.length === 2) for (const each of waiting) each();
        });
      }
      return proceed();
    });
    const step = () => custodianHandler(world.deps)(world.payloadOf('createSecret', 1));
    const both = await Promise.allSettled([step(), step()]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(waiting).toHaveLength(2);
    const [, only, ...more] = keyIds(world);
    expect(more).toEqual([]);
    expect(storedValue(world, token(1)).accessKeyId).toBe(only);
  });

  test('an undo that began first: finishSecret finds AWSPENDING gone and moves nothing', async () => {
    const world = custodyWorld();
    await through(world, 'createSecret', 'testSecret');
    let undone = false;
    world.meddle(async (call, proceed) => {
      const answer = await proceed();
      if (call.operation === 'GetCallerIdentity' && !undone) {
        undone = true;
        world.meddle((_call, go) => go());
        answerOf(await world.run('undo'));
      }
      return answer;
    });
    const error = errorOf(await world.run('finishSecret'));
    expect(error.message).toContain('has been undone');
    expect(world.labelled('AWSCURRENT')).not.toContain(token(1));
    expect(keyIds(world)).toEqual([oldKeyId]);
  });

  test('a finishSecret within undo’s pause: undo sees it and removes nothing', async () => {
    const world = custodyWorld();
    await through(world, 'createSecret', 'testSecret');
    let cleared = false;
    world.meddle(async (call, proceed) => {
      const stage = Object(call.input).VersionStage;
      if (call.operation !== 'UpdateSecretVersionStage' || cleared) return proceed();
      expect(stage).toBe('AWSPENDING');
      cleared = true;
      answerOf(await world.run('finishSecret'));
      return proceed();
    });
    const undone = answerOf(await world.run('undo'));
    expect(undone).toMatchObject({ Issued: 'true', NewKeyId: world.currentKeyId() });
    expect(keyIds(world)).toHaveLength(2);
  });

  test('a key deleted while it becomes current: AWSCURRENT is given back', async () => {
    const world = custodyWorld();
    await through(world, 'createSecret', 'testSecret');
    const [, made] = keyIds(world);
    const placeholder = world.labelled('AWSCURRENT');
    let stray: unknown;
    world.meddle(async (call, proceed) => {
      const { MoveToVersionId } = Object(call.input);
      const answer = await proceed();
      if (call.operation === 'UpdateSecretVersionStage' && MoveToVersionId === token(1)) {
        const input = { UserName: 'svc-billing', AccessKeyId: made };
        stray = await outsider(world, 'iam', 'DeleteAccessKey', input);
      }
      return answer;
    });
    const error = errorOf(await world.run('finishSecret'));
    expect(stray).toBeDefined();
    expect(error.message).toContain('AWSCURRENT is back on version');
    expect(world.labelled('AWSCURRENT')).toEqual(placeholder);
    expect(answerOf(await world.run('undo')).Issued).toBe('false');
    await world.pass({ hours: 1 });
    expect((await world.runbook(2)).issued).toBe(true);
  });
});

describe('given that Secrets Manager answers from the past', () => {
  /** DescribeSecret answers as it did before the last change, for some seconds. */
  const stale = (world: CustodyWorld, seconds: number) => {
    let old: unknown;
    let until = 0;
    world.meddle(async (call, proceed) => {
      const now = Date.parse(world.clock.now());
      const answer = await proceed();
      if (call.operation === 'UpdateSecretVersionStage') until = now + seconds * 1000;
      if (call.operation !== 'DescribeSecret') return answer;
      if (now < until) return old ?? answer;
      old = answer;
      return answer;
    });
  };

  test.each([1, 5, 60])(
    'by %i s, undo right after finishSecret deletes no current key',
    async (s) => {
      const world = custodyWorld();
      await through(world, 'createSecret', 'testSecret');
      stale(world, s);
      answerOf(await world.run('finishSecret'));
      const current = world.currentKeyId();
      const undone = await world.run('undo');
      if (undone.ok) expect(undone.answer).toMatchObject({ Issued: 'true', NewKeyId: current });
      else expect(undone.error.message).toContain('two different versions as AWSCURRENT');
      expect(keyIds(world)).toEqual([oldKeyId, current]);
    },
  );
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
