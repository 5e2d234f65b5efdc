/**
 * What the inventory's real handler measures in a world: keys of all accounts, and what rotations
 * came to the day before. Every line is one that CloudWatch takes; all metrics come about.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { takeStock } from '../../app/take-stock.ts';
import { Permanent, Transient } from '../../domain/errors.ts';
import { type Duration, instant, plus } from '../../domain/instant.ts';
import { customMetrics } from '../../domain/metrics.ts';
import { pressAs } from '../../sandbox/cast.ts';
import { removeDoors } from '../../sandbox/member-roles.ts';
import { createWorld, type World } from '../../sandbox/world.ts';

const [hub, other] = ['111122223333', '444455556666'] as const;
const start = instant('2026-11-02T05:00:00Z');
const place = { partition: 'aws', account: hub, region: 'us-east-1' } as const;
const fixture = join(import.meta.dirname, '..', 'fixtures', 'embedded-metric-format.json');
const isLine = new Ajv({ strict: false }).compile(JSON.parse(readFileSync(fixture, 'utf8')));

async function givenWorld(mode: 'auto' | 'approve' = 'auto') {
  const world = await createWorld({ start, place, seed: 'metrics', mode, accounts: [hub, other] });
  let read = 0;
  return {
    world,
    settle: (account: string, userName: string, days: number) =>
      settle(world, account, userName, days),
    pass: (time: Duration) => world.runUntil(plus(world.clock.now(), time)),
    /** Takes an inventory; what it measured, by name and stage. */
    measure: async (): Promise<Readonly<Record<string, number>>> => {
      await world.handlers.onInventory({});
      const lines = world.metrics.slice(read).map((line) => JSON.parse(line));
      read = world.metrics.length;
      for (const line of lines) expect(isLine(line) ? [] : isLine.errors).toEqual([]);
      return Object.fromEntries(
        lines.flatMap(({ _aws, Stage = '', ...values }) => {
          return Object.entries<number>(values).map(([name, value]) => [
            `${name} ${Stage}`.trim(),
            value,
          ]);
        }),
      );
    },
  };
}

/** Nobody uses the key, unless it is young: so an old one is retired. */
function settle({ cloud, clock }: World, account: string, userName: string, days: number): void {
  const createdAt = plus(clock.now(), { days: -days });
  cloud.addUser({ account, userName, createdAt });
  cloud.addKey(account, userName, { createdAt });
}

describe('keys', () => {
  test('of all accounts are told of together', async () => {
    const { settle, measure } = await givenWorld('approve');
    settle(hub, 'svc-a', 10);
    settle(hub, 'svc-b', 85);
    settle(other, 'svc-c', 205);
    expect(await measure()).toMatchObject({
      ...{ ActiveKeys: 3, StaleKeys: 1, NearingKeys: 1, UncoveredKeys: 0 },
      ...{ MeanKeyAgeDays: 100, OldestKeyAgeDays: 205 },
      ...{ KeysUnder30Days: 1, Keys60To89Days: 1, Keys180To364Days: 1, Keys90To179Days: 0 },
    });
  });

  test('of each account are in the result, and not in the log line', async () => {
    const { world, settle } = await givenWorld('approve');
    settle(hub, 'svc-a', 10);
    settle(other, 'svc-c', 205);
    const taken = await world.handlers.onInventory({});
    expect(taken).toMatchObject({
      figures: [
        { account: hub, activeKeys: 1, oldestDays: 10, stale: 0 },
        { account: other, activeKeys: 1, oldestDays: 205, stale: 1 },
      ],
    });
    const line = world.log.find(({ facts }) => facts.function === 'on-inventory');
    expect(line?.facts).toMatchObject({ measured: 1, approachingNoted: 0, approachingLeft: 0 });
    expect(line?.facts).not.toHaveProperty('figures');
  });

  test('of an account that cannot be read are missing, and of none nothing is told', async () => {
    const { world, settle, measure } = await givenWorld('approve');
    settle(hub, 'svc-a', 10);
    settle(other, 'svc-c', 205);
    removeDoors(world.cloud, other);
    expect(await measure()).toMatchObject({ ActiveKeys: 1, OldestKeyAgeDays: 10 });
    removeDoors(world.cloud, hub);
    expect(await measure()).not.toHaveProperty('ActiveKeys');
  });

  test('that are stale and that nobody rotates are uncovered', async () => {
    const { world, settle, measure, pass } = await givenWorld('approve');
    settle(hub, 'svc-a', 200);
    expect(await measure()).toMatchObject({ StaleKeys: 1, UncoveredKeys: 0 });
    await pass({ hours: 1 });
    const [message] = world.slack.messages();
    if (message === undefined) throw new Error('Slack shows no message yet');
    await pressAs(world, 'sam', message, 'Abandon');
    await pass({ days: 1 });
    expect(await measure()).toMatchObject({
      ...{ UncoveredKeys: 1, RotationsOpened: 1, RotationsAbandoned: 1, 'Rotations proposed': 0 },
    });
  });
});

describe('rotations', () => {
  test('are told of by stage, and by how they ended, day by day', async () => {
    const { settle, measure, pass } = await givenWorld();
    settle(hub, 'svc-a', 200);
    // Where rotations stand is told of after whatever the inventory opened.
    expect(await measure()).toMatchObject({ 'Rotations proposed': 1, RotationsOpened: 0 });
    const sums = { RotationsOpened: 0, RotationsRetired: 0 };
    const stages = new Set<string>();
    for (let day = 0; day < 12; day += 1) {
      await pass({ days: 1 });
      const measured = await measure();
      sums.RotationsOpened += measured.RotationsOpened ?? 0;
      sums.RotationsRetired += measured.RotationsRetired ?? 0;
      for (const name of Object.keys(measured)) if (/^HoursAt/.test(name)) stages.add(name);
    }
    expect(sums).toEqual({ RotationsOpened: 1, RotationsRetired: 1 });
    expect([...stages].toSorted()).toEqual(
      ['deactivating', 'deleting', 'proposed', 'soaking'].map((stage) => `HoursAtStage ${stage}`),
    );
  });

  test('measured twice on a day come to the same', async () => {
    const { settle, measure, pass } = await givenWorld();
    settle(hub, 'svc-a', 200);
    await measure();
    await pass({ days: 1 });
    const first = await measure();
    expect(await measure()).toEqual(first);
  });

  test.each([
    ['is away', new Transient('no answer')],
    ['refuses', new Permanent('no permission')],
  ])('keep no key from its rotation where the table %s', async (_, error) => {
    const { world, settle } = await givenWorld();
    settle(hub, 'svc-a', 200);
    const openOrEndedSince = (): AsyncIterable<string> => {
      throw error;
    };
    const { inventory } = world;
    const store = { ...inventory.store, openOrEndedSince };
    expect(await takeStock({ ...inventory, store })).toMatchObject({ opened: 1, measured: null });
    expect(world.log).toContainEqual(
      expect.objectContaining({ level: 'error', message: 'rotations not measured' }),
    );
    expect(world.metrics.some((line) => line.includes('RotationsOpened'))).toBe(false);
  });
});

test('each metric but means comes about on each day, and none that is not listed', async () => {
  const { settle, measure } = await givenWorld();
  settle(hub, 'svc-a', 10);
  const known = customMetrics().map(({ name, stage }) => `${name} ${stage ?? ''}`.trim());
  const measured = Object.keys(await measure());
  expect(measured.filter((name) => !known.includes(name))).toEqual([]);
  const missing = known.filter((name) => !measured.includes(name));
  expect(missing.filter((name) => !/^(HoursAtStage|MeanHoursToRotate)/.test(name))).toEqual([]);
});
