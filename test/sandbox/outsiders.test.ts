/**
 * One rotation, end to end, while outsiders act on its keys. `given-world.ts`
 * checks what must always hold after everything that happens.
 */
import { describe, expect, test } from 'vitest';
import { expectHeldActive } from './endings.ts';
import { type GivenWorld, givenWorld } from './given-world.ts';

describe('outsiders act during the overlap', () => {
  test('the new key is deleted: the old one is never switched off', async () => {
    const given = await givenWorld({ outsiderInterferes: true });
    await given.until('overlapping');
    const [made] = given.newKeys();
    const input = { UserName: given.user.userName, AccessKeyId: made?.keyId };
    await given.outsider('iam', 'DeleteAccessKey', input);
    await given.until('held');
    await given.pass({ days: 10 });
    expect(given.oldKeyChanges()).toEqual(['Active']);
    await expectNoWayToSwitchOff(given);
  });

  test('the new key is switched off: the old one is never', async () => {
    const given = await givenWorld({ outsiderInterferes: true });
    await given.until('overlapping');
    await given.outsiderUpdatesKey(given.newKeys()[0]?.keyId ?? '', 'Inactive');
    await given.until('held');
    await expectNoWayToSwitchOff(given);
  });

  test('the secret is edited: the old key is never switched off', async () => {
    const given = await givenWorld({ outsiderInterferes: true });
    await given.until('overlapping');
    const SecretId = given.secret()?.arn;
    await given.outsider('secretsmanager', 'PutSecretValue', { SecretId, SecretString: '{}' });
    await given.until('held');
    await expectNoWayToSwitchOff(given);
  });

  test('the secret is deleted: the old key is never switched off', async () => {
    const given = await givenWorld({ outsiderInterferes: true });
    await given.until('overlapping');
    await given.pass({ hours: 12 });
    given.world.cloud.removeSecret(given.user.account, 'us-east-1', given.secret()?.arn ?? '');
    await given.until('held');
    await expectNoWayToSwitchOff(given);
  });

  /** Neither waiting nor any press of a person switches the old key off: not even force. */
  async function expectNoWayToSwitchOff(given: GivenWorld): Promise<void> {
    expect((await given.rotation()).stage).toMatchObject({ reason: { code: 'changed outside' } });
    await given.press('sam', 'Force');
    await given.pass({ days: 4 });
    await given.until('held');
    expect(given.oldKeyChanges()).toEqual(['Active']);
    await given.press('olivia', 'Resume');
    await given.pass({ days: 4 });
    await given.until('held');
    expect(given.oldKeyChanges()).toEqual(['Active']);
  }

  test('the user is deleted: done, it was gone already', async () => {
    const given = await givenWorld({ apps: [] });
    await given.until('overlapping');
    given.world.cloud.removeUser(given.user.account, given.user.userName);
    await given.until('done', { hours: 12 });
    await given.pass({ minutes: 10 });
    expect((await given.rotation()).stage).toMatchObject({ outcome: 'already gone' });
    expect(given.workflow()).toBe('RESOLVED');
    expect(given.calls('DeleteAccessKey')).toEqual([]);
    expect(given.calls('UpdateAccessKey')).toEqual([]);
  });

  test('the user is deleted and made again: the new one is not touched', async () => {
    const given = await givenWorld({ apps: [] });
    const { cloud, clock } = given.world;
    await given.until('overlapping');
    const { account, userName } = given.user;
    cloud.removeUser(account, userName);
    cloud.addUser({ account, userName, createdAt: clock.now() });
    await given.until('done', { hours: 12 });
    expect((await given.rotation()).stage).toMatchObject({ outcome: 'already gone' });
    expect(given.calls('UpdateAccessKey')).toEqual([]);
  });

  test('the old key is deleted: done, and the new one is named', async () => {
    const given = await givenWorld({ apps: [] });
    await given.until('overlapping');
    const input = { UserName: given.user.userName, AccessKeyId: given.oldKeyId };
    await given.outsider('iam', 'DeleteAccessKey', input);
    await given.until('done', { hours: 12 });
    const { stage } = await given.rotation();
    expect(stage).toMatchObject({
      outcome: 'already gone',
      remaining: [expect.stringContaining(given.newKeys()[0]?.keyId.slice(-4) ?? '?')],
    });
  });

  test('the old key is switched off: people are told, and Roll back gives it back', async () => {
    const given = await givenWorld({ apps: [] });
    await given.until('overlapping');
    await given.outsiderUpdatesKey(given.oldKeyId, 'Inactive');
    await given.until('held');
    await given.press('olivia', 'Roll back');
    await given.pass({ minutes: 10 });
    expect(given.oldKey()).toBe('Active');
  });

  test('a second key is made before the new one: it is held, and nothing is deleted', async () => {
    const given = await givenWorld({ mode: 'approve' });
    await given.until('proposed');
    await given.pass({ minutes: 5 });
    await given.outsider('iam', 'CreateAccessKey', { UserName: given.user.userName });
    await given.press('ada', 'Approve');
    await expectHeldActive(given, 'no room');
    expect(given.runs('IssueReplacementKey')).toEqual([]);
    expect(given.newKeys()).toHaveLength(1);
    expect(given.newKeys()[0]?.deletedAt).toBeNull();
  });
});
