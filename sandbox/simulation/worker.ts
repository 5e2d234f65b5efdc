/** A worker of a campaign: simulates the seeds that it is given, one after the other. */
import { parentPort } from 'node:worker_threads';
import { simulate } from './simulated-world.ts';
import { crashOf, summaryOf } from './summary.ts';

/** Simulate a seed, or nothing more. */
export type Order = { readonly seed: number } | 'enough';

parentPort?.on('message', async (order: Order) => {
  if (order === 'enough') {
    parentPort?.close();
    return;
  }
  try {
    parentPort?.postMessage(summaryOf(await simulate(order.seed)));
  } catch (error) {
    parentPort?.postMessage(crashOf(order.seed, error));
  }
});
