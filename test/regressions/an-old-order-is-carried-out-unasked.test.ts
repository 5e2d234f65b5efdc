/** A run that was ordered and could not be started yet: what changes meanwhile must count. */
import { describe, expect, test } from 'vitest';
import type { Exemption } from '../../domain/exemption.ts';
import { plus } from '../../domain/instant.ts';
import { isOpen } from '../../domain/window.ts';
import { sandboxBook } from '../../sandbox/settings.ts';
import { account, givenWorld } from '../sandbox/given-world.ts';

const start = { service: 'ssm', operation: 'StartAutomationExecution' };

/** A book whose exemptions may be changed, as by a deployment. */
function bookWith(exemptions: Exemption[]) {
  return { ...sandboxBook('auto'), exemptions };
}

const exemption = (from: Exemption['from']): Exemption => ({
  index: 0,
  account,
  whom: { by: 'name', userName: 'svc-billing' },
  reason: 'The payroll runs on it.',
  by: 'Sam Oncall',
  from,
  until: plus(from, { days: 30 }),
});

describe('S13: an exempt user is never touched', () => {
  test('exempt while SSM is down between order and start: the key stays on', async () => {
    const exemptions: Exemption[] = [];
    const given = await givenWorld({ book: bookWith(exemptions) });
    await given.until('overlapping');
    const fault = given.faults.fail(start, 'throttled');
    await given.until('deactivating');
    exemptions.push(exemption(given.world.clock.now()));
    await given.pass({ minutes: 40 });
    fault.mend();
    await given.pass({ hours: 6 });
    expect(given.oldKeyChanges()).toEqual(['Active']);
  });

  test('exempt while all is stopped: nothing is done after lifting', async () => {
    const exemptions: Exemption[] = [];
    const given = await givenWorld({ book: bookWith(exemptions) });
    await given.until('overlapping');
    const fault = given.faults.fail(start, 'throttled');
    await given.until('deactivating');
    await given.world.stop('payroll complains');
    fault.mend();
    exemptions.push(exemption(given.world.clock.now()));
    await given.pass({ days: 3 });
    await given.world.go();
    await given.pass({ hours: 6 });
    expect(given.oldKeyChanges()).toEqual(['Active']);
  });

  test('the same before a new key is made', async () => {
    const exemptions: Exemption[] = [];
    const given = await givenWorld({ book: bookWith(exemptions) });
    const fault = given.faults.fail(start, 'throttled');
    await given.until('issuing');
    exemptions.push(exemption(given.world.clock.now()));
    await given.pass({ minutes: 40 });
    fault.mend();
    await given.pass({ hours: 6 });
    expect(given.newKeys()).toEqual([]);
  });
});

describe('the low-traffic window', () => {
  test('a start that SSM refused within it is not made up for outside it', async () => {
    const window = [
      { days: [1, 2, 3, 4, 5, 6, 7], from: '02:00', to: '04:00', timeZone: 'UTC' },
    ] as const;
    const given = await givenWorld({ policy: { window } });
    await given.until('overlapping');
    const fault = given.faults.fail(start, 'throttled');
    await given.until('deactivating');
    await given.pass({ hours: 4 });
    fault.mend();
    await given.pass({ hours: 12 });
    const off = given.keys().find(({ keyId }) => keyId === given.oldKeyId)?.changes[1];
    if (off === undefined) return;
    expect(`${off.at} in the window: ${isOpen(window, off.at)}`).toContain('true');
  });
});
