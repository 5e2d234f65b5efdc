/**
 * Whose keys Keyturn may touch, and which: worked out from what was planned, reported and done,
 * never from Keyturn's own claims.
 */
import { type Instant, isDue, plus } from '../../domain/instant.ts';
import type { KeyRecord } from '../account/directory.ts';
import { knowable, type Ledger, usesOf } from './ledger.ts';
import type { UserPlan } from './plan.ts';
import { policyFor } from './plan-policy.ts';
import { currentKeyId, isKeyturn, keyOf, userOf } from './truth.ts';

/** A user made anew is nobody that was planned. */
export function planOfUser({ users }: Ledger, userId: string): UserPlan | undefined {
  return users.get(userId);
}

/** Somebody reported its key, or Secrets Manager rotates it. */
export function isSubject({ reported, users }: Ledger, userId: string): boolean {
  return reported.has(userId) || (users.get(userId)?.native ?? null) !== null;
}

/**
 * Whether a key is one that people or programs had before, or got from Keyturn: what happens to it
 * needs evidence. Any other is one that Keyturn made and nobody has got yet.
 */
export function isOld({ wereCurrent }: Ledger, { keyId, changes }: KeyRecord): boolean {
  return wereCurrent.has(keyId) || !isKeyturn(changes[0]?.by ?? '');
}

/** Whether an old key may be touched at all: somebody asked for that, or it makes room. */
export function mayBeTouched(ledger: Ledger, key: KeyRecord, at: Instant): boolean {
  const { keyId, userId, account } = key;
  const reported = ledger.reported.get(userId);
  if (reported?.has(keyId) === true) return true;
  // Findings are about users: one stays open for a key that has become stale since.
  if (reported !== undefined && isDue(plus(key.createdAt, { days: staleDays }), at)) return true;
  const planned = planOfUser(ledger, userId);
  if (planned === undefined) return false;
  // What readers get now replaces every other key that they had.
  const current = currentKeyId(ledger, account, userId);
  const wasTheirs =
    ledger.wereCurrent.has(keyId) || isPlanned(ledger, key) || wasOnlyOne(ledger, key);
  if (planned.native !== null && current !== null && current !== keyId && wasTheirs) return true;
  return (
    ledger.reported.has(userId) && retiresUnused(ledger, userId) && isUnusedBy(ledger, key, at)
  );
}

/** It was there from the start. */
function isPlanned({ plan }: Ledger, { createdAt }: KeyRecord): boolean {
  return createdAt <= plan.start;
}

/** The first native rotation replaces the one key that the user has then, whoever made it. */
function wasOnlyOne({ world, moves }: Ledger, { account, userId, keyId }: KeyRecord): boolean {
  const first = moves.find((move) => move.userId === userId);
  const at = first === undefined ? undefined : keyOf(world, account, first.keyId)?.createdAt;
  if (at === undefined) return false;
  const there = world.cloud
    .truth(account)
    .keys.filter((key) => key.userId === userId && !isKeyturn(key.changes[0]?.by ?? ''))
    .filter(({ createdAt, deletedAt }) => createdAt < at && (deletedAt === null || deletedAt > at));
  return there.length === 1 && there[0]?.keyId === keyId;
}

export function retiresUnused(ledger: Ledger, userId: string): boolean {
  const planned = planOfUser(ledger, userId);
  return planned !== undefined && policyFor(ledger.plan, planned).unused === 'retire';
}

const unusedDays = 90;
const staleDays = 90;

/** Whether nobody had used it for long, by those of its exact uses that had to be known. */
function isUnusedBy(ledger: Ledger, { keyId, createdAt }: KeyRecord, at: Instant): boolean {
  const last = knowable(usesOf(ledger, keyId), at).at(-1);
  return isDue(plus(last?.at ?? createdAt, { days: unusedDays }), at);
}

export interface Untouchable {
  readonly since: Instant;
  readonly why: string;
}

/** Since when nobody may touch a user at that moment; undefined if Keyturn may. */
export function untouchableAt(
  ledger: Ledger,
  account: string,
  userId: string,
  at: Instant,
): Untouchable | undefined {
  const { plan, world } = ledger;
  const planned = planOfUser(ledger, userId);
  if (planned === undefined) return undefined;
  const { turn, exempt } = planned;
  const policy = policyFor(plan, planned);
  const isLeftAlone = turn?.into === 'privileged' ? policy.privileged : policy.sesSmtp;
  const turned = turn === null ? undefined : plus(plan.start, { days: turn.onDay });
  if (turned !== undefined && isLeftAlone === 'exempt' && turned <= at) {
    return { since: turned, why: turn?.into ?? '' };
  }
  // An exemption by name is for whoever has the name.
  const name = userOf(world, account, userId)?.userName;
  if (exempt === null || name !== planned.userName) return undefined;
  const from = plus(plan.start, { days: exempt.fromDay });
  const until = plus(plan.start, { days: exempt.toDay });
  return from <= at && at < until ? { since: from, why: 'exempt' } : undefined;
}
