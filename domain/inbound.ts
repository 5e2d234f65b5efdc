/** What an event from EventBridge comes to once it has been read at the edge. */
import type { MacieFinding } from './discovery.ts';
import type { Report } from './finding.ts';
import type { Instant } from './instant.ts';
import type { Place } from './ports.ts';

/** Something that could not be understood, whole, with everything wrong with it. */
export interface Letter {
  readonly event: unknown;
  readonly problems: readonly string[];
}

/** What one finding comes to. */
export type ReadFinding =
  | { readonly is: 'reported'; readonly reports: readonly Report[] }
  | { readonly is: 'ignored'; readonly reason: string }
  | { readonly is: 'rejected'; readonly problems: readonly string[] };

export type Inbound =
  /** Malformed or contradictory as a whole. */
  | { readonly kind: 'rejected'; readonly problems: readonly string[] }
  /** Every finding of the event, each on its own: a bad one does not take the others with it. */
  | {
      readonly kind: 'findings';
      readonly reports: readonly Report[];
      /** Why some of them call for nothing. */
      readonly ignored: readonly string[];
      readonly rejected: readonly Letter[];
    }
  /** A run of a runbook changed its status; which run it is, SSM must be asked. */
  | { readonly kind: 'run'; readonly where: Place; readonly executionId: string }
  /** A label of a secret moved; what is true now, the secret must be asked. */
  | {
      readonly kind: 'label';
      readonly where: Place;
      readonly secretArn: string;
      readonly versionId: string;
      readonly label: string;
      readonly sentAt: Instant;
    }
  /** Credentials lie in an object of S3; whose they are, nobody says. */
  | { readonly kind: 'credentials'; readonly finding: MacieFinding }
  /** Valid, and nothing that Keyturn acts on. */
  | { readonly kind: 'other'; readonly reason: string };

/** Reads one event. Never throws: what cannot be read is `rejected`, with every problem. */
export type ReadEvent = (event: unknown) => Inbound;
