/**
 * An inventory that had not enough time began with the same accounts and users every day: the last
 * of them were never looked at, however many days passed.
 */
import { expect, test } from 'vitest';
import { takeInventory } from '../../app/take-inventory.ts';
import { plus } from '../../domain/instant.ts';
import type { ReportedUser } from '../../domain/inventory.ts';
import { createWorld } from '../../sandbox/world.ts';
import { timeFor } from '../app/time-for.ts';
import { story } from '../builders.ts';

const day = 24 * 3_600_000;
const account = '111122223333';
const rotatedAt = plus(story.opened, { days: -400 });
const stale = { slot: 1, active: true, rotatedAt, lastUsed: 'none' } as const;
const noKey = { slot: 2, active: false, rotatedAt: 'unknown', lastUsed: 'none' } as const;

const given = async () => {
  const place = { partition: 'aws', account, region: 'us-east-1' } as const;
  const world = await createWorld({
    ...{ start: story.opened, place, accounts: [account], mode: 'approve', seed: 'days' },
  });
  return { shell: world.inventory, clock: world.clock };
};

const many = (name: (index: string) => string) =>
  Array.from({ length: 450 }, (_, index) => name(String(index).padStart(3, '0')));

test('every account has its turn within days', async () => {
  const { shell, clock } = await given();
  const accounts = many((index) => `111122223${index}`);
  const read = new Set<string>();
  const reports: typeof shell.reports = {
    read: async (_partition, of) => {
      read.add(of);
      return { generatedAt: clock.now(), users: [], problems: [] };
    },
  };
  const served = { everyServed: async () => accounts };
  for (let days = 0; days < 9; days++) {
    await takeInventory({ ...shell, reports, served }, timeFor(250));
    await clock.sleep(day);
  }
  expect(read.size).toBe(accounts.length);
});

test('and so has every user of an account', async () => {
  const { shell, clock } = await given();
  const looked = new Set<string>();
  const users = many((index) => `svc-${index}`).map(
    (userName): ReportedUser => ({ userName, path: '/', keys: [stale, noKey] }),
  );
  const reports: typeof shell.reports = {
    read: async () => ({ generatedAt: clock.now(), users, problems: [] }),
  };
  const keysNamed: typeof shell.keyLists.keysNamed = async (_partition, _account, userName) => {
    looked.add(userName);
    return undefined;
  };
  const told = { ...shell, reports, keyLists: { keysNamed } };
  for (let days = 0; days < 9; days++) {
    await takeInventory(told, timeFor(250));
    await clock.sleep(day);
  }
  expect(looked.size).toBe(users.length);
});
