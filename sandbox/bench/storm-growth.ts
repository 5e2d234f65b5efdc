/**
 * What a key costs in a storm, and whether more keys make each of them dearer: the same storm with
 * fewer and with more keys, in turn, several times in one run.
 */
import type { Figures } from '../storm/figures.ts';
import { measureStorm } from '../storm/measure.ts';
import type { Progress } from '../storm/run-storm.ts';
import { median } from './median.ts';

export interface StormSizes {
  readonly fewer: number;
  readonly more: number;
  /** How often each is played. */
  readonly rounds: number;
}

/** One size of storm: of CPU time the median of all rounds; calls are the same in each. */
export interface StormCost {
  readonly keys: number;
  readonly events: number;
  readonly awsCallsPerKey: number;
  readonly cpuMillisPerKey: number;
  /** The least and the most of any round: how noisy it was. */
  readonly cpuMillisRange: readonly [number, number];
  /** For each second of CPU time. */
  readonly eventsPerSecond: number;
  readonly keysPerSecond: number;
}

export interface StormGrowth {
  readonly rounds: number;
  readonly fewer: StormCost;
  readonly more: StormCost;
  /** What a key costs among more, against what it costs among fewer; about 1: it grows linearly. */
  readonly callsRatio: number;
  readonly cpuRatio: number;
  /** Bounds that a storm broke, and growth that the calls show; empty if all held. */
  readonly problems: readonly string[];
}

/** Calls do not depend on the machine, so that a key may not cost much more of them among more. */
export const mostCallsRatio = 1.25;

/** The storm's own, but for the size. */
const usual = { copies: 5, accounts: 40, seed: 1, spread: 'even', until: 'told' } as const;

export async function stormGrowth(sizes: StormSizes, tell: Progress): Promise<StormGrowth> {
  const played = { fewer: [] as Figures[], more: [] as Figures[] };
  const play = async (keys: number, what: string): Promise<Figures> => {
    tell(`storm of ${keys} keys, ${what}`);
    return measureStorm({ ...usual, keys }, (line) => tell(`storm of ${keys} keys: ${line}`));
  };
  // The first one compiles what all others find compiled.
  await play(sizes.fewer, 'to warm up');
  for (let round = 1; round <= sizes.rounds; round++) {
    for (const size of ['fewer', 'more'] as const) {
      played[size].push(await play(sizes[size], `round ${round} of ${sizes.rounds}`));
    }
  }
  return growthOf(played.fewer, played.more);
}

type Played = Pick<Figures, 'keys' | 'events' | 'awsCalls' | 'cpuSeconds' | 'broken'>;

/** Of as many measurements of either size. Throws if one has none. */
export function growthOf(fewerKeys: readonly Played[], moreKeys: readonly Played[]): StormGrowth {
  const [fewer, more] = [costOf(fewerKeys), costOf(moreKeys)];
  const callsRatio = more.awsCallsPerKey / fewer.awsCallsPerKey;
  const broken = [...fewerKeys, ...moreKeys].flatMap(({ keys, broken: bounds }) =>
    bounds.map((bound) => `storm of ${keys} keys: ${bound}`),
  );
  const grown =
    `storm: a key takes ${callsRatio.toFixed(2)} times as many calls among ${more.keys} as among ` +
    `${fewer.keys}, ${mostCallsRatio} at most: compare callsByOperation of npm run storm at both`;
  return {
    rounds: fewerKeys.length,
    fewer,
    more,
    callsRatio,
    cpuRatio: more.cpuMillisPerKey / fewer.cpuMillisPerKey,
    problems: [...new Set(broken), ...(callsRatio > mostCallsRatio ? [grown] : [])],
  };
}

function costOf(played: readonly Played[]): StormCost {
  const [first] = played;
  if (first === undefined) throw new Error('a storm was measured at no round');
  const { keys, events, awsCalls } = first;
  const seconds = played.map((each) => each.cpuSeconds);
  const cpuSeconds = median(seconds);
  const millis = (of: number) => (1000 * of) / keys;
  return {
    keys,
    events,
    awsCallsPerKey: awsCalls / keys,
    cpuMillisPerKey: millis(cpuSeconds),
    cpuMillisRange: [millis(Math.min(...seconds)), millis(Math.max(...seconds))],
    eventsPerSecond: events / cpuSeconds,
    keysPerSecond: keys / cpuSeconds,
  };
}
