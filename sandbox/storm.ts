/**
 * `npm run --silent storm -- --keys N --copies C --accounts A --seed S --json`: a storm of findings
 * through the real handlers, and what it took. The last line sums up; the exit code is 1 if a bound
 * did not hold. One seed makes the same storm every time.
 */
import { parseArgs } from 'node:util';
import { runLong } from './long-command.ts';
import type { Figures } from './storm/figures.ts';
import { measureStorm } from './storm/measure.ts';
import type { StormOptions } from './storm/options.ts';
import { wholeNumber } from './whole-number.ts';

const usage = `Usage: npm run --silent storm -- [--keys N] [--copies C] [--accounts A] [--seed S]
  --keys N      stale keys, each of a user of its own; 10000 unless said otherwise
  --copies C    events about each of them, 1 to 6; 5 unless said otherwise
  --accounts A  40 unless said otherwise
  --seed S      what order and damage follow from; 1 unless said otherwise
  --whole       go on until every old key is gone, days later
  --flood       half of the keys are in one account, and all of its events come first
  --json        print what was measured as one JSON object, the last line`;

interface Options extends StormOptions {
  readonly json: boolean;
}

/** Exported for its tests. Throws an Error that says what is wrong with the options. */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      keys: { type: 'string', default: '10000' },
      copies: { type: 'string', default: '5' },
      accounts: { type: 'string', default: '40' },
      seed: { type: 'string', default: '1' },
      flood: { type: 'boolean', default: false },
      whole: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  return {
    keys: wholeNumber('--keys', values.keys, 1, 1_000_000),
    copies: wholeNumber('--copies', values.copies, 1, 6),
    accounts: wholeNumber('--accounts', values.accounts, 1, 1000),
    seed: wholeNumber('--seed', values.seed, 0, 2 ** 40),
    spread: values.flood ? 'one floods' : 'even',
    until: values.whole ? 'gone' : 'told',
    json: values.json,
  };
}

function report(figures: Figures): void {
  const { callsByOperation, broken, ticks, ...plain } = figures;
  for (const [name, value] of Object.entries({ ...plain, ...ticks })) {
    console.log(`${name.padEnd(26)} ${value}`);
  }
  for (const problem of broken) console.log(`BROKEN: ${problem}`);
}

async function play({ json, ...storm }: Options): Promise<never> {
  const figures = await measureStorm(storm, (line) => process.stderr.write(`${line}\n`));
  report(figures);
  if (json) console.log(JSON.stringify(figures));
  // Lambda's time limits leave timers behind, of up to a minute.
  process.exit(figures.broken.length === 0 ? 0 : 1);
}

if (import.meta.main) await runLong({ usage, read: readOptions, play });
