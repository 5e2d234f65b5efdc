/** The real clock. */
import { setTimeout } from 'node:timers/promises';
import { fromMillis } from '../domain/instant.ts';
import type { Clock } from '../domain/ports.ts';

export const systemClock: Clock = {
  now: () => fromMillis(Date.now()),
  sleep: async (milliseconds) => {
    await setTimeout(milliseconds);
  },
};
