/**
 * One simulated world, from its seed to its end: everything of the project that runs in AWS runs
 * here, with faults at every step, and what must always hold is looked at after everything that
 * happens. The same seed gives the same story, byte for byte.
 */
import { type Instant, millisBetween, millisOf, plus } from '../../domain/instant.ts';
import type { CloudCall } from '../account/plugin.ts';
import { applicationRole } from '../consumer.ts';
import { createWorld, type World } from '../world.ts';
import { blindness } from './blindness.ts';
import { cutsShort } from './cut-short.ts';
import { makeFaulty } from './faulty-aws.ts';
import { faultyCourier, invokedBeside, invokedHandlers } from './faulty-delivery.ts';
import { faultyGitHub } from './faulty-github.ts';
import { faultyPagerDuty, faultySlack } from './faulty-messages.ts';
import { faultyStore } from './faulty-store.ts';
import { withHurriedTimers } from './hurried-timers.ts';
import { type Broken, Watch } from './invariants/all.ts';
import { canary } from './invariants/nothing-leaks.ts';
import { lateLabels } from './late-labels.ts';
import { type Ledger, newLedger } from './ledger.ts';
import { type Meddlers, meddleNowAndThen, meddling } from './meddlers.ts';
import { startOnCall } from './on-call.ts';
import { startCrowd } from './people.ts';
import { planOf, type Target, type WorldPlan } from './plan.ts';
import { startChannels } from './plan-channels.ts';
import { reactions } from './reactions.ts';
import type { Crowd } from './sent-presses.ts';
import { bookOf, deployHealthChecks, settle, stopNowAndThen } from './settling.ts';
import { staleReadsOf } from './stale-reads.ts';
import { type Strikes, strikesOf } from './strikes.ts';
import { endingLines } from './telling.ts';

export interface Outcome {
  readonly seed: number;
  readonly simulatedDays: number;
  /** Calls of Keyturn's that changed something somewhere. */
  readonly effects: number;
  /** How often each fault struck each effect. */
  readonly faults: ReadonlyMap<string, number>;
  /** The faults that each effect that was seen could have. */
  readonly seen: ReadonlyMap<string, ReadonlySet<string>>;
  readonly broken: readonly Broken[];
  readonly story: readonly string[];
}

/** Beyond that, something that is still under way is stuck. */
const mostDays = 320;

export interface Simulated extends Outcome {
  readonly ledger: Ledger;
  readonly world: World;
}

/** Simulates the world of a seed; without faults, to see what there is to strike. */
export function simulate(seed: number, withFaults = true): Promise<Simulated> {
  return simulatePlan(planOf(seed, withFaults));
}

/** What a story has of its own, instead of what dice decide. */
export interface Script {
  /** Faults at exactly known points. */
  readonly strikes: (tell: (line: string) => void) => Strikes;
  /** People, and outsiders, who do what the story says. */
  readonly begin: (meddlers: Meddlers) => void;
  /** To be told of every answer that Keyturn got. */
  readonly answered: (world: World, call: CloudCall) => void;
  /** Whoever is still under way so many days after the start is stuck. */
  readonly mostDays: number;
}

/** Simulates what is planned; where a script says so, people and faults follow it. */
export function simulatePlan(plan: WorldPlan, script?: Script): Promise<Simulated> {
  return withHurriedTimers(() => toItsEnd(plan, script));
}

async function toItsEnd(plan: WorldPlan, script: Script | undefined): Promise<Simulated> {
  const story: string[] = [];
  const stage = await staged(plan, story, script);
  const { world, ledger, watch, strikes } = stage;
  const end = plus(plan.start, { days: plan.days });
  await runUntil(stage, end);
  const limit = plus(plan.start, { days: script?.mostDays ?? mostDays });
  while (!isSettled(ledger) && world.clock.now() < limit) {
    await runUntil(stage, plus(world.clock.now(), { days: 1 }));
  }
  await watch.ended();
  story.push(...endingLines(ledger));
  const days = millisBetween(plan.start, world.clock.now()) / millisOf({ days: 1 });
  return {
    seed: plan.seed,
    simulatedDays: Math.round(days * 10) / 10,
    effects: ledger.effects,
    faults: strikes.counts,
    seen: strikes.seen,
    broken: watch.broken,
    story,
    ledger,
    world,
  };
}

export interface Stage {
  readonly world: World;
  readonly ledger: Ledger;
  readonly watch: Watch;
  readonly strikes: Strikes;
}

async function runUntil({ world, watch }: Stage, moment: Instant): Promise<void> {
  const { clock } = world;
  await world.wake();
  for (let next = clock.next(); next !== undefined && next <= moment; next = clock.next()) {
    await clock.step();
  }
  await clock.runUntil(moment);
  watch.changed();
}

/** Whether nothing is under way any more, and everybody has been told. */
function isSettled({ rotations, settled }: Ledger): boolean {
  return [...rotations.values()].every(
    ({ rotation, entries }) =>
      (rotation.stage.name === 'done' || rotation.stage.name === 'held') &&
      entries.every(({ entry }) => entry.effects.every(({ id }) => settled.has(id))),
  );
}

/** The world with everybody in their places, before anything has happened. */
export async function staged(plan: WorldPlan, story: string[], script?: Script): Promise<Stage> {
  // What stands between the parts of the world is made before the world is there.
  const late: { world?: World; ledger?: Ledger; watch?: Watch } = {};
  const worldNow = () => there(late.world);
  const tell = (line: string) => {
    const at = late.world?.clock.now() ?? plan.start;
    story.push(`${at.slice(0, 19)}Z ${line}`);
  };
  const { dice } = plan;
  const strikes =
    script?.strikes(tell) ?? strikesOf({ dice: dice.split('strikes'), ...plan.faults, tell });
  const delivery = {
    ...{ strikes, dice: dice.split('delivery'), world: worldNow },
    ledger: () => there(late.ledger),
  };
  const isDown = downAt(plan, () => worldNow().clock.now());
  const world = await createWorld({
    start: plan.start,
    place: plan.place,
    accounts: plan.accounts,
    mode: plan.mode,
    book: bookOf(plan),
    seed: `simulation/${plan.seed}`,
    sentinel: canary,
    cloud: plan.cloud,
    heartbeat: { hours: 24 },
    interposed: {
      settings: (settings) => ({
        ...settings,
        capacity: plan.capacity,
      }),
      handlers: (handlers) => invokedHandlers(delivery, handlers),
      beside: invokedBeside,
      gitHub: (fetch) =>
        faultyGitHub(
          {
            ...{ ledger: () => there(late.ledger), strikes, isDown },
            outage: plan.gitHubDown,
            now: () => worldNow().clock.now(),
          },
          fetch,
        ),
      wires: (wires) => ({
        ...wires,
        store: faultyStore({
          store: wires.store,
          ledger: () => there(late.ledger),
          strikes,
          now: () => worldNow().clock.now(),
          committed: (committed) => there(late.watch).committed(committed),
        }),
        slackFetch: faultySlack(
          { ledger: () => there(late.ledger), strikes, isDown },
          wires.slackFetch,
        ),
        pagerDutyFetch: faultyPagerDuty(
          { ledger: () => there(late.ledger), strikes, isDown },
          wires.pagerDutyFetch,
        ),
      }),
    },
  });
  const ledger = newLedger(plan, world);
  const watch = new Watch(ledger, tell);
  Object.assign(late, { world, ledger, watch });
  const stage = { world, ledger, watch, strikes };
  begin(stage, { delivery, isDown, tell, script });
  return stage;
}

function there<T>(made: T | undefined): T {
  if (made === undefined) throw new Error('the world is not there yet');
  return made;
}

function downAt(plan: WorldPlan, now: () => Instant): (target: Target) => boolean {
  const isNow = ({ from, to }: { readonly from: Instant; readonly to: Instant }): boolean =>
    from <= now() && now() < to;
  return (target) =>
    target === 'stop switch'
      ? plan.stops.some((each) => each.how === 'unreadable' && isNow(each))
      : plan.outages.some((each) => each.target === target && isNow(each));
}

interface Beginning {
  readonly delivery: Parameters<typeof faultyCourier>[0];
  readonly isDown: (target: Target) => boolean;
  readonly tell: (line: string) => void;
  readonly script: Script | undefined;
}

function begin(
  { world, ledger, watch, strikes }: Stage,
  { delivery, isDown, tell, script }: Beginning,
): void {
  const { plan } = ledger;
  const { dice } = plan;
  const stale = staleReadsOf(world);
  const changed = () => watch.changed();
  for (const account of plan.accounts) {
    world.cloud.createRole(account, applicationRole);
  }
  const settling = { world, ledger, dice, tell };
  const programs = plan.users.flatMap((user) => settle(settling, user));
  deployHealthChecks(settling);
  stopNowAndThen(settling);
  startChannels(plan.channels, world, tell);
  world.setCourier(faultyCourier(delivery));
  const meddlers: Meddlers = {
    ...{ world, ledger, stale, strikes, tell, changed },
    dice: dice.split('meddlers'),
  };
  const cut = cutsShort({
    ...{ world, strikes, accounts: plan.accounts },
    dice: dice.split('runs'),
  });
  const now = () => world.clock.now();
  const react = reactions(meddlers);
  const [blind, late] = [blindness(plan, now), lateLabels(plan, now)];
  makeFaulty({
    ...{ world, ledger, strikes, stale, isDown, changed },
    dice: dice.split('aws'),
    meddle: meddling(meddlers),
    isBlind: (call) => !strikes.isOver() && blind.to(call),
    isLate: (call) => (strikes.isOver() ? 0 : late.secondsOf(call)),
    answered: (call, answer) => {
      cut(call, answer);
      react(call);
      blind.answered(call);
      late.answered(call);
      script?.answered(world, call);
    },
  });
  if (script === undefined) {
    const crowd: Omit<Crowd, 'dice'> = {
      ...{ plan, world, ledger, tell },
      isBroken: ({ userId }) =>
        programs.some((each) => each.userId === userId && each.program.failing() > 1),
    };
    startCrowd({ ...crowd, dice: dice.split('people') });
    startOnCall({ ...crowd, dice: dice.split('on call') });
  }
  script?.begin(meddlers);
  meddleNowAndThen(meddlers);
  everyDay(world.clock, () => watch.dayPassed());
  world.clock.at(plan.calmFrom, () => {
    strikes.stop();
    tell('from now on nothing goes wrong any more');
  });
}

function everyDay(clock: World['clock'], look: () => void): void {
  clock.at(plus(clock.now(), { days: 1 }), () => {
    look();
    everyDay(clock, look);
  });
}
