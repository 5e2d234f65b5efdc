/** What a drill does in the account in which it is held. */
import type { Instant } from './instant.ts';
import type { AccessKey } from './key.ts';
import type { Sealed } from './sealed.ts';

export interface HeldKey {
  readonly keyId: string;
  readonly secret: Sealed;
}

/** IAM, below the path of drills and nowhere else. Each throws Transient or Permanent. */
export interface DrillUsers {
  make(userName: string): Promise<{ readonly userId: string }>;
  /** Its keys are claimed: what replaces them is not to be stale. */
  settle(userName: string): Promise<void>;
  addKey(userName: string): Promise<HeldKey>;
  /** undefined if there is no such user. */
  keysOf(userName: string): Promise<readonly AccessKey[] | undefined>;
  /** With its keys; also one that is gone, or half gone, already. */
  remove(userName: string): Promise<void>;
  /** Names of those made before that moment. */
  madeBefore(at: Instant): Promise<readonly string[]>;
}

/** The dummies' applications, and where they keep what they know. Throws Transient or Permanent. */
export interface DrillApps {
  keep(userName: string, keys: readonly HeldKey[]): Promise<void>;
  keysOf(userName: string): Promise<readonly HeldKey[]>;
  /** What readers of Keyturn's secret get; undefined where there is none yet. */
  currentOf(userName: string): Promise<HeldKey | undefined>;
  /** Whether AWS lets the key in as that user. */
  use(key: HeldKey, userId: string): Promise<boolean>;
  /** Keeps Secrets Manager busy for so long; how often it refused. */
  crowd(userName: string, seconds: number): Promise<number>;
  /** Deletes what it kept, and Keyturn's secret of that user. */
  forget(userName: string): Promise<void>;
}
