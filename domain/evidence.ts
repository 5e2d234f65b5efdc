/**
 * Evidence of who uses which key: `safe`, `in use` or `unknown`, never a boolean. It comes from all
 * sources together, each of which says how far it could be read. How a verdict is reached stands in
 * judge.ts.
 */
import type { Instant } from './instant.ts';
import type { KeyStatus } from './key.ts';

/**
 * One use of a key: who, where, when, with what. Fields that a source does not know are 'unknown'.
 */
export interface Use {
  readonly at: Instant;
  readonly service: string;
  readonly region: string;
  readonly sourceIp: string;
  readonly userAgent: string;
  readonly source: 'last-used' | 'cloudtrail';
}

/** Whether anybody but Keyturn's own test has used the new key. */
export type Pickup =
  | { readonly seen: true; readonly at: Instant; readonly by: Use }
  | { readonly seen: false };

/** Something that keeps a verdict from being safe without being a use. */
export interface Gap {
  /** `standing` is about keys and secret as they are now: no force overrides it. */
  readonly about: 'last-used' | 'cloudtrail' | 'pickup' | 'standing' | 'deadline';
  readonly problem: string;
}

/** What the account says of the old key now; `unknown` when it could not be asked. */
export type OldKeyStatus = KeyStatus | 'Gone' | 'unknown';

interface Observed {
  /** When it was gathered; a decision wants it fresh. */
  readonly at: Instant;
  readonly oldKey: OldKeyStatus;
  readonly userGone: boolean;
  /** Latest uses of the old key, newest first, at most 10. */
  readonly uses: readonly Use[];
  readonly pickup: Pickup;
  /** In how many Regions CloudTrail was asked; 0 if it is not known which ones the account has. */
  readonly regionsAsked: number;
  /** How long this key must be quiet, by its own history. */
  readonly quietHours: number;
  /**
   * The earliest moment at which the old key has been quiet long enough, if nobody uses it again.
   */
  readonly quietAt: Instant;
}

export type Evidence =
  | (Observed & { readonly verdict: 'safe'; readonly basis: 'evidence' | 'attested' | 'forced' })
  | (Observed & { readonly verdict: 'in use' })
  | (Observed & { readonly verdict: 'unknown'; readonly gaps: readonly Gap[] });

/**
 * What an act rests on. Attesting stands in for pickup; force for usage evidence, never for
 * standing.
 */
export type Authority =
  | { readonly kind: 'evidence' }
  | ({ readonly kind: 'attested' } & Word)
  | ({ readonly kind: 'forced' } & Word);

/** Who gave it, and when. */
interface Word {
  /** Their name, as the record shows it. */
  readonly by: string;
  /** Their Slack id; absent in what older versions journalled. */
  readonly slackUserId?: string;
  readonly at: Instant;
}

/** `S3 in eu-west-1 from 203.0.113.7 with aws-cli/2.15 at 2026-11-02 03:14 UTC`. */
export function describeUse(use: Use): string {
  const moment = `${use.at.slice(0, 10)} ${use.at.slice(11, 16)} UTC`;
  return `${use.service} in ${use.region} from ${use.sourceIp} with ${use.userAgent} at ${moment}`;
}
