/**
 * What a simulated world is like, all from its seed: users in one or two accounts with keys of some
 * age, programs that use them, people who answer or do not, a policy, how slow AWS is, what is down
 * when. What happens in it is decided as it goes, by dice that follow from the same seed.
 */
import { type Duration, type Instant, instant, plus } from '../../domain/instant.ts';
import type { Mode, Policy } from '../../domain/policy.ts';
import type { Place } from '../../domain/ports.ts';
import type { Settings } from '../account/settings.ts';
import { type Dice, diceOf } from './dice.ts';

export interface ProgramPlan {
  readonly service: 's3' | 'sts';
  readonly operation: 'GetObject' | 'ListBuckets' | 'GetCallerIdentity' | 'GetSessionToken';
  readonly region: string;
  readonly sourceIp: string;
  readonly userAgent: string;
  readonly everyHours: number;
  /** Hours from the new key's issue to the changeover; null: never by itself. */
  readonly changesOverAfterHours: number | null;
  /** What it does once its key fails: reads the secret anew, or goes on failing. */
  readonly onFailure: 'reads the secret' | 'goes on';
  /** Weeks after its changeover an old configuration comes back for one use; null: never. */
  readonly relapsesAfterHours: number | null;
  /** It was switched off so long before the story begins; null: it still runs. */
  readonly stoppedDaysAgo: number | null;
}

export interface KeyPlan {
  readonly ageDays: number;
  readonly status: 'Active' | 'Inactive';
  readonly programs: readonly ProgramPlan[];
}

export interface UserPlan {
  readonly account: string;
  readonly userName: string;
  readonly path: string;
  readonly owner: 'olivia' | 'omar' | null;
  readonly keys: readonly KeyPlan[];
  /** Days after the start on which the first finding is sent; null: nobody ever reports it. */
  readonly reportedOnDay: number | null;
  readonly reporters: readonly ('security hub' | 'config')[];
}

export type Target = 'slack' | 'pagerduty' | 'sns' | 'securityhub' | 'events';

export interface Outage {
  readonly target: Target;
  readonly from: Instant;
  readonly to: Instant;
}

/** How people are: how often they look, and what they do then. */
export interface Manners {
  readonly looksEveryHours: number;
  /** The chance that an approver answers what is asked when looking. */
  readonly answers: number;
  /** The chance of a press on anything at all when looking. */
  readonly meddles: number;
  /** Whether somebody would snooze it for ever. */
  readonly snoozes: boolean;
}

export interface WorldPlan {
  readonly seed: number;
  readonly dice: Dice;
  readonly start: Instant;
  readonly days: number;
  /** From then on nothing goes wrong any more. */
  readonly calmFrom: Instant;
  readonly place: Place;
  readonly accounts: readonly string[];
  readonly mode: Mode;
  readonly policy: Partial<Policy>;
  readonly capacity: number;
  readonly cloud: Partial<Settings>;
  readonly users: readonly UserPlan[];
  readonly manners: Manners;
  readonly outages: readonly Outage[];
  /** From the first new key on, nobody may read when keys were last used for so long; 0: never. */
  readonly blindHours: number;
  /** So long DescribeSecret shows labels as they were before one moved; 0: at once. */
  readonly lateLabelSeconds: number;
  readonly faults: { readonly rate: number; readonly chosenShare: number };
  /** How many times an outsider acts by hand, besides at chosen moments. */
  readonly outsiderActs: number;
}

const allAccounts = ['111122223333', '444455556666'] as const;
const daysInAll = 90;
const calmAfterDays = 55;

/** The plan of a seed; without faults it is the same world in which nothing goes wrong. */
export function planOf(seed: number, withFaults = true): WorldPlan {
  const dice = diceOf(`world/${seed}`);
  const start = plus(instant('2026-01-05T08:00:00Z'), {
    days: dice.between(0, 300),
    minutes: dice.between(0, 24 * 60),
  });
  const accounts = dice.chance(0.4) ? allAccounts : allAccounts.slice(0, 1);
  const region = dice.pick(['us-east-1', 'us-east-1', 'eu-west-1']);
  return {
    seed,
    dice: dice.split('events'),
    start,
    days: daysInAll,
    calmFrom: plus(start, { days: calmAfterDays }),
    place: { partition: 'aws', account: allAccounts[0], region },
    accounts,
    mode: dice.chance(0.6) ? 'auto' : 'approve',
    policy: policyOf(dice),
    capacity: dice.pick([1, 2, 90]),
    cloud: slownessOf(dice),
    users: usersOf(dice.split('users'), accounts, region),
    manners: mannersOf(dice.split('manners')),
    outages: withFaults ? outagesOf(dice.split('outages'), start) : [],
    blindHours: withFaults && dice.split('blind').chance(0.25) ? 100 : 0,
    lateLabelSeconds: withFaults ? dice.split('labels').pick([0, 0, 0, 3, 8]) : 0,
    faults: withFaults ? { rate: dice.pick([0.01, 0.02, 0.05]), chosenShare: 0.06 } : noFaults,
    outsiderActs: withFaults ? dice.pick([0, 0, 1, 2, 3]) : 0,
  };
}

const noFaults = { rate: 0, chosenShare: 0 };

function policyOf(dice: Dice): Partial<Policy> {
  return {
    graceHours: dice.pick([24, 36, 48]),
    soakHours: dice.pick([24, 24, 48, 72]),
    selfApproval: dice.chance(0.3),
    snoozeCapHours: dice.split('snooze').pick([24, 72, 168]),
    window: dice.chance(0.7)
      ? 'any time'
      : [
          {
            days: dice.pick([
              [1, 2, 3, 4, 5],
              [2, 4],
              [6, 7],
            ]),
            from: dice.pick(['00:00', '02:00', '09:00']),
            to: dice.pick(['12:00', '17:00', '24:00']),
            timeZone: dice.pick(['Europe/Berlin', 'America/New_York', 'UTC']),
          },
        ],
  };
}

/**
 * A use may take 4 hours to show, and last-used is sometimes read some minutes old besides: all
 * that Keyturn counts on is that both together are 4 hours at most.
 */
function slownessOf(dice: Dice): Partial<Settings> {
  return {
    propagationSeconds: dice.between(0, 60),
    relapseShare: dice.pick([0, 0.1, 0.5]),
    lastUsedLagMinutes: dice.pick([0, 30, dice.between(0, 225), 225]),
    trailLagMinutes: dice.pick([5, 15, dice.between(0, 240), 240]),
    stsTrail: dice.pick(['home', 'regional']),
  };
}

function usersOf(dice: Dice, accounts: readonly string[], region: string): readonly UserPlan[] {
  const count = dice.pick([1, 1, 2, 2, 3]);
  const reported = Array.from({ length: count }, (_, index) =>
    userOf(dice.split(`user/${index}`), accounts, region, index),
  );
  // A bystander whose key is young: nobody may ever touch it.
  const bystander: UserPlan = {
    account: accounts[0] ?? allAccounts[0],
    userName: 'svc-bystander',
    path: '/',
    owner: null,
    keys: [{ ageDays: 0, status: 'Active', programs: [] }],
    reportedOnDay: null,
    reporters: [],
  };
  return [...reported, bystander];
}

function userOf(dice: Dice, accounts: readonly string[], region: string, index: number): UserPlan {
  const stale: KeyPlan = {
    ageDays: dice.between(91, 900),
    status: 'Active',
    programs: Array.from({ length: dice.pick([0, 1, 1, 1, 2]) }, (_, each) =>
      programOf(dice.split(`program/${each}`), region, each),
    ),
  };
  const second: KeyPlan = { ageDays: 10, status: 'Active', programs: [] };
  return {
    account: dice.pick(accounts),
    userName: dice.pick(['svc-export', 'svc-sync', 'reports', 'svc,odd+name']) + index,
    path: dice.pick(['/', '/', '/apps/prod/']),
    owner: dice.pick(['olivia', 'omar', null]),
    keys: dice.chance(0.07) ? [stale, second] : [stale],
    reportedOnDay: dice.between(0, 12),
    reporters: dice.pick([['security hub'], ['config'], ['security hub', 'config']] as const),
  };
}

/** Busy programs work on objects, which CloudTrail's event history does not show. */
const habits = [
  { everyHours: 1, service: 's3', operation: 'GetObject' },
  { everyHours: 6, service: 's3', operation: 'ListBuckets' },
  { everyHours: 6, service: 's3', operation: 'ListBuckets' },
  { everyHours: 24, service: 'sts', operation: 'GetCallerIdentity' },
  { everyHours: 24, service: 's3', operation: 'ListBuckets' },
  { everyHours: 24 * 7, service: 's3', operation: 'ListBuckets' },
  { everyHours: 24 * 30, service: 's3', operation: 'ListBuckets' },
] as const;

function programOf(dice: Dice, region: string, index: number): ProgramPlan {
  const changesOver = dice.chance(0.75);
  return {
    ...dice.pick(habits),
    ...rarerHabit(dice.split('habit')),
    region: dice.pick(['us-east-1', region]),
    sourceIp: dice.pick(['203.0.113.17', '198.51.100.42', '192.0.2.80']),
    userAgent: `${dice.pick(['Boto3/1.40', 'aws-cli/2.31', 'aws-sdk-js/3'])} program-${index}`,
    changesOverAfterHours: changesOver ? dice.pick([1, 8, 20, 30, 60, 200]) : null,
    onFailure: dice.pick(['reads the secret', 'goes on']),
    relapsesAfterHours: changesOver && dice.chance(0.15) ? dice.between(5, 120) : null,
    stoppedDaysAgo: stoppedDaysAgo(dice.split('stopped')),
  };
}

/** Work on objects alone, which only last-used shows; and tokens that outlive their key. */
function rarerHabit(dice: Dice): Partial<(typeof habits)[number] | typeof tokens> {
  if (dice.chance(0.2)) return habits[0];
  return dice.chance(0.08) ? tokens : {};
}

const tokens = { everyHours: 6, service: 'sts', operation: 'GetSessionToken' } as const;

/** What was in use in the last 90 days and is no more: its key is not unused, nor picked up. */
function stoppedDaysAgo(dice: Dice): number | null {
  return dice.chance(0.1) ? dice.between(3, 60) : null;
}

function mannersOf(dice: Dice): Manners {
  return {
    looksEveryHours: dice.pick([4, 8, 12, 24]),
    answers: dice.pick([0, 0.3, 0.8, 0.95]),
    meddles: dice.pick([0, 0.02, 0.1]),
    snoozes: dice.split('snoozes').chance(0.12),
  };
}

function outagesOf(dice: Dice, start: Instant): readonly Outage[] {
  const targets: readonly Target[] = ['slack', 'pagerduty', 'sns', 'securityhub', 'events'];
  return targets.flatMap((target) => {
    if (!dice.chance(0.25)) return [];
    const from = plus(start, { hours: dice.between(0, 24 * 25) });
    const length: Duration = { hours: dice.between(1, 72) };
    return [{ target, from, to: plus(from, length) }];
  });
}
