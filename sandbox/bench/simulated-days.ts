/** How much simulated time a second of this machine's plays: a few whole worlds, with faults. */
import { type Simulated, simulate } from '../simulation/simulated-world.ts';
import type { Progress } from '../storm/run-storm.ts';
import { median } from './median.ts';

export interface SimulatedDays {
  readonly worlds: number;
  readonly days: number;
  readonly cpuSeconds: number;
  /** All days by all seconds of CPU time. */
  readonly daysPerSecond: number;
  /** Of the single worlds, which differ much: half of them are played faster. */
  readonly medianDaysPerSecond: number;
  /** What did not hold in a world; empty if everything did. */
  readonly problems: readonly string[];
}

/** Plays the worlds of the seeds from 1 on, one after the other in this process. */
export async function simulatedDays(worlds: number, tell: Progress): Promise<SimulatedDays> {
  // The first one compiles what all others find compiled.
  await simulate(1);
  const played: World[] = [];
  for (let seed = 1; seed <= worlds; seed++) {
    tell(`world ${seed} of ${worlds}`);
    const before = process.cpuUsage();
    const { simulatedDays: days, broken } = await simulate(seed);
    const { user, system } = process.cpuUsage(before);
    played.push({ seed, days, broken, cpuSeconds: (user + system) / 1e6 });
  }
  return sumOf(played);
}

interface World extends Pick<Simulated, 'seed' | 'broken'> {
  readonly days: number;
  readonly cpuSeconds: number;
}

export function sumOf(played: readonly World[]): SimulatedDays {
  const sum = (of: (world: World) => number) => played.reduce((all, each) => all + of(each), 0);
  const [days, cpuSeconds] = [sum((each) => each.days), sum((each) => each.cpuSeconds)];
  return {
    worlds: played.length,
    days,
    cpuSeconds,
    daysPerSecond: days / cpuSeconds,
    medianDaysPerSecond: median(played.map((each) => each.days / each.cpuSeconds)),
    problems: played.flatMap(({ seed, broken }) =>
      broken.map(({ invariant, problem }) => `the world of seed ${seed}: ${invariant}: ${problem}`),
    ),
  };
}
