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

/** Throws if a world does not end, or the simulator itself cannot be loaded. */
export async function hunt({ tree, seeds, isIt }: Hunt): Promise<Hunted> {
  const worker = new Worker(pathToFileURL(join(tree, 'sandbox/simulation/worker.ts')));
  const others: Violation[] = [];
  let worlds = 0;
  try {
    for (const seed of seeds) {
      const { violations } = await simulatedBy(worker, seed);
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

function simulatedBy(worker: Worker, seed: number): Promise<Summary> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`the world of seed ${seed} does not end`));
    }, longestWorldMillis);
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
