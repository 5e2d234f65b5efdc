/**
 * Runs began in the order in which keys were claimed. An account with thousands of stale keys that
 * was heard first took half of the room, and behind so many of its keys nobody else was found.
 */
import { expect, test } from 'vitest';
import { tick } from '../../app/tick.ts';
import { givenShell } from '../app/given-shell.ts';
import { approvedProposal, staleKey, story } from '../builders.ts';

test('whoever comes last gets its turn before one account has all of its own', async () => {
  const given = await givenShell();
  const { world, shell, put, stageOf } = given;
  const waiting = approvedProposal({ due: story.opened });
  const claimed = async (account: string, index: number): Promise<string> => {
    const createdAt = staleKey.createdAt;
    const userName = `service-${index}`;
    const user = world.cloud.addUser({ account, userName, createdAt });
    const { keyId } = world.cloud.addKey(account, userName, { createdAt });
    const id = `${index < 10 ? 'b' : 'a'}-${index}`;
    await put(waiting, [], { id, key: { ...staleKey, user, keyId } });
    return id;
  };
  for (let index = 10; index < 80; index++) await claimed(world.place.account, index);
  const last = await claimed('444455556666', 1);
  await tick({ ...shell, capacity: 20, accountCapacity: 20 });
  expect((await stageOf(last))?.name).toBe('issuing');
});
