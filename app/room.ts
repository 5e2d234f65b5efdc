/**
 * Makes room for a user's new key: opens the retirement of a second key that nobody uses. What
 * decides stands in domain/room.ts.
 */
import type { Rotation } from '../domain/case.ts';
import { Transient } from '../domain/errors.ts';
import type { AccessKey } from '../domain/key.ts';
import type { Policy } from '../domain/policy.ts';
import type { KeyUses } from '../domain/ports.ts';
import { inTheWay, roomByHolder, roomByUse, takenProblem } from '../domain/room.ts';
import type { IssuedKeys } from '../domain/secrets-from-outside.ts';
import type { Replacing, Spare } from '../domain/stage.ts';
import { type Claimant, claim } from './claim.ts';
import { holderOf } from './holder.ts';
import { unusedFor } from './unused-keys.ts';

export interface RoomDeps extends Claimant {
  readonly uses: KeyUses;
  readonly issued: IssuedKeys;
}

export type Room =
  | { readonly is: 'free' }
  /** The unused second key is being retired. */
  | { readonly is: 'awaited'; readonly spare: Spare }
  /** Somebody has to decide what becomes of the second key. */
  | { readonly is: 'taken'; readonly problem: string };

/**
 * `keys`: the user's keys as IAM lists them now. `policy`: what holds for the user now, since the
 * second key is claimed now. Opens the retirement of an unused second key.
 * Throws Transient when it cannot be told whether that is used, and what the store throws.
 */
export async function roomFor(
  deps: RoomDeps,
  rotation: Rotation,
  plan: Replacing,
  keys: readonly AccessKey[],
  policy: Policy,
): Promise<Room> {
  const rooms: Room[] = [];
  for (const other of inTheWay(keys, rotation, plan)) {
    rooms.push(await roomOf(deps, rotation, other, policy));
  }
  const taken = rooms.find(({ is }) => is === 'taken');
  return taken ?? rooms.find(({ is }) => is === 'awaited') ?? { is: 'free' };
}

async function roomOf(
  deps: RoomDeps,
  rotation: Rotation,
  other: AccessKey,
  policy: Policy,
): Promise<Room> {
  const { user } = rotation.key;
  const holder = await holderOf(deps.store, user, other.keyId);
  if (holder === undefined) return roomOfUnclaimed(deps, rotation, other, policy);
  const said = roomByHolder(other, holder);
  switch (said.is) {
    case 'awaited':
      return said;
    case 'taken':
      return { is: 'taken', problem: takenProblem(other, user, said.why) };
    case 'gone':
      throw new Transient(said.problem);
  }
}

async function roomOfUnclaimed(
  deps: RoomDeps,
  rotation: Rotation,
  other: AccessKey,
  policy: Policy,
): Promise<Room> {
  const { region, key } = rotation;
  const usage = await unusedFor(deps, key.user, other, deps.clock.now());
  const said = roomByUse(usage, policy, other);
  switch (said.is) {
    case 'unknown':
      throw new Transient(`whether key ${other.keyId} is used is not known: ${said.problem}`);
    case 'taken':
      return { is: 'taken', problem: takenProblem(other, key.user, said.why) };
    case 'retired': {
      const kind = 'retire' as const;
      const wanted = { user: key.user, key: other, policy, kind, region, generation: 1 };
      const { id } = await claim(deps, { ...wanted, findings: [] });
      return { is: 'awaited', spare: { keyId: other.keyId, rotationId: id } };
    }
  }
}
