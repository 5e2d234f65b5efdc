/**
 * Every mutant against the campaign. First the tree without a mistake has to be clean on the same
 * seeds: else that something breaks would mean nothing.
 */
import { availableParallelism } from 'node:os';
import type { Violation } from '../simulation/summary.ts';
import { hunt } from './hunt.ts';
import { applyTo, type Mutant } from './mutant.ts';
import { withTreeCopy } from './tree-copy.ts';

export interface Trial {
  /** Where the code is that the mistakes are made in. */
  readonly tree: string;
  readonly mutants: readonly Mutant[];
  readonly seeds: readonly number[];
  /** Told what has just come out, one line at a time. */
  readonly onProgress: (line: string) => void;
}

export interface Verdict {
  readonly name: string;
  readonly mistake: string;
  /** What was looked for. */
  readonly expected: readonly string[];
  /** What broke of that; none if the mutant survived. */
  readonly caughtBy: readonly string[];
  readonly seed: number | null;
  /** What exactly broke, in one sentence. */
  readonly problem: string | null;
  readonly worlds: number;
  readonly seconds: number;
}

export interface Tried {
  readonly clean: { readonly worlds: number; readonly seconds: number };
  /** What broke without any mistake: then no mutant was tried. */
  readonly unclean: readonly Violation[];
  readonly verdicts: readonly Verdict[];
}

/**
 * Throws if a mutant does not apply; whoever calls has seen to that. What is edited in the tree
 * meanwhile changes nothing: every copy is of the one that was found clean.
 */
export async function tried({ tree, mutants, seeds, onProgress }: Trial): Promise<Tried> {
  return withTreeCopy(tree, async (original) => {
    const start = performance.now();
    const unclean = await violationsIn(original, seeds);
    const clean = { worlds: seeds.length, seconds: secondsSince(start) };
    if (unclean.length > 0) return { clean, unclean, verdicts: [] };
    onProgress(`without a mistake ${seeds.length} worlds are clean (${clean.seconds} s)`);
    const verdicts = await sideBySide(mutants, async (mutant) => {
      const verdict = await withTreeCopy(original, (copy) => verdictOn(mutant, copy, seeds));
      onProgress(`${verdict.name}: ${outcomeOf(verdict)} (${verdict.seconds} s)`);
      return verdict;
    });
    return { clean, unclean, verdicts };
  });
}

/** `caught by S2 at seed 4`, or `survived`. */
export function outcomeOf({ caughtBy, seed }: Verdict): string {
  return caughtBy.length === 0 ? 'survived' : `caught by ${caughtBy.join(', ')} at seed ${seed}`;
}

async function violationsIn(copy: string, seeds: readonly number[]): Promise<readonly Violation[]> {
  const cores = availableParallelism();
  const shares = Array.from({ length: cores }, (_, core) =>
    seeds.filter((_, index) => index % cores === core),
  );
  const hunts = await sideBySide(shares, (share) =>
    hunt({ tree: copy, seeds: share, isIt: () => true }),
  );
  return hunts.flatMap(({ found }) => found);
}

async function verdictOn(mutant: Mutant, copy: string, seeds: readonly number[]): Promise<Verdict> {
  const { name, mistake, caughtBy: expected } = mutant;
  const start = performance.now();
  await applyTo(mutant, copy);
  const isIt = ({ invariant }: Violation) => expected.includes(invariant);
  const { worlds, found } = await hunt({ tree: copy, seeds, isIt });
  return {
    name,
    mistake,
    expected,
    caughtBy: [...new Set(found.map(({ invariant }) => invariant))],
    seed: found[0]?.seed ?? null,
    problem: found[0]?.story.split('\n')[0] ?? null,
    worlds,
    seconds: secondsSince(start),
  };
}

/** As many at a time as there are cores; the answers in the order of what was asked. */
async function sideBySide<T, R>(
  all: readonly T[],
  act: (each: T) => Promise<R>,
): Promise<readonly R[]> {
  const answers: R[] = [];
  const waiting = [...all.entries()];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, each] = next;
      answers[index] = await act(each);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, work));
  return answers;
}

function secondsSince(start: number): number {
  return Math.round((performance.now() - start) / 100) / 10;
}
