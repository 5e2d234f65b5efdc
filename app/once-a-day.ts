/** Lets something be told once a day under each name, so that a storm is told of in one message. */
import { type Instant, isDue, plus } from '../domain/instant.ts';
import type { Clock } from '../domain/ports.ts';

const onceIn = { days: 1 } as const;

/** Whether it was told now. Throws what telling throws; then it counts as untold. */
export type OnceADay = (name: string, tell: () => Promise<void>) => Promise<boolean>;

/** Counts for as long as a function's instance lives: a new one may tell once more. */
export function onceADay(clock: Pick<Clock, 'now'>): OnceADay {
  const toldAt = new Map<string, Instant>();
  return async (name, tell) => {
    const before = toldAt.get(name);
    if (before !== undefined && !isDue(plus(before, onceIn), clock.now())) return false;
    await tell();
    toldAt.set(name, clock.now());
    return true;
  };
}
