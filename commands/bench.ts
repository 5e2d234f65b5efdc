/**
 * `npm run --silent bench -- [options]`: what Keyturn takes, measured in one run: storms, simulated
 * worlds, rotations, the search for stale keys, bundles. docs/performance.md says how to read it.
 * Exit status 0: everything held; 1: something did not, each named at the end; 2: wrong usage.
 */
import { availableParallelism, cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { simulatedDays } from '../sandbox/bench/simulated-days.ts';
import { staleKeys } from '../sandbox/bench/stale-keys.ts';
import { stormGrowth } from '../sandbox/bench/storm-growth.ts';
import { progressLines, runLong } from '../sandbox/long-command.ts';
import { wholeNumber } from '../sandbox/whole-number.ts';
import { bundlesBesideEmpty } from './bench-bundles.ts';
import { type Bench, benchLines, everyProblem, shortNumbers } from './bench-report.ts';
import { rotationCost } from './bench-rotations.ts';

const usage = `Usage: npm run --silent bench -- [--keys A,B] [--rounds N] [--worlds N]
           [--rotations N] [--users A,B] [--no-bundles] [--json]
  --keys A,B     sizes of the two storms that are compared, 100,400 unless said otherwise
  --rounds N     how often storms are played and bundles loaded, 3 unless said otherwise
  --worlds N     simulated worlds, 10 unless said otherwise
  --rotations N  rotations that are counted, 20 unless said otherwise
  --users A,B    users among whom stale keys are searched, 1000,5000 unless said otherwise
  --no-bundles   leave out what packages the stack, a third of the whole time
  --json         print everything as one JSON object, the last line`;

interface Options {
  readonly keys: readonly [fewer: number, more: number];
  readonly rounds: number;
  readonly worlds: number;
  readonly rotations: number;
  readonly users: readonly number[];
  readonly bundles: boolean;
  readonly json: boolean;
}

/** Milliseconds that a call takes while stale keys are searched. */
const latencies = [0, 50];

/** Exported for its tests. Throws an Error that says what is wrong with the options. */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      keys: { type: 'string', default: '100,400' },
      rounds: { type: 'string', default: '3' },
      worlds: { type: 'string', default: '10' },
      rotations: { type: 'string', default: '20' },
      users: { type: 'string', default: '1000,5000' },
      'no-bundles': { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const [fewer, more, ...others] = numbers('--keys', values.keys, 100_000);
  if (fewer === undefined || more === undefined || others.length > 0 || more <= fewer) {
    throw new Error(`--keys is "${values.keys}": give two numbers, the smaller first, as 100,400`);
  }
  return {
    keys: [fewer, more],
    rounds: wholeNumber('--rounds', values.rounds, 1, 99),
    worlds: wholeNumber('--worlds', values.worlds, 1, 10_000),
    rotations: wholeNumber('--rotations', values.rotations, 1, 200),
    users: numbers('--users', values.users, 100_000),
    bundles: !values['no-bundles'],
    json: values.json,
  };
}

function numbers(option: string, text: string, most: number): readonly number[] {
  return text.split(',').map((each) => wholeNumber(option, each, 1, most));
}

/** Everything, one after the other: measurements must not get in each other's way. */
export async function measured(options: Options, tell: (line: string) => void): Promise<Bench> {
  const { keys, rounds, worlds, rotations, users } = options;
  const [fewer, more] = keys;
  const at = new Date().toISOString();
  const storm = await stormGrowth({ fewer, more, rounds }, tell);
  const simulation = await simulatedDays(worlds, tell);
  tell(`counting ${rotations} rotations`);
  const rotation = await rotationCost(rotations);
  const searches = await staleKeys(users, latencies, tell);
  return {
    at,
    machine: `${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores`,
    node: process.version,
    ...{ storm, simulation, rotation },
    staleKeys: searches,
    bundles: options.bundles ? await bundlesBesideEmpty(rounds, tell) : null,
    problems: everyProblem({ storm, simulation, staleKeys: searches }),
  };
}

async function play(options: Options): Promise<never> {
  const show = progressLines();
  const bench = await measured(options, (line) => show((seconds) => `${seconds} s: ${line}`));
  for (const line of benchLines(bench)) console.log(line);
  for (const problem of bench.problems) console.error(`WRONG: ${problem}`);
  if (options.json) console.log(JSON.stringify(bench, shortNumbers));
  // Lambda's time limits leave timers behind, of up to a minute.
  process.exit(bench.problems.length === 0 ? 0 : 1);
}

if (import.meta.main) await runLong({ usage, read: readOptions, play });
