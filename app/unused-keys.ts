/** Which of a user's keys is unused, asked when a claim is made. */
import { messageOf, Permanent, Transient } from '../domain/errors.ts';
import type { Instant } from '../domain/instant.ts';
import type { AccessKey, IamUser } from '../domain/key.ts';
import type { KeyUses } from '../domain/ports.ts';
import { type KeyUsage, type LastUse, usageOf } from '../domain/unused.ts';

/** When a key was last used; what keeps that from being known is an answer, too. */
export async function lastUseOf(
  uses: KeyUses,
  user: IamUser,
  { keyId }: Pick<AccessKey, 'keyId'>,
): Promise<LastUse> {
  try {
    return { known: true, lastUsed: await uses.lastUsed(user, keyId) };
  } catch (error) {
    if (!(error instanceof Transient || error instanceof Permanent)) throw error;
    return { known: false, problem: messageOf(error) };
  }
}

export async function unusedFor(
  uses: KeyUses,
  user: IamUser,
  key: AccessKey,
  now: Instant,
): Promise<KeyUsage> {
  return usageOf(key, await lastUseOf(uses, user, key), now);
}
