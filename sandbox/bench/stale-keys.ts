/**
 * How the stale keys of an account are found: the inventory beside a serial scan, in the same run.
 * Both have to find exactly the keys that are there; anything else is a problem.
 */
import type { Progress } from '../storm/run-storm.ts';
import {
  type Planted,
  type Search,
  type Searched,
  searchByInventory,
  searchSerially,
  searchToFind,
} from './searches.ts';

type CostField = 'calls' | 'iamCalls' | 'seconds' | 'callsByOperation';

export interface Cost extends Pick<Searched, CostField> {
  readonly found: number;
}

export interface Comparison extends Search {
  readonly staleKeys: number;
  /** Finding them as the inventory does, and nothing more. */
  readonly finding: Cost;
  /** The whole inventory, which rules on each of them and claims it. */
  readonly inventory: Cost;
  readonly serial: Cost;
  /** What the scan takes, against what finding takes; null where that takes nothing. */
  readonly iamCallsRatio: number | null;
  readonly secondsRatio: number | null;
  /** And against the whole inventory. */
  readonly inventoryCallsRatio: number | null;
  readonly inventorySecondsRatio: number | null;
  /** Keys that one of them missed or made up; empty if both found exactly the same ones. */
  readonly problems: readonly string[];
}

/** `planted`: mistakes of a test, in the world of one of the two. */
export async function compareSearches(
  search: Search,
  planted: Partial<Record<'finding' | 'inventory' | 'serial', Planted>> = {},
): Promise<Comparison> {
  const finding = await searchToFind(search, planted.finding);
  const inventory = await searchByInventory(search, planted.inventory);
  const serial = await searchSerially(search, planted.serial);
  return {
    ...search,
    staleKeys: inventory.there.length,
    finding: costOf(finding),
    inventory: costOf(inventory),
    serial: costOf(serial),
    iamCallsRatio: ratioOf(serial.iamCalls, finding.iamCalls),
    secondsRatio: ratioOf(serial.seconds, finding.seconds),
    inventoryCallsRatio: ratioOf(serial.calls, inventory.calls),
    inventorySecondsRatio: ratioOf(serial.seconds, inventory.seconds),
    problems: [
      ...new Set([
        ...problemsOf(search, inventory, serial),
        ...problemsOf(search, finding, serial, 'finding'),
        ...tooManyCalls(search, finding),
      ]),
    ],
  };
}

/** Every number of users under every latency. */
export async function staleKeys(
  users: readonly number[],
  latencies: readonly number[],
  tell: Progress,
): Promise<readonly Comparison[]> {
  // What the SDK loads at its first call takes real time, of which the clock knows nothing.
  await compareSearches({ users: 20, latencyMillis: 0 });
  const comparisons: Comparison[] = [];
  for (const each of users) {
    for (const latencyMillis of latencies) {
      tell(`stale keys among ${each} users, ${latencyMillis} ms a call`);
      comparisons.push(await compareSearches({ users: each, latencyMillis }));
    }
  }
  return comparisons;
}

function costOf({ found, calls, iamCalls, seconds, callsByOperation }: Searched): Cost {
  return { found: found.length, calls, iamCalls, seconds, callsByOperation };
}

/** IAM calls for each user, where one in twenty has a stale key: 310 for 5,000. */
const mostIamCallsAUser = 0.062;
/** For the report, in which it counts little who is in it. */
const callsForReport = 10;

export function tooManyCalls(
  { users }: Pick<Search, 'users'>,
  { iamCalls }: Pick<Searched, 'iamCalls'>,
): readonly string[] {
  const most = Math.max(callsForReport + users / 20, mostIamCallsAUser * users);
  if (iamCalls <= most) return [];
  return [`finding the stale keys of ${users} users took ${iamCalls} IAM calls, over ${most}`];
}

function ratioOf(serial: number, inventory: number): number | null {
  return inventory === 0 ? null : serial / inventory;
}

type Found = Pick<Searched, 'found' | 'there' | 'problems'>;

/** So many keys are named; of the rest the number is told. */
const mostNamed = 3;

export function problemsOf(
  search: Search,
  inventory: Found,
  serial: Found,
  name = 'the inventory',
): readonly string[] {
  const where = `among ${search.users} users, ${search.latencyMillis} ms a call`;
  const complaints = (who: string, what: string, keys: readonly string[]) =>
    keys.length === 0 ? [] : [`${who} ${what} ${named(keys)}, ${where}`];
  const against = (who: string, { found }: Found, there: readonly string[], whose: string) => [
    ...complaints(who, `missed, against ${whose},`, without(there, found)),
    ...complaints(who, `found, against ${whose},`, without(found, there)),
  ];
  return [
    ...inventory.problems.map((problem) => `${name}: ${problem}, ${where}`),
    ...complaints(name, 'found more than once', repeated(inventory.found)),
    ...complaints('the serial scan', 'found more than once', repeated(serial.found)),
    ...against(name, inventory, serial.found, 'the serial scan'),
    ...against(name, inventory, inventory.there, 'the account itself'),
    ...against('the serial scan', serial, serial.there, 'the account itself'),
  ];
}

function without(keys: readonly string[], others: readonly string[]): readonly string[] {
  const known = new Set(others);
  return keys.filter((key) => !known.has(key));
}

function repeated(keys: readonly string[]): readonly string[] {
  return keys.filter((key, index) => keys.indexOf(key) !== index);
}

function named(keys: readonly string[]): string {
  const more = keys.length - mostNamed;
  const first = keys.slice(0, mostNamed).join(', ');
  return more > 0 ? `${first} and ${more} more` : first;
}
