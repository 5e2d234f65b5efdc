/** Many worlds, spread over the machine's cores. What a seed comes to depends on nothing else. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { neverStruck, seedsForCoverage } from './coverage.ts';
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
  const summaries = await simulated(options);
  const struck = new Map<string, number>();
  for (const [pair, count] of summaries.flatMap(({ faults }) => faults)) {
    struck.set(pair, (struck.get(pair) ?? 0) + count);
  }
  const sum = (of: (summary: Summary) => number) =>
    summaries.reduce((total, each) => total + of(each), 0);
  return {
    seeds: options.seeds,
    simulatedDays: Math.round(sum(({ simulatedDays }) => simulatedDays) * 10) / 10,
    effects: sum(({ effects }) => effects),
    faults: [...struck.values()].reduce((total, count) => total + count, 0),
    violations: [
      ...summaries.flatMap(({ violations }) => violations),
      ...summaries.flatMap(tooQuiet),
      ...(options.seeds < seedsForCoverage ? [] : gaps(summaries, options.from, struck)),
    ],
  };
}

/** Worlds are much that is young and soon forgotten: with little room it is collected in vain. */
const resourceLimits = { maxYoungGenerationSizeMb: 96 };

/** In the order of their seeds, whoever was ready first. */
async function simulated(options: CampaignOptions): Promise<readonly Summary[]> {
  const { seeds, from, onProgress, workers = availableParallelism() } = options;
  const summaries: Summary[] = [];
  let next = from;
  let violations = 0;
  const work = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL('./worker.ts', import.meta.url), { resourceLimits });
      const order = () => {
        const what: Order = next < from + seeds ? { seed: next } : 'enough';
        next += 1;
        worker.postMessage(what);
      };
      worker.on('message', (summary: Summary) => {
        summaries.push(summary);
        violations += summary.violations.length;
        onProgress?.(summaries.length, violations);
        order();
      });
      worker.on('error', reject);
      worker.on('exit', () => resolve());
      order();
    });
  await Promise.all(Array.from({ length: Math.min(workers, seeds) }, work));
  return summaries.sort((one, other) => one.seed - other.seed);
}

/** What is planned for a world is more than that: anything less proves little. */
const leastFaults = 10;

function tooQuiet({ seed, faults, violations }: Summary): readonly Violation[] {
  const count = faults.reduce((total, [, each]) => total + each, 0);
  if (count > leastFaults || violations.some(({ invariant }) => invariant === 'crash')) return [];
  return [{ seed, invariant: 'plan', story: `only ${count} faults struck the world of ${seed}` }];
}

/** What there was to strike in any of the worlds, and never was. */
function gaps(
  summaries: readonly Summary[],
  from: number,
  struck: ReadonlyMap<string, number>,
): readonly Violation[] {
  const seen = summaries.map(
    (each) => new Map(each.seen.map(([name, kinds]) => [name, new Set(kinds)])),
  );
  return neverStruck(seen, struck).map((story) => ({ seed: from, invariant: 'coverage', story }));
}
