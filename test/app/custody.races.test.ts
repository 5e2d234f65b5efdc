/** Two at once, and answers from the past: no key that anybody may read is deleted. */
import { describe, expect, test } from 'vitest';
import { custodianHandler } from '../../functions/custodian.ts';
import { keyIds, outsider, secretName, storedValue, through } from './custody-acts.ts';
import {
  account,
  answerOf,
  type CustodyWorld,
  custodyWorld,
  errorOf,
  oldKeyId,
  token,
} from './custody-world.ts';

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

  test('an undo that began first: finishSecret finds AWSPENDING gone, moves nothing', async () => {
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

  test('a key that IAM forgets to list but that works stays current', async () => {
    const world = custodyWorld();
    await through(world, 'createSecret', 'testSecret');
    let moved = false;
    world.meddle(async (call, proceed) => {
      const answer = await proceed();
      if (Object(call.input).MoveToVersionId === token(1)) moved = true;
      if (call.operation !== 'ListAccessKeys' || !moved) return answer;
      return { ...Object(answer), AccessKeyMetadata: [] };
    });
    const finished = answerOf(await world.run('finishSecret'));
    expect(finished).toMatchObject({ Issued: 'true', NewKeyId: world.currentKeyId() });
    expect(finished.TestRequestIds.split(',')).toHaveLength(2);
  });

  test('a new key that somebody switched off before it is current', async () => {
    const world = custodyWorld();
    await through(world, 'createSecret', 'testSecret');
    const AccessKeyId = keyIds(world)[1];
    const input = { UserName: 'svc-billing', AccessKeyId, Status: 'Inactive' };
    await outsider(world, 'iam', 'UpdateAccessKey', input);
    const error = errorOf(await world.run('finishSecret'));
    expect(error.message).toContain(`the new key ${AccessKeyId} is Inactive`);
    expect(world.labelled('AWSCURRENT')).not.toContain(token(1));
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
  /** What tells of labels answers as it did before the last move, for some seconds. */
  const stale = (world: CustodyWorld, seconds: number, operations: readonly string[]) => {
    const old = new Map<string, unknown>();
    let until = 0;
    world.meddle(async (call, proceed) => {
      const now = Date.parse(world.clock.now());
      const { VersionStage, VersionId, MoveToVersionId } = Object(call.input);
      const answer = await proceed();
      if (MoveToVersionId !== undefined) until = now + seconds * 1000;
      if (VersionId !== undefined || !operations.includes(call.operation)) return answer;
      const question = `${call.operation} ${VersionStage}`;
      if (now < until) return old.get(question) ?? answer;
      old.set(question, answer);
      return answer;
    });
  };

  test('AWSPENDING that no description shows yet: undo takes it off all the same', async () => {
    const world = custodyWorld();
    await through(world, 'createSecret');
    world.meddle(async (call, proceed) => {
      const answer = Object(await proceed());
      if (call.operation !== 'DescribeSecret') return answer;
      const { [token(1)]: _, ...VersionIdsToStages } = answer.VersionIdsToStages;
      return { ...answer, VersionIdsToStages };
    });
    expect(answerOf(await world.run('undo')).Issued).toBe('false');
    expect(world.labelled('AWSPENDING')).toEqual([]);
    expect(keyIds(world)).toEqual([oldKeyId]);
  });

  const seconds = [1, 5, 9, 60];
  test.each(seconds)('descriptions by %i s: undo after finishSecret deletes nothing', async (s) => {
    const world = custodyWorld();
    await through(world, 'createSecret', 'testSecret');
    stale(world, s, ['DescribeSecret']);
    answerOf(await world.run('finishSecret'));
    const current = world.currentKeyId();
    const undone = await world.run('undo');
    if (undone.ok) expect(undone.answer).toMatchObject({ Issued: 'true', NewKeyId: current });
    else expect(undone.error.message).toContain('two different versions as AWSCURRENT');
    expect(undone.ok).toBe(s < 10);
    expect(keyIds(world)).toEqual([oldKeyId, current]);
  });

  test('all that tells of labels by 9 s: undo after finishSecret deletes nothing', async () => {
    const world = custodyWorld();
    await through(world, 'createSecret', 'testSecret');
    await world.run('undo', 1, { call: 2, kind: 'lost request' });
    world.meddle((_call, proceed) => proceed());
    stale(world, 9, ['DescribeSecret', 'GetSecretValue']);
    // Both questions have been asked once before the move, so that both have an old answer.
    const input = { SecretId: secretName, VersionStage: 'AWSCURRENT' };
    world.cloud.createRole(account, 'reader');
    const credentials = world.cloud.roleCredentials(account, 'reader', 'consumer');
    const read = { service: 'secretsmanager', operation: 'GetSecretValue', input, credentials };
    await world.cloud.call({ ...read, region: world.region });
    answerOf(await world.run('finishSecret'));
    const current = world.currentKeyId();
    expect(answerOf(await world.run('undo'))).toMatchObject({ Issued: 'true', NewKeyId: current });
    expect(keyIds(world)).toEqual([oldKeyId, current]);
  });
});
