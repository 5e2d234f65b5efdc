/**
 * `npm run --silent memory -- [--users A,B,C] [--most-mb N] [--json]`: what memory the daily
 * inventory takes among so many users, each in a process of its own, and whether it stays flat.
 * Exit status 0: it does; 1: it does not, or somebody was missed; 2: wrong usage.
 */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { messageOf } from '../domain/errors.ts';
import { inventoryMemory, type Measured } from '../sandbox/bench/inventory-memory.ts';
import { wholeNumber } from '../sandbox/whole-number.ts';
import { type CommandAnswer, say } from './answer.ts';

const usage = [
  'usage: npm run --silent memory -- [--users A,B,C] [--most-mb N] [--json]',
  '  --users A,B,C  how many users, in accounts of 5,000; 5000,25000,100000 unless said',
  '  --most-mb N    by how much the heap of the most may exceed that of the fewest; 32 unless said',
  '  --json         one JSON object',
];

const megabyte = 1024 * 1024;

interface Options {
  readonly users: readonly number[];
  readonly mostMegabytes: number;
  readonly json: boolean;
  /** What a child process is asked: one number, and its figures as JSON. */
  readonly one: boolean;
}

export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      users: { type: 'string', default: '5000,25000,100000' },
      'most-mb': { type: 'string', default: '32' },
      json: { type: 'boolean', default: false },
      one: { type: 'boolean', default: false },
    },
  });
  const users = values.users.split(',').map((each) => wholeNumber('--users', each, 1, 1_000_000));
  const mostMegabytes = wholeNumber('--most-mb', values['most-mb'], 1, 10_000);
  return { users, mostMegabytes, json: values.json, one: values.one };
}

/** What does not hold, in words. */
export function memoryProblems(all: readonly Measured[], mostMegabytes: number): readonly string[] {
  const sizes = all.toSorted((a, b) => a.users - b.users);
  const [fewest, most] = [sizes[0], sizes.at(-1)];
  const growth = (most?.heapGrowth ?? 0) - (fewest?.heapGrowth ?? 0);
  return [
    ...all.flatMap(({ users, problems }) => problems.map((each) => `${users} users: ${each}`)),
    ...(growth <= mostMegabytes * megabyte
      ? []
      : [`from ${fewest?.users} to ${most?.users} users the heap grows by ${inMegabytes(growth)}`]),
  ];
}

export function memoryLines(all: readonly Measured[]): readonly string[] {
  return all.map(
    ({ users, accounts, staleKeys, heapGrowth, rssGrowth }) =>
      `${users} users in ${accounts} accounts, ${staleKeys} stale keys: heap at most ` +
      `${inMegabytes(heapGrowth)} above idle, the process ${inMegabytes(rssGrowth)}`,
  );
}

function inMegabytes(bytes: number): string {
  return `${(bytes / megabyte).toFixed(1)} MB`;
}

/** Throws an Error with the child's own words if it fails. */
function measuredApart(users: number): Measured {
  const args = ['--expose-gc', import.meta.filename, '--one', '--users', String(users)];
  const child = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: megabyte });
  const last = child.stdout.trim().split('\n').at(-1) ?? '';
  if (child.status !== 0) throw new Error(`${users} users: ${child.stderr || child.stdout}`);
  return JSON.parse(last);
}

function answerTo({ users, mostMegabytes, json }: Options): CommandAnswer {
  const all = users.map(measuredApart);
  const problems = memoryProblems(all, mostMegabytes);
  const out = json ? [JSON.stringify({ measured: all, problems })] : memoryLines(all);
  return { status: problems.length === 0 ? 0 : 1, out, errors: problems };
}

async function main(): Promise<void> {
  let options: Options;
  try {
    options = readOptions(process.argv.slice(2));
  } catch (error) {
    say({ status: 2, out: [], errors: [messageOf(error), ...usage] });
    return;
  }
  if (!options.one) return say(answerTo(options));
  console.log(JSON.stringify(await inventoryMemory(options.users[0] ?? 0)));
}

if (import.meta.main) await main();
