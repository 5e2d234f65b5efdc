/**
 * Virtual time: a clock and the queue of what is to happen. Sleeping moves the clock on at once;
 * what fell due meanwhile happens as soon as the sleeper is through, in the order of its times.
 */
import { type Instant, latest, plus } from '../domain/instant.ts';
import type { Clock } from '../domain/ports.ts';

interface Task {
  readonly at: Instant;
  readonly order: number;
  readonly run: () => Promise<void> | void;
}

export interface VirtualClock extends Clock {
  /** Lets something happen at a moment (at once, if that has passed). */
  at(moment: Instant, run: () => Promise<void> | void): void;
  /** When the next task is due; undefined if none is left. */
  next(): Instant | undefined;
  /** Runs the next task, moving the clock to its time. False if none is left. */
  step(): Promise<boolean>;
  /** Runs all that falls due up to a moment and moves the clock there. */
  runUntil(moment: Instant): Promise<void>;
}

export function virtualClock(start: Instant): VirtualClock {
  let now = start;
  let order = 0;
  const tasks: Task[] = [];
  const before = (a: Task, b: Task) => (a.at === b.at ? a.order < b.order : a.at < b.at);

  const insert = (task: Task) => {
    let low = 0;
    let high = tasks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (before(tasks[middle] as Task, task)) low = middle + 1;
      else high = middle;
    }
    tasks.splice(low, 0, task);
  };

  const step = async (): Promise<boolean> => {
    const task = tasks.shift();
    if (task === undefined) return false;
    now = latest(now, task.at);
    await task.run();
    return true;
  };

  return {
    now: () => now,
    sleep: async (milliseconds) => {
      now = plus(now, { milliseconds });
    },
    at: (moment, run) => {
      order += 1;
      insert({ at: moment, order, run });
    },
    next: () => tasks[0]?.at,
    step,
    runUntil: async (moment) => {
      for (let next = tasks[0]; next !== undefined && next.at <= moment; next = tasks[0]) {
        await step();
      }
      now = latest(now, moment);
    },
  };
}
