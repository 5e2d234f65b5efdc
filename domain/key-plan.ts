/** What a plan is made from, and what it says: user by user, key by key. */
import type { Rotation } from './case.ts';
import type { ForeseenStep } from './foresight.ts';
import type { AccessKey, IamUser } from './key.ts';
import type { Owner } from './people.ts';
import type { Policy } from './policy.ts';
import type { LastUse } from './unused.ts';

export interface KeyFacts {
  readonly key: AccessKey;
  readonly lastUse: LastUse;
  /** The newest that the key has or had. */
  readonly rotation: Rotation | undefined;
}

export interface UserFacts {
  readonly user: IamUser;
  readonly owner: Owner;
  readonly policy: Policy;
  /** Why nobody touches the user, as a sentence; null if nothing speaks against it. */
  readonly exempt: string | null;
  readonly keys: readonly KeyFacts[];
}

/** `decide`: a person has to. `unknown`: what would decide cannot be read. */
export type PlannedAction = 'replace' | 'retire' | 'none' | 'decide' | 'unknown';

export interface KeyPlan {
  readonly key: AccessKey;
  readonly lastUse: LastUse;
  readonly action: PlannedAction;
  /** In the order of time, an answer that is wanted first; empty where nothing happens. */
  readonly steps: readonly ForeseenStep[];
  /** Why, in a sentence. */
  readonly because: string;
  /** What has to go, to be known, or to be decided first. */
  readonly standsInTheWay: string | null;
  readonly exempt: boolean;
  /** The rotation that is under way, or as it would be opened; null where there is none. */
  readonly rotation: Rotation | null;
}

/** A key that has a rotation, or would have one. */
export interface Claimed {
  readonly facts: KeyFacts;
  readonly rotation: Rotation;
  readonly because: string;
}

/** Of a key on which there is no rotation. */
export function withoutRotation(
  { key, lastUse }: KeyFacts,
  action: PlannedAction,
  because: string,
  standsInTheWay: string | null = null,
): KeyPlan {
  const nothing = { steps: [], exempt: false, rotation: null };
  return { key, lastUse, action, because, standsInTheWay, ...nothing };
}
