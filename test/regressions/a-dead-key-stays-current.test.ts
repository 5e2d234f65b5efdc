/**
 * A key that was deleted while it became current stayed AWSCURRENT, since IAM's late list still
 * showed it: whether it works was tried only if the list was silent.
 */
import { expect, test } from 'vitest';
import { keyIds, outsider, through } from '../app/custody-acts.ts';
import { answerOf, custodyWorld, errorOf, oldKeyId, token } from '../app/custody-world.ts';

test('given a list that still shows the dead key, then AWSCURRENT is given back', async () => {
  const world = custodyWorld();
  await through(world, 'createSecret', 'testSecret');
  const placeholder = world.labelled('AWSCURRENT');
  let listed: unknown;
  let hasMoved = false;
  world.meddle(async (call, proceed) => {
    if (call.operation === 'ListAccessKeys' && hasMoved) return listed;
    const answer = await proceed();
    if (call.operation === 'ListAccessKeys') listed = answer;
    if (Object(call.input).MoveToVersionId === token(1)) {
      hasMoved = true;
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
