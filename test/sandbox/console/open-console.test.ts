/** On which port the console opens, and what it says where it cannot. */
import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { firstFree } from '../../../sandbox/console/open-console.ts';
import type { ConsoleServer } from '../../../sandbox/console/server.ts';

/** A machine on which these ports are taken. */
const machine = (taken: readonly number[], code = 'EADDRINUSE') => {
  const tried: number[] = [];
  const serve = async (port: number): Promise<ConsoleServer> => {
    tried.push(port);
    if (taken.includes(port)) throw Object.assign(new Error(code), { code });
    return { url: `http://127.0.0.1:${port}/`, token: 'token', close: async () => {} };
  };
  return { serve, tried };
};

test('without a port of its own it takes the next free one', async () => {
  const { serve, tried } = machine([4180, 4181]);
  expect(await firstFree(undefined, serve)).toMatchObject({ url: 'http://127.0.0.1:4182/' });
  expect(tried).toEqual([4180, 4181, 4182]);
});

test('a port that was named is taken or refused, and no other is tried', async () => {
  const { serve, tried } = machine([4300]);
  expect(await firstFree(4300, serve)).toBe(
    'Port 4300 is taken by another program: name another with --port, or none.',
  );
  expect(tried).toEqual([4300]);
});

test('where all are taken, or one needs rights, it says so', async () => {
  const all = machine(Array.from({ length: 20 }, (_, index) => 4180 + index));
  expect(await firstFree(undefined, all.serve)).toContain('Ports 4180 to 4199 are all taken');
  expect(await firstFree(80, machine([80], 'EACCES').serve)).toContain('Port 80 needs rights');
});

test('any other failure is not hidden', async () => {
  await expect(firstFree(1, machine([1], 'EIO').serve)).rejects.toThrow('EIO');
});

const start = (...args: readonly string[]) =>
  spawnSync(process.execPath, ['sandbox/start.ts', ...args], { encoding: 'utf8', timeout: 60_000 });

test('npm start on an occupied port ends with one sentence and status 1', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', () => resolve()));
  const address = other.address();
  const port = typeof address === 'object' ? `${address?.port}` : '';
  const { status, stderr } = start('--port', port);
  other.close();
  expect(status).toBe(1);
  expect(stderr.trim()).toBe(
    `Port ${port} is taken by another program: name another with --port, or none.`,
  );
});

test.each([
  ['--port', '0'],
  ['--port', '65536'],
  ['--port', 'http'],
  ['--port', '4180', '--headless'],
  ['--open', '--json'],
])('npm start %s %s is refused with how to say it', (...args) => {
  const { status, stderr } = start(...args);
  expect(status).toBe(2);
  expect(stderr).toContain('Usage: npm start');
});
