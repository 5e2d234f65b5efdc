/**
 * The worlds that the console can begin: the small company of the story, the fleet with every mix
 * of keys, or a fleet of any size from a seed. Findings about stale keys are on their way in each.
 */
import { type Instant, millisBetween, millisOf, plus } from '../../domain/instant.ts';
import type { IamUser } from '../../domain/key.ts';
import { ownerTag } from '../../domain/owner.ts';
import { company, companyAccounts } from '../company.ts';
import { applicationRole, type Habit, pastUses } from '../consumer.ts';
import { storyStart } from '../demo.ts';
import {
  type FleetMember,
  type FleetUser,
  fleet,
  fleetAccounts,
  fleetBook,
  settleFleet,
} from '../fleet.ts';
import type { Interposed } from '../interposed.ts';
import { reportStaleUser } from '../reports.ts';
import { people, sandboxBook } from '../settings.ts';
import { createWorld, type World } from '../world.ts';
import type { SceneChoice } from './acts.ts';
import { fleetOf } from './fleet-of.ts';
import { type Programs, programsIn } from './programs.ts';

/** A world with somebody in it. */
export interface Scene {
  readonly start: Instant;
  readonly name: string;
  readonly world: World;
  readonly accounts: readonly string[];
  readonly programs: Programs;
  /** Why a user is there, by unique id. */
  readonly about: ReadonlyMap<string, string>;
}

export const staleDays = 90;

/** Begins a world. `interposed`: who watches it; `sentinel`: as in createWorld. */
export async function beginScene(
  choice: SceneChoice,
  interposed: Interposed,
  sentinel?: string,
): Promise<Scene> {
  const isCompany = choice.kind === 'company';
  const accounts = isCompany ? companyAccounts : fleetAccounts;
  const [account] = accounts;
  const world = await createWorld({
    start: storyStart,
    place: { partition: 'aws', account, region: 'us-east-1' },
    accounts,
    mode: 'approve',
    book: isCompany ? sandboxBook('approve') : fleetBook('approve', storyStart),
    seed: choice.kind === 'fleet' ? `console/${choice.seed}` : choice.kind,
    interposed,
    ...(sentinel === undefined ? {} : { sentinel }),
  });
  for (const each of accounts) world.cloud.createRole(each, applicationRole);
  const programs = programsIn(world);
  const about = isCompany
    ? hireCompany(world, programs)
    : settle(world, programs, choice.kind === 'fleet' ? fleetOf(choice.seed, choice.users) : fleet);
  return { start: storyStart, name: nameOf(choice), world, accounts, programs, about };
}

function nameOf(choice: SceneChoice): string {
  if (choice.kind === 'company') return 'Small company';
  if (choice.kind === 'every mix') return 'Every mix of keys';
  return `${choice.users.toLocaleString('en')} users of seed ${choice.seed}`;
}

function hireCompany(world: World, programs: Programs): ReadonlyMap<string, string> {
  const start = world.clock.now();
  const about = new Map<string, string>();
  for (const [index, employee] of company.entries()) {
    const { account, userName, path, owner, keyAgeDays, habits } = employee;
    const createdAt = plus(start, { days: -keyAgeDays });
    const tags = { [ownerTag]: people[owner].slackUserId };
    const where = path === undefined ? {} : { path };
    const user = world.cloud.addUser({ account, userName, createdAt, tags, ...where });
    const key = world.cloud.addKey(account, userName, { createdAt });
    pastUses(world, key.keyId, habits, 14);
    for (const habit of habits) programs.start(user, key, habit);
    const used = habits.length > 0 ? 'in use' : 'nobody uses its key';
    about.set(user.userId, habits.length > 1 ? 'two programs use its key' : used);
    report(world, user, plus(start, { minutes: 5 * index }));
  }
  return about;
}

const program = {
  service: 's3',
  eventName: 'ListBuckets',
  region: 'us-east-1',
  sourceIp: '203.0.113.17',
  userAgent: 'aws-sdk-js/3',
} as const;

const habit: Habit = {
  service: 's3',
  operation: 'ListBuckets',
  everyHours: 6,
  region: 'us-east-1',
  sourceIp: '203.0.113.17',
  userAgent: 'aws-sdk-js/3',
  changesOverAfterHours: 8,
};

/** Findings come as Security Hub finds them: over six hours, at most one every five minutes. */
function settle(
  world: World,
  programs: Programs,
  members: readonly FleetUser[],
): ReadonlyMap<string, string> {
  const start = world.clock.now();
  const about = new Map<string, string>();
  const stale: IamUser[] = [];
  for (const { member, user, keys } of settleUsed(world, members)) {
    about.set(user.userId, member.about);
    for (const [index, key] of keys.entries()) {
      const { usedDaysAgo = null, status = 'Active' } = member.keys[index] ?? {};
      const isUsed = usedDaysAgo !== null && usedDaysAgo < 1 && status === 'Active';
      if (isUsed) programs.start(user, key, habit);
    }
    if (member.keys.some(({ ageDays, status }) => ageDays >= staleDays && status !== 'Inactive')) {
      stale.push(user);
    }
  }
  const pace = Math.min(millisOf({ minutes: 5 }), millisOf({ hours: 6 }) / (stale.length || 1));
  for (const [index, user] of stale.entries()) {
    report(world, user, plus(start, { milliseconds: Math.round(pace * index) }));
  }
  return about;
}

/**
 * As settleFleet does, but with a day's uses of each key, written in the order of their times over
 * all keys: thousands of weeks, each sorted into what is there, would take minutes.
 */
function settleUsed(world: World, members: readonly FleetUser[]): readonly FleetMember[] {
  const now = world.clock.now();
  const unused = members.map((member) => ({
    ...member,
    keys: member.keys.map((key) => ({ ...key, usedDaysAgo: null })),
  }));
  const settled = settleFleet(world, unused);
  const uses = settled.flatMap(({ keys }, index) =>
    keys.flatMap(({ keyId }, number) => {
      const key = members[index]?.keys[number];
      const last = key?.usedDaysAgo ?? null;
      if (key === undefined || last === null) return [];
      return [3, 2, 1, 0]
        .map((times) => ({ keyId, at: plus(now, { hours: -24 * last - 6 * times }) }))
        .filter(({ at }) => at > plus(now, { days: -key.ageDays }));
    }),
  );
  for (const { keyId, at } of uses.toSorted((a, b) => a.at.localeCompare(b.at))) {
    world.cloud.recordPastUse(keyId, { ...program, at });
  }
  return settled.map((each, index) => ({ ...each, member: members[index] ?? each.member }));
}

function report(world: World, user: IamUser, at: Instant): void {
  if (millisBetween(world.clock.now(), at) < 0) return;
  world.clock.at(at, () => reportStaleUser(world, user, ['security hub', 'config']));
}
