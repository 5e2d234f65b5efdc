/** The two searches for stale keys: both find the same, and whoever finds otherwise is named. */
import { describe, expect, test } from 'vitest';
import { instant, plus } from '../../../domain/instant.ts';
import {
  searchByInventory,
  searchSerially,
  searchToFind,
} from '../../../sandbox/bench/searches.ts';
import { compareSearches, problemsOf, tooManyCalls } from '../../../sandbox/bench/stale-keys.ts';
import type { World } from '../../../sandbox/world.ts';

const account = '111122223333';
const small = { users: 100, latencyMillis: 0 };

/** Made in one of the two worlds alone: a key that the other search cannot know. */
function addStaleKey({ cloud, clock }: World): void {
  const createdAt = plus(clock.now(), { days: -365 });
  cloud.addUser({ account, userName: 'somebody-else', createdAt });
  cloud.addKey(account, 'somebody-else', { createdAt });
}

describe('both searches', () => {
  test('find exactly the keys that are there, at the limit of age too', async () => {
    const { staleKeys, inventory, serial, problems } = await compareSearches(small);
    expect(problems).toEqual([]);
    // Five users of a hundred have one; one of these has two.
    expect([staleKeys, inventory.found, serial.found]).toEqual([6, 6, 6]);
  });

  test('find keys of more users than a page holds', async () => {
    const { inventory, serial, problems } = await compareSearches({ ...small, users: 230 });
    expect(problems).toEqual([]);
    expect(serial.callsByOperation).toEqual({ 'iam:ListUsers': 3, 'iam:ListAccessKeys': 230 });
    expect(inventory.callsByOperation).not.toHaveProperty('iam:ListUsers');
  });
});

describe('what a search takes', () => {
  test('is, to find as the inventory does, the report and one call for each user', async () => {
    const { iamCalls, callsByOperation, found, there } = await searchToFind(small);
    expect(found.toSorted()).toEqual(there.toSorted());
    expect(callsByOperation).toEqual({
      'sts:AssumeRole': 1,
      'iam:GenerateCredentialReport': 3,
      'iam:GetCredentialReport': 1,
      'iam:ListAccessKeys': 5,
    });
    expect(iamCalls).toBe(9);
  });

  test('is a call for each user and each page, one by one, where it is serial', async () => {
    const { calls, iamCalls, seconds } = await searchSerially({ users: 100, latencyMillis: 50 });
    expect([calls, iamCalls]).toEqual([101, 101]);
    expect(seconds).toBeCloseTo(101 * 0.05);
  });

  test('is nothing but its calls: without latency, a serial scan takes no time', async () => {
    expect((await searchSerially(small)).seconds).toBe(0);
  });

  test('counts what the inventory does beside finding, its claims in the table too', async () => {
    const { calls, callsByOperation } = await searchByInventory(small);
    expect(callsByOperation).toMatchObject({
      'iam:GetCredentialReport': 1,
      'dynamodb:TransactWriteItems': 6,
      // To find, and again when each is claimed.
      'iam:ListAccessKeys': 10,
    });
    const sum = Object.values(callsByOperation).reduce((all, count) => all + count, 0);
    expect(sum).toBe(calls);
    // No tick, no event: nothing that another part of the deployment would do is in it.
    expect(callsByOperation).not.toHaveProperty('securityhub:BatchUpdateFindings');
    // One for each claim, and the four parts of the line in which rotations wait for an answer.
    expect(callsByOperation['dynamodb:Query']).toBe(6 + 4);
  });

  test('grows with latency, by less where calls are made at the same time', async () => {
    const [none, some] = [small, { ...small, latencyMillis: 50 }];
    const [quick, slow] = [await searchByInventory(none), await searchByInventory(some)];
    expect(slow.calls).toBe(quick.calls);
    const grown = slow.seconds - quick.seconds;
    expect(grown).toBeGreaterThan(0);
    expect(grown).toBeLessThan(slow.calls * 0.05);
    // IAM's report alone takes some seconds.
    expect(quick.seconds).toBeGreaterThan(5);
  });
});

test('ratios are what the scan takes against what the inventory takes', async () => {
  const comparison = await compareSearches({ users: 100, latencyMillis: 50 });
  const { finding, inventory, serial } = comparison;
  expect(comparison.iamCallsRatio).toBeCloseTo(serial.iamCalls / finding.iamCalls);
  expect(comparison.secondsRatio).toBeCloseTo(serial.seconds / finding.seconds);
  expect(comparison.inventoryCallsRatio).toBeCloseTo(serial.calls / inventory.calls);
  expect(comparison.inventorySecondsRatio).toBeCloseTo(serial.seconds / inventory.seconds);
  expect(comparison.iamCallsRatio).toBeGreaterThan(9);
});

describe('a difference is a problem', () => {
  test('if only the inventory finds a key', async () => {
    const { problems } = await compareSearches(small, { inventory: addStaleKey });
    expect(problems).toEqual([
      expect.stringMatching(/^the inventory found, against the serial scan, AKIA\w{16}, among 100/),
      expect.stringMatching(/^the inventory found, against the account itself, AKIA/),
    ]);
  });

  test('if only the scan finds a key', async () => {
    const { problems } = await compareSearches(small, { serial: addStaleKey });
    expect(problems).toEqual([
      expect.stringMatching(/^the inventory missed, against the serial scan, AKIA/),
      expect.stringMatching(/^the serial scan found, against the account itself, AKIA/),
      expect.stringMatching(/^finding missed, against the serial scan, AKIA/),
    ]);
  });

  test('if the inventory passes users over', async () => {
    const { problems } = await compareSearches(small, {
      inventory: ({ cloud }) => cloud.removeUser(account, 'service-000000'),
    });
    expect(problems.join('\n')).toContain('the inventory missed, against the serial scan,');
  });

  test('if both find the same, and it is not what is there', () => {
    const keys = ['AKIAIOSFODNN7EXAMPLE'];
    const found = { found: keys, there: [...keys, 'AKIAI44QH8DHBEXAMPLE'], problems: [] };
    expect(problemsOf(small, found, found)).toEqual([
      expect.stringContaining('the inventory missed, against the account itself, AKIAI44QH8DH'),
      expect.stringContaining('the serial scan missed, against the account itself, AKIAI44QH8DH'),
    ]);
  });

  test('if one finds a key twice, or says that it left something out', () => {
    const [key] = ['AKIAIOSFODNN7EXAMPLE'];
    const once = { found: [key], there: [key], problems: [] };
    expect(problemsOf(small, once, once)).toEqual([]);
    expect(problemsOf(small, { ...once, found: [key, key] }, once)).toEqual([
      expect.stringContaining('the inventory found more than once AKIAIOSFODNN7EXAMPLE'),
    ]);
    expect(problemsOf(small, { ...once, problems: ['users not reached: 3'] }, once)).toEqual([
      expect.stringContaining('the inventory: users not reached: 3'),
    ]);
  });

  test('if the inventory could not read the account', async () => {
    const removed = ({ cloud }: World) => cloud.removeRole(account, 'keyturn-reader');
    const { problems } = await compareSearches(small, { inventory: removed });
    expect(problems[0]).toMatch(/^the inventory: .*keyturn-reader/);
    expect(problems.join('\n')).toContain('missed, against the account itself, ');
    expect(problems.join('\n')).toContain('and 3 more');
  });
});

test('more than 310 IAM calls to find the stale keys of 5,000 users are too many', async () => {
  const users = 5000;
  expect(tooManyCalls({ users }, { iamCalls: 310 })).toEqual([]);
  expect(tooManyCalls({ users }, { iamCalls: 311 })).toEqual([
    'finding the stale keys of 5000 users took 311 IAM calls, over 310',
  ]);
  const stuck = ({ cloud }: World) => {
    for (let index = 0; index < 30; index++) addUserWithStaleKey(cloud, index);
  };
  const { problems } = await compareSearches(small, { finding: stuck });
  expect(problems.join()).toContain('took 39 IAM calls, over 15');
});

function addUserWithStaleKey(cloud: World['cloud'], index: number): void {
  const createdAt = instant('2025-11-02T05:00:00Z');
  cloud.addUser({ account, userName: `more-${index}`, createdAt });
  cloud.addKey(account, `more-${index}`, { createdAt });
}
