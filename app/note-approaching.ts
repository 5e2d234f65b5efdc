/**
 * Notes the keys that become findings soon, each once, so that their owners are told. Keys that
 * nobody may touch, that policy only observes, or that a rotation takes care of are not noted. IAM
 * is asked once a user: afterwards the note says all there is to know. Safe to repeat.
 */
import { approachingAmong } from '../domain/early-warning.ts';
import { messageOf, Permanent, Transient } from '../domain/errors.ts';
import type { Instant } from '../domain/instant.ts';
import type { IamUser, Partition } from '../domain/key.ts';
import type { WarningNotes } from '../domain/lists.ts';
import type { Owner } from '../domain/people.ts';
import type { Policy } from '../domain/policy.ts';
import type { Clock, RotationStore, Users } from '../domain/ports.ts';
import { claimableBy } from '../domain/stale.ts';
import { holderOf } from './holder.ts';
import { type RulingDeps, rulingOn } from './ruling.ts';
import { limited, type TimeLeft } from './time-left.ts';
import { whileTime } from './while-time.ts';

export interface ApproachingShell extends RulingDeps {
  readonly partition: Partition;
  readonly store: Pick<RotationStore, 'claimOn' | 'load'> & WarningNotes;
  readonly users: Users;
  readonly ownerOf: (user: IamUser, policy: Policy) => Owner;
  readonly clock: Clock;
}

/** A user whose row shows Active keys that become stale at these moments. */
export interface ApproachingUser {
  readonly account: string;
  readonly userName: string;
  readonly staleAt: readonly Instant[];
}

export interface ApproachingNoted {
  /** Keys that are noted now and were not before. */
  readonly noted: number;
  /** Users who could not be looked at, and users whom there was no time for: until tomorrow. */
  readonly failed: number;
  readonly left: number;
}

/** Users at once, and how long one may take. */
const usersAtOnce = 8;
const userMillis = 60_000;

/** Throws what nobody expected, once all others had their turn. */
export async function noteApproaching(
  shell: ApproachingShell,
  users: readonly ApproachingUser[],
  time: TimeLeft,
): Promise<ApproachingNoted> {
  const sums = { noted: 0, failed: 0 };
  const unexpected: unknown[] = [];
  const left = await whileTime(time, usersAtOnce, users, async (user) => {
    const { account, userName } = user;
    try {
      const tried = `noting keys of user ${account}/${userName} that become findings soon`;
      const noted = await limited(time, userMillis, tried, () => noteKeysOf(shell, user));
      // Only now: others add to it while this one waits.
      sums.noted += noted;
    } catch (error) {
      shell.log.error('user not warned', { account, userName, problem: messageOf(error) });
      sums.failed += 1;
      const isExpected = error instanceof Transient || error instanceof Permanent;
      if (!isExpected) unexpected.push(error);
    }
  });
  if (unexpected.length > 0) throw unexpected[0];
  return { ...sums, left: left.length };
}

/** How many of a user's keys were noted. */
async function noteKeysOf(shell: ApproachingShell, seen: ApproachingUser): Promise<number> {
  const { partition, store, users, clock } = shell;
  const { account, userName } = seen;
  const before = await store.approachingOf({ partition, account, userName });
  const isNoted = (staleAt: Instant) => before.some((noted) => noted.staleAt === staleAt);
  if (seen.staleAt.every(isNoted)) return 0;
  const user = await users.byName(partition, account, userName);
  const keys = user === undefined ? undefined : await users.keysOf(user);
  if (user === undefined || keys === undefined) return 0;
  const { exempt, policy } = await rulingOn(shell, user);
  if (exempt !== null || policy.mode === 'observe') return 0;
  const noticedAt = clock.now();
  const known = { partition, account, userName, owner: shell.ownerOf(user, policy), noticedAt };
  let noted = 0;
  for (const { keyId, createdAt, staleAt } of approachingAmong(keys, policy, noticedAt)) {
    if (before.some((each) => each.keyId === keyId && each.staleAt === staleAt)) continue;
    const holder = await holderOf(store, user, keyId);
    const { is } = claimableBy(holder, noticedAt, noticedAt);
    if (is !== 'free' && is !== 'ended since') continue;
    const { channel = 'default' } = policy;
    await store.noteApproaching({ ...known, keyId, createdAt, staleAt, channel });
    noted += 1;
  }
  return noted;
}
