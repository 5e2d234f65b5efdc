/**
 * One rotation, end to end, with trouble at the deadline of its old key. `given-world.ts`
 * checks what must always hold after everything that happens.
 */
import { describe, expect, test } from 'vitest';
import { plus } from '../../domain/instant.ts';
import { expectHeldActive, expectRotated, startedRun } from './endings.ts';
import { type GivenWorld, givenWorld } from './given-world.ts';

describe('at the deadline of the old key', () => {
  const withheld = [
    ['iam', 'GetAccessKeyLastUsed', 'evidence incomplete'],
    ['cloudtrail', 'LookupEvents', 'evidence incomplete'],
    ['secretsmanager', 'DescribeSecret', 'evidence incomplete'],
    ['iam', 'ListAccessKeys', 'evidence incomplete'],
  ] as const;

  test.each(withheld)(
    '%s:%s is throttled: held, and it goes on when it answers again',
    async (service, operation, code) => {
      const given = await givenWorld();
      await given.until('overlapping');
      await given.pass({ hours: 40 });
      const fault = given.faults.fail({ service, operation }, 'throttled');
      await expectHeldActive(given, code);
      expect(fault.struck()).toBeGreaterThan(0);
      fault.mend();
      await given.press('olivia', 'Resume');
      await expectRotated(given);
    },
  );

  test('the witness does not answer: held', async () => {
    const given = await givenWorld();
    await given.until('overlapping');
    const which = { service: 'lambda', operation: 'Invoke', functionName: 'keyturn-witness' };
    given.faults.fail(which, 'unavailable');
    await expectHeldActive(given, 'evidence incomplete');
  });

  test('evidence is lost between decision and act: the runbook refuses', async () => {
    const given = await givenWorld();
    await given.until('deactivating');
    given.faults.fail({ service: 'iam', operation: 'GetAccessKeyLastUsed' }, 'throttled');
    await expectHeldActive(given, 'runbook refused');
  });

  test('the old key is used every day, through all deadlines: held, and it works', async () => {
    const given = await givenWorld({ apps: [{ everyHours: 24, changesOverAfterHours: null }] });
    await expectHeldActive(given, 'still in use');
    await given.pass({ days: 60 });
    expect(given.oldKeyChanges()).toEqual(['Active']);
    expect(given.consumers[0]?.failures).toEqual([]);
    expect((await given.rotation()).stage.name).toBe('held');
    expect(JSON.stringify(given.message().blocks)).toContain('203.0.113.17');
  });

  test('one of two programs has changed over: held for the other one', async () => {
    const given = await givenWorld({ apps: [{}, { everyHours: 12, changesOverAfterHours: null }] });
    await expectHeldActive(given, 'still in use');
  });

  test('nobody has picked the new key up: held', async () => {
    const given = await givenWorld({ apps: [] });
    await expectHeldActive(given, 'not picked up');
    await given.press('olivia', 'Not in use');
    await given.press('olivia', 'Resume');
    await expectRotated(given);
  });

  test('attested, but in use: not deactivated', async () => {
    const given = await givenWorld({ apps: [{ changesOverAfterHours: null }] });
    await given.until('overlapping');
    await given.press('olivia', 'Not in use');
    await expectHeldActive(given, 'still in use');
  });

  test('forced: use is overridden, the deadline is not', async () => {
    const given = await givenWorld({ apps: [{ changesOverAfterHours: null }] });
    await given.until('overlapping');
    const forcedAt = given.world.clock.now();
    await given.press('sam', 'Force');
    await given.pass({ hours: 47 });
    expect(given.oldKeyChanges()).toEqual(['Active']);
    await given.until('soaking', { hours: 2 });
    expect(given.oldKey()).toBe('Inactive');
    expect(given.keys()[0]?.changes.at(-1)?.at).toSatisfy(
      (at: string) => at >= plus(forcedAt, { hours: 48 }),
    );
    await given.until('done');
    expect(given.consumers[0]?.failures.length).toBeGreaterThan(0);
  });

  test('UpdateAccessKey’s reply is lost: it is off, and the run says so', async () => {
    const given = await givenWorld();
    await given.until('deactivating');
    const update = { service: 'iam', operation: 'UpdateAccessKey' };
    const fault = given.faults.fail(update, 'reply lost', 1);
    await expectRotated(given);
    expect(fault.struck()).toBe(1);
  });

  test('a start without a reply, then refused: held, whatever that run then did', async () => {
    const given = await givenWorld();
    await given.until('overlapping');
    await given.pass({ hours: 47 });
    const start = { service: 'ssm', operation: 'StartAutomationExecution' };
    given.faults.fail(start, 'reply lost', 1);
    await given.until('deactivating');
    given.world.setCourier((event, deliver) =>
      (event as { source: string }).source === 'aws.ssm' ? undefined : deliver(),
    );
    const refused = given.faults.fail(start, 'denied');
    await given.until('held');
    expect(given.oldKey()).toBe('Inactive');
    refused.mend();
    given.world.setCourier(undefined);
    await given.pass({ minutes: 5 });
    await expectKeyCanBeHadBack(given);
  });

  test('the runbook is cancelled in the very call that switches the key off', async () => {
    const given = await givenWorld();
    await given.until('deactivating');
    await startedRun(given);
    const id = await given.executionId();
    const update = { service: 'iam', operation: 'UpdateAccessKey' };
    const cancel = given.faults.during(update, () => given.world.runner.stop(id, 'Cancel'));
    await given.until('held');
    expect(cancel.struck()).toBe(1);
    await given.pass({ hours: 1 });
    expect(given.oldKeyChanges()).toEqual(['Active', 'Inactive', 'Active']);
    await expectKeyCanBeHadBack(given);
  });

  test('UpdateAccessKey takes effect and never answers: on again, or Roll back', async () => {
    const given = await givenWorld();
    await given.until('deactivating');
    const update = { service: 'iam', operation: 'UpdateAccessKey' };
    const fault = given.faults.fail(update, 'reply lost');
    await given.until('held');
    fault.mend();
    await given.pass({ minutes: 5 });
    await expectKeyCanBeHadBack(given);
  });

  test.each(['cancelled', 'timed out'])('the runbook is %s midway, wherever', async (how) => {
    const found = new Set<string>();
    for (let steps = 0; ; steps++) {
      const given = await givenWorld();
      await given.until('deactivating');
      await startedRun(given);
      for (let step = 0; step < steps; step++) await given.step();
      const { stage } = await given.rotation();
      if (stage.name !== 'deactivating') break;
      found.add(given.oldKey());
      const id = await given.executionId();
      if (how === 'cancelled') given.world.runner.stop(id, 'Cancel');
      else given.world.runner.timeOut(id);
      await given.pass({ hours: 1 });
      // Nobody had to press anything: the runbook itself undid what it had done.
      const isThrough = (await given.rotation()).stage.name === 'soaking';
      expect(given.oldKey()).toBe(isThrough ? 'Inactive' : 'Active');
      await expectKeyCanBeHadBack(given);
    }
    expect([...found]).toEqual(['Active', 'Inactive']);
  });
});

/** The old key is Active or a button makes it so; then it goes on as usual. */
async function expectKeyCanBeHadBack(given: GivenWorld): Promise<void> {
  const { stage } = await given.rotation();
  if (stage.name === 'held') expect(given.incidents().length).toBeGreaterThan(0);
  if (given.oldKey() === 'Inactive') {
    expect(given.buttons()).toContain('Roll back');
    await given.press('olivia', 'Roll back');
    await given.until('held');
  }
  if (stage.name !== 'soaking') {
    expect(given.oldKey()).toBe('Active');
  }
  if ((await given.rotation()).stage.name === 'held') await given.press('olivia', 'Resume');
  await given.until('done');
  expect(given.oldKey()).toBe('Deleted');
}
