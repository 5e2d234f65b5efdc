/**
 * The stages of a rotation. Each says what is true now and carries exactly the facts that it
 * proves; the picture of how they follow each other stands in rotation.ts.
 */
import type { Authority, Evidence } from './evidence.ts';
import type { Instant } from './instant.ts';
import type { Actor } from './people.ts';

/** The replacement key as the custodian issued it: ids only, the value is in the vault. */
export interface Issued {
  readonly newKeyId: string;
  readonly secretArn: string;
  readonly secretVersionId: string;
  /** Since then AWSCURRENT is the new key: nobody can have picked it up earlier. */
  readonly currentSince: Instant;
  /** Request ids of the custodian's own test calls, which are no pickup. */
  readonly testRequestIds: readonly string[];
}

interface Ordered {
  /** The order to start it. */
  readonly effectId: string;
  /** When it was ordered. */
  readonly since: Instant;
  /** When it is asked about. */
  readonly pollAt: Instant;
}

/** A runbook run that the stage waits for. */
export type Run =
  | (Ordered & { readonly status: 'ordered' })
  | (Ordered & { readonly status: 'started'; readonly executionId: string });

export type Approval =
  | { readonly given: false }
  | { readonly given: true; readonly by: Actor; readonly at: Instant };

/** Claimed; waits for approval, window, room or capacity. */
export interface Proposed {
  readonly name: 'proposed';
  readonly due: Instant;
  /** Unanswered by then: held. */
  readonly answerBy: Instant;
  readonly approval: Approval;
  /** Attempts to issue a new key so far. */
  readonly attempts: number;
}

/** The issue runbook is in flight, or waits to be tried again after its undo. */
export interface Issuing {
  readonly name: 'issuing';
  /** Counts on over the whole rotation: each attempt has a ClientRequestToken of its own. */
  readonly attempt: number;
  /** Further attempts before the rotation is held. */
  readonly triesLeft: number;
  readonly run: Run | { readonly status: 'waiting'; readonly retryAt: Instant };
  /** Where the rotation is held if the last attempt fails. */
  readonly proposal: Proposed;
}

/** Both keys work. */
export interface Overlapping {
  readonly name: 'overlapping';
  readonly issued: Issued;
  readonly since: Instant;
  readonly deactivateAt: Instant;
  readonly nextProbeAt: Instant;
  readonly authority: Authority;
  readonly evidence: Evidence | null;
}

export interface Deactivating {
  readonly name: 'deactivating';
  readonly run: Run;
  /** Where the rotation goes back to (held) if the runbook refuses or fails. */
  readonly overlap: Overlapping;
}

/** The old key is Inactive and can be restored. */
export interface Soaking {
  readonly name: 'soaking';
  readonly issued: Issued;
  readonly overlap: Overlapping;
  readonly deactivatedAt: Instant;
  readonly deleteAt: Instant;
  readonly nextProbeAt: Instant;
  readonly authority: Authority;
  readonly evidence: Evidence | null;
}

export interface Deleting {
  readonly name: 'deleting';
  readonly run: Run;
  readonly soak: Soaking;
}

/** `restore-key` is in flight; afterwards the rotation is held at `kept`. */
export interface Restoring {
  readonly name: 'restoring';
  readonly run: Run;
  /** Where the rotation is held if restoring fails. */
  readonly from: Overlapping | Soaking;
  readonly because: string;
}

export type Paused = Proposed | Overlapping | Soaking;

export type HoldCode =
  | 'paused'
  | 'unanswered'
  | 'not begun'
  | 'issue failed'
  | 'not picked up'
  | 'still in use'
  | 'evidence incomplete'
  | 'overlap too long'
  | 'runbook refused'
  | 'runbook failed'
  | 'reactivated'
  | 'changed outside'
  | 'rolled back'
  | 'restore failed';

export interface HoldReason {
  readonly code: HoldCode;
  /** A whole sentence for people: what is wrong, on what, what to do. */
  readonly text: string;
}

export interface Held {
  readonly name: 'held';
  /** The stage that it was paused at. */
  readonly kept: Paused;
  readonly reason: HoldReason;
  readonly since: Instant;
  /** What Keyturn last made sure of; `unknown` after a failed run: Roll back is then offered. */
  readonly oldKey: 'Active' | 'Inactive' | 'unknown';
  readonly nextProbeAt: Instant;
}

export type Outcome = 'rotated' | 'already gone' | 'abandoned';

export interface Done {
  readonly name: 'done';
  readonly outcome: Outcome;
  readonly at: Instant;
  /** What still exists and somebody may want to clean up, as sentences. */
  readonly remaining: readonly string[];
}

export type Stage =
  | Proposed
  | Issuing
  | Overlapping
  | Deactivating
  | Soaking
  | Deleting
  | Restoring
  | Held
  | Done;

export type StageName = Stage['name'];

export const stageNames: readonly StageName[] = [
  'proposed',
  'issuing',
  'overlapping',
  'deactivating',
  'soaking',
  'deleting',
  'restoring',
  'held',
  'done',
];
