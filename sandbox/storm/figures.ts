/** What was measured in a storm, and which bounds it broke. */
import { defaultAccountCapacity, defaultCapacity } from '../../app/config.ts';
import { deadLettersOf, eventsOf, untoldIn } from './lost.ts';
import type { StormOptions } from './options.ts';
import { keysNow } from './population.ts';
import { rateWithin } from './rates.ts';
import type { Storm } from './run-storm.ts';

/** What must hold. */
export const bounds = {
  inFlight: defaultCapacity,
  inFlightInOneAccount: defaultAccountCapacity,
  /** CloudTrail takes two LookupEvents a second from an account and Region. */
  lookupsPerSecond: 2,
  /**
   * Runs that an account may have in flight more than one that waits. Turns are dealt once a
   * minute, from what the store counted then: two that end meanwhile, and the one that begins.
   */
  lead: 3,
  /** Runs that may begin elsewhere while an account waits for one: what two ticks can start. */
  passedOver: 2 * defaultCapacity,
  /** One message a second in the channel, over any minute. */
  slackPerMinute: 60,
} as const;

export interface Figures extends StormOptions {
  readonly events: number;
  readonly malformed: number;
  readonly claims: number;
  readonly claimed: number;
  readonly joined: number;
  readonly deadLetters: number;
  readonly runs: number;
  readonly mostInFlight: number;
  readonly mostInFlightInOneAccount: number;
  readonly lookups: number;
  readonly mostLookupsPerSecond: number;
  readonly lead: number;
  readonly passedOver: number;
  readonly slackMessages: number;
  readonly mostSlackPerSecond: number;
  readonly mostSlackPerMinute: number;
  readonly mostSlackEditsPerMinute: number;
  /** In virtual time. */
  readonly hoursUntilClaimed: number;
  readonly hoursUntilStarted: number;
  readonly hoursUntilTold: number;
  /** null: not waited for. */
  readonly hoursUntilGone: number | null;
  readonly ticks: Storm['ticks'];
  readonly invocations: number;
  readonly awsCalls: number;
  readonly awsCallsPerKey: number;
  readonly callsByOperation: Readonly<Record<string, number>>;
  /** Of this process: handlers, runbooks, custodians, and the model of AWS under them. */
  readonly cpuSeconds: number;
  readonly cpuMillisPerKey: number;
  readonly seconds: number;
  /** Every bound that did not hold, in words. */
  readonly broken: readonly string[];
}

/** What it took, beside what the storm itself shows. */
export interface Spent {
  readonly cpuSeconds: number;
  readonly seconds: number;
}

export async function figuresOf(storm: Storm, { cpuSeconds, seconds }: Spent): Promise<Figures> {
  const { options, letters, watch, hours, ticks, inbound, runs } = storm;
  const { claimed, joined } = eventsOf(storm);
  const calls = [...watch.calls].sort(([, a], [, b]) => b - a);
  const awsCalls = calls.reduce((sum, [, count]) => sum + count, 0);
  const figures = {
    ...options,
    events: letters.length,
    malformed: letters.filter(({ damage }) => damage !== null).length,
    claims: watch.claims.size,
    ...{ claimed, joined },
    deadLetters: deadLettersOf(storm).kept,
    runs: watch.started.size,
    mostInFlight: watch.mostInFlight(),
    mostInFlightInOneAccount: watch.mostInFlightInOneAccount(),
    lookups: storm.world.cloud.history.length,
    mostLookupsPerSecond: mostLookups(storm),
    lead: watch.fairness.lead,
    passedOver: watch.fairness.passedOver,
    slackMessages: watch.slack.second.count,
    mostSlackPerSecond: watch.slack.second.most,
    mostSlackPerMinute: watch.slack.minute.most,
    mostSlackEditsPerMinute: watch.slack.edits.most,
    hoursUntilClaimed: rounded(hours.claimed),
    hoursUntilStarted: rounded(hours.started),
    hoursUntilTold: rounded(hours.told),
    hoursUntilGone: hours.gone === null ? null : rounded(hours.gone),
    ticks: { ...ticks },
    invocations: inbound.counts.invocations + runs.counts.invocations,
    awsCalls,
    awsCallsPerKey: rounded(awsCalls / options.keys),
    callsByOperation: Object.fromEntries(calls),
    cpuSeconds: rounded(cpuSeconds),
    cpuMillisPerKey: rounded((1000 * cpuSeconds) / options.keys),
    seconds: rounded(seconds),
  };
  return { ...figures, broken: [...brokenBy(figures), ...(await lostIn(storm))] };
}

/** Of the calls as the model of CloudTrail saw them. */
function mostLookups({ world }: Storm): number {
  const rates = new Map<string, ReturnType<typeof rateWithin>>();
  for (const { account, region, at } of world.cloud.history) {
    const place = `${account}/${region}`;
    const rate = rates.get(place) ?? rateWithin(1000);
    rates.set(place, rate);
    rate.note(at);
  }
  return Math.max(0, ...[...rates.values()].map(({ most }) => most));
}

type Measured = Omit<Figures, 'broken'>;

function brokenBy(measured: Measured): readonly string[] {
  const most = (what: string, value: number, bound: number): readonly string[] =>
    value <= bound ? [] : [`${what}: ${value}, at most ${bound}`];
  return [
    ...most('automations in flight', measured.mostInFlight, bounds.inFlight),
    ...most(
      'automations in flight in one account',
      measured.mostInFlightInOneAccount,
      bounds.inFlightInOneAccount,
    ),
    ...most('look-ups a second', measured.mostLookupsPerSecond, bounds.lookupsPerSecond),
    ...most('runs more than an account that waits', measured.lead, bounds.lead),
    ...most('runs begun while an account waits', measured.passedOver, bounds.passedOver),
    ...most('Slack messages a minute', measured.mostSlackPerMinute, bounds.slackPerMinute),
  ];
}

/** So many are named; of the rest the number is told. */
const mostNamed = 5;

async function lostIn(storm: Storm): Promise<readonly string[]> {
  const { subjects, watch } = storm;
  const unclaimed = subjects.filter(({ keyId }) => watch.claims.get(keyId) !== 1);
  const idle = subjects.filter(
    ({ keyId, isUsed }) => !(isUsed ? watch.started : watch.examined).has(keyId),
  );
  const problems = [
    ...eventsOf(storm).lost,
    ...deadLettersOf(storm).lost,
    ...unclaimed.map(
      ({ keyId }) => `key ${keyId} was claimed ${watch.claims.get(keyId) ?? 0} times`,
    ),
    ...keysIn(storm),
    ...idle.map(({ keyId }) => `nothing was done about key ${keyId}`),
    ...(await untoldIn(storm)),
    ...watch.outcomes.givenUp.map((id) => `effect ${id} was given up`),
    ...[...watch.outstanding].map((id) => `effect ${id} was never performed`),
  ];
  const more = problems.length - mostNamed;
  return more > 0 ? [...problems.slice(0, mostNamed), `and ${more} more like that`] : problems;
}

/**
 * In the account's own truth: one new key for each that is in use, none for the others; and each
 * old one, as long as nobody waits for it to go.
 */
function keysIn({ subjects, world, options }: Storm): readonly string[] {
  const keys = keysNow(world, subjects);
  const old = options.until === 'told' ? 1 : 0;
  return subjects.flatMap(({ user, keyId, isUsed }) => {
    const now = keys.get(user.userId) ?? [];
    const hasOld = now.includes(keyId) ? 1 : 0;
    const wanted = old + (isUsed ? 1 : 0);
    return now.length === wanted && hasOld === old
      ? []
      : [`user ${user.userName} has ${now.length} keys (${hasOld} old) instead of ${wanted}`];
  });
}

function rounded(number: number): number {
  return Math.round(number * 100) / 100;
}
