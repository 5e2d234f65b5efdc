/**
 * The daily inventory of every account served: whoever has a stale key that no event told of gets
 * a rotation as if one had. One account's trouble holds up no other, and neither does one user's;
 * both are named in what comes of it, and so is what there was no time for. Safe to repeat: what is
 * under way is left alone, without a word in its journal. What was seen is kept as history.
 */
import { type AccountSums, accountSums } from '../domain/account-figures.ts';
import type { Rotation } from '../domain/case.ts';
import { approachingRows } from '../domain/early-warning.ts';
import { messageOf, NotLetIn, Permanent, Transient } from '../domain/errors.ts';
import {
  type CredentialReport,
  fromAnotherEachDay,
  type ServedAccounts,
} from '../domain/inventory.ts';
import type { AccessKey } from '../domain/key.ts';
import { closeGone, waitingByAccount } from './close-gone.ts';
import {
  type FindDeps,
  type FoundUser,
  leftAlone,
  seenIn,
  staleKeysOf,
} from './find-stale-keys.ts';
import { noneCounted, type Sums, sumFor, sumOfLeft } from './inventory-sums.ts';
import type { ApproachingUser } from './note-approaching.ts';
import { noteHistories } from './note-histories.ts';
import { type OpenAnswer, type OpenDeps, open } from './open.ts';
import {
  type HistoryShell,
  type InventoryRecorder,
  inventoryRecorder,
} from './record-inventory.ts';
import { endless, limited, type TimeLeft } from './time-left.ts';
import { whileTime } from './while-time.ts';

export interface InventoryShell extends OpenDeps, Omit<FindDeps, keyof OpenDeps> {
  /** Where the hub is. */
  readonly region: string;
  readonly served: ServedAccounts;
  /** Where inventories are kept; left out where none are. */
  readonly history?: HistoryShell;
}

export interface InventoryTaken extends Sums {
  /** Accounts, and days, of which the inventory could not be kept. */
  readonly notKept: number;
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
  readonly recorder: InventoryRecorder | null;
  readonly time: TimeLeft;
  readonly sums: { -readonly [Each in keyof Sums]: Sums[Each] };
  readonly failed: InventoryTaken['failed'][number][];
  readonly notReached: InventoryTaken['notReached'][number][];
  readonly onlyObserved: InventoryTaken['onlyObserved'][number][];
  readonly unexpected: unknown[];
  readonly seen: { readonly accounts: AccountSums[]; readonly approaching: ApproachingUser[] };
  /** Rotations that nobody has answered, by account. */
  readonly waiting: ReadonlyMap<string, readonly Rotation[]>;
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
  const recorder =
    shell.history === undefined ? null : inventoryRecorder(shell.history, { ...shell, time });
  const waiting = await waitingByAccount(shell);
  const taking: Taking = { ...shell, ...lists, time, sums, recorder, seen, waiting };
  const left = await whileTime(time, accountsAtOnce, accounts, (each) => lookInto(taking, each));
  for (const account of left) {
    taking.notReached.push({ account, users: 'all' });
    recorder?.leaveOut(account, 'there was no time for it');
  }
  const notKept = (await recorder?.close()) ?? 0;
  const { failed, notReached, onlyObserved, unexpected } = taking;
  if (notReached.length > 0) shell.log.error('inventory out of time', { notReached });
  if (unexpected.length > 0) throw unexpected[0];
  return { ...sums, notKept, failed, notReached, onlyObserved, seen };
}

async function lookInto(taking: Taking, account: string): Promise<void> {
  try {
    const { report, seen } = await readReport(taking, account);
    const stale = new Map<string, readonly string[]>();
    const candidates = seen.filter(({ mayBeStale }) => mayBeStale);
    const look = (user: FoundUser) => lookAt(taking, account, user, stale);
    const inTurn = fromAnotherEachDay(candidates, taking.clock.now());
    const left = await whileTime(taking.time, usersAtOnce, inTurn, look);
    if (left.length > 0) taking.notReached.push({ account, users: left.length });
    await noteLastUses(taking, account, report);
    const waiting = taking.waiting.get(account) ?? [];
    taking.sums.closed += await closeGone(taking, waiting, report, taking.time);
    await taking.recorder?.account(account, report, seen, stale);
  } catch (error) {
    const problem = messageOf(error);
    taking.log.error('inventory: account not read', { account, problem });
    taking.failed.push({ account, problem });
    taking.recorder?.leaveOut(account, problem);
    noteUnexpected(taking, error);
  }
}

async function readReport(
  taking: Taking,
  account: string,
): Promise<{ readonly report: CredentialReport; readonly seen: readonly FoundUser[] }> {
  const { partition, reports, log, time, sums } = taking;
  const tried = `reading the credential report of account ${account}`;
  const ask = () => reports.read(partition, account);
  const report = await limited(time, reportMillis, tried, ask);
  const { users, problems } = report;
  for (const problem of problems) log.error('inventory: row not understood', { account, problem });
  sums.rowsNotRead += problems.length;
  sums.users += users.length;
  const found = await seenIn(taking, account, report);
  sums.nearing += found.filter(({ nears }) => nears).length;
  sums.unused += found.filter(({ unused }) => unused).length;
  sums.read += 1;
  noteFigures(taking, account, found);
  return { report, seen: found };
}

async function noteLastUses(
  taking: Taking,
  account: string,
  report: CredentialReport,
): Promise<void> {
  const { noted, missed } = await noteHistories(taking, account, report, taking.time);
  taking.sums.historiesNoted += noted;
  taking.sums.historiesMissed += missed;
}

/** What is measured, and of whom people are told before there is a finding. */
function noteFigures({ clock, seen }: Taking, account: string, found: readonly FoundUser[]): void {
  const now = clock.now();
  seen.accounts.push(accountSums(account, found, now));
  for (const { user, policy, isExempt } of found) {
    const staleAt = approachingRows(user, policy, now);
    if (staleAt.length === 0 || isExempt || policy.mode === 'observe') continue;
    seen.approaching.push({ account, userName: user.userName, staleAt });
  }
}

/** Notes in `stale` which keys the user was found to have. */
async function lookAt(
  taking: Taking,
  account: string,
  seen: FoundUser,
  stale: Map<string, readonly string[]>,
): Promise<void> {
  const { time, log, sums } = taking;
  const { userName } = seen.user;
  try {
    const tried = `looking at the keys of user ${account}/${userName}`;
    const look = async () => {
      const keys = await staleKeysOf(taking, account, seen);
      if (keys !== undefined)
        stale.set(
          userName,
          keys.map(({ keyId }) => keyId),
        );
      if (keys === undefined) sums.gone += 1;
      else if (keys.length === 0) sums.fresh += 1;
      else await openUnlessLeft(taking, account, userName, keys);
    };
    await limited(time, userMillis, tried, look);
  } catch (error) {
    // Then it is the account that cannot be read, not this user.
    if (error instanceof NotLetIn) throw error;
    log.error('inventory: user not looked at', { account, userName, problem: messageOf(error) });
    sums.usersFailed += 1;
    noteUnexpected(taking, error);
  }
}

/** On most days all stale keys have their rotations: then nothing more is asked of the account. */
async function openUnlessLeft(
  taking: Taking,
  account: string,
  userName: string,
  keys: readonly AccessKey[],
): Promise<void> {
  const left = await leftAlone(taking, account, keys);
  if (left === null) count(taking, account, userName, await openFor(taking, account, userName));
  else for (const because of left) taking.sums[sumOfLeft(because)] += 1;
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
