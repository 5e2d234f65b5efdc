/**
 * CloudTrail forgets after 90 days. A soak that lasted as long, or was paused meanwhile, could
 * never end: nobody knew any more whether the old key had stayed off, and no force overrides that.
 */
import { expect, test } from 'vitest';
import { defaultPolicy, policyProblems } from '../../domain/policy.ts';
import { account, givenWorld } from '../sandbox/given-world.ts';

/** Where the old key's rotation is. By then the new key may be stale, and have one of its own. */
async function stageOf({ world, user, oldKeyId }: Awaited<ReturnType<typeof givenWorld>>) {
  const ids = await world.store.ofUser(account, user.userId);
  const all = await Promise.all(ids.map((id) => world.store.load(id)));
  return all.find((rotation) => rotation?.key.keyId === oldKeyId)?.stage;
}

test.each([1800, 2160, 3000])(
  'a soak of %d hours ends',
  async (soakHours) => {
    const given = await givenWorld({ policy: { soakHours } });
    await given.until('soaking');
    await given.pass({ hours: soakHours + 48 });
    expect(await stageOf(given)).toMatchObject({ name: 'done', outcome: 'rotated' });
  },
  60_000,
);

test('a policy asks for 75 days of soak at most', () => {
  expect(policyProblems({ ...defaultPolicy, soakHours: 1800 })).toEqual([]);
  expect(policyProblems({ ...defaultPolicy, soakHours: 1801 })).toHaveLength(1);
});

test('a soak that was paused for three months is resumed, and ends', async () => {
  const given = await givenWorld();
  await given.until('soaking');
  await given.press('olivia', 'Pause');
  await given.pass({ days: 91 });
  await given.press('olivia', 'Resume');
  await given.pass({ days: 3 });
  expect(await stageOf(given)).toMatchObject({ name: 'done', outcome: 'rotated' });
});

test('a key that was switched on and off again during the pause is not deleted', async () => {
  const given = await givenWorld({ outsiderInterferes: true });
  await given.until('soaking');
  await given.press('olivia', 'Pause');
  await given.pass({ days: 50 });
  await given.outsiderUpdatesKey(given.oldKeyId, 'Active');
  await given.outsiderUpdatesKey(given.oldKeyId, 'Inactive');
  await given.pass({ days: 41 });
  await given.press('olivia', 'Resume');
  await given.pass({ days: 3 });
  expect(given.oldKey()).toBe('Inactive');
  expect(await stageOf(given)).toMatchObject({ name: 'held', reason: { code: 'changed outside' } });
});

test('a soak that nobody could look at for months says the way out, which works', async () => {
  const given = await givenWorld();
  await given.until('soaking');
  await given.press('olivia', 'Pause');
  const blind = given.faults.fail({ service: 'cloudtrail', operation: 'LookupEvents' }, 'denied');
  await given.pass({ days: 91 });
  blind.mend();
  await given.press('olivia', 'Resume');
  await given.pass({ days: 3 });
  expect(await stageOf(given)).toMatchObject({
    name: 'held',
    reason: {
      code: 'evidence incomplete',
      text: expect.stringMatching(/CloudTrail shows 90 days.*If neither helps, roll back/),
    },
  });
  await given.press('olivia', 'Roll back');
  await given.pass({ hours: 1 });
  await given.press('olivia', 'Resume');
  await given.pass({ days: 8 });
  expect(await stageOf(given)).toMatchObject({ name: 'done', outcome: 'rotated' });
});
