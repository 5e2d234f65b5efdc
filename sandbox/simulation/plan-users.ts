/** The users of a simulated world: their keys in every mix, what uses them, who reports them. */
import type { Dice } from './dice.ts';
import { byShare, type Mix, mixes, odds, type Reporter, reporters } from './odds.ts';
import type { KeyPlan, NativePlan, ProgramPlan, Turn, UserPlan } from './plan.ts';

export function usersOf(
  dice: Dice,
  accounts: readonly string[],
  region: string,
  copies: readonly string[],
): readonly UserPlan[] {
  const [home = ''] = accounts;
  const count = dice.pick([1, 1, 2, 2, 3]);
  const reported = Array.from({ length: count }, (_, index) =>
    userOf(dice.split(`user/${index}`), accounts, region, index),
  );
  return [
    ...namesakes(dice, accounts, reported),
    ...(dice.chance(odds.native) ? [nativeUser(dice.split('native'), home, region, copies)] : []),
    // A bystander whose key is young: nobody may ever touch it.
    { ...nobodyInParticular, account: home, userName: 'svc-bystander', keys: [young] },
  ];
}

const young: KeyPlan = { ageDays: 0, status: 'Active', programs: [], lastUsedDaysAgo: null };

const nobodyInParticular = {
  path: '/',
  owner: null,
  reportedOnDay: null,
  reporters: [],
  turn: null,
  exempt: null,
  native: null,
} as const;

/** Two users of one name, each in an account of its own. */
function namesakes(
  dice: Dice,
  [first, second]: readonly string[],
  users: readonly UserPlan[],
): readonly UserPlan[] {
  const [one, other, ...more] = users;
  const isWanted = dice.chance(odds.sameName);
  if (!isWanted || one === undefined || other === undefined) return users;
  if (first === undefined || second === undefined) return users;
  const { userName } = one;
  return [{ ...one, account: first }, { ...other, account: second, userName }, ...more];
}

function userOf(dice: Dice, accounts: readonly string[], region: string, index: number): UserPlan {
  const first = dice.pick(reporters)[1];
  const others = reporters.flatMap(([chance, who]) => (dice.chance(chance) ? [who] : []));
  return {
    account: dice.pick(accounts),
    userName: dice.pick(['svc-export', 'svc-sync', 'reports', 'svc,odd+name']) + index,
    path: dice.chance(odds.underPath) ? dice.pick(['/apps/prod/', '/apps/', '/ops/']) : '/',
    owner: dice.pick(['olivia', 'omar', null]),
    keys: keysOf(dice.split('keys'), region, byShare(dice, mixes)),
    reportedOnDay: dice.between(0, 12),
    reporters: shuffled(dice, [...new Set<Reporter>([first, ...others])]),
    turn: dice.chance(odds.turn) ? turnOf(dice) : null,
    exempt: dice.chance(odds.exemption) ? exemptionOf(dice) : null,
    native: null,
  };
}

/** From the start, or in the middle of everything. */
function turnOf(dice: Dice): Turn {
  const into = dice.pick(['privileged', 'ses smtp'] as const);
  return { into, onDay: dice.pick([0, dice.between(1, 10), dice.between(1, 30)]) };
}

function exemptionOf(dice: Dice): NonNullable<UserPlan['exempt']> {
  const fromDay = dice.pick([-10, dice.between(0, 25)]);
  return { fromDay, toDay: dice.between(Math.max(1, fromDay + 1), 58) };
}

function shuffled<T>(dice: Dice, list: readonly T[]): readonly T[] {
  return list
    .map((each) => ({ each, rank: dice.fraction() }))
    .sort((one, other) => one.rank - other.rank)
    .map(({ each }) => each);
}

function keysOf(dice: Dice, region: string, mix: Mix): readonly KeyPlan[] {
  const used = (ageDays: number, name = 'first'): KeyPlan => ({
    ageDays,
    status: 'Active',
    programs: programsOf(dice.split(name), region),
    lastUsedDaysAgo: null,
  });
  const old = dice.between(91, 900);
  const idle = dice.between(95, 400);
  const unused: KeyPlan = { ...young, ageDays: idle + 60, lastUsedDaysAgo: idle };
  switch (mix) {
    case 'stale and used':
      return [{ ...used(old), ...ofOnlyKey(dice.split('only'), region) }];
    case 'unused':
      return [unused];
    case 'never used':
      return [{ ...young, ageDays: old }];
    case 'both stale and used':
      return [used(old), used(dice.between(91, 300), 'second')];
    case 'stale and recent, both used':
      return [used(old), used(dice.between(2, 60), 'second')];
    case 'stale and used, stale and unused':
      return [used(old), unused];
    case 'stale and used, Inactive and unused':
      return [used(old), { ...unused, status: 'Inactive' }];
    case 'stale and used, just switched off':
      return [
        used(old),
        { ...unused, status: 'Inactive', lastUsedDaysAgo: dice.pick([1, 20, 80]) },
      ];
    case 'both unused':
      return [unused, { ...young, ageDays: old }];
    case 'three Active':
      return [used(old), used(dice.between(91, 300), 'second'), unused];
  }
}

function programsOf(dice: Dice, region: string): readonly ProgramPlan[] {
  return Array.from({ length: dice.pick([1, 1, 1, 2]) }, (_, each) =>
    programOf(dice.split(`program/${each}`), region, each),
  );
}

/** What takes a rotation that goes all the way to be told: a second key would be in its way. */
function ofOnlyKey(dice: Dice, region: string): Partial<KeyPlan> {
  if (dice.chance(odds.forgotten)) return { programs: withForgotten(dice, region) };
  return dice.chance(odds.sessionTokens) ? { programs: [askingForTokens(dice, region)] } : {};
}

const running = { relapsesAfterHours: null, stoppedDaysAgo: null } as const;

/** It changes over so that the tokens it got last are still good at many a deadline. */
function askingForTokens(dice: Dice, region: string): ProgramPlan {
  const changesOverAfterHours = dice.pick([4, 8, 14, 20]);
  return { ...programOf(dice, region, 0), ...tokens, ...running, changesOverAfterHours };
}

/**
 * What everybody knows of changes over in time; what everybody forgot goes on with the old key for
 * long, on objects alone, so that nothing but last-used shows it.
 */
function withForgotten(dice: Dice, region: string): readonly ProgramPlan[] {
  const known: ProgramPlan = {
    ...programOf(dice.split('program/0'), region, 0),
    ...dice.pick(dailyHabits),
    ...running,
    changesOverAfterHours: dice.pick([1, 8, 20]),
  };
  const forgotten: ProgramPlan = {
    ...programOf(dice.split('program/1'), region, 1),
    ...objectsAlone,
    ...running,
    everyHours: dice.pick([6, 12]),
    changesOverAfterHours: dice.pick([200, 200, null]),
  };
  return [known, forgotten];
}

/** Whether what works on objects alone goes on with a user's key for longer than all others. */
export function isForgotten({ operation, changesOverAfterHours: hours }: ProgramPlan): boolean {
  return operation === objectsAlone.operation && (hours === null || hours > 100);
}

/** Its key changes as Secrets Manager likes; most are not reported besides. */
function nativeUser(
  dice: Dice,
  account: string,
  region: string,
  copies: readonly string[],
): UserPlan {
  const ageDays = dice.between(60, 400);
  const keys = [
    { ageDays, status: 'Active', programs: programsOf(dice, region), lastUsedDaysAgo: null },
  ] as const;
  const native: NativePlan = {
    everyDays: dice.pick([1, 5, 10, 15, 30]),
    fromDay: dice.between(0, 10),
    copies: dice.chance(odds.copy) ? [dice.pick(copies)] : [],
    healthCheck: dice.chance(odds.healthCheck),
  };
  const isReported = dice.chance(odds.nativeReported);
  return {
    ...nobodyInParticular,
    account,
    userName: 'svc-native',
    owner: 'omar',
    keys,
    // After the operator has made the secret: it has one driver.
    reportedOnDay: isReported ? native.fromDay + dice.between(1, 20) : null,
    reporters: isReported ? ['security hub'] : [],
    native,
  };
}

/** CloudTrail's event history does not show it: busy programs and forgotten ones do it. */
const objectsAlone = { everyHours: 3, service: 's3', operation: 'GetObject' } as const;

const dailyHabits = [
  { everyHours: 6, service: 's3', operation: 'ListBuckets' },
  { everyHours: 6, service: 's3', operation: 'ListBuckets' },
  { everyHours: 24, service: 'sts', operation: 'GetCallerIdentity' },
  { everyHours: 24, service: 's3', operation: 'ListBuckets' },
] as const;

const habits = [
  objectsAlone,
  ...dailyHabits,
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
    reads: dice.pick(['vault', 'vault', 'copy']),
    stoppedDaysAgo: stoppedDaysAgo(dice.split('stopped')),
  };
}

/** Work on objects alone, which only last-used shows; and tokens that outlive their key. */
function rarerHabit(dice: Dice): Partial<(typeof habits)[number] | typeof tokens> {
  if (dice.chance(0.2)) return objectsAlone;
  return dice.chance(0.08) ? tokens : {};
}

const tokens = { everyHours: 6, service: 'sts', operation: 'GetSessionToken' } as const;

/** What was in use in the last 90 days and is no more: its key is not unused, nor picked up. */
function stoppedDaysAgo(dice: Dice): number | null {
  return dice.chance(0.1) ? dice.between(3, 60) : null;
}
