/**
 * Rotations played from the finding to the end, and everything that costs money counted on the way:
 * calls by service, steps of runbooks, invocations, what the store was asked.
 */

import { instant, plus } from '../domain/instant.ts';
import { ownerTag } from '../domain/owner.ts';
import type { RotationStore } from '../domain/ports.ts';
import { company } from './company.ts';
import { applicationRole, pastUses, startConsumer } from './consumer.ts';
import { keyturnRoles } from './member-roles.ts';
import { everyRotation } from './report.ts';
import { reportStaleUser } from './reports.ts';
import { names, people } from './settings.ts';
import { createWorld, type World } from './world.ts';

export interface Counted {
  /** Rotations that ended `rotated`. */
  readonly rotations: number;
  /** Until the last one ended. */
  readonly days: number;
  readonly automationSteps: number;
  /** Invocations by handler or function. */
  readonly invocations: Readonly<Record<string, number>>;
  /** Calls of Keyturn's own roles, by service and operation. */
  readonly calls: Readonly<Record<string, number>>;
  /** In DynamoDB's units: a transactional write of a begun kilobyte counts two. */
  readonly writeUnits: number;
  /** A consistent read of four begun kilobytes counts one. */
  readonly readUnits: number;
  readonly slackCalls: number;
}

export interface Idle {
  /** What one tick without anything to do asks of the store. */
  readonly readUnitsATick: number;
  readonly callsATick: Readonly<Record<string, number>>;
}

const start = instant('2026-11-02T08:00:00Z');
const account = '111122223333';
const mostDays = 30;

/** Plays that many usual rotations, and a few ticks with nothing to do afterwards. */
export async function countedRun(count: number): Promise<{ counted: Counted; idle: Idle }> {
  const meter = meters();
  const world = await createWorld({
    start,
    place: { partition: 'aws', account, region: 'us-east-1' },
    accounts: [account],
    mode: 'auto',
    seed: 'counted',
    interposed: {
      wires: (wires) => ({ ...wires, store: metered(wires.store, meter) }),
      handlers: (handlers) => counting(handlers, meter.invocations),
      beside: (name, handler) => (payload) => {
        tally(meter.invocations, name);
        return handler(payload);
      },
    },
  });
  const begun = world.cloud.history.length;
  hire(world, count);
  const end = await playOut(world, count);
  const counted = {
    rotations: count,
    days: end,
    automationSteps: stepsIn(world),
    invocations: Object.fromEntries(meter.invocations),
    calls: ownCalls(world, begun),
    writeUnits: meter.writes,
    readUnits: meter.reads,
    slackCalls: world.slack.calls(),
  };
  return { counted, idle: await idleTick(world, meter) };
}

function hire(world: World, count: number): void {
  const [usual] = company;
  if (usual === undefined) throw new Error('the company has nobody');
  world.cloud.createRole(account, applicationRole);
  for (let index = 0; index < count; index++) {
    const createdAt = plus(start, { days: -usual.keyAgeDays });
    const userName = `svc-export-${index}`;
    const tags = { [ownerTag]: people[usual.owner].slackUserId };
    const user = world.cloud.addUser({ account, userName, createdAt, tags });
    const key = world.cloud.addKey(account, userName, { createdAt });
    pastUses(world, key.keyId, usual.habits, 14);
    for (const habit of usual.habits) startConsumer(world, user, key, habit);
    world.clock.at(plus(start, { minutes: 5 * index }), () =>
      reportStaleUser(world, user, ['security hub', 'config']),
    );
  }
}

/** Days until all are done. Throws if one ends otherwise: the count would be of something else. */
async function playOut(world: World, count: number): Promise<number> {
  for (let quarter = 1; quarter <= 4 * mostDays; quarter++) {
    await world.runUntil(plus(start, { hours: 6 * quarter }));
    const rotations = await everyRotation(world, [account]);
    const done = rotations.filter(({ stage }) => stage.name === 'done');
    if (done.length < count) continue;
    const otherwise = done.find(
      ({ stage }) => stage.name === 'done' && stage.outcome !== 'rotated',
    );
    if (otherwise !== undefined) throw new Error(`rotation ${otherwise.id} was not rotated`);
    return quarter / 4;
  }
  throw new Error(`not every rotation was done within ${mostDays} days`);
}

async function idleTick(world: World, meter: Meter): Promise<Idle> {
  await world.clock.sleep(3_600_000);
  const [reads, before] = [meter.reads, world.cloud.history.length];
  await world.handlers.onTick({});
  return { readUnitsATick: meter.reads - reads, callsATick: ownCalls(world, before) };
}

function stepsIn(world: World): number {
  return world.runner
    .list(world.place)
    .reduce((sum, { StepExecutions = [] }) => sum + StepExecutions.length, 0);
}

/** Calls by roles of Keyturn alone: consumers, operators and deployments are not charged to it. */
function ownCalls(world: World, from: number): Readonly<Record<string, number>> {
  const roles = [...keyturnRoles, names.witnessRole].map((name) => `:assumed-role/${name}/`);
  const calls = new Map<string, number>();
  for (const { arn = '', service, operation } of world.cloud.history.slice(from)) {
    if (roles.some((role) => arn.includes(role))) tally(calls, `${service}:${operation}`);
  }
  return Object.fromEntries([...calls].toSorted(([a], [b]) => a.localeCompare(b)));
}

interface Meter {
  reads: number;
  writes: number;
  readonly invocations: Map<string, number>;
}

function meters(): Meter {
  return { reads: 0, writes: 0, invocations: new Map() };
}

function tally(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function counting<H extends object>(handlers: H, invocations: Map<string, number>): H {
  const counted = Object.entries(handlers).map(([name, handler]) => [
    name,
    (...given: unknown[]) => {
      tally(invocations, name);
      return handler(...given);
    },
  ]);
  // The same functions under the same names, each behind a count.
  return Object.fromEntries(counted) as H;
}

const kilobytes = (value: unknown) => Math.ceil(JSON.stringify(value ?? null).length / 1024);

/** A list of what is due is four queries of an index, which cost half a unit each. */
const listUnits = 2;

/** As a table would be asked: each item of a commit twice for the transaction, index included. */
function metered(store: RotationStore, meter: Meter): RotationStore {
  const read = <T>(value: T, units = 1): T => {
    meter.reads += Math.max(units, Math.ceil(kilobytes(value) / 4));
    return value;
  };
  return {
    ...store,
    commit: async (change) => {
      const { rotation, entry, onVersion } = change;
      const claim = onVersion === 0 ? 2 : 0;
      const orders = entry.effects.map((effect) => 2 * kilobytes(effect) + 1);
      const sum = orders.reduce((all, each) => all + each, 0);
      meter.writes += 2 * kilobytes(rotation) + 1 + 2 * kilobytes(entry) + claim + sum;
      await store.commit(change);
    },
    load: async (id) => read(await store.load(id)),
    claimOn: async (...key) => read(await store.claimOn(...key)),
    journal: async (id) => read(await store.journal(id)),
    lastHash: async (id) => read(await store.lastHash(id)),
    due: async (...query) => read(await store.due(...query), listUnits),
    inFlight: async () => read(await store.inFlight(), listUnits),
    ofUser: async (...user) => read(await store.ofUser(...user)),
    outstanding: async (...query) => read(await store.outstanding(...query), listUnits),
    nextWake: async () => read(await store.nextWake(), listUnits),
    messageOf: async (id) => read(await store.messageOf(id)),
    settle: async (...effect) => {
      meter.writes += 2;
      await store.settle(...effect);
    },
    postpone: async (...effect) => {
      meter.writes += 2;
      await store.postpone(...effect);
    },
    rememberMessage: async (...message) => {
      meter.writes += 1;
      await store.rememberMessage(...message);
    },
  };
}
