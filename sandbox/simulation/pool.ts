/** Work that is spread over the machine's cores: each worker asks for more when it is through. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

export interface Pool<Order, Answer> {
  /** The worker's module: it answers each order with one message, and stops at `enough`. */
  readonly worker: URL;
  /** Taken one by one, so that they need not all be there at once. */
  readonly orders: Iterable<Order>;
  /** All cores unless said. */
  readonly workers?: number | undefined;
  /** Told of each answer as it comes; nothing of it is kept here. */
  readonly onAnswer: (answer: Answer) => void;
}

/** Worlds are much that is young and soon forgotten: with little room it is collected in vain. */
const resourceLimits = { maxYoungGenerationSizeMb: 96 };

/** Has everything done that was ordered. Rejects if a worker breaks. */
export async function workThrough<Order, Answer>(pool: Pool<Order, Answer>): Promise<void> {
  const { worker, orders, workers = availableParallelism(), onAnswer } = pool;
  const left = orders[Symbol.iterator]();
  const next = (): Order | 'enough' => {
    const { done, value } = left.next();
    return done === true ? 'enough' : value;
  };
  const work = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const hand = new Worker(worker, { resourceLimits });
      hand.on('message', (answer: Answer) => {
        onAnswer(answer);
        hand.postMessage(next());
      });
      hand.on('error', reject);
      hand.on('exit', () => resolve());
      hand.postMessage(next());
    });
  await Promise.all(Array.from({ length: workers }, work));
}
