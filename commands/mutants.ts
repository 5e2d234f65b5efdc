/**
 * `npm run --silent mutants -- [--only NAME]… [--seeds N] [--from S] [--json]`: makes each mistake
 * of test/mutants in a copy of the project and runs the campaign there until it catches it. Exit
 * status 0: every one is caught; 1: some survived, no longer apply, or the project itself is not
 * clean; 2: wrong usage.
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf } from '../domain/errors.ts';
import { type Mutant, mutantsIn, mutated } from '../sandbox/mutants/mutant.ts';
import { type Tried, tried, type Verdict } from '../sandbox/mutants/trial.ts';
import { wholeNumber } from '../sandbox/whole-number.ts';
import { type CommandAnswer, say } from './answer.ts';

const usage = `Usage: npm run --silent mutants -- [--only NAME]… [--seeds N] [--from S] [--json]
  --only NAME  this mutant alone: the name of its file in test/mutants without .patch
  --seeds N    so many worlds at most for each, 300 unless said otherwise
  --from S     the seed of the first world, 1 unless said otherwise
  --json       print one JSON object, the last line`;

/** Where the code is, and the mistakes to make in it. */
export interface MutantsPlace {
  readonly tree: string;
  readonly patches: string;
}

interface Options {
  readonly only: readonly string[];
  readonly seeds: readonly number[];
  readonly json: boolean;
}

/** What the command answers. `onProgress` is told what comes out as it does. */
export async function mutantsCommand(
  args: readonly string[],
  place: MutantsPlace,
  onProgress: (line: string) => void = () => undefined,
): Promise<CommandAnswer> {
  const options = optionsIn(args);
  if (options === 'help') return { status: 0, out: [usage], errors: [] };
  if (typeof options === 'string') return { status: 2, out: [], errors: [options, usage] };
  const all = await mutantsIn(place.patches);
  if (!all.ok) return { status: 1, out: [], errors: all.problems };
  const unknown = options.only.filter((name) => all.value.every((each) => each.name !== name));
  if (unknown.length > 0) {
    return { status: 2, out: [], errors: [`There is no mutant ${unknown.join(', ')}.`, usage] };
  }
  const { only, seeds, json } = options;
  const mutants = all.value.filter(({ name }) => only.length === 0 || only.includes(name));
  const problems = await notApplying(mutants, place.tree);
  if (problems.length > 0) return { status: 1, out: [], errors: problems };
  const told = await tried({ tree: place.tree, mutants, seeds, onProgress });
  return answerOf(told, seeds, json);
}

/** Why mutants no longer apply to a tree, each problem with the mutant's name. */
export async function notApplying(
  mutants: readonly Mutant[],
  tree: string,
): Promise<readonly string[]> {
  const all = await Promise.all(mutants.map((mutant) => mutated(mutant, tree)));
  return all.flatMap((each) => (each.ok ? [] : each.problems));
}

function answerOf(told: Tried, seeds: readonly number[], json: boolean): CommandAnswer {
  const { clean, unclean, verdicts } = told;
  const survived = verdicts.filter(({ caughtBy }) => caughtBy.length === 0);
  const status = unclean.length === 0 && survived.length === 0 ? 0 : 1;
  const errors = unclean.map(
    ({ seed, invariant, story }) =>
      `without any mistake seed ${seed} breaks ${invariant}: ${story.split('\n')[0]}`,
  );
  if (json) {
    const names = survived.map(({ name }) => name);
    const sums = { from: seeds[0], seeds: seeds.length, clean, mutants: verdicts };
    return { status, out: [JSON.stringify({ ...sums, survived: names })], errors };
  }
  const caught = `${verdicts.length - survived.length} of ${verdicts.length} mistakes are caught`;
  const sum = `${caught}; without any, ${clean.worlds} worlds are clean (${clean.seconds} s).`;
  return { status, out: unclean.length > 0 ? [] : [...table(verdicts), '', sum], errors };
}

const heads = ['mistake', 'caught by', 'seed', 'worlds', 'seconds'] as const;

function table(verdicts: readonly Verdict[]): readonly string[] {
  const rows = verdicts.map(({ name, caughtBy, seed, worlds, seconds }) => [
    name,
    caughtBy.length === 0 ? 'SURVIVED' : caughtBy.join(' '),
    seed === null ? '–' : String(seed),
    String(worlds),
    seconds.toFixed(1),
  ]);
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const isText = (column: number) => column < 2;
  return [heads, ...rows].map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return isText(column) ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  '),
  );
}

/** A sentence if they are wrong. */
function optionsIn(args: readonly string[]): Options | 'help' | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        only: { type: 'string', multiple: true, default: [] as string[] },
        seeds: { type: 'string', default: '300' },
        from: { type: 'string', default: '1' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return 'help';
    const count = wholeNumber('--seeds', values.seeds, 1, 100_000);
    const first = wholeNumber('--from', values.from, 0, 2 ** 40);
    const seeds = Array.from({ length: count }, (_, index) => first + index);
    return { only: values.only, seeds, json: values.json };
  } catch (error) {
    return messageOf(error);
  }
}

async function main(): Promise<void> {
  const tree = join(import.meta.dirname, '..');
  const place = { tree, patches: join(tree, 'test', 'mutants') };
  const onProgress = (line: string) => process.stderr.write(`${line}\n`);
  say(await mutantsCommand(process.argv.slice(2), place, onProgress));
}

if (import.meta.main) await main();
