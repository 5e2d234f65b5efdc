/**
 * Where the witness learns how keys stand and who uses them. A source that cannot say throws
 * Transient or Permanent, or answers with a Reading that says what is missing: never an empty
 * answer.
 */
import type { Examination } from './examination.ts';
import type { Instant } from './instant.ts';
import type { IamUser, KeyStatus } from './key.ts';
import type {
  LastUsed,
  QueriedUses,
  Reading,
  Standing,
  StatusChange,
  TrailReading,
} from './testimony.ts';

/** One question to the trail: who used this key since then? */
export interface TrailQuestion {
  readonly keyId: string;
  readonly since: Instant;
  /** Regions to read; the witness's own and the one where global services log are read anyhow. */
  readonly inRegions: readonly string[];
}

export interface LastUsedSource {
  /** The latest use that IAM remembers; null if the key was never used. */
  lastUsed(userName: string, keyId: string): Promise<LastUsed>;
}

export interface TrailSource {
  /** Newest first, read to the end, cut off, or incomplete. */
  uses(question: TrailQuestion): Promise<TrailReading>;
  /** Who switched or deleted that key since then. Newest first. */
  statusChanges(keyId: string, since: Instant): Promise<Reading<readonly StatusChange[]>>;
}

/**
 * A query over a trail that records data events. One question a cycle serves all keys of the
 * account: what it says is as old as the cycle at most.
 */
export interface TrailQuerySource {
  /**
   * What the query of this cycle shows of a key. Throws Transient or Permanent while it runs, if it
   * failed, was cut, or its trail is not being written.
   */
  uses(keyId: string, inRegions: readonly string[]): Promise<QueriedUses>;
}

export interface RegionSource {
  /**
   * Every Region that the account may be used in, also those just being switched on or off. Throws
   * Transient or Permanent if that is not known for sure.
   */
  enabled(): Promise<readonly string[]>;
}

export interface StandingSource {
  /** Throws Permanent if the user has another name by now: a renamed user is not gone. */
  standing(examination: Examination): Promise<Standing>;
  /**
   * What the account shows of one key now; `Gone` also when the user is. Throws Permanent if the
   * user has another name by now, or another user has the name.
   */
  statusOf(user: Pick<IamUser, 'userName' | 'userId'>, keyId: string): Promise<KeyStatus | 'Gone'>;
}

export interface UsageSources {
  readonly lastUsed: LastUsedSource;
  readonly trail: TrailSource;
  /** Where one is configured: then evidence is complete only with its answer. */
  readonly trailQuery?: TrailQuerySource;
  readonly regions: RegionSource;
  readonly standing: StandingSource;
}
