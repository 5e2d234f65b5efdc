/**
 * A storm of findings over a whole deployment: every event goes through the real handlers, from a
 * queue in batches, several at once, and ticks come every minute, until every key is claimed, its
 * run has come to its end, and everybody has been told.
 */
import { type Instant, instant, millisBetween, millisOf, plus } from '../../domain/instant.ts';
import { diceOf } from '../simulation/dice.ts';
import type { World } from '../world.ts';
import { concurrentClock } from './concurrent-clock.ts';
import { gathered, type Letter } from './letters.ts';
import type { StormOptions } from './options.ts';
import { keysNow, populate, program, type Subject } from './population.ts';
import { openRoutes, type Routes } from './routes.ts';
import { homeOf, type Planted, sceneOf } from './scene.ts';
import { startTicks, type Ticks } from './ticks.ts';
import { type Watch, watch } from './watch.ts';

interface Hours {
  readonly claimed: number;
  readonly started: number;
  readonly told: number;
  /** Until every old key was gone; null: not waited for. */
  readonly gone: number | null;
}

export interface Storm extends Routes {
  readonly options: StormOptions;
  readonly world: World;
  readonly subjects: readonly Subject[];
  readonly letters: readonly Letter[];
  readonly watch: Watch;
  readonly ticks: Ticks;
  /** Of virtual time: until every event was handled, every first run begun, everybody told. */
  readonly hours: Hours;
}

/** Whoever looks on while it lasts. */
export type Progress = (line: string) => void;

/** What is not over by then, in virtual time, is stuck. */
const mostMinutes = millisOf({ days: 10 }) / 60_000;
const mostHours = 24 * 60;
const start = instant('2026-11-02T08:00:00Z');

/** Lets a storm go over a world of its own. */
export async function runStorm(
  options: StormOptions,
  tell: Progress,
  planted: Planted,
): Promise<Storm> {
  const clock = concurrentClock(start);
  const watching = watch(clock, homeOf(options));
  const world = await sceneOf(options, clock, watching, planted);
  const subjects = populate(world, options);
  const letters = await gathered(world, subjects, options, diceOf(`storm/${options.seed}`));
  tell(`${letters.length} events about ${subjects.length} keys`);
  const begun = clock.now();
  const routes = openRoutes(world, clock, planted);
  world.cloud.setInterceptor(watching.interceptor);
  for (const [index, { body }] of letters.entries()) {
    routes.inbound.send({ messageId: `letter-${index}`, body });
  }
  const ticks = startTicks(clock, world.handlers.onTick);
  const going = { ...routes, options, world, subjects, letters, watch: watching, ticks };
  const hours = await untilTold(going, begun, tell, planted.minutes ?? mostMinutes);
  if (options.until === 'told') return { ...going, hours: { ...hours, gone: null } };
  takeUp(going);
  return { ...going, hours: { ...hours, gone: await untilGone(going, begun, tell) } };
}

type Going = Omit<Storm, 'hours'>;

/** Looks once a minute how far it has come. */
async function untilTold(
  going: Going,
  begun: Instant,
  tell: Progress,
  most: number,
): Promise<Omit<Hours, 'gone'>> {
  const { clock } = going.world;
  const hours = { claimed: 0, started: 0, told: 0 };
  for (let minute = 1; minute <= most; minute++) {
    await clock.runUntil(plus(begun, { minutes: minute }));
    hours.told = hoursSince(begun, clock.now());
    if (areAnyUnheard(going)) hours.claimed = hours.told;
    if (areAnyIdle(going)) hours.started = hours.told;
    if (minute % 10 === 0) tell(lineOf(minute, going));
    if (isTold(going)) break;
  }
  return hours;
}

function hoursSince(begun: Instant, now: Instant): number {
  return millisBetween(begun, now) / millisOf({ hours: 1 });
}

/** Every program works with its new key from now on. */
function takeUp({ world, subjects }: Going): void {
  const keys = keysNow(world, subjects);
  for (const { user, keyId } of subjects) {
    for (const newKey of (keys.get(user.userId) ?? []).filter((each) => each !== keyId)) {
      world.cloud.recordPastUse(newKey, { ...program, at: world.clock.now() });
    }
  }
}

/** Looks once an hour which old keys are left, in the account's own truth. */
async function untilGone(going: Going, begun: Instant, tell: Progress): Promise<number> {
  const { world, subjects, watch } = going;
  const { clock } = world;
  for (let hour = 1; hour <= mostHours; hour++) {
    await clock.runUntil(plus(clock.now(), { hours: 1 }));
    const keys = keysNow(world, subjects);
    const left = subjects.filter(({ user, keyId }) =>
      keys.get(user.userId)?.includes(keyId),
    ).length;
    if (hour % 6 === 0) {
      tell(`hour ${hour}: ${left} old keys left, ${world.runner.inFlight()} runs in flight`);
    }
    if (left === 0 && watch.outstanding.size === 0) break;
  }
  return hoursSince(begun, clock.now());
}

function areAnyUnheard({ letters, watch: { outcomes } }: Going): boolean {
  return letters.some(({ eventId, damage }) => damage === null && !outcomes.of.has(eventId));
}

function areAnyIdle({ subjects, watch: { started, examined } }: Going): boolean {
  return subjects.some(({ keyId, isUsed }) => !(isUsed ? started : examined).has(keyId));
}

function isTold(going: Going): boolean {
  const { inbound, runs, world, watch } = going;
  return (
    inbound.left() === 0 &&
    runs.left() === 0 &&
    watch.outstanding.size === 0 &&
    world.runner.inFlight() === 0 &&
    !areAnyIdle(going)
  );
}

function lineOf(minute: number, { watch, inbound, world }: Going): string {
  return (
    `minute ${minute}: ${inbound.left()} events left, ${watch.claims.size} claims, ` +
    `${watch.started.size} started, ${world.runner.inFlight()} in flight, ` +
    `${watch.outstanding.size} effects left, ${watch.slack.second.count} messages`
  );
}
