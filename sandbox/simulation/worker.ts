/** A worker of a campaign: simulates the seeds that it is given, one after the other. */
import { parentPort } from 'node:worker_threads';
import { simulate, simulatePlan } from './simulated-world.ts';
import { crashOf, summaryOf } from './summary.ts';
import { hasTwin, outageViolations } from './twins.ts';

/** Simulate a seed, or nothing more. */
export type Order = { readonly seed: number } | 'enough';

parentPort?.on('message', async (order: Order) => {
  if (order === 'enough') {
    parentPort?.close();
    return;
  }
  try {
    const summary = summaryOf(await simulate(order.seed));
    const twins = hasTwin(order.seed) ? await outageViolations(order.seed, simulatePlan) : [];
    parentPort?.postMessage({ ...summary, violations: [...summary.violations, ...twins] });
  } catch (error) {
    parentPort?.postMessage(crashOf(order.seed, error));
  }
});
