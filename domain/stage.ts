/**
 * The stages of a rotation. Each says what is true now and carries exactly the facts that it
 * proves; the picture of how they follow each other stands in rotation.ts.
 */
import type { Authority, Evidence } from './evidence.ts';
import type { Instant } from './instant.ts';
import type { KeyStatus } from './key.ts';
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

/** A key that has to go before its user has room for a new one; which rotation retires it. */
export interface Spare {
  readonly keyId: string;
  readonly rotationId: string;
}

/** The key is used: a new one is issued first. */
export interface Replacing {
  readonly kind: 'replace';
  /** Attempts to issue a new key so far. */
  readonly attempts: number;
  /** What the user's room for a new key waits for. */
  readonly waitsFor: Spare | null;
  /** Not tried again before: the last look whether a key may be issued came to nothing. */
  readonly tryAt?: Instant;
}

/** Nobody uses the key: it is switched off as it is, if the evidence still says so then. */
export interface Retiring {
  readonly kind: 'retire';
  readonly nextProbeAt: Instant;
  readonly authority: Authority;
  readonly evidence: Evidence | null;
  /**
   * How the key stood when Keyturn ordered it off; null before that, and once it is seen Active
   * again. A later look may show what Keyturn's own failed run did.
   */
  readonly statusBefore: KeyStatus | null;
}

/** Claimed; waits for approval, window, room or capacity. */
export interface Proposed {
  readonly name: 'proposed';
  /** When a new key is issued, or the unused one switched off. */
  readonly due: Instant;
  /** Unanswered by then: held. */
  readonly answerBy: Instant;
  readonly approval: Approval;
  /** Why its ring of the roll-out was closed when it was due; absent unless it was. */
  readonly ringClosed?: string;
  readonly plan: Replacing | Retiring;
}

/** A claim to issue a new key. */
export type ReplacementProposed = Proposed & { readonly plan: Replacing };
/** A claim to retire an unused key. */
export type RetirementProposed = Proposed & { readonly plan: Retiring };

/** No run yet: the next attempt is at `retryAt`, or after a look that failed at `tryAt`. */
export interface WaitingRun {
  readonly status: 'waiting';
  readonly retryAt: Instant;
  readonly tryAt?: Instant;
}

/** The issue runbook is in flight, or waits to be tried again after its undo. */
export interface Issuing {
  readonly name: 'issuing';
  /** Counts on over the whole rotation: each attempt has a ClientRequestToken of its own. */
  readonly attempt: number;
  /** Further attempts before the rotation is held. */
  readonly triesLeft: number;
  readonly run: Run | WaitingRun;
  /** Where the rotation is held if the last attempt fails. */
  readonly proposal: ReplacementProposed;
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

/** The stage that an old key is switched off from, and goes back to when it is switched on. */
export type BeforeOff = Overlapping | RetirementProposed;

export interface Deactivating {
  readonly name: 'deactivating';
  readonly run: Run;
  /** What the run was ordered on, if that was a word that has been taken back since. */
  readonly orderedOn?: Authority;
  /** Where the rotation goes back to (held) if the runbook refuses or fails. */
  readonly before: BeforeOff;
}

/** The old key is Inactive and can be restored. */
export interface Soaking {
  readonly name: 'soaking';
  readonly before: BeforeOff;
  readonly deactivatedAt: Instant;
  /**
   * Until then the looks have shown that the old key stayed off and nobody used it: CloudTrail
   * forgets after 90 days, and a soak may last longer.
   */
  readonly clearUntil: Instant;
  readonly deleteAt: Instant;
  readonly nextProbeAt: Instant;
  readonly authority: Authority;
  readonly evidence: Evidence | null;
}

export interface Deleting {
  readonly name: 'deleting';
  readonly run: Run;
  /** What the run was ordered on, if that was a word that has been taken back since. */
  readonly orderedOn?: Authority;
  readonly soak: Soaking;
}

/** `restore-key` is in flight; afterwards the rotation is held at `kept`. */
export interface Restoring {
  readonly name: 'restoring';
  readonly run: Run;
  /** Where the rotation is held if restoring fails. */
  readonly from: BeforeOff | Soaking;
  readonly because: string;
}

export type Paused = Proposed | Overlapping | Soaking;

export type HoldCode =
  | 'paused'
  | 'unanswered'
  | 'not begun'
  | 'no room'
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

export type Outcome = 'rotated' | 'retired' | 'already gone' | 'exempt' | 'abandoned';

/** A person's word that nobody touches the key for a time. */
export interface KeyExemption {
  readonly reason: string;
  /** The name of whoever decided it. */
  readonly by: string;
  /** The first moment at which it no longer holds. */
  readonly until: Instant;
}

export interface Done {
  readonly name: 'done';
  readonly outcome: Outcome;
  readonly at: Instant;
  /** The key that was issued into a secret, which may be read at any time. */
  readonly newKeyId: string | null;
  /** What still exists and somebody may want to clean up, as sentences. */
  readonly remaining: readonly string[];
  /** Absent unless a person exempted the key. */
  readonly exemption?: KeyExemption;
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
