/** Runs a storm and measures what it took. */
import { type Figures, figuresOf } from './figures.ts';
import type { StormOptions } from './options.ts';
import { type Progress, runStorm } from './run-storm.ts';
import type { Planted } from './scene.ts';

/** Nobody looks on. */
const silent: Progress = () => undefined;

export async function measureStorm(
  options: StormOptions,
  tell: Progress = silent,
  planted: Planted = {},
): Promise<Figures> {
  const [cpu, begun] = [process.cpuUsage(), performance.now()];
  const storm = await runStorm(options, tell, planted);
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - begun) / 1000;
  return figuresOf(storm, { cpuSeconds: (user + system) / 1e6, seconds });
}
