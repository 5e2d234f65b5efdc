/**
 * Virtual time for many who work at once: whoever sleeps lets all others go on, as in AWS, where
 * each invocation has a machine of its own. (Under sandbox/clock.ts a sleeper holds up everybody.)
 * Time moves on once nobody has anything left to do at a moment. What happens follows from the
 * order in which things were asked for: nothing in the sandbox waits for real time.
 */
import { setImmediate } from 'node:timers/promises';
import { type Instant, latest, plus } from '../../domain/instant.ts';
import type { VirtualClock } from '../clock.ts';
import { type Heap, heap } from './heap.ts';

interface Task {
  readonly at: Instant;
  readonly order: number;
  readonly run: () => Promise<void> | void;
}

interface Time {
  now: Instant;
  readonly tasks: Heap<Task>;
  /** What tasks threw: nobody awaits them. */
  readonly problems: unknown[];
}

export function concurrentClock(start: Instant): VirtualClock {
  const time: Time = { now: start, tasks: heap(before), problems: [] };
  let order = 0;
  const at = (moment: Instant, run: Task['run']): void => {
    order += 1;
    time.tasks.add({ at: moment, order, run });
  };
  return {
    now: () => time.now,
    sleep: (milliseconds) =>
      new Promise((resolve) => {
        at(plus(time.now, { milliseconds }), resolve);
      }),
    at,
    next: () => time.tasks.first()?.at,
    step: () => step(time),
    runUntil: async (moment) => {
      for (let next = time.tasks.first(); next && next.at <= moment; next = time.tasks.first()) {
        await step(time);
      }
      time.now = latest(time.now, moment);
    },
  };
}

function before(a: Task, b: Task): boolean {
  return a.at === b.at ? a.order < b.order : a.at < b.at;
}

/** All that is due at the next moment begins, and goes on until everybody sleeps or is done. */
async function step(time: Time): Promise<boolean> {
  const next = time.tasks.first();
  if (next === undefined) return false;
  time.now = latest(time.now, next.at);
  for (let task = time.tasks.first(); task && task.at <= time.now; task = time.tasks.first()) {
    time.tasks.take();
    begin(time, task);
  }
  // Whatever only promises are awaited for is through after that.
  await setImmediate();
  if (time.problems.length > 0) throw time.problems[0];
  return true;
}

function begin({ problems }: Time, { run }: Task): void {
  try {
    void Promise.resolve(run()).catch((error: unknown) => problems.push(error));
  } catch (error) {
    problems.push(error);
  }
}
