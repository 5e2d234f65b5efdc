/**
 * A key that a person exempts: the rotation ends, reports about the key are answered until the end
 * and open nothing, whoever makes them; the first one after it opens a rotation anew.
 */
import { describe, expect, test } from 'vitest';
import { type Duration, plus, toMillis } from '../../domain/instant.ts';
import { fillInAs } from '../../sandbox/cast.ts';
import { reportStaleUser } from '../../sandbox/reports.ts';
import { account, givenWorld } from './given-world.ts';

type Given = Awaited<ReturnType<typeof givenWorld>>;

const reason = 'The vendor replaces the device in spring.';

async function exempt(given: Given, lasts: Duration): Promise<string> {
  const { world } = given;
  const minute = Math.floor(toMillis(plus(world.clock.now(), lasts)) / 60_000);
  const answers = { reason, until: minute * 60 };
  return fillInAs(world, 'ada', given.message(), 'Exempt…', answers);
}

/** What the findings that are sent now come to. */
async function reported(given: Given): Promise<string> {
  const { world } = given;
  const before = world.deliveries.length;
  reportStaleUser(world, given.user, ['security hub', 'config']);
  await given.pass({ hours: 1 });
  return JSON.stringify(world.deliveries.slice(before).map(({ received }) => received));
}

const generation = async ({ world, oldKeyId }: Given) =>
  (await world.store.claimOn('aws', account, oldKeyId))?.generation;

describe('a key that a person exempts', () => {
  test('ends its rotation, and is left alone until then', async () => {
    const given = await givenWorld({ mode: 'approve' });
    await given.until('proposed');
    await given.pass({ minutes: 5 });
    expect(await exempt(given, { days: 20 })).toBe('');
    const { id, stage } = await given.rotation();
    expect(stage).toMatchObject({ name: 'done', outcome: 'exempt', exemption: { reason } });
    await given.pass({ days: 10 });
    const told = await reported(given);
    expect(told).toContain('is exempt: Until');
    expect(told).toContain(reason);
    expect((await given.rotation()).id).toBe(id);
    expect(given.newKeys()).toEqual([]);
    expect(given.oldKeyChanges()).toEqual(['Active']);
  });

  test('is taken up anew by the first report after the end', async () => {
    const given = await givenWorld();
    await given.until('overlapping');
    await given.pass({ minutes: 5 });
    expect(await exempt(given, { days: 3 })).toBe('');
    await given.pass({ days: 4 });
    expect(await generation(given)).toBe(1);
    expect(await reported(given)).toContain('is opened');
    expect(await generation(given)).toBe(2);
  });

  test('is found by the inventory after the end, and not before', async () => {
    const given = await givenWorld({ mode: 'approve' });
    await given.until('proposed');
    await given.pass({ minutes: 5 });
    await exempt(given, { days: 3 });
    await given.world.handlers.onInventory({});
    expect(await generation(given)).toBe(1);
    await given.pass({ days: 4 });
    await given.world.handlers.onInventory({});
    expect(await generation(given)).toBe(2);
  });

  test('is not while a runbook is at work, and the form says so', async () => {
    const given = await givenWorld();
    await given.until('issuing');
    expect(given.buttons()).not.toContain('Exempt…');
    expect(given.buttons()).toContain('Not mine…');
  });
});
