/**
 * How a world's time passes for whoever watches: it stands, jumps to a moment, or runs at a pace.
 * Work is done in short turns, so that the page stays live and a pause is heard at once.
 */
import { setImmediate } from 'node:timers/promises';
import { type Instant, isDue, plus } from '../../domain/instant.ts';
import type { World } from '../world.ts';

/** Milliseconds of real time in one turn. */
const turnMillis = 40;
/** How often a running world is moved on, in real time. */
const beatMillis = 100;
/** A step that shows nothing ends after so many tasks. */
const mostTasks = 20_000;

export interface Pacing {
  readonly playing: () => number | null;
  readonly until: () => Instant | null;
  /** Runs so many virtual seconds in a second, until it is paused. */
  play(secondsPerSecond: number): void;
  /** Stands still after the turn that is under way. */
  pause(): void;
  /** Resolves when the moment has come, or somebody paused. */
  goTo(moment: Instant): Promise<void>;
  /** Until there is something new to see. False: nothing came for long, or somebody paused. */
  step(): Promise<boolean>;
  /** Pauses, and nothing moves any more. */
  end(): void;
}

export interface Paced {
  readonly world: World;
  /** One thing after the other. */
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>;
  /** Moves whenever something new can be seen. */
  readonly seen: () => number;
  readonly changed: () => void;
}

export function pacing({ world, inTurn, seen, changed }: Paced): Pacing {
  const { clock } = world;
  let pace: number | null = null;
  let goal: Instant | null = null;
  let timer: NodeJS.Timeout | undefined;
  let turns = 0;
  /** Only the beats that began last go on. */
  let beats = 0;

  const go = async (moment: Instant): Promise<void> => {
    const own = ++turns;
    goal = moment;
    for (let there = false; !there && own === turns; ) {
      there = await inTurn(() => turn(world, moment));
      changed();
      await setImmediate();
    }
    if (own === turns) goal = null;
    changed();
  };

  const beat = async (own: number): Promise<void> => {
    if (pace === null || own !== beats) return;
    if (goal === null) {
      const moment = plus(clock.now(), { milliseconds: pace * beatMillis });
      await inTurn(() => turn(world, moment));
      changed();
    }
    if (own === beats) timer = setTimeout(() => beat(own), beatMillis);
  };

  const pause = (): void => {
    turns += 1;
    pace = null;
    goal = null;
    clearTimeout(timer);
    changed();
  };

  return {
    playing: () => pace,
    until: () => goal,
    play: (secondsPerSecond) => {
      clearTimeout(timer);
      pace = secondsPerSecond;
      const own = ++beats;
      timer = setTimeout(() => beat(own), 0);
      changed();
    },
    pause,
    goTo: (moment) => (isDue(moment, clock.now()) ? Promise.resolve() : go(moment)),
    step: async () => {
      const own = ++turns;
      goal = null;
      const before = seen();
      for (let tasks = 0; tasks < mostTasks && seen() === before && own === turns; ) {
        tasks += await inTurn(() => stepping(world, () => seen() !== before));
        changed();
        await setImmediate();
      }
      return seen() !== before;
    },
    end: pause,
  };
}

/** Task by task, for one turn or until there is something to see. How many there were. */
async function stepping({ clock, wake }: World, isSeen: () => boolean): Promise<number> {
  const began = performance.now();
  let tasks = 0;
  do {
    await wake();
    await clock.step();
    tasks += 1;
  } while (!isSeen() && performance.now() - began < turnMillis);
  return tasks;
}

/** Goes on for one turn. True once the moment has come. */
async function turn({ clock, wake }: World, moment: Instant): Promise<boolean> {
  const began = performance.now();
  await wake();
  for (let next = clock.next(); next !== undefined && next <= moment; next = clock.next()) {
    if (performance.now() - began > turnMillis) return false;
    await clock.step();
  }
  await clock.runUntil(moment);
  return true;
}
