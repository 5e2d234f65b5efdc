/**
 * `npm run --silent hostile -- --cases N --seed S --json`: N damaged inputs of every shape that the
 * outside can send, most of them through the readers alone, some through whole handlers in a fresh
 * sandbox each. The last line sums up; the exit code is 1 if anything did not hold.
 */
import { parseArgs } from 'node:util';
import { nothingHidden } from '../adapters/cut-text.ts';
import { safeJson } from '../adapters/safe-json.ts';
import { type Hunt, hunt } from './hostile/hunt.ts';
import { shapes } from './hostile/shapes/all.ts';
import { progressLines, runLong } from './long-command.ts';
import { wholeNumber } from './whole-number.ts';

const usage = `Usage: npm run --silent hostile -- [--cases N] [--seed S] [--shape NAME] [--json]
       npm run --silent hostile -- --shape NAME --seed S --path P
  --cases N     how many damaged inputs, 100000 unless said otherwise
  --seed S      what they follow from, 1 unless said otherwise
  --shape NAME  of one shape only
  --path P      the one case of a failure: with the shape and the seed that it names
  --json        print the sums as one JSON object, the last line`;

interface Options {
  readonly cases: number;
  readonly seed: number;
  readonly shape: string | undefined;
  readonly path: string | undefined;
  readonly json: boolean;
}

/** Exported for its tests. Throws an Error that says what is wrong with the options. */
export function readOptions(args: readonly string[]): Options | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      cases: { type: 'string', default: '100000' },
      seed: { type: 'string', default: '1' },
      shape: { type: 'string' },
      path: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  const { shape, path, json } = values;
  const cases = wholeNumber('--cases', values.cases, 1, 100_000_000);
  const seed = wholeNumber('--seed', values.seed, 0, 2 ** 31 - 1);
  if (shape !== undefined && !shapes.some(({ name }) => name === shape)) {
    const names = shapes.map(({ name }) => `"${name}"`).join(', ');
    throw new Error(`--shape is "${shape}": give one of ${names}`);
  }
  if (path !== undefined && (shape === undefined || !/^\d+(?::\d+)*$/.test(path))) {
    throw new Error('--path is the path of a failure: give its --shape and --seed too');
  }
  return { cases, seed, shape, path, json };
}

async function played({ cases, seed, shape, path }: Options): Promise<Hunt> {
  const chosen = shapes.filter(({ name }) => shape === undefined || name === shape);
  const [only] = chosen;
  if (path !== undefined && only !== undefined) {
    const { cameTo, failure, cases: count } = await only.play(1, seed, path);
    const failures = failure === undefined ? [] : [failure];
    return { cases: count, seconds: 0, shapes: { [only.name]: cameTo }, failures };
  }
  const show = progressLines();
  return hunt({
    cases,
    seed,
    shapes: chosen,
    onProgress: (done, failures) => {
      show((seconds) => `${done} of ${cases} cases in ${seconds} s, ${failures} failures`);
    },
  });
}

function report(sums: Hunt, json: boolean): void {
  if (json) {
    console.log(safeJson(sums));
    return;
  }
  for (const [name, sum] of Object.entries(sums.shapes)) {
    const ends = Object.entries(sum).map(([end, count]) => `${end} ${count}`);
    console.log(`${name}: ${ends.join(', ')}`);
  }
  for (const { shape, seed, path, story } of sums.failures) {
    console.log(`\n--shape "${shape}" --seed ${seed} --path ${path}\n${shown(story)}`);
  }
  const { cases, seconds, failures } = sums;
  console.log(`${cases} cases in ${seconds} s: ${failures.length} failures.`);
}

/** A story tells of what a terminal would obey. */
function shown(story: string): string {
  return story.split('\n').map(nothingHidden).join('\n');
}

async function play(options: Options): Promise<boolean> {
  const sums = await played(options);
  report(sums, options.json);
  return sums.failures.length === 0;
}

if (import.meta.main) await runLong({ usage, read: readOptions, play });
