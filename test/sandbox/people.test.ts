/**
 * One rotation, end to end, as people hold it up or give it up. `given-world.ts`
 * checks what must always hold after everything that happens.
 */
import { describe, expect, test } from 'vitest';
import { plus } from '../../domain/instant.ts';
import { expectAllTold, expectHeldActive, expectRotated } from './endings.ts';
import { givenWorld } from './given-world.ts';

describe('people', () => {
  test('pause and resume: no deadline runs meanwhile, and a fresh one afterwards', async () => {
    const given = await givenWorld();
    await given.until('overlapping');
    await given.press('olivia', 'Pause');
    await given.pass({ days: 20 });
    expect(given.oldKeyChanges()).toEqual(['Active']);
    expect(given.incidents()).toEqual([]);
    const resumedAt = given.world.clock.now();
    await given.press('olivia', 'Resume');
    await given.until('deactivating');
    expect(given.world.clock.now() >= plus(resumedAt, { hours: 48 })).toBe(true);
    await expectRotated(given);
  });

  test('pause while it soaks: the key is neither deleted nor lost', async () => {
    const given = await givenWorld();
    await given.until('soaking');
    await given.press('olivia', 'Pause');
    await given.pass({ days: 20 });
    expect(given.oldKey()).toBe('Inactive');
    await given.press('olivia', 'Resume');
    await expectRotated(given);
  });

  test('snooze beyond the cap is cut to it', async () => {
    const given = await givenWorld();
    await given.until('overlapping');
    const since = given.world.clock.now();
    for (const press of ['Snooze 3 d', 'Snooze 3 d', 'Snooze 1 d']) {
      await given.press('olivia', press);
    }
    expect(given.buttons().filter((label) => label.startsWith('Snooze'))).toEqual([]);
    await given.until('deactivating');
    const switchedOffAt = given.world.clock.now();
    expect(switchedOffAt >= plus(since, { days: 9 })).toBe(true);
    expect(switchedOffAt < plus(since, { days: 9, hours: 1 })).toBe(true);
  });

  test('abandon: both keys stay, and what remains is listed', async () => {
    const given = await givenWorld();
    await given.until('overlapping');
    await given.press('sam', 'Abandon');
    await given.pass({ days: 30 });
    const { stage } = await given.rotation();
    expect(stage).toMatchObject({ name: 'done', outcome: 'abandoned' });
    expect(given.oldKey()).toBe('Active');
    expect(given.statusOf(given.newKeys()[0]?.keyId ?? '')).toBe('Active');
    expect(given.workflow()).toBe('NOTIFIED');
    await expectAllTold(given);
  });

  test('nobody answers: nothing is changed', async () => {
    const given = await givenWorld({ mode: 'approve' });
    await expectHeldActive(given, 'unanswered');
    expect(given.newKeys()).toEqual([]);
  });
});

describe('what people see', () => {
  test('goes on saying who uses the old key while the witness is silent', async () => {
    const given = await givenWorld({ apps: [{ changesOverAfterHours: null }] });
    await given.until('overlapping');
    await given.pass({ hours: 13 });
    expect(JSON.stringify(given.message().blocks)).toContain('203.0.113.17');
    const witness = { service: 'lambda', operation: 'Invoke', functionName: 'keyturn-witness' };
    given.faults.fail(witness, 'unavailable');
    await given.pass({ hours: 7 });
    expect(JSON.stringify(given.message().blocks)).toContain('203.0.113.17');
  });
});
