/** Which keys of a natively rotated user may go: the one it had when the first new key was made. */
import { expect, test } from 'vitest';
import { account, quietPlan, stagedWorld, userName } from './staged-world.ts';

function nativePlan() {
  const plan = quietPlan();
  const native = { everyDays: 10, fromDay: 2, copies: [], healthCheck: false };
  const users = plan.users.map((user) => ({
    ...user,
    ...{ native, reportedOnDay: null, reporters: [] },
  }));
  return { ...plan, users };
}

test('S4: an outsider’s key is the one that the first native rotation replaces', async () => {
  const given = await stagedWorld(nativePlan());
  const user = { UserName: userName };
  await given.pass(1);
  await given.asOutsider('DeleteAccessKey', { ...user, AccessKeyId: given.oldKey.keyId });
  await given.asOutsider('CreateAccessKey', user);
  const made = given.world.cloud.truth(account).keys[1];
  await given.pass(24 * 4);
  await given.asKeyturn('UpdateAccessKey', {
    ...user,
    AccessKeyId: made?.keyId,
    Status: 'Inactive',
  });
  expect(given.rotation().rotation.key.keyId).toBe(made?.keyId);
  expect(given.problems('S4')).toEqual([]);
});

test('S4: an outsider’s key beside the new one is nobody’s to touch', async () => {
  const given = await stagedWorld(nativePlan());
  const user = { UserName: userName };
  await given.pass(24 * 4);
  await given.asOutsider('DeleteAccessKey', { ...user, AccessKeyId: given.oldKey.keyId });
  await given.asOutsider('CreateAccessKey', user);
  const { keyId } = given.world.cloud.truth(account).keys.at(-1) ?? {};
  await given.asKeyturn('UpdateAccessKey', { ...user, AccessKeyId: keyId, Status: 'Inactive' });
  expect(given.problems('S4')).toEqual([expect.stringContaining('nobody reported')]);
});
