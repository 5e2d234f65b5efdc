/**
 * Whether a key is unused, by what IAM remembers of its last use. It is a hint for choosing what
 * to do with the key; before anything is done to it, all evidence is judged again.
 */
import { type Instant, isDue, latest, plus } from './instant.ts';
import type { AccessKey } from './key.ts';
import { lagHours, lastUsedStepMinutes } from './quiet.ts';
import type { LastUsed } from './testimony.ts';

/** A key that nobody used for so long, or ever while being as old, is unused. */
export const unusedDays = 90;

/** What IAM said of a key's last use; it may not have answered. */
export type LastUse =
  | {
      readonly known: true;
      readonly lastUsed: LastUsed;
      /** Keyturn issued it: it is what whoever reads its secret gets, today or in a year. */
      readonly isIssued: boolean;
    }
  | { readonly known: false; readonly problem: string };

export type KeyUsage =
  /** `kept`: for whoever reads it from its secret, used or not. */
  | { readonly is: 'unused' | 'used' | 'kept'; readonly lastUsed: LastUsed }
  /** It could not be asked: never to be taken for unused. */
  | { readonly is: 'unknown'; readonly problem: string };

export function usageOf(
  key: Pick<AccessKey, 'createdAt'>,
  lastUse: LastUse,
  now: Instant,
): KeyUsage {
  if (!lastUse.known) return { is: 'unknown', problem: lastUse.problem };
  const { lastUsed, isIssued } = lastUse;
  if (isIssued) return { is: 'kept', lastUsed };
  return { is: isUnused(key, lastUsed, now) ? 'unused' : 'used', lastUsed };
}

/** Never unused on a guess: the last use counts as late as it may have been. */
export function isUnused(
  { createdAt }: Pick<AccessKey, 'createdAt'>,
  lastUsed: LastUsed,
  now: Instant,
): boolean {
  const quietSince =
    lastUsed === null
      ? createdAt
      : latest(createdAt, plus(lastUsed.at, { minutes: lastUsedStepMinutes, hours: lagHours }));
  return isDue(plus(quietSince, { days: unusedDays }), now);
}
