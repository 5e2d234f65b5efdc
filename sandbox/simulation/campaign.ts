/**
 * Many worlds, spread over the machine's cores. What a seed comes to depends on nothing else. Each
 * world is added up as it ends and then forgotten, so that a campaign may be as long as one likes.
 */
import { availableParallelism } from 'node:os';
import { neverStruck, seedsForCoverage } from './coverage.ts';
import { workThrough } from './pool.ts';
import type { Summary, Violation } from './summary.ts';
import type { Order } from './worker.ts';

export interface Campaign {
  readonly seeds: number;
  readonly simulatedDays: number;
  readonly effects: number;
  readonly faults: number;
  readonly violations: readonly Violation[];
}

export interface CampaignOptions {
  readonly seeds: number;
  readonly from: number;
  /** Told after each world. */
  readonly onProgress?: (done: number, violations: number) => void;
  readonly workers?: number;
}

/** Simulates the worlds of so many seeds, and adds up. */
export async function runCampaign(options: CampaignOptions): Promise<Campaign> {
  const { seeds, from, onProgress, workers = availableParallelism() } = options;
  const sums = newSums();
  await workThrough<Order, Summary>({
    worker: new URL('./worker.ts', import.meta.url),
    orders: seedsFrom(from, seeds),
    workers: Math.min(workers, seeds),
    onAnswer: (summary) => {
      add(sums, summary);
      onProgress?.(sums.worlds, sums.violations.length);
    },
  });
  const faults = [...sums.struck.values()].reduce((total, count) => total + count, 0);
  return {
    seeds,
    simulatedDays: sums.tenthsOfDays / 10,
    effects: sums.effects,
    faults,
    violations: [
      ...bySeed(sums.violations),
      ...bySeed(sums.tooQuiet),
      ...(seeds < seedsForCoverage ? [] : gaps(sums, from)),
    ],
  };
}

function* seedsFrom(from: number, seeds: number): Generator<Order> {
  for (let seed = from; seed < from + seeds; seed++) yield { seed };
}

/** What is left of all worlds so far: no more for a hundred thousand than for a thousand. */
interface Sums {
  worlds: number;
  /** Whole, so that the sum does not depend on who was ready first. */
  tenthsOfDays: number;
  effects: number;
  readonly struck: Map<string, number>;
  readonly seen: Map<string, Set<string>>;
  readonly violations: Violation[];
  readonly tooQuiet: Violation[];
}

function newSums(): Sums {
  const counted = { worlds: 0, tenthsOfDays: 0, effects: 0 };
  return { ...counted, struck: new Map(), seen: new Map(), violations: [], tooQuiet: [] };
}

function add(sums: Sums, summary: Summary): void {
  sums.worlds += 1;
  sums.tenthsOfDays += Math.round(10 * summary.simulatedDays);
  sums.effects += summary.effects;
  for (const [pair, count] of summary.faults) {
    sums.struck.set(pair, (sums.struck.get(pair) ?? 0) + count);
  }
  for (const [effect, kinds] of summary.seen) {
    const known = sums.seen.get(effect) ?? new Set<string>();
    sums.seen.set(effect, known);
    for (const kind of kinds) known.add(kind);
  }
  sums.violations.push(...summary.violations);
  sums.tooQuiet.push(...tooQuiet(summary));
}

/** In the order of their seeds, whoever was ready first; those of a seed as they happened. */
function bySeed(violations: readonly Violation[]): readonly Violation[] {
  return violations.toSorted((one, other) => one.seed - other.seed);
}

/** What is planned for a world is more than that: anything less proves little. */
const leastFaults = 10;

function tooQuiet({ seed, faults, violations }: Summary): readonly Violation[] {
  const count = faults.reduce((total, [, each]) => total + each, 0);
  if (count > leastFaults || violations.some(({ invariant }) => invariant === 'crash')) return [];
  return [{ seed, invariant: 'plan', story: `only ${count} faults struck the world of ${seed}` }];
}

/** What there was to strike in any of the worlds, and never was. */
function gaps({ seen, struck }: Sums, from: number): readonly Violation[] {
  return neverStruck([seen], struck).map((story) => ({ seed: from, invariant: 'coverage', story }));
}
