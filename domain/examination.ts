/**
 * What the witness is asked. A runbook passes the same fields as strings; functions/witness.ts
 * reads both.
 */
import type { Authority } from './evidence.ts';
import type { Instant } from './instant.ts';
import type { IamUser, KeyStatus } from './key.ts';
import type { Issued } from './stage.ts';

/** `deactivate`: may the old key be switched off? `delete`: may the Inactive old key be deleted? */
export type Purpose = 'deactivate' | 'delete';

export interface Examination {
  readonly purpose: Purpose;
  readonly user: Pick<IamUser, 'partition' | 'account' | 'userName' | 'userId'>;
  readonly oldKeyId: string;
  /** What replaces the old key; null when that is retired, since nobody uses it. */
  readonly issued: Issued | null;
  /** When Keyturn last switched the old key off; null before it did. */
  readonly deactivatedAt: Instant | null;
  /**
   * Until when earlier looks have shown that the key stayed off and nobody used it since; that
   * moment itself if there were none. null before it was switched off.
   */
  readonly clearUntil: Instant | null;
  /**
   * How an unused key has to stand to be switched off: as when that was decided. null while nothing
   * is decided yet, and for keys that are replaced, which have to be Active.
   */
  readonly statusBefore: KeyStatus | null;
  /** No act before this deadline. */
  readonly notBefore: Instant;
  readonly authority: Authority;
  /** Further places (further-place.ts) that must have the new key too. */
  readonly copies: readonly string[];
}
