/**
 * The daily inventory of every account served: whoever has a stale key that no event told of gets
 * a rotation as if one had. One account's trouble holds up no other, and neither does one user's;
 * both are named in what comes of it, and so is what there was no time for. Safe to repeat: what is
 * under way is left alone, without a word in its journal.
 */
import { type AccountSums, accountSums, type SeenUser } from '../domain/account-figures.ts';
import { approachingRows } from '../domain/early-warning.ts';
import { messageOf, NotLetIn, Permanent, Transient } from '../domain/errors.ts';
import {
  asReported,
  type CredentialReports,
  fromAnotherEachDay,
  type ReportedUser,
  type ServedAccounts,
  shownOf,
} from '../domain/inventory.ts';
import type { Partition } from '../domain/key.ts';
import { noneCounted, type Sums, sumFor } from './inventory-sums.ts';
import type { ApproachingUser } from './note-approaching.ts';
import { type OpenAnswer, type OpenDeps, open } from './open.ts';
import { endless, limited, type TimeLeft } from './time-left.ts';
import { whileTime } from './while-time.ts';

export interface InventoryShell extends OpenDeps {
  readonly partition: Partition;
  /** Where the hub is. */
  readonly region: string;
  readonly served: ServedAccounts;
  readonly reports: CredentialReports;
}

export interface InventoryTaken extends Sums {
  /** Accounts that could not be read, each with what is wrong. */
  readonly failed: readonly { readonly account: string; readonly problem: string }[];
  /** Left for want of time: so many users of the account, or all of it. */
  readonly notReached: readonly { readonly account: string; readonly users: number | 'all' }[];
  /** Users with a stale key of whom the policy only observes; a thousand of them at most. */
  readonly onlyObserved: readonly { readonly account: string; readonly userName: string }[];
}

/** What else the reports showed, for whoever measures and warns afterwards. */
export interface InventorySeen {
  readonly accounts: readonly AccountSums[];
  /** Users whom nobody is to leave alone, with keys that become findings soon. */
  readonly approaching: readonly ApproachingUser[];
}

/** Accounts at once, and users of one account: IAM throttles an account by itself. */
const accountsAtOnce = 8;
const usersAtOnce = 2;

/** Whoever hangs for longer is left to tomorrow. */
const reportMillis = 240_000;
const userMillis = 60_000;

/** So many are listed; all are counted. */
const mostListed = 1000;

interface Taking extends InventoryShell {
  readonly time: TimeLeft;
  readonly sums: { -readonly [Each in keyof Sums]: Sums[Each] };
  readonly failed: InventoryTaken['failed'][number][];
  readonly notReached: InventoryTaken['notReached'][number][];
  readonly onlyObserved: InventoryTaken['onlyObserved'][number][];
  readonly unexpected: unknown[];
  readonly seen: { readonly accounts: AccountSums[]; readonly approaching: ApproachingUser[] };
}

/**
 * Throws what `everyServed` throws, since without a list there is no inventory; and what nobody
 * expected, once all else had its turn.
 */
export async function takeInventory(
  shell: InventoryShell,
  time: TimeLeft = endless,
): Promise<InventoryTaken & { readonly seen: InventorySeen }> {
  const accounts = fromAnotherEachDay(await shell.served.everyServed(), shell.clock.now());
  const sums = { ...noneCounted, accounts: accounts.length };
  const lists = { failed: [], notReached: [], onlyObserved: [], unexpected: [] };
  const seen = { accounts: [], approaching: [] };
  const taking: Taking = { ...shell, ...lists, time, sums, seen };
  const left = await whileTime(time, accountsAtOnce, accounts, (each) => lookInto(taking, each));
  for (const account of left) taking.notReached.push({ account, users: 'all' });
  const { failed, notReached, onlyObserved, unexpected } = taking;
  if (notReached.length > 0) shell.log.error('inventory out of time', { notReached });
  if (unexpected.length > 0) throw unexpected[0];
  return { ...sums, failed, notReached, onlyObserved, seen };
}

async function lookInto(taking: Taking, account: string): Promise<void> {
  try {
    const candidates = await candidatesIn(taking, account);
    taking.sums.read += 1;
    const look = (user: ReportedUser) => lookAt(taking, account, user);
    const inTurn = fromAnotherEachDay(candidates, taking.clock.now());
    const left = await whileTime(taking.time, usersAtOnce, inTurn, look);
    if (left.length > 0) taking.notReached.push({ account, users: left.length });
  } catch (error) {
    const problem = messageOf(error);
    taking.log.error('inventory: account not read', { account, problem });
    taking.failed.push({ account, problem });
    noteUnexpected(taking, error);
  }
}

/** Users whose row shows an Active key that may be stale. */
async function candidatesIn(
  { partition, reports, policyFor, clock, log, time, sums, seen }: Taking,
  account: string,
): Promise<readonly ReportedUser[]> {
  const tried = `reading the credential report of account ${account}`;
  const ask = () => reports.read(partition, account);
  const { users, problems } = await limited(time, reportMillis, tried, ask);
  for (const problem of problems) log.error('inventory: row not understood', { account, problem });
  sums.rowsNotRead += problems.length;
  sums.users += users.length;
  const now = clock.now();
  const candidates: ReportedUser[] = [];
  const all: SeenUser[] = [];
  for (const user of users) {
    const { policy, exemption } = await policyFor(asReported(user, partition, account));
    all.push({ user, policy });
    const { mayBeStale, nears, unused } = shownOf(user, policy, now);
    if (mayBeStale) candidates.push(user);
    if (nears) sums.nearing += 1;
    if (unused) sums.unused += 1;
    const staleAt = approachingRows(user, policy, now);
    if (staleAt.length > 0 && exemption === null && policy.mode !== 'observe') {
      seen.approaching.push({ account, userName: user.userName, staleAt });
    }
  }
  seen.accounts.push(accountSums(account, all, now));
  return candidates;
}

async function lookAt(taking: Taking, account: string, { userName }: ReportedUser): Promise<void> {
  const { time, log, sums } = taking;
  try {
    const tried = `looking at the keys of user ${account}/${userName}`;
    const look = () => openFor(taking, account, userName);
    count(taking, account, userName, await limited(time, userMillis, tried, look));
  } catch (error) {
    // Then it is the account that cannot be read, not this user.
    if (error instanceof NotLetIn) throw error;
    log.error('inventory: user not looked at', { account, userName, problem: messageOf(error) });
    sums.usersFailed += 1;
    noteUnexpected(taking, error);
  }
}

function openFor(
  taking: Taking,
  account: string,
  userName: string,
): Promise<readonly OpenAnswer[]> {
  const { partition, region, clock } = taking;
  return open(taking, {
    partition,
    account,
    user: { by: 'name', userName },
    finding: { source: 'inventory', account, region, userName },
    asked: false,
    sentAt: clock.now(),
  });
}

/** Rotations are counted by key; a user whom the policy only observes is listed once. */
function count(
  { sums, onlyObserved }: Taking,
  account: string,
  userName: string,
  answers: readonly OpenAnswer[],
): void {
  for (const answer of answers) sums[sumFor(answer)] += 1;
  const isObserved = answers.some((answer) => sumFor(answer) === 'observed');
  if (isObserved && onlyObserved.length < mostListed) onlyObserved.push({ account, userName });
}

function noteUnexpected({ unexpected }: Taking, error: unknown): void {
  const isExpected = error instanceof Transient || error instanceof Permanent;
  if (!isExpected) unexpected.push(error);
}
