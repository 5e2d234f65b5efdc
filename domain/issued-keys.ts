/** Which keys the readers of a user's secrets may have got: types only. */
import type { IamUser } from './key.ts';

/** A place where Keyturn keeps keys of a user's for those who read there. */
export interface IssuedAt {
  readonly arn: string;
  /** The keys that its readers may have got; null if that cannot be told: it may be any. */
  readonly keyIds: readonly string[] | null;
}

/** Whose keys they are. */
export type KeyHolder = Pick<IamUser, 'partition' | 'account' | 'userId' | 'userName'>;

/** What readers of a user's secrets may have got, by what stands there, never by what was heard. */
export interface IssuedKeys {
  /** Throws Transient or Permanent. */
  issuedTo(user: KeyHolder): Promise<readonly IssuedAt[]>;
}
