/** Room among runs, account by account: a storm in one of them does not starve the others. */
import { describe, expect, test } from 'vitest';
import { tick } from '../../app/tick.ts';
import { plus } from '../../domain/instant.ts';
import { approvedProposal, issuing, story, user } from '../builders.ts';
import { type GivenShell, givenShell, orderedAtOpening, otherKey } from './given-shell.ts';

const stormy = user.account;
const calm = '444455556666';

/** Ids of that many rotations, each of a user of its own that IAM knows, due after so long. */
async function waiting(given: GivenShell, account: string, count: number, minutes: number) {
  const ids: string[] = [];
  for (let index = 0; index < count; index++) {
    const number = `${account.slice(0, 1)}${String(index).padStart(4, '0')}`;
    const { id, key } = otherKey(`AKIAEXAMPLE${number}`);
    const { keyId, createdAt } = key;
    const userName = `user-${number}`;
    const owner = given.world.cloud.addUser({ account, userName, createdAt });
    given.world.cloud.addKey(account, userName, { keyId, createdAt });
    const due = plus(story.opened, { minutes });
    await given.put(approvedProposal({ due }), [], { id, key: { ...key, user: owner } });
    ids.push(id);
  }
  return ids;
}

async function inFlight(given: GivenShell, count: number) {
  for (let index = 0; index < count; index++) {
    const { id, key } = otherKey(`AKIAEXAMPLEF${String(index).padStart(4, '0')}`);
    const run = { ...orderedAtOpening(id), pollAt: story.deleted };
    await given.put(issuing({ run }), [], { id, key });
  }
}

const issuingAmong = async ({ stageOf }: GivenShell, ids: readonly string[]) => {
  const stages = await Promise.all(ids.map((id) => stageOf(id)));
  return stages.filter((stage) => stage?.name === 'issuing').length;
};

const later = plus(story.opened, { minutes: 10 });

describe('each account has its share', () => {
  test('of what begins in one tick', async () => {
    const given = await givenShell(later);
    const many = await waiting(given, stormy, 6, 0);
    const few = await waiting(given, calm, 2, 5);
    await tick({ ...given.shell, capacity: 10, accountCapacity: 3 });
    expect(await issuingAmong(given, many)).toBe(3);
    expect(await issuingAmong(given, few)).toBe(2);
  });

  test('of what was in flight before, too', async () => {
    const given = await givenShell(later);
    await inFlight(given, 3);
    const many = await waiting(given, stormy, 2, 0);
    const few = await waiting(given, calm, 2, 5);
    await tick({ ...given.shell, capacity: 10, accountCapacity: 3 });
    expect(await issuingAmong(given, many)).toBe(0);
    expect(await issuingAmong(given, few)).toBe(2);
  });

  test('within what all accounts have together', async () => {
    const given = await givenShell(later);
    const many = await waiting(given, stormy, 4, 0);
    const few = await waiting(given, calm, 4, 5);
    await tick({ ...given.shell, capacity: 5, accountCapacity: 3 });
    expect(await issuingAmong(given, many)).toBe(3);
    expect(await issuingAmong(given, few)).toBe(2);
  });

  test('and is found behind a storm longer than one listing', async () => {
    const given = await givenShell(later);
    await inFlight(given, 1);
    const many = await waiting(given, stormy, 450, 0);
    const few = await waiting(given, calm, 1, 5);
    await tick({ ...given.shell, capacity: 10, accountCapacity: 1 });
    expect(await issuingAmong(given, many)).toBe(0);
    expect(await issuingAmong(given, few)).toBe(1);
  });
});

test('when all are full, a tick looks no further', async () => {
  const given = await givenShell(later);
  await inFlight(given, 2);
  await waiting(given, stormy, 450, 0);
  const asked: number[] = [];
  const due: typeof given.shell.store.due = (need, now, limit) => {
    if (need === 'admission') asked.push(limit);
    return given.shell.store.due(need, now, limit);
  };
  await tick({
    ...given.shell,
    store: { ...given.shell.store, due },
    capacity: 2,
    accountCapacity: 1,
  });
  expect(asked).toEqual([200]);
});
