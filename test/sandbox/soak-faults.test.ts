/**
 * One rotation, end to end, with trouble while its old key soaks. `given-world.ts`
 * checks what must always hold after everything that happens.
 */
import { describe, expect, test } from 'vitest';
import { expectRotated } from './endings.ts';
import { givenWorld } from './given-world.ts';

describe('while the old key soaks', () => {
  test('DeleteAccessKey’s reply is lost: it is done', async () => {
    const given = await givenWorld();
    await given.until('deleting');
    const fault = given.faults.fail(
      { service: 'iam', operation: 'DeleteAccessKey' },
      'reply lost',
      1,
    );
    await expectRotated(given);
    expect(fault.struck()).toBe(1);
  });

  test('DeleteAccessKey is refused: held, off and restorable', async () => {
    const given = await givenWorld();
    await given.until('deleting');
    const fault = given.faults.fail({ service: 'iam', operation: 'DeleteAccessKey' }, 'denied');
    await given.until('held');
    expect(given.oldKey()).toBe('Inactive');
    await given.pass({ days: 2 });
    expect(given.buttons()).toContain('Roll back');
    expect(given.incidents()).toMatchObject([{ status: 'triggered' }]);
    fault.mend();
    await given.press('olivia', 'Resume');
    await expectRotated(given);
  });

  test('an outsider switches it on between decision and act: the runbook refuses', async () => {
    const given = await givenWorld();
    await given.until('deleting');
    await given.outsiderUpdatesKey(given.oldKeyId, 'Active');
    await given.until('held');
    expect((await given.rotation()).stage).toMatchObject({ reason: { code: 'runbook refused' } });
    await given.pass({ days: 30 });
    expect(given.oldKeyChanges()).toEqual(['Active', 'Inactive', 'Active']);
  });

  test('an outsider switches it on again: it is never deleted', async () => {
    const given = await givenWorld();
    await given.until('soaking');
    await given.pass({ hours: 3 });
    await given.outsiderUpdatesKey(given.oldKeyId, 'Active');
    await given.until('held');
    expect((await given.rotation()).stage).toMatchObject({ reason: { code: 'reactivated' } });
    await given.pass({ days: 30 });
    expect(given.oldKeyChanges()).toEqual(['Active', 'Inactive', 'Active']);
    expect(given.incidents()[0]?.status).toBe('triggered');
  });

  test('an outsider switches it on and off again: it is not deleted on that', async () => {
    const given = await givenWorld();
    await given.until('soaking');
    await given.pass({ hours: 1 });
    await given.outsiderUpdatesKey(given.oldKeyId, 'Active');
    await given.pass({ minutes: 30 });
    await given.outsiderUpdatesKey(given.oldKeyId, 'Inactive');
    await given.until('held');
    await given.pass({ days: 10 });
    expect(given.oldKey()).toBe('Inactive');
    expect(given.buttons()).toContain('Roll back');
  });

  test('a program turns out to need it: one press gives it back', async () => {
    const given = await givenWorld();
    await given.until('soaking');
    await given.press('olivia', 'Roll back');
    await given.until('held');
    expect(given.oldKey()).toBe('Active');
    await given.press('olivia', 'Resume');
    await given.until('done');
    expect(given.oldKeyChanges()).toEqual(['Active', 'Inactive', 'Active', 'Inactive', 'Gone']);
  });

  test('restoring fails: Roll back tries again', async () => {
    const given = await givenWorld();
    await given.until('soaking');
    const fault = given.faults.fail({ service: 'iam', operation: 'UpdateAccessKey' }, 'denied');
    await given.press('olivia', 'Roll back');
    await given.until('held');
    expect((await given.rotation()).stage).toMatchObject({ reason: { code: 'restore failed' } });
    await given.pass({ minutes: 5 });
    expect(given.incidents()).toMatchObject([{ status: 'triggered', severity: 'critical' }]);
    fault.mend();
    await given.press('olivia', 'Roll back');
    await given.pass({ minutes: 10 });
    expect(given.oldKey()).toBe('Active');
  });
});
