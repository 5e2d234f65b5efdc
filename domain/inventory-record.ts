/**
 * What an inventory keeps of an account: every user with an Active key, as IAM's report shows it,
 * with whose it is by its tags; and of a day, all accounts together with the users whose tags are
 * missing or contradict each other. What could not be read is named, never left out.
 */
import { type Instant, isDue, millisBetween, plus } from './instant.ts';
import { keyIsUnused, type ReportedKey, type ReportedUse, type ReportedUser } from './inventory.ts';
import type { Digest } from './journal.ts';
import type { Partition } from './key.ts';
import { ownerNamed, personNamed } from './owner.ts';
import type { Person } from './people.ts';
import type { Policy } from './policy.ts';
import type { Tags } from './policy-tags.ts';

/** Tags that say whose a user is; the last is of the account's own kind and may differ. */
export const ownershipTags = ['owner', 'team', 'application'] as const;

export type OwnershipTag = (typeof ownershipTags)[number];

/** An Active key. `unknown`: IAM does not say since when it is there. */
export interface InventoriedKey {
  readonly slot: 1 | 2;
  readonly rotatedAt: Instant | 'unknown';
  /** Whole days; null where that is unknown. */
  readonly ageDays: number | null;
  readonly lastUsed: ReportedUse;
  readonly state: 'stale' | 'nearing' | 'fresh' | 'unknown';
  /** Not used for as long as a key may be old. */
  readonly unused: boolean;
}

/**
 * `missing`: there is no owner tag. `nobody known`: it names nobody whom the policy file knows.
 * `not read`: the account's tags could not be read.
 */
export type Ownership = 'known' | 'missing' | 'nobody known' | 'not read';

export interface InventoriedUser {
  readonly userName: string;
  readonly path: string;
  readonly ownership: Ownership;
  readonly owner: string | null;
  readonly team: string | null;
  readonly application: string | null;
  readonly environment: string | null;
  /** Of its Active keys those that are stale, as IAM lists them; null if nobody asked. */
  readonly staleKeyIds: readonly string[] | null;
  readonly keys: readonly InventoriedKey[];
}

export interface InventorySums {
  /** In the report, and those of them with an Active key. */
  readonly users: number;
  readonly usersWithKeys: number;
  readonly activeKeys: number;
  readonly stale: number;
  readonly nearing: number;
  readonly unknownAge: number;
  readonly unused: number;
  /** Users with an Active key, by what is wrong with whose they are. */
  readonly ownerMissing: number;
  readonly ownerNobodyKnown: number;
  readonly ownerNotRead: number;
}

export interface AccountInventory {
  readonly schema: 1;
  readonly kind: 'inventory';
  /** In UTC: `2026-11-23`. */
  readonly date: string;
  readonly partition: Partition;
  readonly account: string;
  readonly takenAt: Instant;
  /** When IAM made the report: up to four hours before. */
  readonly reportAt: Instant;
  readonly sums: InventorySums;
  /** Rows that could not be understood, tags that could not be read. */
  readonly problems: readonly string[];
  /** By name. */
  readonly users: readonly InventoriedUser[];
  /** SHA-256 over canonical JSON of all the rest. */
  readonly digest: string;
}

/** A user by what the report says, under that policy. Keys that are not Active are left out. */
export function inventoriedUser(
  user: ReportedUser,
  policy: Pick<Policy, 'staleDays' | 'warnDays' | 'owner'>,
  tags: Tags | 'not read',
  people: readonly Person[],
  now: Instant,
): InventoriedUser {
  const told = tags === 'not read' ? {} : tags;
  const named = (tag: string) => told[`keyturn:${tag}`] ?? null;
  const owner = ownerNamed(told, policy);
  return {
    userName: user.userName,
    path: user.path,
    ownership: tags === 'not read' && owner === undefined ? 'not read' : ownershipBy(owner, people),
    owner: owner ?? null,
    team: named('team'),
    application: named('application'),
    environment: named('environment'),
    staleKeyIds: null,
    keys: user.keys.filter(({ active }) => active).map((key) => keyRow(key, policy, now)),
  };
}

function ownershipBy(owner: string | undefined, people: readonly Person[]): Ownership {
  if (owner === undefined || owner.trim() === '') return 'missing';
  return personNamed(owner, people) === undefined ? 'nobody known' : 'known';
}

function keyRow(
  key: ReportedKey,
  { staleDays, warnDays }: Pick<Policy, 'staleDays' | 'warnDays'>,
  now: Instant,
): InventoriedKey {
  const { slot, rotatedAt, lastUsed } = key;
  const unused = keyIsUnused(key, staleDays, now);
  const rest = { slot, rotatedAt, lastUsed, unused };
  if (rotatedAt === 'unknown') return { ...rest, ageDays: null, state: 'unknown' };
  const isOld = (days: number) => isDue(plus(rotatedAt, { days }), now);
  const state = isOld(staleDays) ? 'stale' : isOld(warnDays) ? 'nearing' : 'fresh';
  return { ...rest, ageDays: wholeDays(rotatedAt, now), state };
}

function wholeDays(from: Instant, to: Instant): number {
  return Math.max(0, Math.floor(millisBetween(from, to) / 86_400_000));
}

export function accountInventory(
  taken: Pick<AccountInventory, 'partition' | 'account' | 'takenAt' | 'reportAt' | 'problems'>,
  everybody: number,
  users: readonly InventoriedUser[],
  digest: Digest,
): AccountInventory {
  const { partition, account, takenAt, reportAt, problems } = taken;
  const sorted = users.toSorted((a, b) => (a.userName < b.userName ? -1 : 1));
  const date = dayOf(takenAt);
  const head = { schema: 1 as const, kind: 'inventory' as const, date, partition, account };
  const sums = sumsOf(everybody, sorted);
  const rest = { ...head, takenAt, reportAt, sums, problems, users: sorted };
  return { ...rest, digest: digest(rest) };
}

function sumsOf(everybody: number, users: readonly InventoriedUser[]): InventorySums {
  const keys = users.flatMap((user) => user.keys);
  const inState = (state: InventoriedKey['state']) =>
    keys.filter((key) => key.state === state).length;
  const owned = (how: Ownership) => users.filter(({ ownership }) => ownership === how).length;
  return {
    users: everybody,
    usersWithKeys: users.length,
    activeKeys: keys.length,
    stale: inState('stale'),
    nearing: inState('nearing'),
    unknownAge: inState('unknown'),
    unused: keys.filter(({ unused }) => unused).length,
    ownerMissing: owned('missing'),
    ownerNobodyKnown: owned('nobody known'),
    ownerNotRead: owned('not read'),
  };
}

/** The day in UTC: `2026-11-23`. */
export function dayOf(moment: Instant): string {
  return moment.slice(0, 10);
}

/** Everything by which an account's inventory is not as Keyturn wrote it. */
export function inventoryProblems(kept: AccountInventory, digest: Digest): readonly string[] {
  const { digest: told, ...rest } = kept;
  const disorder = kept.users.filter(
    ({ userName }, index) => index > 0 && (kept.users[index - 1]?.userName ?? '') >= userName,
  );
  const proven = sumsOf(kept.sums.users, kept.users);
  return [
    ...disorder.map(({ userName }) => `user ${userName}: out of order, or there twice`),
    ...(digest(proven) === digest(kept.sums) ? [] : ['the sums are not those of its users']),
    ...(digest(rest) === told ? [] : ['the digest is of another inventory: something was changed']),
  ];
}
