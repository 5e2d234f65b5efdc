/** An unused key that was off, and that somebody switches on: because somebody needs it. */
import { expect, test } from 'vitest';
import { plus } from '../../domain/instant.ts';
import { decide } from '../../domain/rotation.ts';
import { retirement, rotationAt, safe, story } from '../builders.ts';
import { account, givenWorld } from '../sandbox/given-world.ts';

test('found Inactive, switched on between order and run: it stays on', async () => {
  const given = await givenWorld();
  const { world, user, faults } = given;
  const spare = world.cloud.addKey(account, user.userName, {
    createdAt: plus(world.clock.now(), { days: -300 }),
    status: 'Inactive',
  });
  const stageOfSpare = async () => {
    const ids = await world.store.ofUser(account, user.userId);
    const all = await Promise.all(ids.map((id) => world.store.load(id)));
    return all.find((each) => each?.key.keyId === spare.keyId)?.stage.name;
  };
  const fault = faults.fail({ service: 'ssm', operation: 'StartAutomationExecution' }, 'throttled');
  await world.wake();
  const end = plus(world.clock.now(), { days: 5 });
  while ((await stageOfSpare()) !== 'deactivating' && world.clock.now() < end) {
    await world.clock.step();
  }
  expect(await stageOfSpare()).toBe('deactivating');
  await given.outsiderUpdatesKey(spare.keyId, 'Active');
  fault.mend();
  await world.runUntil(plus(world.clock.now(), { hours: 8 }));
  expect(given.statusOf(spare.keyId)).toBe('Active');
});

test.each([
  ['by somebody else', null],
  ['by a failed run of Keyturn’s', 'Active'],
] as const)('switched off since %s, then on again: people are asked', (_, statusBefore) => {
  const seen = safe({ at: plus(story.deactivateAt, { hours: -6 }), oldKey: 'Inactive' });
  const rotation = rotationAt(retirement({}, { evidence: seen, statusBefore }), { kind: 'retire' });
  const evidence = safe({ at: story.deactivateAt, oldKey: 'Active' });
  const { rotation: after } = decide(
    rotation,
    { type: 'evidence gathered', evidence },
    story.deactivateAt,
  );
  expect(after.stage).toMatchObject({ name: 'held', reason: { code: 'reactivated' } });
});
