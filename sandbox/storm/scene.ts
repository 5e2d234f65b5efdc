/** The deployment that a storm goes over: calls take time, and somebody looks on. */
import type { HubWires } from '../../app/compose.ts';
import type { HubSettings } from '../../app/config.ts';
import type { ReceiveDeps } from '../../app/receive.ts';
import type { Place, RotationStore } from '../../domain/ports.ts';
import type { VirtualClock } from '../clock.ts';
import { createWorld, type World } from '../world.ts';
import { type StormOptions, storm } from './options.ts';
import { accountsOf } from './population.ts';
import type { Watching } from './watch.ts';

/** Mistakes that a test makes on purpose, to see the watch notice them. */
export interface Planted {
  readonly settings?: (settings: HubSettings) => HubSettings;
  readonly wires?: (wires: HubWires) => HubWires;
  readonly finding?: (deps: ReceiveDeps) => ReceiveDeps;
  /** Of virtual time, at most: some mistakes keep a storm from its end. */
  readonly minutes?: number;
}

/** Where the hub is. */
export function homeOf(options: Pick<StormOptions, 'accounts'>): Place {
  const [hub = ''] = accountsOf(options);
  return { partition: 'aws', account: hub, region: 'us-east-1' };
}

export async function sceneOf(
  options: StormOptions,
  clock: VirtualClock,
  watching: Watching,
  { settings = (given) => given, wires = (given) => given }: Planted,
): Promise<World> {
  const world = await createWorld({
    start: clock.now(),
    clock,
    place: homeOf(options),
    accounts: accountsOf(options),
    mode: 'auto',
    seed: `storm/${options.seed}`,
    cloud: { keptCalls: new Set(['cloudtrail:LookupEvents']), lookupsPerSecond: 2 },
    interposed: {
      settings,
      wires: (given) =>
        wires({
          ...given,
          store: slowed(watching.watched(given.store), clock),
          log: watching.outcomes.log,
          slackFetch: async (url, request) => {
            await clock.sleep(storm.latencyMillis.slack);
            watching.slackCalled(String(url));
            return given.slackFetch(url, request);
          },
        }),
    },
  });
  watching.runner = world.runner;
  return world;
}

/** The store takes its time, so that those who use it at once get in each other's way. */
function slowed(store: RotationStore, clock: VirtualClock): RotationStore {
  const methods = Object.entries(store).map(([name, method]) => [
    name,
    async (...given: readonly unknown[]) => {
      await clock.sleep(storm.latencyMillis.store);
      return method.apply(store, given);
    },
  ]);
  return Object.fromEntries(methods) as RotationStore;
}
