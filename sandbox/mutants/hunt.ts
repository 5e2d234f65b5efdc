/** Runs the campaign of a tree, world by world, until one breaks what it is looked for. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Summary, Violation } from '../simulation/summary.ts';
import type { Order } from '../simulation/worker.ts';

export interface Hunt {
  /** The tree whose own simulator runs its own code. */
  readonly tree: string;
  readonly seeds: readonly number[];
  /** Whether this is what is looked for. */
  readonly isIt: (violation: Violation) => boolean;
  /** After so long a world does not end; three minutes unless said. */
  readonly mostMillis?: number;
}

export interface Hunted {
  /** How many were simulated. */
  readonly worlds: number;
  /** Of the first world that showed it; none if no world did. */
  readonly found: readonly Violation[];
  /** Other violations on the way, that one's world included. */
  readonly others: readonly Violation[];
}

/** A world takes a second or so. One that takes this long does not end. */
const longestWorldMillis = 180_000;

/** Throws if the simulator itself cannot be loaded. A world that does not end breaks L1. */
export async function hunt({
  tree,
  seeds,
  isIt,
  mostMillis = longestWorldMillis,
}: Hunt): Promise<Hunted> {
  const start = () => new Worker(pathToFileURL(join(tree, 'sandbox/simulation/worker.ts')));
  let worker = start();
  const others: Violation[] = [];
  let worlds = 0;
  try {
    for (const seed of seeds) {
      const summary = await simulatedBy(worker, seed, mostMillis);
      if (summary === 'endless') {
        await worker.terminate();
        worker = start();
      }
      const { violations } = summary === 'endless' ? { violations: [endless(seed)] } : summary;
      worlds += 1;
      const found = violations.filter(isIt);
      others.push(...violations.filter((each) => !isIt(each)));
      if (found.length > 0) return { worlds, found, others };
    }
    return { worlds, found: [], others };
  } finally {
    await worker.terminate();
  }
}

const endless = (seed: number): Violation => ({
  seed,
  invariant: 'L1',
  story: 'the world does not end',
});

function simulatedBy(worker: Worker, seed: number, millis: number): Promise<Summary | 'endless'> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => done(() => resolve('endless')), millis);
    const told = (summary: Summary) => done(() => resolve(summary));
    const failed = (error: Error) => done(() => reject(error));
    const ended = () => done(() => reject(new Error(`the worker ended at seed ${seed}`)));
    const done = (act: () => void) => {
      clearTimeout(timer);
      worker.off('message', told).off('error', failed).off('exit', ended);
      act();
    };
    worker.on('message', told).on('error', failed).on('exit', ended);
    const order: Order = { seed };
    worker.postMessage(order);
  });
}
