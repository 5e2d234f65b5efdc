/**
 * A commit that ordered a run had no answer, and the tick counted no run: it ordered one more than
 * there was room for. Seed 10042.
 */
import { expect, test } from 'vitest';
import { tick } from '../../app/tick.ts';
import { Transient } from '../../domain/errors.ts';
import { givenShell, otherKey } from '../app/given-shell.ts';
import { approvedProposal, story, user } from '../builders.ts';

test('what may have been ordered takes room until the store is asked anew', async () => {
  const given = await givenShell();
  const ids: string[] = [];
  for (const letter of ['A', 'B']) {
    const { id, key } = otherKey(`AKIAEXAMPLE0000${letter}`);
    const { keyId, createdAt } = key;
    const named = { account: user.account, userName: `user-${letter}`, createdAt };
    const owner = given.world.cloud.addUser(named);
    given.world.cloud.addKey(user.account, owner.userName, { keyId, createdAt });
    await given.put(approvedProposal({ due: story.opened }), [], {
      id,
      key: { ...key, user: owner },
    });
    ids.push(id);
  }
  const { store } = given.shell;
  let commits = 0;
  const commit: typeof store.commit = async (change) => {
    await store.commit(change);
    commits += 1;
    if (commits === 1) throw new Transient('store commit: no answer');
  };
  await tick({ ...given.shell, capacity: 1, store: { ...store, commit } });
  const stages = await Promise.all(ids.map(async (id) => (await given.stageOf(id))?.name));
  expect(stages.toSorted()).toEqual(['issuing', 'proposed']);
});
