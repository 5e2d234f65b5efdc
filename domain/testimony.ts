/**
 * What the sources said, before anybody judges it. Each reading says whether its source could be
 * read to the end: an error, a throttle or a missing page is a gap, never an answer.
 */
import type { Use } from './evidence.ts';
import type { Instant } from './instant.ts';
import type { KeyStatus } from './key.ts';

export type Reading<T> = { readonly complete: true; readonly value: T } | Unread;

export interface Unread {
  readonly complete: false;
  readonly problem: string;
}

/** One CloudTrail event made with a key. */
export interface TrailUse {
  readonly use: Use;
  readonly eventName: string;
  readonly requestId: string;
}

/**
 * A trail of more events than are read at once, read from the newest one back. Every use later than
 * `since` is in `newest`, which is newest first; of earlier ones some may be missing.
 */
export interface CutOff<T> extends Unread {
  readonly since: Instant;
  readonly newest: readonly T[];
}

export type TrailReading = Reading<readonly TrailUse[]> | CutOff<TrailUse>;

/**
 * What a query over a trail with data events shows of a key: of each half day the first and last.
 */
export interface QueriedUses {
  /** Every use from here on counts in, but for those not delivered when the query ran. */
  readonly since: Instant;
  readonly uses: readonly TrailUse[];
}

/** One UpdateAccessKey or DeleteAccessKey on the old key, as CloudTrail shows it. */
export interface StatusChange {
  readonly at: Instant;
  readonly to: KeyStatus | 'Gone';
  /** The ARN of who did it. */
  readonly by: string;
}

/** GetAccessKeyLastUsed: null when the key was never used. */
export type LastUsed = Use | null;

/** Keys and secret as they are now. */
export interface Standing {
  readonly userGone: boolean;
  /** The unique id that the user name has now; differs if the user was deleted and made again. */
  readonly userId: string | null;
  readonly oldKey: KeyStatus | 'Gone';
  /** Where drills are held, and IAM shows the user below their path (drill.ts). */
  readonly isDummy?: boolean;
  readonly oldKeyCreatedAt: Instant | null;
  /** `Gone` where none was asked about. */
  readonly newKey: KeyStatus | 'Gone';
  /** The version id that carries AWSCURRENT; null if the secret is gone. */
  readonly currentVersionId: string | null;
  /** Further places, by their texts, that are not known to have the new key. */
  readonly copiesBehind: readonly string[];
  /** Places whose readers may have got the old key from Keyturn; looked for if none replaces it. */
  readonly keptIn: readonly string[];
}

export interface Testimony {
  readonly at: Instant;
  /** In how many Regions CloudTrail was asked; 0 if it is not known which ones the account has. */
  readonly regionsAsked: number;
  readonly standing: Reading<Standing>;
  readonly oldLastUsed: Reading<LastUsed>;
  readonly newLastUsed: Reading<LastUsed>;
  /** Up to 90 days back. */
  readonly oldTrail: TrailReading;
  /** Of the old key, data events included; absent where no query is configured. */
  readonly queried?: Reading<QueriedUses>;
  /** Since the new key became current. */
  readonly newTrail: TrailReading;
  /** Since Keyturn's deactivation; complete and empty before it. */
  readonly statusChanges: Reading<readonly StatusChange[]>;
}
