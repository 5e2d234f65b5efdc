/**
 * What would happen to each key of a user, and when, if the user were reported now. It asks the
 * same questions as whoever claims (stale.ts) and makes room (room.ts), opens the same rotations
 * (opening.ts) and plays them on with the same machine (foresight.ts), so that plan and deed cannot
 * drift apart.
 */
import { type Foreseen, type ForeseenRoom, foresee } from './foresight.ts';
import { type Instant, latest } from './instant.ts';
import {
  type Claimed,
  type KeyFacts,
  type KeyPlan,
  type UserFacts,
  withoutRotation,
} from './key-plan.ts';
import { claimsOf, whyLeft } from './plan-claims.ts';
import { goesFirst, type PlannedRoom, type PlannedRooms, roomsFor } from './plan-room.ts';
import { takenProblem } from './room.ts';
import { usageOf } from './unused.ts';

/** A plan for each key, in the order in which they were given. */
export function planOf(user: UserFacts, now: Instant): readonly KeyPlan[] {
  const { exempt } = user;
  if (exempt !== null) {
    return user.keys.map((facts) => exempted(facts, exempt));
  }
  const { claims, refused } = claimsOf(user, now);
  const planned = roomsFor(user, claims, now);
  return user.keys.map((facts) => {
    const { keyId } = facts.key;
    const claimed = planned.claims.get(keyId);
    if (claimed !== undefined) return keyPlan(claimed, planned, now);
    return refused.get(keyId) ?? withoutRotation(facts, 'none', whyLeft(user, facts, now));
  });
}

/** Whoever is exempt by now is left alone, also halfway. */
function exempted(facts: KeyFacts, exempt: string): KeyPlan {
  const { rotation } = facts;
  const isUnderWay = rotation !== undefined && rotation.stage.name !== 'done';
  const because = isUnderWay ? `${exempt} Its rotation ends, ${rotation.stage.name}.` : exempt;
  return {
    ...withoutRotation(facts, 'none', because),
    exempt: true,
    rotation: isUnderWay ? rotation : null,
  };
}

function keyPlan(claimed: Claimed, planned: PlannedRooms, now: Instant): KeyPlan {
  const { facts, rotation, because } = claimed;
  const { key, lastUse } = facts;
  const common = { key, lastUse, because, exempt: false, rotation };
  const room = planned.rooms.get(key.keyId) ?? { is: 'free' };
  if (room.is === 'unknown') {
    return { ...common, action: 'unknown', steps: [], standsInTheWay: room.problem };
  }
  const awaited = roomAhead(claimed, room, planned, now);
  const { steps, end } = playedOn(claimed, awaited, now);
  const { stage } = end;
  if (stage.name === 'held') {
    return { ...common, action: 'decide', steps, standsInTheWay: stage.reason.text };
  }
  const inTheWay = [
    ...(awaited.is === 'awaited' && room.is === 'awaited'
      ? [goesFirst(room.spares, awaited.goneAt)]
      : []),
    ...(isPickedUpByNobody(claimed, now) ? [attestWanted] : []),
  ];
  const standsInTheWay = inTheWay.length === 0 ? null : inTheWay.join(' ');
  return { ...common, action: rotation.kind, steps, standsInTheWay };
}

const attestWanted =
  'Nobody uses it, so nobody will pick the new key up: before it is switched off, somebody has ' +
  'to attest that nothing needs it.';

/** A key that is replaced although it is unused: evidence alone will not let it be switched off. */
function isPickedUpByNobody({ facts, rotation }: Claimed, now: Instant): boolean {
  const { stage, kind } = rotation;
  const isBeforeOff = ['proposed', 'issuing', 'overlapping'].includes(stage.name);
  if (kind !== 'replace' || !isBeforeOff) return false;
  return usageOf(facts.key, facts.lastUse, now).is === 'unused';
}

/** What makes room is opened only when the new key is due. */
function playedOn({ rotation }: Claimed, room: ForeseenRoom, now: Instant): Foreseen {
  return foresee(rotation, room, latest(now, rotation.openedAt));
}

/** When there is room, if the keys in the way go as foreseen. */
function roomAhead(
  { rotation }: Claimed,
  room: Exclude<PlannedRoom, { is: 'unknown' }>,
  { claims }: PlannedRooms,
  now: Instant,
): ForeseenRoom {
  if (room.is !== 'awaited') return room;
  let goneAt = now;
  for (const keyId of room.spares) {
    const spare = claims.get(keyId);
    if (spare === undefined) continue;
    const { steps, end } = playedOn(spare, { is: 'free' }, now);
    const deleted = steps.find(({ what }) => what === 'deleted');
    if (deleted === undefined) {
      const reason = end.stage.name === 'held' ? `: ${end.stage.reason.text}` : '';
      const why = `its retirement ends ${end.stage.name}${reason}`;
      const problem = takenProblem(spare.facts.key, rotation.key.user, why);
      return { is: 'taken', problem };
    }
    goneAt = latest(goneAt, deleted.at);
  }
  const [keyId] = room.spares;
  const rotationId = claims.get(keyId)?.rotation.id ?? keyId;
  return { is: 'awaited', spare: { keyId, rotationId }, goneAt };
}
