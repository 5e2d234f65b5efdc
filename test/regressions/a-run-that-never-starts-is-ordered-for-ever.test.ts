/**
 * Where SSM started nothing for days, each order of a run was withdrawn after a quarter of an hour
 * and given anew: the thread filled, and no order was ever old enough to be held and paged about.
 */
import { expect, test } from 'vitest';
import { expectHeldActive, expectRotated } from '../sandbox/endings.ts';
import { givenWorld } from '../sandbox/given-world.ts';

test('SSM starts nothing: decided anew once, then held and paged, and it goes on', async () => {
  const given = await givenWorld();
  await given.until('overlapping');
  await given.pass({ hours: 47 });
  const start = { service: 'ssm', operation: 'StartAutomationExecution' };
  const fault = given.faults.fail(start, 'throttled');
  await expectHeldActive(given, 'runbook failed');
  const { id } = await given.rotation();
  const journal = await given.world.store.journal(id);
  expect(journal.filter(({ event }) => event.type === 'run withdrawn')).toHaveLength(1);
  fault.mend();
  await given.press('olivia', 'Resume');
  await expectRotated(given);
});
