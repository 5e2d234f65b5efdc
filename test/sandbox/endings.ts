/** How a rotation ends well: by the truth of the account, and with everybody told. */
import { expect } from 'vitest';
import { cryptoIds } from '../../adapters/crypto-ids.ts';
import { chainProblems } from '../../domain/journal.ts';
import type { GivenWorld } from './given-world.ts';
import { currentKeyId } from './promises.ts';

/** Rotated, nobody broken, everybody told. */
export async function expectRotated(given: GivenWorld): Promise<void> {
  await given.until('done', { days: 30 });
  await given.pass({ hours: 1 });
  const { stage, id } = await given.rotation();
  expect(stage).toMatchObject({ outcome: 'rotated', remaining: [] });
  expect(given.oldKeyChanges()?.slice(-2)).toEqual(['Inactive', 'Gone']);
  const left = given.keys().filter(({ deletedAt }) => deletedAt === null);
  expect(left.map(({ keyId }) => keyId)).toEqual([currentKeyId(given.world, given.user)]);
  expect(given.workflow()).toBe('RESOLVED');
  expect(given.consumers.flatMap(({ failures }) => failures)).toEqual([]);
  await expectAllTold(given);
  const journal = await given.world.store.journal(id);
  expect(chainProblems(journal, cryptoIds.digest)).toEqual([]);
}

/** Nothing ordered is left undone, and nothing was given up. */
export async function expectAllTold(given: GivenWorld): Promise<void> {
  const { store, clock, log, undelivered } = given.world;
  expect(await store.nextWake()).toSatisfy(
    (next) => next === undefined || next > clock.now(),
    'nothing waits',
  );
  expect(log.filter(({ message }) => message === 'effect given up')).toEqual([]);
  expect(log.filter(({ message }) => message === 'tick failed')).toEqual([]);
  expect(undelivered).toEqual([]);
}

/** On hold, the old key works, and somebody was woken. */
export async function expectHeldActive(given: GivenWorld, code: string): Promise<void> {
  await given.until('held');
  await given.pass({ hours: 1 });
  const { stage } = await given.rotation();
  expect(stage).toMatchObject({ name: 'held', oldKey: 'Active', reason: { code } });
  expect(given.oldKeyChanges()).toEqual(['Active']);
  expect(given.incidents()).toMatchObject([{ status: 'triggered' }]);
  expect(given.incidents()[0]?.dedupKey).toMatch(/\/held$/);
  expect(given.message().text).toContain('On hold');
  expect(given.workflow()).toBe('NOTIFIED');
  await expectAllTold(given);
}

/** Until SSM has confirmed the run that the rotation waits for. */
export async function startedRun(given: GivenWorld): Promise<void> {
  for (let steps = 0; steps < 50; steps++) {
    const isStarted = await given.executionId().then(
      () => true,
      () => false,
    );
    if (isStarted) return;
    await given.step();
  }
  throw new Error('no run was started');
}
