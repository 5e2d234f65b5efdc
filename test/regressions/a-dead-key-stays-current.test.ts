/**
 * A key that was deleted while it became current stayed AWSCURRENT, since IAM's late list still
 * showed it: whether it works was tried only if the list was silent. Then AWSCURRENT was taken from
 * a key that worked, because STS did not answer for twenty seconds.
 */
import { expect, test } from 'vitest';
import { keyIds, outsider, through } from '../app/custody-acts.ts';
import { answerOf, custodyWorld, errorOf, oldKeyId, token } from '../app/custody-world.ts';

const noAnswer = Object.assign(new Error('socket hang up'), { name: 'TimeoutError' });

test('given a list that is late to lose the dead key, AWSCURRENT is given back', async () => {
  const world = custodyWorld();
  await through(world, 'createSecret', 'testSecret');
  const placeholder = world.labelled('AWSCURRENT');
  let listed: unknown;
  let late = 0;
  world.meddle(async (call, proceed) => {
    // IAM's list is late by seconds: the first one after the deletion does not show it.
    if (call.operation === 'ListAccessKeys' && late-- > 0) return listed;
    const answer = await proceed();
    if (call.operation === 'ListAccessKeys') listed = answer;
    if (Object(call.input).MoveToVersionId === token(1)) {
      late = 1;
      const input = { UserName: 'svc-billing', AccessKeyId: keyIds(world)[1] };
      await outsider(world, 'iam', 'DeleteAccessKey', input);
    }
    return answer;
  });
  const error = errorOf(await world.run('finishSecret'));
  expect(error.message).toContain('AWSCURRENT is back on version');
  expect(world.labelled('AWSCURRENT')).toEqual(placeholder);
  expect(keyIds(world)).toEqual([oldKeyId]);
});

test.each(['and IAM shows the key', 'nor does IAM'])(
  'given that STS never answers after the move, %s: it stays current, and that is told',
  async (who) => {
    const world = custodyWorld();
    await through(world, 'createSecret', 'testSecret');
    const [, newKeyId] = keyIds(world);
    let hasMoved = false;
    world.meddle(async (call, proceed) => {
      const silent = ['GetCallerIdentity', ...(who === 'nor does IAM' ? ['ListAccessKeys'] : [])];
      if (hasMoved && silent.includes(call.operation)) throw noAnswer;
      const answer = await proceed();
      if (Object(call.input).MoveToVersionId === token(1)) hasMoved = true;
      return answer;
    });
    const said: string[] = [];
    const { error } = world.deps.log;
    Object.assign(world.deps.log, {
      error: (message: string, facts: Readonly<Record<string, unknown>>) => {
        said.push(message);
        error(message, facts);
      },
    });
    const finished = answerOf(await world.run('finishSecret'));
    expect(finished).toMatchObject({ Issued: 'true', NewKeyId: newKeyId });
    expect(world.currentKeyId()).toBe(newKeyId);
    expect(said).toEqual(['new key is current, but could not be tried since']);
  },
);

test('given a key that works, then it was tried once more after the move', async () => {
  const world = custodyWorld();
  await through(world, 'createSecret', 'testSecret');
  const finished = answerOf(await world.run('finishSecret'));
  expect(finished.Issued).toBe('true');
  expect(finished.TestRequestIds.split(',')).toHaveLength(2);
  const calls = world.cloud.history.map(({ operation }) => operation);
  const moved = calls.lastIndexOf(
    'UpdateSecretVersionStage',
    calls.lastIndexOf('GetCallerIdentity'),
  );
  expect(moved).toBeGreaterThan(0);
});

test('given one failed try of a key that works, then it stays current', async () => {
  const world = custodyWorld();
  await through(world, 'createSecret', 'testSecret');
  let hasMoved = false;
  let failures = 0;
  world.meddle(async (call, proceed) => {
    if (hasMoved && call.operation === 'GetCallerIdentity' && failures++ === 0) {
      throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError' });
    }
    const answer = await proceed();
    if (Object(call.input).MoveToVersionId === token(1)) hasMoved = true;
    return answer;
  });
  const finished = answerOf(await world.run('finishSecret'));
  expect(failures).toBeGreaterThan(1);
  expect(finished).toMatchObject({ Issued: 'true', NewKeyId: world.currentKeyId() });
});
