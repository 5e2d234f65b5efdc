/**
 * Packages the stack and holds every function against its budget: the size of its zip, and how long
 * it takes to load against the best of several ways to bundle it, measured in the same run.
 *
 *   npm run --silent budgets -- [--rounds N] [--json]
 *
 * Exit status 0: all are within; 1: some are not; 2: wrong usage.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf } from '../domain/errors.ts';
import { type CommandAnswer, say } from './answer.ts';
import { exceptions, importRatio, inKilobytes, sizeProblems, usualBytes } from './budget-limits.ts';
import { type ImportTimes, importTimes } from './import-times.ts';
import { packagedBundles } from './packaged-bundles.ts';

const usage = [
  'usage: npm run --silent budgets -- [--rounds N] [--json]',
  '  --rounds N  load each bundle N times, 9 unless said; odd numbers have a middle',
];

interface Measured {
  readonly name: string;
  readonly bytes: number;
  readonly times: ImportTimes;
}

/** The whole command but for the printing. */
export async function budgetsCommand(args: readonly string[]): Promise<CommandAnswer> {
  let rounds: number;
  let json: boolean;
  try {
    const options = {
      rounds: { type: 'string', default: '9' },
      json: { type: 'boolean', default: false },
    } as const;
    const { values } = parseArgs({ args: [...args], options });
    rounds = Number(values.rounds);
    json = values.json;
    if (!Number.isInteger(rounds) || rounds < 1) throw new Error('--rounds takes a whole number');
  } catch (error) {
    return { status: 2, out: [], errors: [messageOf(error), ...usage] };
  }
  const folder = await mkdtemp(join(tmpdir(), 'keyturn-budgets-'));
  try {
    return answerOn(await measured(folder, rounds), json);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function measured(folder: string, rounds: number): Promise<readonly Measured[]> {
  const all: Measured[] = [];
  for (const { name, zipBytes, file, entry } of await packagedBundles(folder)) {
    const times = await importTimes(file, entry, folder, rounds);
    all.push({ name, bytes: zipBytes, times });
  }
  return all;
}

function answerOn(all: readonly Measured[], json: boolean): CommandAnswer {
  const slow = all
    .filter(({ times }) => times.ratio > importRatio)
    .map(
      ({ name, times }) =>
        `${name}: loads in ${times.ratio.toFixed(2)} times what the best way takes, ` +
        `${importRatio} allowed: compare the settings of esbuild in serverless.yml`,
    );
  const sizes = Object.fromEntries(all.map(({ name, bytes }) => [name, bytes]));
  const errors = [...sizeProblems(sizes), ...slow];
  const status = errors.length === 0 ? 0 : 1;
  if (json) return { status, out: [JSON.stringify(all)], errors };
  return { status, out: ['function             zip      loads in', ...all.flatMap(lines)], errors };
}

function lines({ name, bytes, times }: Measured): readonly string[] {
  const ms = (value: number) => `${Math.round(value)} ms`;
  const others = Object.entries(times.others).map(([way, time]) => `${way} ${ms(time)}`);
  const head = `${name.padEnd(20)} ${inKilobytes(bytes).padEnd(8)} ${ms(times.ours)}`;
  const { why } = exceptions[name] ?? {};
  return [
    `${head} (${times.ratio.toFixed(2)} of the best; ${others.join(', ')})`,
    ...(why === undefined ? [] : [`  over ${inKilobytes(usualBytes)}: ${why}`]),
  ];
}

if (import.meta.main) say(await budgetsCommand(process.argv.slice(2)));
