/** Whether a rotation's user and key are still there: a renamed user is not gone. */
import type { Rotation } from '../domain/case.ts';
import { Permanent, Transient } from '../domain/errors.ts';
import type { RotationEvent } from '../domain/event.ts';
import type { AccessKey, IamUser } from '../domain/key.ts';
import type { Users } from '../domain/ports.ts';

/** A rotation's user as IAM knows it now, with all keys. */
export interface Found {
  readonly user: IamUser;
  readonly keys: readonly AccessKey[];
}

/** Throws Permanent for a user who was renamed, and Transient while IAM contradicts itself. */
export async function userOrGone(
  { users }: { readonly users: Users },
  rotation: Rotation,
): Promise<Found | Extract<RotationEvent, { type: 'key gone' }>> {
  const { user, keyId } = rotation.key;
  const named = await users.byName(user.partition, user.account, user.userName);
  const keys = named?.userId === user.userId ? await users.keysOf(named) : undefined;
  if (named !== undefined && keys !== undefined) {
    const isThere = keys.some((key) => key.keyId === keyId);
    return isThere ? { user: named, keys } : { type: 'key gone', what: 'key' };
  }
  // A user under another name is not gone, and neither is the key.
  const now = await users.byId(user.partition, user.account, user.userId);
  if (now === undefined) return { type: 'key gone', what: 'user' };
  const whom = `user ${user.userName} (${user.userId})`;
  if (now.userName === user.userName) throw new Transient(`${whom} is shown by half of IAM only`);
  throw new Permanent(
    `${whom} was renamed to ${now.userName}: rename the user back, or abandon the rotation`,
  );
}
