/**
 * A whole deployment on a laptop: accounts, runbooks, handlers, Slack and PagerDuty, in virtual
 * time. The handlers, the application, the runbooks and the adapters are the real ones; only what
 * is at the far end of a network is a model.
 */
import type { AwsConnection } from '../adapters/aws-connection.ts';
import { memoryStore } from '../adapters/memory-store.ts';
import { composeHub, type HubWires } from '../app/compose.ts';
import { composeInventory } from '../app/compose-inventory.ts';
import { composePagerDuty } from '../app/compose-pagerduty.ts';
import { composeSlackAction } from '../app/compose-slack.ts';
import { composeSlackCommand } from '../app/compose-slack-command.ts';
import { composeSummary } from '../app/compose-summary.ts';
import type { HubSettings } from '../app/config.ts';
import type { Received } from '../app/receive.ts';
import type { StockShell } from '../app/take-stock.ts';
import type { Duration, Instant } from '../domain/instant.ts';
import type { Mode, Policy } from '../domain/policy.ts';
import type { PolicyBook } from '../domain/policy-book.ts';
import type { Place, RotationStore } from '../domain/ports.ts';
import { type Cloud, createCloud } from './account/cloud.ts';
import { rootId } from './account/organizations.ts';
import type { Settings as CloudSettings } from './account/settings.ts';
import { type Documents, ssmModel } from './account/ssm.ts';
import { type VirtualClock, virtualClock } from './clock.ts';
import { type Courier, deliveries, type Undelivered } from './deliver.ts';
import { deployGitHub } from './deployed-github.ts';
import { deployBesideKeys, deployHub, homeOf, setStopSwitch } from './deployment.ts';
import type { GitHubStandIn } from './github.ts';
import { type Delivery, type DeployedHub, type Handlers, handlersOf } from './handlers.ts';
import { type Interposed, nobody } from './interposed.ts';
import { type LogLine, memoryLog } from './memory-log.ts';
import { type PagerDutyStandIn, pagerDutyStandIn } from './pagerduty.ts';
import { runbookDocuments } from './runbook-files.ts';
import { type Runner, sandboxRunner } from './sandbox-runner.ts';
import { hubSettings, integrationSecret, names, sandboxBook, slackSetup } from './settings.ts';
import { type SlackStandIn, slackStandIn } from './slack.ts';
import { ticker } from './ticker.ts';

export interface WorldOptions {
  readonly start: Instant;
  /** Where the hub is. */
  readonly place: Place;
  /** Accounts that have users, the hub's included. */
  readonly accounts: readonly string[];
  readonly mode: Mode;
  /** Instead of one mode for everything. */
  readonly book?: PolicyBook;
  /** What differs from the default policy. */
  readonly policy?: Partial<Policy>;
  readonly seed: string;
  readonly sentinel?: string;
  readonly cloud?: Partial<CloudSettings>;
  /** Instead of the project's own runbooks, for tests that take something out of them. */
  readonly documents?: Documents;
  /** Who stands between the parts of the world; nobody unless said. */
  readonly interposed?: Interposed;
  /** Instead of one in memory: a store that the hub reaches by its connection at home. */
  readonly store?: (cloud: Cloud, home: AwsConnection) => RotationStore;
  /** A tick comes at least that often; an hour unless said otherwise. */
  readonly heartbeat?: Duration;
  /** Instead of one under which a sleeper holds up everybody. */
  readonly clock?: VirtualClock;
}

export interface World {
  readonly clock: VirtualClock;
  readonly cloud: Cloud;
  readonly place: Place;
  readonly store: RotationStore;
  readonly hub: DeployedHub;
  readonly inventory: StockShell;
  /** Lines of metrics, as CloudWatch Logs would read them. */
  readonly metrics: readonly string[];
  readonly book: PolicyBook;
  readonly handlers: Handlers;
  readonly runner: Runner;
  readonly slack: SlackStandIn;
  readonly pagerDuty: PagerDutyStandIn;
  readonly gitHub: GitHubStandIn;
  readonly log: readonly LogLine[];
  readonly deliveries: readonly Delivery[];
  /** Events that no handler took within a day. */
  readonly undelivered: readonly Undelivered[];
  /** Events that services emit go by a courier who may lose, repeat or delay them. */
  setCourier(courier: Courier | undefined): void;
  /** An event as EventBridge would deliver it: to the handler whose rule it matches. */
  deliver(event: unknown): Promise<Received>;
  /** An operator stops Keyturn, saying why. It heeds that within 30 seconds. */
  stop(why?: string): Promise<void>;
  /** And lifts it. */
  go(): Promise<void>;
  /** Something may have fallen due: a tick follows within seconds. */
  wake(): Promise<void>;
  /**
   * Lets time pass. Ticks come when something is due, every hour at least, every minute at most.
   */
  runUntil(moment: Instant): Promise<void>;
}

export async function createWorld(options: WorldOptions): Promise<World> {
  const { place, start, seed, accounts, heartbeat = { hours: 1 } } = options;
  const {
    settings,
    wires,
    handlers: invoke,
    beside,
    gitHub: between,
  } = { ...nobody, ...options.interposed };
  const clock = options.clock ?? virtualClock(start);
  const cloud = cloudOf(options, clock);
  const runner = sandboxRunner(cloud, clock, seed);
  cloud.register('ssm', ssmModel({ runner, documents: options.documents ?? runbookDocuments() }));
  const { lines, log } = memoryLog(clock.now);
  const book = options.book ?? sandboxBook(options.mode, options.policy);
  const gitHub = await deployGitHub(cloud, { region: place.region, accounts, book });
  const around = { beside, gitHubFetch: between(gitHub.fetch) };
  for (const account of accounts) {
    cloud.organization.putAccount(account, rootId);
    deployBesideKeys(cloud, clock, log, { ...place, account }, place.account, around);
  }
  const botToken = integrationSecret.slackBotToken;
  const slack = slackStandIn({ now: clock.now, botToken, ...slackSetup });
  const pagerDuty = pagerDutyStandIn(integrationSecret.pagerDutyRoutingKey);
  const store = options.store?.(cloud, homeOf(cloud, place)) ?? memoryStore();
  const made = await deployHub(cloud, place);
  await setStopSwitch(cloud, place, accounts, 'go');
  const told = settings(hubSettings(place, book, { ...made, accounts }));
  const home = homeOf(cloud, place);
  const ends = { slackFetch: slack.fetch, pagerDutyFetch: pagerDuty.fetch };
  const wired = wires({ store, clock, log, home, ...ends });
  const hub = { ...composeHub(told, wired), slackAction: composeSlackAction(told, wired) };
  const stock = stockOf(told, wired);
  const heard = composePagerDuty(names.webhookSecret, wired);
  const asked = composeSlackCommand({ ...told, people: book.people }, wired);
  const summary = composeSummary({ ...told, timeZone: 'UTC' }, wired);
  const handlers = invoke(handlersOf(hub, stock.inventory, heard, asked, summary));
  const tick = ticker({ clock, store, onTick: handlers.onTick, log, heartbeat });
  const post = deliveries({ clock, handlers, afterwards: tick.soon });
  cloud.onEvent(post.carry);
  return {
    clock,
    cloud,
    place,
    store,
    hub,
    ...stock,
    ...{ book, handlers, runner, slack, pagerDuty, gitHub },
    log: lines,
    ...{ deliveries: post.delivered, undelivered: post.undelivered },
    setCourier: post.setCourier,
    deliver: post.deliver,
    stop: (why = 'stop') => setStopSwitch(cloud, place, accounts, why),
    go: () => setStopSwitch(cloud, place, accounts, 'go'),
    wake: tick.soon,
    runUntil: async (moment) => {
      await tick.soon();
      await clock.runUntil(moment);
    },
  };
}

function cloudOf({ place, seed, sentinel, cloud }: WorldOptions, clock: VirtualClock): Cloud {
  const marked = sentinel === undefined ? {} : { sentinel };
  return createCloud({ clock, partition: place.partition, seed, ...marked, ...cloud });
}

/** The inventory, and the lines of metrics that it writes. */
function stockOf(settings: HubSettings, wires: HubWires): Pick<World, 'inventory' | 'metrics'> {
  const metrics: string[] = [];
  const writeMetric = (line: string) => void metrics.push(line);
  return { inventory: composeInventory(settings, { ...wires, writeMetric }), metrics };
}
