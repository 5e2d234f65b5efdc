/**
 * Who is told of a key before it becomes a finding: its owner, once, between the age at which it is
 * warned of and the one at which it is stale. By then a rotation takes care of it.
 */
import { type Instant, isDue, millisBetween, plus } from './instant.ts';
import type { ReportedUser } from './inventory.ts';
import type { AccessKey } from './key.ts';
import { shortKey } from './key.ts';
import type { ApproachingKey } from './lists.ts';
import type { Policy } from './policy.ts';

type Ages = Pick<Policy, 'staleDays' | 'warnDays'>;

/** The moments at which keys of a row become stale that are old enough to be warned of. */
export function approachingRows(
  { keys }: ReportedUser,
  policy: Ages,
  now: Instant,
): readonly Instant[] {
  return keys.flatMap(({ active, rotatedAt }) =>
    active && rotatedAt !== 'unknown' && isApproaching(rotatedAt, policy, now)
      ? [staleFrom(rotatedAt, policy)]
      : [],
  );
}

/** The same of keys as IAM lists them. */
export function approachingAmong(
  keys: readonly AccessKey[],
  policy: Ages,
  now: Instant,
): readonly (AccessKey & { readonly staleAt: Instant })[] {
  return keys
    .filter(({ status, createdAt }) => status === 'Active' && isApproaching(createdAt, policy, now))
    .map((key) => ({ ...key, staleAt: staleFrom(key.createdAt, policy) }));
}

function isApproaching(since: Instant, policy: Ages, now: Instant): boolean {
  return (
    isDue(plus(since, { days: policy.warnDays }), now) && !isDue(staleFrom(since, policy), now)
  );
}

function staleFrom(since: Instant, { staleDays }: Ages): Instant {
  return plus(since, { days: staleDays });
}

/** Of so many one message tells. */
export const keysAWarning = 20;

/** One key: which it is, how old, and on which day, in UTC, it becomes a finding. */
export function warningLine(key: ApproachingKey, now: Instant): string {
  const { account, userName, createdAt, staleAt } = key;
  const days = Math.floor(millisBetween(createdAt, now) / 86_400_000);
  const whose = `${shortKey(key.keyId)} of ${account}/${userName}`;
  return `${whose}: ${days} days old, a finding on ${staleAt.slice(0, 10)}`;
}

export function warningTitle(keys: readonly ApproachingKey[]): string {
  return keys.length === 1
    ? 'An access key becomes a finding soon'
    : `${keys.length} access keys become findings soon`;
}

/** What whoever owns such a key can do by now. */
export const whatToDoEarly =
  'From that day on each is due to be rotated. What you can do now: find out which programs ' +
  'use it and where they read it from, so that they take up the new one in time. Or replace it ' +
  'yourself before then. Or, if nobody needs it, delete it. Then there is no finding.';

/** All of it as one plain text. */
export function warningText(keys: readonly ApproachingKey[], now: Instant): string {
  const lines = keys.map((key) => warningLine(key, now)).join('; ');
  return `${warningTitle(keys)}. ${lines}. ${whatToDoEarly}`;
}
