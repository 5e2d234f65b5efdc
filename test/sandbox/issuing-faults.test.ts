/**
 * One rotation, end to end, while issuing its new key goes wrong. `given-world.ts`
 * checks what must always hold after everything that happens.
 */
import { describe, expect, test } from 'vitest';
import { expectHeldActive, expectRotated, startedRun } from './endings.ts';
import { type GivenWorld, givenWorld } from './given-world.ts';
import { currentKeyId } from './promises.ts';

describe('issuing the new key goes wrong', () => {
  /** Everything that must be so of the keys after a failed attempt and a later one. */
  const expectOldKeyUntouched = (given: GivenWorld) => {
    expect(given.oldKeyChanges()).toEqual(['Active']);
    expect(given.oldKey()).toBe('Active');
  };

  test('CreateAccessKey’s reply is lost: the orphan goes once CloudTrail proves it', async () => {
    const given = await givenWorld();
    const create = { service: 'iam', operation: 'CreateAccessKey' };
    const fault = given.faults.fail(create, 'reply lost', 1);
    await given.until('overlapping');
    expect(fault.struck()).toBe(1);
    expectOldKeyUntouched(given);
    await expectOrphanProven(given);
    await expectRotated(given);
  });

  test('the custodian dies right after CreateAccessKey: as if the reply were lost', async () => {
    const given = await givenWorld();
    const death = given.faults.dieAfter({ service: 'iam', operation: 'CreateAccessKey' });
    await given.until('overlapping');
    expect(death.struck()).toBe(1);
    expectOldKeyUntouched(given);
    await expectOrphanProven(given);
    await expectRotated(given);
  });

  /** Two keys were made; the first was deleted by the key maker, after CloudTrail was asked. */
  async function expectOrphanProven(given: GivenWorld): Promise<void> {
    const [orphan, second, ...more] = given.newKeys();
    expect(more).toEqual([]);
    expect(orphan?.changes.at(-1)).toMatchObject({
      to: 'Gone',
      by: expect.stringContaining('/keyturn-key-maker/'),
    });
    expect(orphan?.firstUse).toBeNull();
    expect(currentKeyId(given.world, given.user)).toBe(second?.keyId);
    const history = given.world.cloud.history;
    const deleted = history.findIndex(({ operation }) => operation === 'DeleteAccessKey');
    const asked = history.findIndex(
      ({ operation, input }) =>
        operation === 'LookupEvents' && JSON.stringify(input).includes('CreateAccessKey'),
    );
    expect(asked).toBeGreaterThan(0);
    expect(asked).toBeLessThan(deleted);
    expect(given.runs('IssueReplacementKey')).toHaveLength(2);
  }

  test('an orphan that CloudTrail shows nothing of stays, and people decide', async () => {
    const given = await givenWorld();
    given.faults.fail({ service: 'iam', operation: 'CreateAccessKey' }, 'reply lost', 1);
    given.faults.fail({ service: 'cloudtrail', operation: 'LookupEvents' }, 'denied');
    await expectHeldActive(given, 'issue failed');
    expect(given.newKeys()).toHaveLength(1);
    expect(given.statusOf(given.newKeys()[0]?.keyId ?? '')).toBe('Active');
    expect(given.incidents()[0]?.summary).toContain('second key');
  });

  test('PutSecretValue is throttled for the whole call: the new key is deleted again', async () => {
    const given = await givenWorld();
    const put = given.faults.fail(
      { service: 'secretsmanager', operation: 'PutSecretValue' },
      'throttled',
    );
    await given.until('issuing');
    await given.pass({ minutes: 30 });
    expect(put.struck()).toBeGreaterThan(0);
    expect(given.newKeys().map(({ deletedAt }) => deletedAt !== null)).toEqual([true]);
    expectOldKeyUntouched(given);
    put.mend();
    await expectRotated(given);
    expect(given.newKeys()).toHaveLength(2);
  });

  test.each([
    ['secretsmanager', 'DescribeSecret'],
    ['secretsmanager', 'UpdateSecretVersionStage'],
    ['secretsmanager', 'GetSecretValue'],
    ['iam', 'ListAccessKeys'],
    ['iam', 'GetUser'],
    ['sts', 'AssumeRole'],
  ])('%s:%s is throttled for two hours: a later attempt succeeds', async (service, operation) => {
    const given = await givenWorld();
    await given.until('issuing');
    const fault = given.faults.fail({ service, operation }, 'throttled');
    await given.pass({ hours: 2 });
    expect(fault.struck()).toBeGreaterThan(0);
    expectOldKeyUntouched(given);
    fault.mend();
    await expectRotated(given);
  });

  test('UpdateSecretVersionStage’s reply is lost as AWSCURRENT moves: it has moved', async () => {
    const given = await givenWorld();
    const move = { service: 'secretsmanager', operation: 'UpdateSecretVersionStage' };
    const fault = given.faults.fail(move, 'reply lost', 1);
    await expectRotated(given);
    expect(fault.struck()).toBe(1);
    expect(given.newKeys()).toHaveLength(1);
  });

  test('somebody makes a key between two attempts: it is not Keyturn’s, and stays', async () => {
    const given = await givenWorld();
    const put = { service: 'secretsmanager', operation: 'PutSecretValue' };
    const fault = given.faults.fail(put, 'throttled');
    await given.until('issuing');
    await given.pass({ minutes: 30 });
    fault.mend();
    const [failed] = given.newKeys();
    await given.outsider('iam', 'CreateAccessKey', { UserName: given.user.userName });
    await expectHeldActive(given, 'issue failed');
    expect(failed?.deletedAt).not.toBeNull();
    expect(given.newKeys()).toHaveLength(2);
    expect(given.newKeys()[1]?.deletedAt).toBeNull();
  });

  test('three attempts fail: it is held, with nothing left behind', async () => {
    const given = await givenWorld();
    given.faults.fail({ service: 'sts', operation: 'GetCallerIdentity' }, 'unavailable');
    await expectHeldActive(given, 'issue failed');
    expect(given.runs('IssueReplacementKey')).toHaveLength(3);
    expect(given.newKeys().every(({ deletedAt }) => deletedAt !== null)).toBe(true);
  });

  test.each(['cancelled', 'timed out'])('the runbook is %s midway, wherever', async (how) => {
    const found = new Set<number>();
    for (let steps = 0; ; steps++) {
      const given = await givenWorld();
      await given.until('issuing');
      await startedRun(given);
      for (let step = 0; step < steps; step++) await given.step();
      const { stage } = await given.rotation();
      if (stage.name !== 'issuing') break;
      found.add(given.newKeys().length);
      const id = await given.executionId();
      if (how === 'cancelled') given.world.runner.stop(id, 'Cancel');
      else given.world.runner.timeOut(id);
      await expectRotated(given);
      expect(given.newKeys().length).toBeLessThanOrEqual(2);
    }
    expect([...found]).toEqual([0, 1]);
  });
});
