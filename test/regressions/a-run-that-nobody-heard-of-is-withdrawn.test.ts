/**
 * The answer to StartAutomationExecution was lost, and so was the status event. Before the retry
 * the user became exempt: the order was withdrawn as if nothing had run, and the key that the run
 * had switched off stayed off, told as Active, with nobody paged.
 */
import { expect, test } from 'vitest';
import type { Exemption } from '../../domain/exemption.ts';
import { plus } from '../../domain/instant.ts';
import { sandboxBook } from '../../sandbox/settings.ts';
import { account, givenWorld } from '../sandbox/given-world.ts';

async function exemptBeforeTheRetry(fault: 'reply lost' | 'throttled') {
  const exemptions: Exemption[] = [];
  const given = await givenWorld({ book: { ...sandboxBook('auto'), exemptions } });
  await given.until('overlapping');
  given.world.setCourier(() => {});
  const start = { service: 'ssm', operation: 'StartAutomationExecution' };
  const struck = given.faults.fail(start, fault);
  await given.until('deactivating');
  while (struck.struck() === 0) await given.step();
  const from = given.world.clock.now();
  exemptions.push({
    index: 0,
    account,
    whom: { by: 'name', userName: given.user.userName },
    reason: 'Payroll.',
    by: 'Sam',
    from,
    until: plus(from, { days: 30 }),
  });
  await given.pass({ days: 3 });
  return given;
}

test('a run that was started unheard is followed, and people hear of the key', async () => {
  const given = await exemptBeforeTheRetry('reply lost');
  const { stage } = await given.rotation();
  expect(given.oldKey()).toBe('Inactive');
  expect(stage).toMatchObject({ name: 'done', outcome: 'exempt' });
  expect(JSON.stringify(stage)).toMatch(/old key \S+ is Inactive/);
  expect(given.incidents()).toHaveLength(1);
});

test('an order that SSM never took is withdrawn, and nobody is woken', async () => {
  const given = await exemptBeforeTheRetry('throttled');
  expect(given.oldKey()).toBe('Active');
  expect(given.runs('DeactivateKey')).toEqual([]);
  expect((await given.rotation()).stage).toMatchObject({ name: 'done', outcome: 'exempt' });
  expect(given.incidents()).toEqual([]);
});
