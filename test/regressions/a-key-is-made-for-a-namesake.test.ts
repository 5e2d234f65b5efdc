/**
 * IAM makes keys by name alone: a user who took the name between the last look and CreateAccessKey
 * got a key, which was stored for the readers of another.
 */
import { describe, expect, test } from 'vitest';
import { keyIds } from '../app/custody-acts.ts';
import { account, type CustodyWorld, custodyWorld, errorOf } from '../app/custody-world.ts';

/** Lets something happen in the moment before IAM makes the key. */
async function createWith(happens: (world: CustodyWorld) => void) {
  const world = custodyWorld();
  const stored: string[] = [];
  let done = false;
  world.meddle((call, proceed) => {
    if (call.operation === 'PutSecretValue') stored.push(call.operation);
    if (call.operation === 'CreateAccessKey' && !done) {
      done = true;
      happens(world);
    }
    return proceed();
  });
  const error = errorOf(await world.run('createSecret'));
  const { users, keys } = world.cloud.truth(account);
  const left = keys.filter(({ deletedAt }) => deletedAt === null);
  return { world, error, users, left, stored };
}

describe('given the moment before CreateAccessKey', () => {
  test('the user is deleted and another takes the name: the new key goes, unstored', async () => {
    const { error, left, stored, users } = await createWith(({ cloud, user, clock }) => {
      cloud.removeUser(account, user.userName);
      cloud.addUser({ account, userName: user.userName, createdAt: clock.now() });
    });
    expect(users.filter(({ deletedAt }) => deletedAt === null)).toHaveLength(1);
    expect(left).toEqual([]);
    expect(stored).toEqual([]);
    expect(error.message).toContain('the user was deleted and made again');
    expect(error.message).toContain('deleted again');
  });
});

describe('given the moment after CreateAccessKey', () => {
  test.each([
    ['nobody takes the name', false],
    ['another takes the name', true],
  ])('the user is renamed and %s: the new key goes, unstored', async (_what, taken) => {
    const world = custodyWorld();
    const { cloud, user, clock } = world;
    const stored: string[] = [];
    world.meddle(async (call, proceed) => {
      if (call.operation === 'PutSecretValue') stored.push(call.operation);
      const answer = await proceed();
      if (call.operation === 'CreateAccessKey') {
        cloud.renameUser(account, user.userName, 'svc-invoicing');
        if (taken) cloud.addUser({ account, userName: user.userName, createdAt: clock.now() });
      }
      return answer;
    });
    const before = keyIds(world);
    const error = errorOf(await world.run('createSecret'));
    expect(keyIds(world)).toEqual(before);
    expect(stored).toEqual([]);
    expect(error.message).toContain('deleted again');
  });
});
