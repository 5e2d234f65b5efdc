/** Which of a user's keys is unused, asked when a claim is made. */

import { issuedKeyOf } from '../domain/ending.ts';
import { messageOf, Permanent, Transient } from '../domain/errors.ts';
import type { Instant } from '../domain/instant.ts';
import type { AccessKey, IamUser } from '../domain/key.ts';
import type { KeyUses, RotationStore } from '../domain/ports.ts';
import { type IssuedKeys, mayHaveGiven } from '../domain/secrets-from-outside.ts';
import { type KeyUsage, type LastUse, usageOf } from '../domain/unused.ts';

export interface UsageDeps {
  readonly uses: KeyUses;
  readonly issued: IssuedKeys;
  readonly store: Pick<RotationStore, 'ofUser' | 'load'>;
}

/** When a key was last used; what keeps that from being known is an answer, too. */
export async function lastUseOf(
  { uses, store, issued }: UsageDeps,
  user: IamUser,
  { keyId }: Pick<AccessKey, 'keyId'>,
): Promise<LastUse> {
  try {
    const isIssued =
      (await issuedKeys(store, user)).has(keyId) ||
      (await issued.issuedTo(user)).some((place) => mayHaveGiven(place, keyId));
    return { known: true, lastUsed: await uses.lastUsed(user, keyId), isIssued };
  } catch (error) {
    if (!(error instanceof Transient || error instanceof Permanent)) throw error;
    return { known: false, problem: messageOf(error) };
  }
}

/** The user's keys that some rotation put into a secret, whatever became of that rotation. */
async function issuedKeys(
  store: UsageDeps['store'],
  { account, userId }: IamUser,
): Promise<ReadonlySet<string>> {
  const ids = await store.ofUser(account, userId);
  const rotations = await Promise.all(ids.map((id) => store.load(id)));
  const issued = rotations.map((rotation) => rotation && issuedKeyOf(rotation));
  return new Set(issued.filter((keyId) => typeof keyId === 'string'));
}

export async function unusedFor(
  deps: UsageDeps,
  user: IamUser,
  key: AccessKey,
  now: Instant,
): Promise<KeyUsage> {
  return usageOf(key, await lastUseOf(deps, user, key), now);
}
