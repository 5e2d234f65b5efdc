/**
 * Whether there is room for each new key of a plan, judged as it is when the new key is to be
 * issued; and the keys that are retired for it.
 */
import type { Rotation } from './case.ts';
import { asSentence } from './decision.ts';
import { type Instant, inUtcWords, latest } from './instant.ts';
import { shortKey } from './key.ts';
import type { Claimed, KeyFacts, UserFacts } from './key-plan.ts';
import { claimOf, unreadUse, useInWords } from './plan-claims.ts';
import { inTheWay, roomByHolder, roomByUse, takenProblem } from './room.ts';
import type { Replacing } from './stage.ts';
import { usageOf } from './unused.ts';

export type PlannedRoom =
  | { readonly is: 'free' }
  /** Ids of the keys that go first. */
  | { readonly is: 'awaited'; readonly spares: readonly [string, ...string[]] }
  | { readonly is: 'taken'; readonly problem: string }
  | { readonly is: 'unknown'; readonly problem: string };

export interface PlannedRooms {
  /** Those given, and the retirements that make room. */
  readonly claims: ReadonlyMap<string, Claimed>;
  /** By the id of the key that is to be replaced. */
  readonly rooms: ReadonlyMap<string, PlannedRoom>;
}

export function roomsFor(
  user: UserFacts,
  given: ReadonlyMap<string, Claimed>,
  now: Instant,
): PlannedRooms {
  const claims = new Map(given);
  const rooms = new Map<string, PlannedRoom>();
  for (const { rotation, plan, due } of beginnings(given)) {
    const at = latest(due, now);
    const others = inTheWay(
      user.keys.map(({ key }) => key),
      rotation,
      plan,
    );
    const seen = user.keys
      .filter(({ key }) => others.includes(key))
      .map((facts) => roomOf(user, rotation, facts, claims, at));
    rooms.set(rotation.key.keyId, together(seen));
  }
  return { claims, rooms };
}

/** Rotations that are still to issue a new key, in the order in which they are due. */
function beginnings(claims: ReadonlyMap<string, Claimed>) {
  const found: { rotation: Rotation; plan: Replacing; due: Instant }[] = [];
  for (const { rotation } of claims.values()) {
    const { stage } = rotation;
    if (stage.name !== 'proposed' || stage.plan.kind !== 'replace') continue;
    found.push({ rotation, plan: stage.plan, due: stage.due });
  }
  return found.toSorted((a, b) => a.due.localeCompare(b.due));
}

function roomOf(
  { user, owner, policy }: UserFacts,
  rotation: Rotation,
  other: KeyFacts,
  claims: Map<string, Claimed>,
  at: Instant,
): PlannedRoom {
  const { key } = other;
  const spares = [key.keyId] as const;
  const holder = claims.get(key.keyId)?.rotation ?? other.rotation;
  const said = holder && roomByHolder(key, holder);
  switch (said?.is) {
    case 'awaited':
      return { is: 'awaited', spares };
    case 'taken':
      return { is: 'taken', problem: takenProblem(key, user, said.why) };
    case 'gone':
      return { is: 'unknown', problem: `It is looked at again: ${asSentence(said.problem)}` };
  }
  const use = roomByUse(usageOf(key, other.lastUse, at), policy, key);
  switch (use.is) {
    case 'unknown': {
      const problem = `Whether second key ${shortKey(key.keyId)} may go is not known. `;
      return { is: 'unknown', problem: `${problem}${unreadUse(use.problem)}` };
    }
    case 'taken':
      return { is: 'taken', problem: takenProblem(key, user, use.why) };
    case 'retired': {
      const retired = claimOf({ user, owner, policy }, key, 'retire', 1, at);
      const why = `It makes room for the successor of ${shortKey(rotation.key.keyId)}`;
      const because = `${why}: ${key.status}, ${useInWords(other, at)}.`;
      claims.set(key.keyId, { facts: other, rotation: retired, because });
      return { is: 'awaited', spares };
    }
  }
}

/** What keeps a person busy outweighs what is waited for. */
function together(rooms: readonly PlannedRoom[]): PlannedRoom {
  const found = rooms.find(({ is }) => is === 'taken') ?? rooms.find(({ is }) => is === 'unknown');
  if (found !== undefined) return found;
  const [first, ...more] = rooms.flatMap((room) => (room.is === 'awaited' ? room.spares : []));
  return first === undefined ? { is: 'free' } : { is: 'awaited', spares: [first, ...more] };
}

/** `…WXYZ has to go first: …`. */
export function goesFirst(spares: readonly string[], goneAt: Instant): string {
  const [verb, gone] = spares.length === 1 ? ['has', 'it is'] : ['have', 'they are'];
  const which = spares.map(shortKey).join(' and ');
  const when = `${gone} deleted at ${inUtcWords(goneAt)} at the earliest`;
  return `IAM allows two keys: ${which} ${verb} to go first; ${when}.`;
}
