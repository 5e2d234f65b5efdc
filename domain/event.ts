/** What can happen to a rotation, in the past tense. */
import type { Evidence } from './evidence.ts';
import type { Finding } from './finding.ts';
import type { FoundInFiles } from './found-in-files.ts';
import type { IncidentAnswered } from './incident.ts';
import type { Instant } from './instant.ts';
import type { Actor, Owner } from './people.ts';
import type { NativeCustody } from './secret-tags.ts';
import type { Issued, Spare } from './stage.ts';

/** How a runbook run ended. `refused`: it changed nothing because the witness did not say safe. */
export type RunResult =
  | { readonly status: 'issued'; readonly issued: Issued }
  | { readonly status: 'deactivated' | 'deleted' | 'restored'; readonly at: Instant }
  | { readonly status: 'refused'; readonly problem: string }
  | { readonly status: 'failed'; readonly problem: string };

/** What the system reports. */
export type SystemEvent =
  | { readonly type: 'finding reported'; readonly finding: Finding }
  /** The shell has room for one more run. */
  | { readonly type: 'admitted' }
  /** Time has come for something that needs nothing from outside. */
  | { readonly type: 'deadline passed' }
  | { readonly type: 'evidence gathered'; readonly evidence: Evidence }
  | { readonly type: 'run started'; readonly effectId: string; readonly executionId: string }
  /** The run was asked about and is still under way. */
  | { readonly type: 'run still going'; readonly executionId: string }
  /** The run could not be started and never will be. */
  | { readonly type: 'run not started'; readonly effectId: string; readonly problem: string }
  | { readonly type: 'run finished'; readonly executionId: string; readonly result: RunResult }
  | { readonly type: 'key gone'; readonly what: 'key' | 'user' }
  /** The user has two keys; the other one is unused and being retired. */
  | { readonly type: 'room awaited'; readonly spare: Spare }
  /** The user has two keys, and no other one may go. */
  | { readonly type: 'no room'; readonly problem: string }
  /** Evidence would allow the next run, but no run has room now. */
  | { readonly type: 'crowded' }
  /** Its ring of the roll-out is closed, so that nothing begins. */
  | { readonly type: 'ring closed'; readonly why: string }
  /** The key stands in files. */
  | { readonly type: 'found in files'; readonly found: FoundInFiles }
  /** The order to start a run no longer holds; SSM is not known to have started it. */
  | { readonly type: 'run withdrawn'; readonly effectId: string; readonly why: string }
  /** The policy exempts the user by now. */
  | { readonly type: 'exempted'; readonly why: string }
  /** Secrets Manager rotated the secret itself: there is a new key, current, beside this one. */
  | {
      readonly type: 'issued natively';
      readonly issued: Issued;
      readonly custody: NativeCustody;
    }
  /** The account could not be read, so that nothing may begin. */
  | { readonly type: 'look failed'; readonly problem: string };

/** What a person did. `by` has been authenticated and authorised. */
export type HumanEvent =
  | { readonly type: 'approved'; readonly by: Actor }
  | { readonly type: 'snoozed'; readonly by: Actor; readonly hours: number }
  /** The deadline that people were shown is to be then. */
  | { readonly type: 'snoozed until'; readonly by: Actor; readonly until: Instant }
  | { readonly type: 'paused'; readonly by: Actor }
  | { readonly type: 'resumed'; readonly by: Actor }
  | { readonly type: 'rolled back'; readonly by: Actor }
  | { readonly type: 'attested'; readonly by: Actor }
  | { readonly type: 'forced'; readonly by: Actor }
  | { readonly type: 'abandoned'; readonly by: Actor }
  | Reassigned
  | KeyExempted
  /** A press that was not allowed, too late, or on an outdated message: kept for the record. */
  | {
      readonly type: 'press refused';
      readonly by: Actor;
      readonly press: string;
      readonly why: string;
    }
  /** Somebody answered a page. `by` is known to PagerDuty alone, and authorised for nothing. */
  | IncidentAnswered;

/** Somebody said whose key it is, or that it is not whose it was said to be. */
export interface Reassigned {
  readonly type: 'reassigned';
  readonly by: Actor;
  readonly owner: Owner;
  /** By somebody who may assign owners: whoever it is then has the owner's rights. */
  readonly assigned: boolean;
}

/** A person decided that nobody touches this key until then. */
export interface KeyExempted {
  readonly type: 'key exempted';
  readonly by: Actor;
  readonly reason: string;
  /** The first moment at which it no longer holds. */
  readonly until: Instant;
}

export type RotationEvent = SystemEvent | HumanEvent;

export type EventType = RotationEvent['type'];

export const eventTypes: readonly EventType[] = [
  'finding reported',
  'admitted',
  'deadline passed',
  'evidence gathered',
  'run started',
  'run still going',
  'run not started',
  'run finished',
  'key gone',
  'room awaited',
  'no room',
  'crowded',
  'ring closed',
  'found in files',
  'run withdrawn',
  'exempted',
  'issued natively',
  'look failed',
  'approved',
  'snoozed',
  'snoozed until',
  'paused',
  'resumed',
  'rolled back',
  'attested',
  'forced',
  'abandoned',
  'reassigned',
  'key exempted',
  'press refused',
  'incident answered',
];
