/**
 * The two ways to find stale keys, each in a world of its own with the same users: what they found,
 * by how many calls, in how much virtual time. Every call of AWS takes the same time; whoever waits
 * for one lets all others go on.
 */
import { setImmediate } from 'node:timers/promises';
import { dynamoDbStore } from '../../adapters/dynamodb-store.ts';
import { tableDefinition } from '../../adapters/dynamodb-table.ts';
import { fewAtOnce } from '../../adapters/few-at-once.ts';
import { seenIn, staleKeysOf } from '../../app/find-stale-keys.ts';
import { takeInventory } from '../../app/take-inventory.ts';
import { instant, millisBetween, millisOf, toMillis } from '../../domain/instant.ts';
import type { RotationStore } from '../../domain/ports.ts';
import { tables } from '../account/dynamodb.ts';
import { actingAs } from '../acting-role.ts';
import type { VirtualClock } from '../clock.ts';
import { names } from '../settings.ts';
import { concurrentClock } from '../storm/concurrent-clock.ts';
import { createWorld, type World, type WorldOptions } from '../world.ts';
import { fillAccount, staleDays } from './account-of-users.ts';
import { serialScan } from './serial-scan.ts';

export interface Search {
  readonly users: number;
  /** How long each call takes. */
  readonly latencyMillis: number;
}

export interface Searched {
  /** Ids of the keys that it found, as often as it did. */
  readonly found: readonly string[];
  /** Ids of the keys that there are to find. */
  readonly there: readonly string[];
  /** AWS calls, DynamoDB's included. */
  readonly calls: number;
  /** Those of them that IAM answers. */
  readonly iamCalls: number;
  readonly callsByOperation: Readonly<Record<string, number>>;
  /** Of virtual time. */
  readonly seconds: number;
  /** What the search itself says that it left out. */
  readonly problems: readonly string[];
}

/** A mistake that a test makes on purpose in the world, before the search begins. */
export type Planted = (world: World) => void;

const account = '111122223333';
const place = { partition: 'aws', account, region: 'us-east-1' } as const;
const start = instant('2026-11-02T05:00:00Z');

/**
 * The daily inventory, as it is deployed: its rows, its looks at users, its claims in the table. A
 * key is found once it is claimed.
 */
export function searchByInventory(search: Search, planted?: Planted): Promise<Searched> {
  return searched(search, planted, async (world, claims) => {
    const take = actingAs(names.onInventoryRole, () => takeInventory(world.inventory));
    const { failed, notReached, rowsNotRead, usersFailed } = await take();
    const problems = [
      ...failed.map(({ problem }) => problem),
      ...notReached.map(({ users }) => `users not reached: ${users}`),
      ...(rowsNotRead + usersFailed > 0
        ? [`rows not read: ${rowsNotRead}, users not looked at: ${usersFailed}`]
        : []),
    ];
    return { found: claims, problems };
  });
}

/** So many users at once, as the inventory has it. */
const usersAtOnce = 2;

/** What the inventory does to find keys, and nothing of what it does with them. */
export function searchToFind(search: Search, planted?: Planted): Promise<Searched> {
  return searched(search, planted, async ({ inventory }) => {
    const find = actingAs(names.onInventoryRole, async () => {
      const report = await inventory.reports.read(inventory.partition, account);
      const seen = await seenIn(inventory, account, report);
      const candidates = seen.filter(({ mayBeStale }) => mayBeStale);
      return fewAtOnce(usersAtOnce, candidates, (user) => staleKeysOf(inventory, account, user));
    });
    const found = (await find()).flatMap((keys) => keys?.map(({ keyId }) => keyId) ?? []);
    return { found, problems: [] };
  });
}

/** By a role of the account itself: it goes through no door, and claims nothing. */
export function searchSerially(search: Search, planted?: Planted): Promise<Searched> {
  return searched(search, planted, async ({ cloud, clock }) => {
    const credentials = cloud.roleCredentials(account, 'operator', 'serial-scan');
    const connection = cloud.connection({ region: place.region, credentials });
    const limit = new Date(toMillis(clock.now()) - millisOf({ days: staleDays }));
    return { found: await serialScan(connection, limit), problems: [] };
  });
}

type Act = (
  world: World,
  claims: readonly string[],
) => Promise<Pick<Searched, 'found' | 'problems'>>;

async function searched(search: Search, planted: Planted | undefined, act: Act) {
  const clock = concurrentClock(start);
  const claims: string[] = [];
  const world = await worldOf(clock, claims);
  const there = fillAccount(world, account, search.users);
  planted?.(world);
  const byOperation = new Map<string, number>();
  world.cloud.setInterceptor(async ({ service, operation }, proceed) => {
    const name = `${service}:${operation}`;
    byOperation.set(name, (byOperation.get(name) ?? 0) + 1);
    await clock.sleep(search.latencyMillis);
    return proceed();
  });
  const begun = clock.now();
  const came = await untilDone(clock, act(world, claims));
  return {
    ...came,
    there,
    calls: callsIn(byOperation, () => true),
    iamCalls: callsIn(byOperation, (name) => name.startsWith('iam:')),
    callsByOperation: Object.fromEntries([...byOperation].toSorted(([, a], [, b]) => b - a)),
    seconds: millisBetween(begun, clock.now()) / 1000,
  };
}

function callsIn(counts: ReadonlyMap<string, number>, isMeant: (name: string) => boolean): number {
  return [...counts].reduce((sum, [name, count]) => (isMeant(name) ? sum + count : sum), 0);
}

/** Nothing goes on there but the search: events that the deployment gave rise to are dropped. */
async function worldOf(clock: VirtualClock, claims: string[]): Promise<World> {
  const world = await createWorld({
    start: clock.now(),
    clock,
    place,
    accounts: [account],
    mode: 'approve',
    policy: { staleDays },
    seed: 'bench',
    store: durable,
    cloud: { keptCalls: new Set() },
    interposed: {
      wires: (wires) => ({ ...wires, store: noting(wires.store, claims) }),
    },
  });
  world.setCourier(async () => undefined);
  while (await clock.step());
  return world;
}

/** The store that is deployed, so that what claims cost is counted, too. */
const durable: NonNullable<WorldOptions['store']> = (cloud, home) => {
  const dynamodb = tables();
  dynamodb.add({ account, region: home.region, name: names.table }, tableDefinition);
  cloud.register('dynamodb', dynamodb.model);
  return dynamoDbStore(home, names.table, {
    error: (message, facts) => {
      throw new Error(`${message}: ${JSON.stringify(facts)}`);
    },
  });
};

function noting(store: RotationStore, claims: string[]): RotationStore {
  return {
    ...store,
    commit: async (change) => {
      await store.commit(change);
      if (change.onVersion === 0) claims.push(change.rotation.key.keyId);
    },
  };
}

/** So often nothing may happen at all, before what is awaited must be waiting for real time. */
const mostIdle = 1000;

/** Lets time pass until that has ended. */
async function untilDone<T>(clock: VirtualClock, work: Promise<T>): Promise<T> {
  let [isOver, idle] = [false, 0];
  const over = () => {
    isOver = true;
  };
  work.then(over, over);
  while (!isOver) {
    idle = (await clock.step()) ? 0 : idle + 1;
    if (idle > mostIdle) throw new Error('the search waits for something that no clock brings');
    await setImmediate();
  }
  return work;
}
