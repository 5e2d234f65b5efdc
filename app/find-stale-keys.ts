/**
 * How the inventory finds stale keys: one credential report of an account, then one list of keys
 * for each user whose row shows one that may be stale. Nobody else is asked about.
 */
import type { SeenUser } from '../domain/account-figures.ts';
import {
  asReported,
  type CredentialReport,
  type CredentialReports,
  type KeyLists,
  shownOf,
} from '../domain/inventory.ts';
import type { AccessKey, Partition } from '../domain/key.ts';
import type { Policy } from '../domain/policy.ts';
import type { Clock, RotationStore } from '../domain/ports.ts';
import { type LeftByInventory, leftByInventory, staleAmong } from '../domain/stale.ts';
import { holderOf } from './holder.ts';
import type { RulingDeps } from './ruling.ts';

export interface FindDeps {
  readonly partition: Partition;
  readonly reports: CredentialReports;
  readonly keyLists: KeyLists;
  readonly policyFor: RulingDeps['policyFor'];
  readonly store: Pick<RotationStore, 'claimOn' | 'load'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** A user of a report, with what its row shows under the policy that goes for it. */
export interface FoundUser extends SeenUser, ReturnType<typeof shownOf> {
  readonly policy: Policy;
  /** Whether nobody is to touch the user. */
  readonly isExempt: boolean;
}

/** Everybody in the report of an account. Throws as the report and the policy do. */
export async function seenIn(
  { partition, policyFor, clock }: Pick<FindDeps, 'partition' | 'policyFor' | 'clock'>,
  account: string,
  { users }: CredentialReport,
): Promise<readonly FoundUser[]> {
  const now = clock.now();
  const seen: FoundUser[] = [];
  for (const user of users) {
    const { policy, exemption } = await policyFor(asReported(user, partition, account));
    seen.push({ user, policy, isExempt: exemption !== null, ...shownOf(user, policy, now) });
  }
  return seen;
}

/** The stale keys of a user as IAM lists them now; undefined if the user is gone. */
export async function staleKeysOf(
  { partition, keyLists, clock }: Pick<FindDeps, 'partition' | 'keyLists' | 'clock'>,
  account: string,
  { user, policy }: FoundUser,
): Promise<readonly AccessKey[] | undefined> {
  const keys = await keyLists.keysNamed(partition, account, user.userName);
  return keys && staleAmong(keys, policy, clock.now());
}

/** Why each of these keys is left alone, if all of them are: then nothing more has to be asked. */
export async function leftAlone(
  { partition, store }: Pick<FindDeps, 'partition' | 'store'>,
  account: string,
  keys: readonly AccessKey[],
): Promise<readonly LeftByInventory[] | null> {
  const why: LeftByInventory[] = [];
  for (const { keyId } of keys) {
    const left = leftByInventory(await holderOf(store, { partition, account }, keyId));
    if (left === null) return null;
    why.push(left);
  }
  return why;
}
