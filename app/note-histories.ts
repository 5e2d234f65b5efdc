/**
 * Notes what a credential report says of when keys were last used: its daily word is the only
 * history of whoever works on objects alone. What cannot be noted is logged and counted; it keeps
 * no key from its rotation.
 */
import { messageOf, Permanent, Transient } from '../domain/errors.ts';
import type { Instant } from '../domain/instant.ts';
import type { CredentialReport } from '../domain/inventory.ts';
import type { Partition } from '../domain/key.ts';
import type { HistoryNotes } from '../domain/lists.ts';
import type { Log } from '../domain/ports.ts';
import { type HistoryOf, withReport } from '../domain/use-history.ts';
import type { TimeLeft } from './time-left.ts';
import { whileTime } from './while-time.ts';

interface NotingShell {
  readonly partition: Partition;
  readonly store: HistoryNotes;
  readonly log: Log;
}

export interface HistoriesNoted {
  readonly noted: number;
  /** Could not be noted, or there was no time: a day of their history is missing. */
  readonly missed: number;
}

/** Keys of one account at once. */
const atOnce = 8;

/** Throws what nobody expected. */
export async function noteHistories(
  { partition, store, log }: NotingShell,
  account: string,
  { users, generatedAt }: CredentialReport,
  time: TimeLeft,
): Promise<HistoriesNoted> {
  const used = users.flatMap(({ userName, keys }) =>
    keys.flatMap(({ active, rotatedAt, lastUsed }) => {
      const isKnown = rotatedAt !== 'unknown' && lastUsed !== 'unknown' && lastUsed !== 'none';
      if (!active || !isKnown) return [];
      return [{ key: { partition, account, userName, createdAt: rotatedAt }, lastUsed }];
    }),
  );
  const failures: string[] = [];
  const left = await whileTime(time, atOnce, used, async ({ key, lastUsed }) => {
    try {
      await noteHistory(store, key, lastUsed, generatedAt);
    } catch (error) {
      if (!(error instanceof Transient) && !(error instanceof Permanent)) throw error;
      failures.push(`${key.userName}: ${messageOf(error)}`);
    }
  });
  const missed = failures.length + left.length;
  if (missed > 0) {
    const [problem = 'there was no time left'] = failures;
    log.error('inventory: last uses not noted', { account, keys: missed, problem });
  }
  return { noted: used.length - missed, missed };
}

/** Nothing is written where the report says nothing new. */
async function noteHistory(
  store: HistoryNotes,
  key: HistoryOf,
  lastUsed: Instant,
  reportAt: Instant,
): Promise<void> {
  const before = await store.historyOf(key);
  const history = withReport(before, lastUsed, reportAt);
  if (history !== before) await store.noteHistory(key, history);
}
