/**
 * Keeps what an inventory saw: a file for each account as soon as its keys are known, and one for
 * the day at the end. What cannot be kept is logged and counted; it keeps no key from its rotation.
 */
import type { SeenUser } from '../domain/account-figures.ts';
import { messageOf, Permanent, Transient } from '../domain/errors.ts';
import type { CredentialReport, UserTagLists } from '../domain/inventory.ts';
import type { InventoryArchive } from '../domain/inventory-archive.ts';
import { type DayBook, dayBook } from '../domain/inventory-day.ts';
import {
  accountInventory,
  type InventoriedUser,
  inventoriedUser,
} from '../domain/inventory-record.ts';
import type { Digest } from '../domain/journal.ts';
import type { Partition } from '../domain/key.ts';
import type { Person } from '../domain/people.ts';
import type { Tags } from '../domain/policy-tags.ts';
import type { Clock, Log } from '../domain/ports.ts';
import { limited, type TimeLeft } from './time-left.ts';

export interface HistoryShell {
  readonly archive: InventoryArchive;
  readonly tags: UserTagLists;
  /** Whom an owner tag may name. */
  readonly people: readonly Person[];
}

interface Surroundings {
  readonly partition: Partition;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  readonly ids: { readonly digest: Digest };
  readonly time: TimeLeft;
}

export interface InventoryRecorder {
  /** Keeps an account. `staleKeyIds`: of the users whose keys were listed. Never throws. */
  account(
    account: string,
    report: CredentialReport,
    seen: readonly SeenUser[],
    staleKeyIds: ReadonlyMap<string, readonly string[]>,
  ): Promise<void>;
  leaveOut(account: string, problem: string): void;
  /** Keeps the day. Returns for how many accounts, or days, nothing could be kept. */
  close(): Promise<number>;
}

/** Whoever hangs for longer is left out. */
const tagsMillis = 120_000;
const keepMillis = 60_000;

export function inventoryRecorder(shell: HistoryShell, around: Surroundings): InventoryRecorder {
  const book: DayBook = dayBook();
  const { archive } = shell;
  const { partition, clock, log, ids, time } = around;
  let failed = 0;
  const orNote = async (what: string, keep: () => Promise<void>): Promise<string | null> => {
    try {
      await limited(time, keepMillis, what, keep);
      return null;
    } catch (error) {
      if (!isExpected(error)) throw error;
      failed += 1;
      log.error('inventory: not kept', { what, problem: messageOf(error) });
      return messageOf(error);
    }
  };
  return {
    account: async (account, report, seen, staleKeyIds) => {
      const takenAt = clock.now();
      const { tags, problems } = await tagsIn(shell, around, account);
      const users = seen
        .map(({ user, policy }): InventoriedUser => {
          const { userName } = user;
          const own = tags === 'not read' ? tags : (tags.get(userName) ?? {});
          const row = inventoriedUser(user, policy, own, shell.people, takenAt);
          return { ...row, staleKeyIds: staleKeyIds.get(userName) ?? null };
        })
        .filter(({ keys }) => keys.length > 0);
      const all = [...report.problems, ...problems];
      const taken = { partition, account, takenAt, reportAt: report.generatedAt, problems: all };
      const inventory = accountInventory(taken, report.users.length, users, ids.digest);
      const what = `keeping the inventory of account ${account}`;
      const problem = await orNote(what, () => archive.keepAccount(inventory));
      if (problem === null) book.add(inventory);
      else book.leaveOut(account, problem);
    },
    leaveOut: (account, problem) => book.leaveOut(account, problem),
    close: async () => {
      const day = book.close(clock.now(), ids.digest);
      await orNote(`keeping the inventory of ${day.date}`, () => archive.keepDay(day));
      return failed;
    },
  };
}

/** Without them an inventory is kept all the same, and says so. */
async function tagsIn(
  { tags }: HistoryShell,
  { partition, time, log }: Surroundings,
  account: string,
): Promise<{
  readonly tags: ReadonlyMap<string, Tags> | 'not read';
  readonly problems: readonly string[];
}> {
  const tried = `reading the tags of the users of account ${account}`;
  try {
    const read = await limited(time, tagsMillis, tried, () => tags.tagsOf(partition, account));
    return { tags: read, problems: [] };
  } catch (error) {
    if (!isExpected(error)) throw error;
    log.error('inventory: tags not read', { account, problem: messageOf(error) });
    return { tags: 'not read', problems: [messageOf(error)] };
  }
}

function isExpected(error: unknown): boolean {
  return error instanceof Transient || error instanceof Permanent;
}
