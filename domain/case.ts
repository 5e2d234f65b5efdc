/** What a rotation knows at every stage, and a rotation as a whole. */
import type { Finding } from './finding.ts';
import type { FoundInFiles } from './found-in-files.ts';
import type { Handover } from './handover.ts';
import type { Incident } from './incident.ts';
import type { Instant } from './instant.ts';
import type { StaleKey } from './key.ts';
import type { Notices } from './notices.ts';
import type { Owner } from './people.ts';
import type { Policy } from './policy.ts';
import type { Stage } from './stage.ts';

export interface Rotation {
  /** A UUID that follows from partition, account, key id and generation. */
  readonly id: string;
  /** 1 for the first rotation of a key; one more after an abandoned one. */
  readonly generation: number;
  /** The number of journal entries. */
  readonly version: number;
  /** The version whose Slack message people see; a press on another one is outdated. */
  readonly shownVersion: number;
  /** `replace`: a new key comes first. `retire`: nobody uses the key, none is needed. */
  readonly kind: 'replace' | 'retire';
  readonly key: StaleKey;
  /** Where runbooks run and secrets live for this key. */
  readonly region: string;
  readonly owner: Owner;
  readonly policy: Policy;
  /** Every finding that reported this key's user. */
  readonly findings: readonly Finding[];
  readonly openedAt: Instant;
  readonly snoozedHours: number;
  readonly stage: Stage;
  /** The PagerDuty incidents that are open; absent where there never was one. */
  readonly incidents?: readonly Incident[];
  /** Absent while the owner is whoever tag and configuration named when it was opened. */
  readonly handover?: Handover;
  /** What the owner is told directly; absent where an older version opened the rotation. */
  readonly notices?: Notices;
  /** Files that the key was found in; absent where none was recorded. */
  readonly found?: FoundInFiles;
}

/** A rotation known to be at a stage (or one of some). */
export type At<S extends Stage> = Rotation & { readonly stage: S };
