/** What `npm run bench` prints: one section for each thing that is measured. */
import type { SimulatedDays } from '../sandbox/bench/simulated-days.ts';
import type { Comparison, Cost } from '../sandbox/bench/stale-keys.ts';
import type { StormCost, StormGrowth } from '../sandbox/bench/storm-growth.ts';
import type { Bundles } from './bench-bundles.ts';
import type { RotationCost } from './bench-rotations.ts';
import { inKilobytes } from './budget-limits.ts';

export interface Bench {
  /** When it began. */
  readonly at: string;
  readonly machine: string;
  readonly node: string;
  readonly storm: StormGrowth;
  readonly simulation: SimulatedDays;
  readonly rotation: RotationCost;
  readonly staleKeys: readonly Comparison[];
  /** null if they were to be left out. */
  readonly bundles: Bundles | null;
  /** Everything that did not hold, in words. */
  readonly problems: readonly string[];
}

interface Checked {
  readonly problems: readonly string[];
}

/** Whatever did not hold in any section that can tell. */
export function everyProblem(sections: {
  readonly storm: Checked;
  readonly simulation: Checked;
  readonly staleKeys: readonly Checked[];
}): readonly string[] {
  const { storm, simulation, staleKeys } = sections;
  return [storm, simulation, ...staleKeys].flatMap(({ problems }) => problems);
}

export function benchLines(bench: Bench): readonly string[] {
  return [
    `${bench.at}, ${bench.machine}, Node ${bench.node}. Times are of this machine and this run.`,
    ...['', ...stormLines(bench.storm)],
    ...['', ...simulationLines(bench.simulation)],
    ...['', ...rotationLines(bench.rotation)],
    ...['', ...searchLines(bench.staleKeys)],
    ...['', ...bundleLines(bench.bundles)],
  ];
}

/** For JSON.stringify: no more digits than anybody reads. */
export function shortNumbers(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Math.round(value * 1000) / 1000 : value;
}

function stormLines(growth: StormGrowth): readonly string[] {
  const { rounds, fewer, more, callsRatio, cpuRatio } = growth;
  const row = ({ keys, events, ...cost }: StormCost) =>
    `  ${keys} keys, ${events} events: ${whole(cost.eventsPerSecond)} events and ` +
    `${whole(cost.keysPerSecond)} keys a CPU second, ${cost.awsCallsPerKey.toFixed(1)} calls and ` +
    `${cost.cpuMillisPerKey.toFixed(1)} ms of CPU a key ` +
    `(${cost.cpuMillisRange.map((each) => each.toFixed(1)).join(' to ')})`;
  return [
    `Storm (CPU: median of ${rounds} rounds, least to most; the model of AWS included)`,
    ...[row(fewer), row(more)],
    `  a key among ${more.keys} takes ${times(callsRatio)} the calls and ` +
      `${times(cpuRatio)} the CPU that it takes among ${fewer.keys}; 1: the cost grows linearly`,
  ];
}

function simulationLines(simulation: SimulatedDays): readonly string[] {
  const { worlds, days, cpuSeconds, daysPerSecond, medianDaysPerSecond } = simulation;
  return [
    'Simulated worlds',
    `  ${worlds} worlds, ${whole(days)} days in ${cpuSeconds.toFixed(1)} s of CPU: ` +
      `${whole(daysPerSecond)} days a CPU second (median of the worlds: ` +
      `${whole(medianDaysPerSecond)})`,
  ];
}

function rotationLines(cost: RotationCost): readonly string[] {
  const services = Object.entries(cost.callsByService).map(
    ([service, calls]) => `${service} ${calls.toFixed(1)}`,
  );
  const [writes, reads] = [cost.tableWriteUnitsPerRotation, cost.tableReadUnitsPerRotation];
  return [
    `A rotation from the finding to the end (mean of ${cost.rotations})`,
    `  ${cost.callsPerRotation.toFixed(1)} AWS calls: ${services.join(', ')}`,
    `  ${cost.stepsPerRotation.toFixed(1)} runbook steps; ` +
      `DynamoDB: ${writes.toFixed(1)} write and ${reads.toFixed(1)} read units`,
    `  1,000 of them: ${dollars(cost.dollarsPerThousand)}, ` +
      `${dollars(cost.dollarsOfSecrets)} of it a month of their secrets, ` +
      `${dollars(cost.dollarsRecalled)} by prices that were not looked up ` +
      `(${cost.pricesOf}, ${cost.pricesAsOf}, without free tiers)`,
  ];
}

function searchLines(comparisons: readonly Comparison[]): readonly string[] {
  const row = (who: string, { found, calls, iamCalls, seconds }: Cost) =>
    `    ${who.padEnd(12)} ${found} keys, ${iamCalls} IAM calls, ${calls} in all, ` +
    `${seconds.toFixed(1)} s`;
  return [
    'Stale keys in one account, in virtual time: finding them as the inventory does, the whole',
    'inventory (which also rules on each and claims it), and a serial scan by ListUsers and',
    'ListAccessKeys (which only finds them)',
    ...comparisons.flatMap((each) => [
      `  ${each.users} users, ${each.staleKeys} stale keys, ${each.latencyMillis} ms a call: ` +
        `the scan takes ${times(each.iamCallsRatio)} the IAM calls of finding and ` +
        `${times(each.secondsRatio)} its time; ${times(each.inventoryCallsRatio)} all calls of ` +
        `the inventory and ${times(each.inventorySecondsRatio)} its time`,
      row('finding', each.finding),
      row('inventory', each.inventory),
      row('serial scan', each.serial),
    ]),
  ];
}

function bundleLines(bundles: Bundles | null): readonly string[] {
  if (bundles === null) return ['Bundles: left out by --no-bundles'];
  const { empty, functions, rounds, firstPress } = bundles;
  const head = (name: string, zipBytes: number, millis: number) =>
    `  ${name.padEnd(18)} ${inKilobytes(zipBytes).padEnd(7)} ${millis.toFixed(1).padStart(6)} ms`;
  return [
    `Bundles: size of the zip and time to load (median of ${rounds} rounds), ` +
      'each against an empty middy handler',
    head(empty.name, empty.zipBytes, empty.importMillis),
    ...functions.map(
      ({ name, zipBytes, importMillis, importRatio, zipRatio }) =>
        `${head(name, zipBytes, importMillis)}  ${times(importRatio)} the time, ` +
        `${times(zipRatio)} the size`,
    ),
    `A first press in a new process, loaded, decided and answered: ` +
      `${firstPress.millis.toFixed(0)} ms; the empty handler ` +
      `${firstPress.emptyMillis.toFixed(0)} ms, ${times(firstPress.ratio)} that`,
  ];
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

function times(ratio: number | null): string {
  return ratio === null ? 'no number of times' : `${ratio.toFixed(2)} times`;
}

function dollars(amount: number): string {
  return `$${amount.toFixed(2)}`;
}
