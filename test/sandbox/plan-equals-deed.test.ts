/**
 * The fleet is planned for, and then played under the same policy: what the plan said is what comes
 * to be, none of it earlier than said, and the plan itself changed nothing.
 */
import { describe, expect, test } from 'vitest';
import { type Plan, type PlannedKey, plan } from '../../app/plan.ts';
import type { Rotation } from '../../domain/case.ts';
import type { StepName } from '../../domain/foresight.ts';
import { type Instant, millisBetween, plus } from '../../domain/instant.ts';
import type { PolicyChanges } from '../../domain/policy-book.ts';
import { fleetAccounts, fleetBook, fleetStart } from '../../sandbox/fleet.ts';
import { everyRotation } from '../../sandbox/report.ts';
import type { World } from '../../sandbox/world.ts';
import { playFleet } from './played-fleet.ts';

const accounts = fleetAccounts.map((account) => ({ partition: 'aws', account }) as const);

/** Everything outside the plan that it could have left a trace in. */
async function traces(world: World) {
  return {
    rotations: await everyRotation(world, fleetAccounts),
    wake: await world.store.nextWake(),
    messages: world.slack.messages(),
    incidents: world.pagerDuty.incidents(),
    published: world.cloud.published.length,
    bus: world.cloud.busEvents.length,
    log: world.log.length,
    now: world.clock.now(),
    runs: fleetAccounts.flatMap((account) => world.runner.list({ ...world.place, account })),
    accounts: fleetAccounts.map((account) => JSON.stringify(world.cloud.truth(account))),
  };
}

async function plannedAndPlayed(changes: PolicyChanges, days: number) {
  const book = fleetBook('auto', fleetStart);
  const told: { plan?: Plan } = {};
  const played = await playFleet(
    { ...book, defaults: { ...book.defaults, ...changes } },
    async (world) => {
      const [calls, before] = [world.cloud.history.length, await traces(world)];
      told.plan = await plan(world.hub.plan, accounts);
      expect(await traces(world)).toEqual(before);
      const own = world.cloud.history.slice(calls);
      expect(own.length).toBeGreaterThan(50);
      expect(
        own.filter(({ operation }) => !/^(?:Get|List|Describe|AssumeRole$)/.test(operation)),
      ).toEqual([]);
    },
    days,
  );
  if (told.plan === undefined) throw new Error('nothing was planned');
  return { ...played, plan: told.plan };
}

/** What came to be of a key, in the plan's words. */
function deedOf(rotation: Rotation | undefined): string {
  if (rotation === undefined) return 'none';
  const { stage, kind } = rotation;
  if (stage.name === 'held') {
    const { code, text } = stage.reason;
    return code === 'not picked up' ? 'replace, then attest' : `decide: ${text}`;
  }
  const ends = { rotated: 'replace', retired: 'retire' } as Readonly<Record<string, string>>;
  return stage.name === 'done' ? (ends[stage.outcome] ?? stage.outcome) : `${kind} ${stage.name}`;
}

function planned({ action, standsInTheWay }: PlannedKey): string {
  if (standsInTheWay?.includes('attest')) return `${action}, then attest`;
  return action === 'decide' ? `decide: ${standsInTheWay}` : action;
}

/** When each step was really taken, by the account's truth and the journal of the hold. */
function deedsOf(world: World, account: string, rotation: Rotation) {
  const { keys } = world.cloud.truth(account);
  const old = keys.find(({ keyId }) => keyId === rotation.key.keyId);
  const { userId } = rotation.key.user;
  const made = keys.filter((key) => key.userId === userId && key.createdAt > fleetStart);
  const at = (to: string) => old?.changes.find((change) => change.to === to && isAfter(change.at));
  const deeds: Partial<Record<StepName, Instant | undefined>> = {
    'new key issued': made[0]?.createdAt,
    'switched off': at('Inactive')?.at,
    deleted: at('Gone')?.at,
    'put on hold': rotation.stage.name === 'held' ? rotation.stage.since : undefined,
  };
  return deeds;
}

const isAfter = (at: Instant) => at > fleetStart;

const berlinNights = [
  { days: [2, 3, 4], from: '02:00', to: '05:00', timeZone: 'Europe/Berlin' },
] as const;

describe.each<[string, PolicyChanges, number, number]>([
  ['at any time', {}, 12, 13],
  ['in a window, with a day of grace', { window: berlinNights, graceHours: 24 }, 26, 8 * 24],
  ['without retiring', { unused: 'replace', soakHours: 60 }, 14, 13],
  ['keys stale at 250 days', { staleDays: 250, warnDays: 200 }, 12, 13],
  ['observing', { mode: 'observe' }, 2, 0],
])('the fleet, planned and played %s', (_, changes, days, hoursLate) => {
  test('comes to what was planned, never earlier, and the plan changed nothing', async () => {
    const { world, members, plan: made, broken } = await plannedAndPlayed(changes, days);
    expect(broken).toEqual([]);
    expect(made.unreadable).toEqual([]);
    const rotations = await everyRotation(world, fleetAccounts);
    const shown: string[] = [];
    for (const { user, keys } of members) {
      const found = made.users.find((each) => each.user.userId === user.userId);
      expect(found?.user).toEqual(user);
      expect(found?.keys.map(({ key }) => key.keyId).toSorted()).toEqual(
        keys.map(({ keyId }) => keyId).toSorted(),
      );
      for (const each of found?.keys ?? []) {
        const rotation = rotations.find(({ key }) => key.keyId === each.key.keyId);
        const name = `${user.userName} ${each.key.keyId}`;
        shown.push(`${name}: ${planned(each)}`);
        expect(`${name}: ${deedOf(rotation)}`).toBe(`${name}: ${planned(each)}`);
        if (rotation !== undefined) compareTimes(world, each, rotation, hoursLate);
        else expect(touched(world, user.account, each)).toBe(false);
      }
    }
    expect(shown.length).toBeGreaterThan(25);
  }, 60_000);
});

describe('the fleet, planned for again and again while it is played', () => {
  test('always ends as foreseen, never earlier, and no plan changes anything', async () => {
    const plans: Plan[] = [];
    const { world } = await playFleet(fleetBook('auto', fleetStart), async (before) => {
      for (const hours of [0, 3, 50, 60, 73, 80, 100, 130, 150, 170, 200, 280]) {
        before.clock.at(plus(fleetStart, { hours }), async () => {
          const traced = await traces(before);
          plans.push(await plan(before.hub.plan, accounts));
          expect(await traces(before)).toEqual(traced);
        });
      }
    });
    const rotations = await everyRotation(world, fleetAccounts);
    const stages = new Set<string>();
    for (const { users, unreadable } of plans) {
      expect(unreadable).toEqual([]);
      for (const each of users.flatMap(({ keys }) => keys)) {
        const rotation = rotations.find(({ key }) => key.keyId === each.key.keyId);
        expect(planned(each)).toBe(deedOf(rotation));
        if (each.rotation === null || rotation === undefined) continue;
        stages.add(each.rotation.stage.name);
        const deeds = deedsOf(world, rotation.key.user.account, rotation);
        for (const { what, at } of each.steps) {
          expect(at <= (deeds[what] ?? ''), `${each.key.keyId} ${what} ${at}`).toBe(true);
        }
      }
    }
    expect([...stages].toSorted()).toEqual(['held', 'overlapping', 'proposed', 'soaking']);
  }, 60_000);
});

/** Nothing comes before its time, and no time is a mere guess in the past. */
function compareTimes(world: World, each: PlannedKey, rotation: Rotation, hoursLate: number) {
  const deeds = deedsOf(world, rotation.key.user.account, rotation);
  const wanted = each.action === 'replace' ? 3 : each.action === 'retire' ? 2 : 1;
  expect(each.steps).toHaveLength(wanted);
  const isAttested = planned(each).endsWith('then attest');
  for (const { what, at, earliest } of isAttested ? each.steps.slice(0, 1) : each.steps) {
    const really = deeds[what];
    if (really === undefined) throw new Error(`${each.key.keyId} was never ${what}`);
    expect(earliest).toBe(true);
    expect(millisBetween(at, really), `${each.key.keyId} ${what}`).toBeGreaterThanOrEqual(0);
    expect(really <= plus(at, { hours: hoursLate }), `${each.key.keyId} ${what} ${really}`).toBe(
      true,
    );
  }
}

function touched(world: World, account: string, { key }: PlannedKey): boolean {
  const found = world.cloud.truth(account).keys.find(({ keyId }) => keyId === key.keyId);
  return found === undefined || found.changes.some(({ at }) => isAfter(at));
}
