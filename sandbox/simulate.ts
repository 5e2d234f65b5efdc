/**
 * `npm run --silent simulate -- --seeds N --from S --json`: N seeded worlds with faults at every
 * step, and everything that must always hold looked at after each. The last line sums up; the exit
 * code is 1 if anything did not hold. One seed gives the same story every time.
 */
import { parseArgs } from 'node:util';
import { progressLines, runLong } from './long-command.ts';
import { type Campaign, runCampaign } from './simulation/campaign.ts';
import { simulate } from './simulation/simulated-world.ts';
import { summaryOf } from './simulation/summary.ts';
import { wholeNumber } from './whole-number.ts';

const usage = `Usage: npm run --silent simulate -- [--seeds N] [--from S] [--json] [--story]
  --seeds N  how many worlds, 100 unless said otherwise
  --from S   the seed of the first one, 1 unless said otherwise
  --json     print the sums as one JSON object, the last line
  --story    print all that happens, line by line; for one seed (--seeds 1 --from S)`;

interface Options {
  readonly seeds: number;
  readonly from: number;
  readonly json: boolean;
  readonly story: boolean;
}

/** Exported for its tests. Throws an Error that says what is wrong with the options. */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seeds: { type: 'string' },
      from: { type: 'string' },
      json: { type: 'boolean', default: false },
      story: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const seeds = wholeNumber('--seeds', values.seeds ?? (values.story ? '1' : '100'), 1, 1_000_000);
  const from = wholeNumber('--from', values.from ?? '1', 0, 2 ** 40);
  if (values.story && seeds !== 1) {
    throw new Error(`--story tells of one world: give --seeds 1, not --seeds ${seeds}`);
  }
  return { seeds, from, json: values.json, story: values.story };
}

/** The story of one world. Prints it and its sums; whether everything held. */
async function tellStory({ from, json }: Options): Promise<boolean> {
  const outcome = await simulate(from);
  for (const line of outcome.story) console.log(line);
  const { simulatedDays, effects, violations, faults } = summaryOf(outcome);
  const count = faults.reduce((total, [, each]) => total + each, 0);
  report({ seeds: 1, simulatedDays, effects, faults: count, violations }, json);
  return violations.length === 0;
}

async function campaign({ seeds, from, json }: Options): Promise<boolean> {
  const show = progressLines();
  const sums = await runCampaign({
    seeds,
    from,
    onProgress: (done, violations) => {
      show((seconds) => `${done} of ${seeds} worlds in ${seconds} s, ${violations} violations`);
    },
  });
  report(sums, json);
  return sums.violations.length === 0;
}

function report(sums: Campaign, json: boolean): void {
  if (json) {
    console.log(JSON.stringify(sums));
    return;
  }
  for (const { seed, invariant, story } of sums.violations) {
    console.log(`\nSeed ${seed} breaks ${invariant}: ${story}`);
  }
  const { seeds, simulatedDays, effects, faults, violations } = sums;
  console.log(
    `${seeds} worlds, ${simulatedDays} days, ${effects} effects, ${faults} faults: ` +
      `${violations.length} violations.`,
  );
}

const play = (options: Options) => (options.story ? tellStory(options) : campaign(options));

if (import.meta.main) await runLong({ usage, read: readOptions, play });
