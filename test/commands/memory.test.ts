/** `npm run memory`: what it measures, each size in a process of its own; what it complains of. */
import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { memoryLines, memoryProblems, readOptions } from '../../commands/memory.ts';
import { inventoryMemory, type Measured } from '../../sandbox/bench/inventory-memory.ts';

const megabyte = 1024 * 1024;
const measured = (users: number, megabytes: number): Measured => ({
  users,
  accounts: Math.ceil(users / 5000),
  staleKeys: users / 20,
  heapGrowth: megabytes * megabyte,
  rssGrowth: 2 * megabytes * megabyte,
  problems: [],
});

describe('what is complained of', () => {
  test('is a heap that grows with the users, and whoever was missed', () => {
    const flat = [measured(100_000, 30), measured(5000, 10)];
    expect(memoryProblems(flat, 32)).toEqual([]);
    expect(memoryProblems(flat, 19)).toEqual([
      'from 5000 to 100000 users the heap grows by 20.0 MB',
    ]);
    const missed = { ...measured(5000, 10), problems: ['4999 users were kept of 5000'] };
    expect(memoryProblems([missed], 32)).toEqual(['5000 users: 4999 users were kept of 5000']);
    expect(memoryLines(flat)[1]).toBe(
      '5000 users in 1 accounts, 250 stale keys: heap at most 10.0 MB above idle, ' +
        'the process 20.0 MB',
    );
  });

  test.each([[['--users', 'many']], [['--most-mb', '0']], [['--fast']]])('usage %s', (args) => {
    expect(() => readOptions(args)).toThrow();
  });
});

test('every user and every stale key of several accounts is met', { timeout: 60_000 }, () => {
  const args = ['commands/memory.ts', '--users', '200,5100', '--json'];
  const { measured: all, problems } = JSON.parse(execFileSync('node', args, { encoding: 'utf8' }));
  expect(problems).toEqual([]);
  expect(all).toMatchObject([
    { users: 200, accounts: 1, staleKeys: 10 },
    { users: 5100, accounts: 2, staleKeys: 255 },
  ]);
  // Of so few it may come out below nothing.
  for (const { heapGrowth } of all) expect(Number.isInteger(heapGrowth)).toBe(true);
});

test('without a collector nothing is measured', async () => {
  if (globalThis.gc === undefined) {
    await expect(inventoryMemory(10)).rejects.toThrow('--expose-gc');
  }
});
