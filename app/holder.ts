/** The rotation that holds the claim on a key, under way or done. */
import type { Rotation } from '../domain/case.ts';
import { Bug } from '../domain/errors.ts';
import type { IamUser } from '../domain/key.ts';
import type { RotationStore } from '../domain/ports.ts';

/** Undefined: nobody has claimed the key yet. Throws Bug if the claim names no rotation. */
export async function holderOf(
  store: Pick<RotationStore, 'claimOn' | 'load'>,
  user: Pick<IamUser, 'partition' | 'account'>,
  keyId: string,
): Promise<Rotation | undefined> {
  const held = await store.claimOn(user.partition, user.account, keyId);
  if (held === undefined) return undefined;
  const holder = await store.load(held.rotationId);
  if (holder === undefined) {
    throw new Bug(`the claim on key ${keyId} names rotation ${held.rotationId}: there is none`);
  }
  return holder;
}
