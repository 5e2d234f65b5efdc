/** What the hub may not read left a rotation where it was for ever, and nobody was told. */
import { expect, test } from 'vitest';
import { givenWorld } from '../sandbox/given-world.ts';

test('given a run that nobody may ask about, then it is held within two days', async () => {
  const given = await givenWorld();
  await given.until('deactivating');
  given.faults.fail({ service: 'ssm', operation: 'GetAutomationExecution' }, 'denied');

  await given.until('held', { days: 2 });

  const { stage } = await given.rotation();
  expect(stage).toMatchObject({ name: 'held', reason: { code: 'runbook failed' } });
  expect(given.incidents().some(({ severity }) => severity === 'critical')).toBe(true);
});

test('given an account that nobody may read, then an approved rotation is held', async () => {
  const given = await givenWorld();
  await given.until('proposed');
  given.faults.fail({ service: 'iam', operation: 'GetUser' }, 'denied');

  await given.until('held', { days: 2 });

  const { stage } = await given.rotation();
  expect(stage).toMatchObject({ name: 'held', reason: { code: 'not begun' } });
  expect(given.incidents()).toHaveLength(1);
  expect(given.oldKey()).toBe('Active');
});
