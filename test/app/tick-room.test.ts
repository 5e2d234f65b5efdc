/** A user with two keys: room is made, or people are asked; nothing happens on a guess. */
import { describe, expect, test } from 'vitest';
import { tick } from '../../app/tick.ts';
import { Transient } from '../../domain/errors.ts';
import { millisOf, plus } from '../../domain/instant.ts';
import type { Users } from '../../domain/ports.ts';
import { approvedProposal, retirement, safe, story, user } from '../builders.ts';
import { type GivenShell, givenShell, otherKey } from './given-shell.ts';

const approved = approvedProposal({ due: story.opened });
const spareId = 'AKIAEXAMPLESPAREKEY0';
const runs = ({ world }: GivenShell) => world.runner.list(world.place);

/** The user has a second key of so many days, which was never used. */
async function givenSecondKey(days: number) {
  const given = await givenShell();
  const createdAt = plus(story.opened, { days: -days });
  given.world.cloud.addKey(user.account, user.userName, { keyId: spareId, createdAt });
  await given.put(approved);
  return given;
}

const spareOf = async ({ shell }: GivenShell) => {
  const claim = await shell.store.claimOn(user.partition, user.account, spareId);
  return claim === undefined ? undefined : shell.store.load(claim.rotationId);
};

describe('an approved proposal of a user with two keys', () => {
  test('given an unused one, then that is claimed, and the rotation waits an hour', async () => {
    const given = await givenSecondKey(200);
    await tick(given.shell);
    expect(await given.eventsOf()).toEqual(['room awaited']);
    const spare = await spareOf(given);
    expect(spare).toMatchObject({ kind: 'retire', key: { foundAs: 'Active' } });
    expect(await given.stageOf()).toMatchObject({
      name: 'proposed',
      due: plus(story.opened, { hours: 1 }),
      plan: { waitsFor: { keyId: spareId, rotationId: spare?.id } },
    });
    expect(runs(given)).toEqual([]);
  });

  test('given that it is looked at hourly, then nothing is claimed or told twice', async () => {
    const given = await givenSecondKey(200);
    await tick(given.shell);
    const replies = given.replies().length;
    await given.later({ hours: 1 });
    await tick(given.shell);
    expect(await given.eventsOf()).toEqual(['room awaited', 'room awaited']);
    expect((await spareOf(given))?.version).toBe(1);
    expect(given.replies().length).toBe(replies);
  });

  test('given that the other is gone, then a new key is issued', async () => {
    const given = await givenSecondKey(200);
    await tick(given.shell);
    await given.later({ hours: 1 });
    const { users } = given.shell;
    const keysOf: Users['keysOf'] = async (of) =>
      (await users.keysOf(of))?.filter(({ keyId }) => keyId !== spareId);
    await tick({ ...given.shell, users: { ...users, keysOf } });
    expect(await given.stageOf()).toMatchObject({ name: 'issuing' });
  });

  test('given one that may be needed, then it is held, and nothing is claimed', async () => {
    const given = await givenSecondKey(10);
    await tick(given.shell);
    expect(await given.stageOf()).toMatchObject({ name: 'held', reason: { code: 'no room' } });
    expect(await spareOf(given)).toBeUndefined();
    expect(runs(given)).toEqual([]);
  });

  test('given that nobody can say whether it is used, then it is tried again', async () => {
    const given = await givenSecondKey(200);
    const lastUsed = () => Promise.reject(new Transient('Throttling'));
    await tick({ ...given.shell, uses: { lastUsed } });
    expect(await given.stageOf()).toMatchObject({ name: 'proposed', due: story.opened });
    expect(await spareOf(given)).toBeUndefined();
    await given.world.clock.sleep(millisOf({ minutes: 15 }));
    await tick(given.shell);
    expect(await spareOf(given)).toBeDefined();
  });
});

test('a retirement that is due begins only while there is room among the runs', async () => {
  const given = await givenShell(story.deactivateAt);
  await given.put(retirement(), [], { ...otherKey(spareId), kind: 'retire' });
  const { id } = otherKey(spareId);
  const examine = async () => safe({ at: given.world.clock.now() });
  await tick({ ...given.shell, witness: { examine }, capacity: 0 });
  expect(await given.stageOf(id)).toMatchObject({ name: 'proposed' });
  await given.world.clock.sleep(millisOf({ hours: 1 }));
  await tick({ ...given.shell, witness: { examine } });
  expect(await given.stageOf(id)).toMatchObject({ name: 'deactivating' });
});
