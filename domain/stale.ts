/**
 * Which of a user's keys are to be claimed, as what, and in which order; and what an earlier
 * rotation of the key says to that. Whoever claims and whoever plans ask the same questions here.
 */
import type { Rotation } from './case.ts';
import { type Instant, isDue, plus } from './instant.ts';
import type { AccessKey } from './key.ts';
import type { Policy } from './policy.ts';
import type { Done, KeyExemption } from './stage.ts';
import type { KeyUsage } from './unused.ts';

/** A stale key, and what is to become of it. */
export interface Stale {
  readonly key: AccessKey;
  readonly kind: Rotation['kind'];
  /** The empty text if it never was, or nobody knows. */
  readonly lastUse: string;
}

/** The first moment at which a key is stale. */
export function staleAt({ createdAt }: Pick<AccessKey, 'createdAt'>, policy: Policy): Instant {
  return plus(createdAt, { days: policy.staleDays });
}

/** Active keys at least as old as the policy says. No control reports an Inactive one. */
export function staleAmong(
  keys: readonly AccessKey[],
  policy: Policy,
  now: Instant,
): readonly AccessKey[] {
  return keys.filter((key) => key.status === 'Active' && isDue(staleAt(key, policy), now));
}

/**
 * Stale keys with what is to become of each, the least recently used one first. What nobody can say
 * is unused is replaced: nothing is switched off for want of an answer.
 */
export function ranked(
  known: readonly { readonly key: AccessKey; readonly usage: KeyUsage }[],
  policy: Policy,
): readonly Stale[] {
  return known
    .map(({ key, usage }) => ({
      key,
      kind: usage.is === 'unused' ? policy.unused : 'replace',
      lastUse: usage.is === 'unknown' ? '' : (usage.lastUsed?.at ?? ''),
    }))
    .toSorted((a, b) => a.lastUse.localeCompare(b.lastUse) || compareIds(a.key, b.key));
}

function compareIds(a: AccessKey, b: AccessKey): number {
  return a.keyId.localeCompare(b.keyId);
}

/** Whether a key can be claimed, by the newest rotation that it has or had. */
export type Claimable =
  | { readonly is: 'free'; readonly generation: number }
  | { readonly is: 'under way'; readonly rotation: Rotation }
  /** The rotation says that the key is gone, the account says that it is Active. */
  | { readonly is: 'contradicted'; readonly stage: Done }
  /** A person decided that nobody touches it for the time being. */
  | { readonly is: 'exempt'; readonly exemption: KeyExemption }
  /** The rotation ended after the report was made: that speaks of what was before. */
  | { readonly is: 'ended since'; readonly stage: Done };

/** `sentAt`: when whatever asks for the claim was sent. */
export function claimableBy(
  holder: Rotation | undefined,
  sentAt: Instant,
  now: Instant,
): Claimable {
  if (holder === undefined) return { is: 'free', generation: 1 };
  const { stage, generation } = holder;
  if (stage.name !== 'done') return { is: 'under way', rotation: holder };
  if (stage.outcome === 'rotated' || stage.outcome === 'retired') {
    return { is: 'contradicted', stage };
  }
  const { exemption } = stage;
  if (exemption !== undefined && !isDue(exemption.until, now)) return { is: 'exempt', exemption };
  return isDue(sentAt, stage.at)
    ? { is: 'ended since', stage }
    : { is: 'free', generation: generation + 1 };
}

/** What the inventory leaves alone, although a finding of the same key would be taken up. */
export type LeftByInventory = 'under way' | 'abandoned';

/**
 * Why the inventory has nothing to say of a key; null if it has. It looks every day: what is under
 * way would join the same rotation again each time, and what a person abandoned stays abandoned
 * until somebody reports it anew.
 */
export function leftByInventory(holder: Rotation | undefined): LeftByInventory | null {
  if (holder === undefined) return null;
  if (holder.stage.name !== 'done') return 'under way';
  return holder.stage.outcome === 'abandoned' ? 'abandoned' : null;
}
