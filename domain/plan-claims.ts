/** Which keys of a user have a rotation, or would be given one by a report that came now. */
import type { Rotation } from './case.ts';
import { exemptionInWords } from './ending.ts';
import { type Instant, inUtcWords, millisBetween, millisOf } from './instant.ts';
import type { AccessKey } from './key.ts';
import {
  type Claimed,
  type KeyFacts,
  type KeyPlan,
  type UserFacts,
  withoutRotation,
} from './key-plan.ts';
import { ageInDays, opened } from './opening.ts';
import { claimableBy, ranked, type Stale, staleAmong, staleAt } from './stale.ts';
import { headline } from './status-text.ts';
import { usageOf } from './unused.ts';

export interface PlannedClaims {
  /** By key id; those under way first, then the new ones in the order in which they are opened. */
  readonly claims: ReadonlyMap<string, Claimed>;
  /** Stale keys of which there is no claim, by key id. */
  readonly refused: ReadonlyMap<string, KeyPlan>;
}

export function claimsOf(user: UserFacts, now: Instant): PlannedClaims {
  const claims = new Map<string, Claimed>();
  const refused = new Map<string, KeyPlan>();
  for (const facts of user.keys) {
    const { rotation, key } = facts;
    if (rotation === undefined || rotation.stage.name === 'done') continue;
    claims.set(key.keyId, { facts, rotation, because: headline(rotation) });
  }
  for (const { stale, facts } of staleOf(user, now)) {
    const answer = answerFor(user, facts, stale, now);
    if ('action' in answer) refused.set(stale.key.keyId, answer);
    else claims.set(stale.key.keyId, answer);
  }
  return { claims, refused };
}

function staleOf({ keys, policy }: UserFacts, now: Instant) {
  const all = keys.map(({ key }) => key);
  const stale = staleAmong(all, policy, now);
  const known = keys
    .filter(({ key }) => stale.includes(key))
    .map((facts) => ({ ...facts, usage: usageOf(facts.key, facts.lastUse, now) }));
  return ranked(known, policy).flatMap((each) => {
    const facts = known.find(({ key }) => key === each.key);
    return facts === undefined ? [] : [{ stale: each, facts }];
  });
}

function answerFor(
  user: UserFacts,
  facts: KeyFacts,
  stale: Stale,
  now: Instant,
): Claimed | KeyPlan {
  const claimable = claimableBy(facts.rotation, now, now);
  switch (claimable.is) {
    case 'under way': {
      const { rotation } = claimable;
      return { facts, rotation, because: headline(rotation) };
    }
    case 'contradicted': {
      const { outcome } = claimable.stage;
      const because = `Its rotation is done (${outcome}), yet the key is Active.`;
      return withoutRotation(facts, 'decide', because, 'Find out who made it Active.');
    }
    case 'exempt': {
      const because = `Exempt. ${exemptionInWords(claimable.exemption)}`;
      return withoutRotation(facts, 'none', because);
    }
    case 'ended since':
      return withoutRotation(facts, 'none', `Its rotation ended ${claimable.stage.outcome} now.`);
    case 'free':
      return claimFor(user, facts, stale, claimable.generation, now);
  }
}

function claimFor(
  user: UserFacts,
  facts: KeyFacts,
  { key, kind }: Stale,
  generation: number,
  now: Instant,
): Claimed | KeyPlan {
  const age = `${days(ageInDays(key.createdAt, now))} old, stale at ${user.policy.staleDays}`;
  const use = useInWords(facts, now);
  if (user.policy.mode === 'observe') {
    const because = `The policy only observes: people are told that it is ${age}, ${use}.`;
    return withoutRotation(facts, 'none', because);
  }
  if (!facts.lastUse.known) {
    const because = `It is ${age}; whether it is replaced or retired depends on its last use.`;
    return withoutRotation(facts, 'unknown', because, unreadUse(facts.lastUse.problem));
  }
  const isKept = kind === 'replace' && usageOf(key, facts.lastUse, now).is === 'unused';
  const because = `It is ${age}, ${use}${isKept ? '; the policy retires no keys' : ''}.`;
  return { facts, rotation: claimOf(user, key, kind, generation, now), because };
}

/** The rotation as whoever claims the key opens it. */
export function claimOf(
  { user, owner, policy }: Pick<UserFacts, 'user' | 'owner' | 'policy'>,
  { keyId, createdAt, status }: AccessKey,
  kind: Rotation['kind'],
  generation: number,
  at: Instant,
): Rotation {
  const key = { user, keyId, createdAt, foundAs: status };
  const id = `plan/${keyId}/${generation}`;
  const facts = { id, generation, key, region: 'plan', owner, policy, kind, findings: [] };
  return opened(facts, at).rotation;
}

/** Why nothing happens to a key that is not stale and makes room for none. */
export function whyLeft({ policy }: UserFacts, { key }: KeyFacts, now: Instant): string {
  if (key.status === 'Inactive') {
    return 'It is Inactive: no control reports it, and no other key needs its room.';
  }
  const age = days(ageInDays(key.createdAt, now));
  return `It is ${age} old: stale from ${inUtcWords(staleAt(key, policy))} on.`;
}

export function unreadUse(problem: string): string {
  return `When it was last used cannot be read: ${problem}`;
}

/** `last used 3 days ago`. */
export function useInWords({ key, lastUse }: KeyFacts, now: Instant): string {
  if (!lastUse.known) return 'last used nobody knows when';
  if (lastUse.lastUsed === null) return 'never used';
  const { at } = lastUse.lastUsed;
  const ago = Math.floor(millisBetween(at, now) / millisOf({ days: 1 }));
  const unused = usageOf(key, lastUse, now).is === 'unused' ? 'unused: ' : '';
  return `${unused}last used ${ago < 1 ? 'within a day' : `${days(ago)} ago`}`;
}

function days(count: number): string {
  return `${count} ${count === 1 ? 'day' : 'days'}`;
}
