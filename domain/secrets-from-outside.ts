/** Secrets as they look from outside, and which keys their readers may have got. */
import type { VaultSecret } from './custody.ts';
import type { IamUser } from './key.ts';
import type { Place } from './ports.ts';

/** A place where Keyturn keeps keys of a user's for those who read there. */
export interface IssuedAt {
  readonly arn: string;
  /** The keys that its readers may have got; null if that cannot be told: it may be any. */
  readonly keyIds: readonly string[] | null;
}

/** Whether its readers may have got that key: also where nobody can tell which they got. */
export function mayHaveGiven({ keyIds }: IssuedAt, keyId: string): boolean {
  return keyIds === null || keyIds.includes(keyId);
}

/** Whose keys they are. */
export type KeyHolder = Pick<IamUser, 'partition' | 'account' | 'userId' | 'userName'>;

/** What readers of a user's secrets may have got, by what stands there, never by what was heard. */
export interface IssuedKeys {
  /** Throws Transient or Permanent. */
  issuedTo(user: KeyHolder): Promise<readonly IssuedAt[]>;
}

/** Secrets as they are, without their values. Throws Transient or Permanent. */
export interface SecretDescriptions {
  /** undefined if there is no such secret. */
  describe(where: Place, arn: string): Promise<VaultSecret | undefined>;
}
