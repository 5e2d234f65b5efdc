/**
 * `npm run --silent exhaust -- --what faults --json`: short stories, played once for every fault at
 * every point, every pair of faults, or every press at every moment. The last line sums up; the
 * exit code is 1 if anything did not hold. One fault plays exactly again.
 */
import { parseArgs } from 'node:util';
import { runExhaustive, type Sums } from './exhaustive/campaign.ts';
import { faultNames, readFaults } from './exhaustive/fault-names.ts';
import { campaigns, type Share, type What } from './exhaustive/orders.ts';
import { pressingName, readPressing } from './exhaustive/pressing.ts';
import { stories, storyNamed } from './exhaustive/stories.ts';
import { type Changes, tellStory } from './exhaustive/tell-story.ts';
import { type Verdict, verdictOnFaults, verdictOnPress } from './exhaustive/verdict.ts';
import { progressLines, runLong } from './long-command.ts';
import { wholeNumber } from './whole-number.ts';

const usage = `Usage:
  npm run --silent exhaust -- --what faults|changes|pairs|people [--story S] [--share I/N] [--json]
  npm run --silent exhaust -- --story S [--fault "KIND@INDEX" | --press "..."] [--tell] [--json]

  --what    every fault at every point of every story, or only where something changes; every
            pair of faults (on the main path unless a story is named); or every press beside every
            effect (main path, retired, rolled back)
  --story   only that one:
            ${stories.map(({ name }) => name).join(', ')}
  --share   the I-th of N parts
  --json    print the sums as one JSON object, the last line
  --fault   play that fault, or those two ("KIND@INDEX,KIND@INDEX"), as a violation names them
  --press   play that press, as a violation names it
  --tell    print all that happens, line by line, and the numbered points`;

export type Options =
  | { readonly do: 'help' }
  | {
      readonly do: 'campaign';
      readonly what: What;
      readonly stories: readonly string[];
      readonly share: Share;
      readonly json: boolean;
    }
  | {
      readonly do: 'one';
      readonly story: string;
      readonly changes: Changes;
      readonly tell: boolean;
      readonly json: boolean;
    };

/** What is played unless a story is named. */
const usualStories: Readonly<Record<What, readonly string[]>> = {
  faults: stories.map(({ name }) => name),
  changes: stories.map(({ name }) => name),
  pairs: ['main path'],
  people: ['main path', 'retired', 'rolled back'],
};

/** Exported for its tests. Throws an Error that says what is wrong with the options. */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      what: { type: 'string' },
      story: { type: 'string' },
      share: { type: 'string' },
      fault: { type: 'string' },
      press: { type: 'string' },
      json: { type: 'boolean', default: false },
      tell: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return { do: 'help' };
  const { what, story, json, tell } = values;
  if (story !== undefined) storyNamed(story);
  if (what === undefined) {
    if (story === undefined) throw new Error('say what to play: --what, or --story');
    const faults = values.fault === undefined ? [] : readFaults(values.fault);
    const pressing = values.press === undefined ? undefined : readPressing(values.press);
    return { do: 'one', story, changes: { faults, pressing }, tell, json };
  }
  const known = campaigns.find((each) => each === what);
  if (known === undefined) throw new Error(`--what is "${what}": give ${campaigns.join(', ')}`);
  const share = readShare(values.share ?? '1/1');
  const named = story === undefined ? usualStories[known] : [story];
  return { do: 'campaign', what: known, stories: named, share, json };
}

function readShare(text: string): Share {
  const [number = '', of = '', ...more] = text.split('/');
  if (more.length > 0) throw new Error(`--share is "${text}": give I/N`);
  const parts = wholeNumber('--share', of, 1, 10_000);
  return { number: wholeNumber('--share', number, 1, parts), of: parts };
}

async function campaign(options: Extract<Options, { do: 'campaign' }>): Promise<boolean> {
  const { what, json } = options;
  const show = progressLines();
  let planned = 0;
  const sums = await runExhaustive({
    ...options,
    onStory: (story, orders, all) => {
      planned += orders;
      const said = what === 'pairs' ? estimated(orders, all) : `${orders} ${what} of ${all}`;
      process.stderr.write(`${story}: ${said}\n`);
    },
    onViolation: ({ story, fault, invariant }) => {
      process.stderr.write(`"${story}" with "${fault}" breaks ${invariant}\n`);
    },
    onProgress: (orders, { runs, seconds, violations }) => {
      show(
        () =>
          `${orders} of ${planned}, ${runs} worlds in ${Math.round(seconds)} s, ` +
          `${violations.length} violations`,
      );
    },
  });
  report(sums, json);
  return sums.violations.length === 0;
}

/** Each first fault is followed by every one that comes after it: half of all, on average. */
function estimated(orders: number, all: number): string {
  const pairs = Math.round((orders * all) / 2);
  return `${orders} first faults of ${all}, each with all that come after it: about ${pairs} pairs`;
}

function report(sums: Sums, json: boolean): void {
  if (json) {
    console.log(JSON.stringify(sums));
    return;
  }
  for (const { story, fault, invariant, told } of sums.violations) {
    console.log(`\n"${story}" with "${fault}" breaks ${invariant}: ${told}`);
  }
  for (const [story, { points, runs, skipped, why }] of Object.entries(sums.stories)) {
    console.log(`${story}: ${points} points, ${runs} worlds, ${skipped} for another reason`);
    for (const [reason, counts] of Object.entries(why)) {
      const all = Object.entries(counts).map(([what, count]) => `${what} (${count})`);
      console.log(`  ${reason}: ${all.join(', ')}`);
    }
  }
  const { runs, simulatedDays, effects, seconds, violations } = sums;
  console.log(
    `${runs} worlds, ${simulatedDays} days, ${effects} effects in ${seconds} s: ` +
      `${violations.length} violations.`,
  );
}

/** One world, as it was played or will be. */
async function one(options: Extract<Options, { do: 'one' }>): Promise<boolean> {
  const { story: name, changes, tell, json } = options;
  const story = storyNamed(name);
  const without = await tellStory(story, { faults: [] });
  const told = await tellStory(story, changes);
  if (tell) {
    for (const line of told.story) console.log(line);
    for (const { index, effect, kinds } of told.points) {
      console.log(`point ${index}: ${effect} (${kinds.join(', ')})`);
    }
  }
  const { faults, pressing } = changes;
  const verdict: Verdict =
    pressing === undefined
      ? verdictOnFaults(name, faults, without.end, told)
      : verdictOnPress(name, pressing, without.end, told);
  const fault = pressing === undefined ? faultNames(faults) : pressingName(pressing);
  if (json) console.log(JSON.stringify({ story: name, fault, end: told.end, ...verdict }));
  else console.log(`${name} with ${fault || 'no fault'}: ${told.end}`, verdict);
  return verdict.violations.length === 0;
}

async function play(options: Options): Promise<boolean> {
  if (options.do === 'help') {
    console.log(usage);
    return true;
  }
  return options.do === 'one' ? one(options) : campaign(options);
}

if (import.meta.main) await runLong({ usage, read: readOptions, play });
