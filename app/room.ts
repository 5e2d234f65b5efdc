/**
 * Whether a user has room for a new key. IAM allows two, and Inactive ones count. A second key goes
 * only if it is unused, claimed and staged like any other; what is in use, or may be, stays, and
 * people are asked.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (2026-11)
 */
import type { Rotation } from '../domain/case.ts';
import { asSentence } from '../domain/decision.ts';
import { Bug, Transient } from '../domain/errors.ts';
import { type AccessKey, shortKey, userLabel } from '../domain/key.ts';
import { isKeyGone } from '../domain/outcome.ts';
import type { KeyUses } from '../domain/ports.ts';
import type { Replacing, Spare } from '../domain/stage.ts';
import { type Claimant, claim } from './claim.ts';
import { unusedFor } from './unused-keys.ts';

export interface RoomDeps extends Claimant {
  readonly uses: KeyUses;
}

export type Room =
  | { readonly is: 'free' }
  /** The unused second key is being retired. */
  | { readonly is: 'awaited'; readonly spare: Spare }
  /** Somebody has to decide what becomes of the second key. */
  | { readonly is: 'taken'; readonly problem: string };

/**
 * `keys`: the user's keys as IAM lists them now. Opens the retirement of an unused second key.
 * Throws Transient when it cannot be told whether that is used, and what the store throws.
 */
export async function roomFor(
  deps: RoomDeps,
  rotation: Rotation,
  plan: Replacing,
  keys: readonly AccessKey[],
): Promise<Room> {
  const others = keys.filter(
    (key) => key.keyId !== rotation.key.keyId && stands(key, rotation, plan),
  );
  const rooms: Room[] = [];
  for (const other of others) {
    rooms.push(await roomOf(deps, rotation, other));
  }
  const taken = rooms.find(({ is }) => is === 'taken');
  return taken ?? rooms.find(({ is }) => is === 'awaited') ?? { is: 'free' };
}

/**
 * Whether a second key stands in the way. One that came after the claim may be what a failed
 * attempt left: the custodian finds out whose it is, and refuses if it is not.
 */
function stands({ createdAt }: AccessKey, { openedAt }: Rotation, { attempts }: Replacing) {
  return attempts === 0 || createdAt < openedAt;
}

async function roomOf(deps: RoomDeps, rotation: Rotation, other: AccessKey): Promise<Room> {
  const { user } = rotation.key;
  const held = await deps.store.claimOn(user.partition, user.account, other.keyId);
  if (held === undefined) return retire(deps, rotation, other);
  const holder = await deps.store.load(held.rotationId);
  if (holder === undefined) {
    const what = `the claim on key ${other.keyId} names rotation ${held.rotationId}`;
    throw new Bug(`${what}: there is none`);
  }
  const { stage } = holder;
  if (stage.name === 'done') {
    if (!isKeyGone(stage)) return taken(other, rotation, `its rotation ended ${stage.outcome}`);
    // IAM may list a deleted key for a while; key ids are never given out again.
    throw new Transient(`key ${other.keyId} is ${stage.outcome}, yet IAM still lists it`);
  }
  if (holder.kind === 'replace') {
    return taken(other, rotation, 'it is in use too and is to be replaced itself');
  }
  if (stage.name === 'held') {
    return taken(other, rotation, `its retirement is on hold: ${stage.reason.text}`);
  }
  return { is: 'awaited', spare: { keyId: other.keyId, rotationId: holder.id } };
}

async function retire(deps: RoomDeps, rotation: Rotation, other: AccessKey): Promise<Room> {
  const { user } = rotation.key;
  const usage = await unusedFor(deps.uses, user, other, deps.clock.now());
  if (usage.is === 'unknown') {
    throw new Transient(`whether key ${other.keyId} is used is not known: ${usage.problem}`);
  }
  if (usage.is === 'used') {
    const when = usage.lastUsed === null ? 'is too young to be called unused' : 'is in use';
    return taken(other, rotation, `it ${when}`);
  }
  if (rotation.policy.unused !== 'retire') {
    return taken(other, rotation, 'it is unused, but the policy retires no keys');
  }
  const { region, policy } = rotation;
  const kind = 'retire' as const;
  const wanted = { user, key: other, policy, kind, region, generation: 1, findings: [] };
  const { id } = await claim(deps, wanted);
  return { is: 'awaited', spare: { keyId: other.keyId, rotationId: id } };
}

function taken(other: AccessKey, { key }: Rotation, why: string): Room {
  const which = `second key ${shortKey(other.keyId)} (${other.status}) of ${userLabel(key.user)}`;
  return {
    is: 'taken',
    problem:
      `${which} stands in the way: ${asSentence(why)} ` +
      'Delete it by hand if nothing needs it, then resume.',
  };
}
