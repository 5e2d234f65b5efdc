/**
 * What a simulated world is like, all from its seed: users in one or two accounts with keys of some
 * age, programs that use them, people who answer or do not, policies, how slow AWS is, what is down
 * when. What happens in it is decided as it goes, by dice that follow from the same seed.
 */
import { type Duration, type Instant, instant, plus } from '../../domain/instant.ts';
import type { Mode } from '../../domain/policy.ts';
import type { PolicyChanges, Rule } from '../../domain/policy-book.ts';
import type { Place } from '../../domain/ports.ts';
import type { Settings } from '../account/settings.ts';
import { type Dice, diceOf } from './dice.ts';
import { odds, type Reporter } from './odds.ts';
import { type ChannelPlan, calmChannels, channelsOf } from './plan-channels.ts';
import { copyRegions, policyOf, rulesOf } from './plan-policy.ts';
import { isForgotten, usersOf } from './plan-users.ts';

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
  /** Where it reads the secret: in the vault, or in the copy if there is one. */
  readonly reads: 'vault' | 'copy';
  /** It was switched off so long before the story begins; null: it still runs. */
  readonly stoppedDaysAgo: number | null;
}

export interface KeyPlan {
  readonly ageDays: number;
  readonly status: 'Active' | 'Inactive';
  readonly programs: readonly ProgramPlan[];
  /** Days since its last use if no program uses it any more; null: it never was used. */
  readonly lastUsedDaysAgo: number | null;
}

/** From then on nobody may touch the user any more, unless the policy says otherwise. */
export interface Turn {
  readonly into: 'privileged' | 'ses smtp';
  readonly onDay: number;
}

/** Secrets Manager rotates the user's secret by itself. */
export interface NativePlan {
  readonly everyDays: number;
  readonly fromDay: number;
  readonly copies: readonly string[];
  readonly healthCheck: boolean;
}

export interface UserPlan {
  readonly account: string;
  readonly userName: string;
  readonly path: string;
  readonly owner: 'olivia' | 'omar' | null;
  readonly keys: readonly KeyPlan[];
  /** Days after the start on which the first finding is sent; null: nobody ever reports it. */
  readonly reportedOnDay: number | null;
  readonly reporters: readonly Reporter[];
  readonly turn: Turn | null;
  /** Days after the start between which nobody may touch the user. */
  readonly exempt: { readonly fromDay: number; readonly toDay: number } | null;
  readonly native: NativePlan | null;
}

export type Target =
  | 'slack'
  | 'pagerduty'
  | 'sns'
  | 'securityhub'
  | 'events'
  | 'stop switch'
  | 'github';

export interface Outage {
  readonly target: Target;
  readonly from: Instant;
  readonly to: Instant;
}

/** It is down, or whoever looks after it has taken the token's permission away. */
export interface GitHubOutage {
  readonly afterCalls: number;
  readonly hours: number;
  readonly status: 503 | 403;
}

/** Keyturn is stopped: by an operator, or because its switch cannot be read. */
export interface Stop {
  readonly how: 'stopped' | 'unreadable';
  readonly from: Instant;
  readonly to: Instant;
}

/** The operator's own check of new keys: sick or crashing for a time. */
export interface HealthPlan {
  readonly ails: 'nothing' | 'sick' | 'crashes';
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
  readonly policy: PolicyChanges;
  readonly rules: readonly Rule[];
  readonly health: HealthPlan;
  readonly capacity: number;
  readonly cloud: Partial<Settings>;
  readonly users: readonly UserPlan[];
  readonly manners: Manners;
  readonly outages: readonly Outage[];
  readonly stops: readonly Stop[];
  readonly channels: ChannelPlan;
  /** From the first new key on, nobody may read when keys were last used for so long; 0: never. */
  readonly blindHours: number;
  /** After so many calls GitHub answers that alone, for so long; null: never for long. */
  readonly gitHubDown: GitHubOutage | null;
  /** Meanwhile nobody may read which policies users have; null: never. */
  readonly unreadPolicies: { readonly from: Instant; readonly to: Instant } | null;
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
  const accounts = dice.chance(odds.secondAccount) ? allAccounts : allAccounts.slice(0, 1);
  const region = dice.pick(['us-east-1', 'us-east-1', 'eu-west-1']);
  const copies = copyRegions(region);
  const users = usersOf(dice.split('users'), accounts, region, copies);
  return {
    seed,
    dice: dice.split('events'),
    start,
    days: daysInAll,
    calmFrom: plus(start, { days: calmAfterDays }),
    place: { partition: 'aws', account: allAccounts[0], region },
    accounts,
    mode: dice.chance(0.6) ? 'auto' : 'approve',
    policy: policyOf(dice.split('policy'), copies),
    rules: rulesOf(dice.split('rules'), accounts, copies),
    health: healthOf(dice.split('health'), start),
    capacity: dice.pick([1, 2, 90]),
    cloud: slownessOf(dice),
    users,
    manners: mannersOf(dice.split('manners')),
    outages: withFaults ? outagesOf(dice.split('outages'), start) : [],
    stops: withFaults ? stopsOf(dice.split('stops'), start) : [],
    channels: withFaults ? channelsOf(dice.split('channels'), start) : calmChannels,
    gitHubDown: withFaults ? gitHubDownOf(dice.split('github')) : null,
    blindHours: withFaults ? blindHoursOf(dice.split('blind'), users) : 0,
    unreadPolicies: withFaults ? unreadOf(dice.split('unread'), users, start) : null,
    lateLabelSeconds: withFaults ? dice.split('labels').pick([0, 0, 0, 3, 8]) : 0,
    faults: withFaults ? { rate: dice.pick([0.01, 0.02, 0.05]), chosenShare: 0.06 } : noFaults,
    outsiderActs: withFaults ? dice.pick([0, 0, 1, 2, 3]) : 0,
  };
}

const noFaults = { rate: 0, chosenShare: 0 };

function healthOf(dice: Dice, start: Instant): HealthPlan {
  const from = plus(start, { hours: dice.between(0, 24 * 25) });
  const ails = dice.pick(['nothing', 'sick', 'crashes'] as const);
  return { ails, from, to: plus(from, { hours: dice.between(4, 120) }) };
}

/** Mostly hours, now and then days. */
function stopsOf(dice: Dice, start: Instant): readonly Stop[] {
  if (!dice.chance(odds.stop)) return [];
  const from = plus(start, { hours: dice.between(0, 24 * 30) });
  const hours = dice.chance(0.75) ? dice.between(1, 12) : dice.between(24, 72);
  const how = dice.chance(0.7) ? ('stopped' as const) : ('unreadable' as const);
  return [{ how, from, to: plus(from, { hours }) }];
}

/** Often in the middle of the fifteen calls by which the first key comes there. */
function gitHubDownOf(dice: Dice): GitHubOutage | null {
  if (!dice.chance(odds.gitHubDown)) return null;
  return {
    afterCalls: dice.chance(0.7) ? dice.between(9, 14) : dice.between(0, 30),
    hours: dice.pick([1, 100, 2000]),
    status: dice.pick([503, 403]),
  };
}

/** Longer than any deadline: blindness matters where nothing else shows who still uses a key. */
function blindHoursOf(dice: Dice, users: readonly UserPlan[]): number {
  const programs = users.flatMap(({ keys }) => keys.flatMap((key) => key.programs));
  return dice.chance(programs.some(isForgotten) ? odds.blindToForgotten : odds.blind)
    ? dice.pick([100, 200])
    : 0;
}

/** A door that was deployed without a permission, say: it is mended before the calm. */
function unreadOf(dice: Dice, users: readonly UserPlan[], start: Instant) {
  const isMighty = users.some(({ turn }) => turn !== null);
  if (!dice.chance(isMighty ? odds.unreadPoliciesOfMighty : odds.unreadPolicies)) return null;
  const from = plus(start, { days: dice.pick([0, dice.between(0, 20)]) });
  return { from, to: plus(from, { hours: dice.pick([dice.between(2, 48), 600]) }) };
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
    if (!dice.chance(odds.outage)) return [];
    const from = plus(start, { hours: dice.between(0, 24 * 25) });
    const length: Duration = { hours: dice.between(1, 72) };
    return [{ target, from, to: plus(from, length) }];
  });
}
