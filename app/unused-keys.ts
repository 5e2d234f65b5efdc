/** Which of a user's keys is unused, asked when a claim is made. */
import { messageOf, Permanent, Transient } from '../domain/errors.ts';
import type { Instant } from '../domain/instant.ts';
import type { AccessKey, IamUser } from '../domain/key.ts';
import type { KeyUses } from '../domain/ports.ts';
import type { LastUsed } from '../domain/testimony.ts';
import { isUnused } from '../domain/unused.ts';

export type KeyUsage =
  | { readonly is: 'unused' | 'used'; readonly lastUsed: LastUsed }
  /** It could not be asked: never to be taken for unused. */
  | { readonly is: 'unknown'; readonly problem: string };

export async function unusedFor(
  uses: KeyUses,
  user: IamUser,
  key: AccessKey,
  now: Instant,
): Promise<KeyUsage> {
  try {
    const lastUsed = await uses.lastUsed(user, key.keyId);
    return { is: isUnused(key, lastUsed, now) ? 'unused' : 'used', lastUsed };
  } catch (error) {
    if (!(error instanceof Transient || error instanceof Permanent)) throw error;
    return { is: 'unknown', problem: messageOf(error) };
  }
}
