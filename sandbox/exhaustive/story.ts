/**
 * A story: a world of few days, planned by hand, in which nothing is left to chance. Each is as
 * short as what it tells allows, since it is played once for every fault at every point.
 */
import { type Instant, instant, plus } from '../../domain/instant.ts';
import type { Dice } from '../simulation/dice.ts';
import type { KeyPlan, ProgramPlan, UserPlan, WorldPlan } from '../simulation/plan.ts';
import { calmChannels } from '../simulation/plan-channels.ts';
import type { Wish } from './diligent-people.ts';

/** Something an outsider does by hand, at that hour of the story, to the first user. */
export interface Outsider {
  readonly afterHours: number;
  readonly what: string;
}

export interface Story {
  readonly name: string;
  /** What it tells, in a few words. */
  readonly tells: string;
  readonly plan: (dice: Dice) => WorldPlan;
  /** What people want, the most urgent first. */
  readonly wishes: (now: () => Instant) => readonly Wish[];
  readonly outsiders: readonly Outsider[];
  /** Something uses the old key once more in the seconds after it has gone off. */
  readonly hasStrayUse: boolean;
}

export const account = '111122223333';
const region = 'us-east-1';
const start = instant('2026-11-02T08:00:00Z');

/** An application that lists its buckets every six hours, and reads the new key after one. */
export const application: ProgramPlan = {
  service: 's3',
  operation: 'ListBuckets',
  region,
  sourceIp: '203.0.113.17',
  userAgent: 'aws-cli/2.31 application',
  everyHours: 6,
  changesOverAfterHours: 1,
  onFailure: 'goes on',
  relapsesAfterHours: null,
  reads: 'vault',
  stoppedDaysAgo: null,
};

/** A key that the application uses. */
export const usedKey: KeyPlan = {
  ageDays: 200,
  status: 'Active',
  programs: [application],
  lastUsedDaysAgo: null,
};

/** Nobody has used it for half a year. */
export const unusedKey: KeyPlan = {
  ageDays: 300,
  status: 'Active',
  programs: [],
  lastUsedDaysAgo: 180,
};

export const user: UserPlan = {
  account,
  userName: 'svc-export',
  path: '/',
  owner: 'olivia',
  keys: [usedKey],
  reportedOnDay: 0,
  reporters: ['config', 'security hub'],
  turn: null,
  exempt: null,
  native: null,
};

/** One user with one key that is stale and used, in mode auto, with the shortest deadlines. */
export function mainPath(dice: Dice): WorldPlan {
  return {
    seed: 0,
    dice,
    start,
    days: 5,
    // Nothing goes wrong by chance. Findings are sent again for twelve days after it.
    calmFrom: plus(start, { days: -6 }),
    place: { partition: 'aws', account, region },
    accounts: [account],
    mode: 'auto',
    policy: { graceHours: 24, soakHours: 24, overlapLimitDays: 3, answerDays: 2 },
    rules: [],
    health: { ails: 'nothing', from: start, to: start },
    capacity: 2,
    cloud: {
      propagationSeconds: 8,
      relapseShare: 0,
      lastUsedLagMinutes: 30,
      trailLagMinutes: 15,
      stsTrail: 'regional',
    },
    users: [user],
    manners: { looksEveryHours: 24, answers: 0, meddles: 0, snoozes: false },
    outages: [],
    stops: [],
    channels: calmChannels,
    gitHubDown: null,
    blindHours: 0,
    unreadPolicies: null,
    lateLabelSeconds: 0,
    faults: { rate: 0, chosenShare: 0 },
    outsiderActs: 0,
  };
}

export function hoursIn(hours: number): Instant {
  return plus(start, { hours });
}
