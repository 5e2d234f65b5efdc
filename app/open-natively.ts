/**
 * A native rotation has a new key in place: the rotation of the old one goes on from there. The
 * claim that is there already moves, or a new one is opened. Safe to call again.
 */
import type { Rotation } from '../domain/case.ts';
import { Bug, Transient } from '../domain/errors.ts';
import { type Instant, isDue, plus } from '../domain/instant.ts';
import { type AccessKey, type IamUser, shortKey, userLabel } from '../domain/key.ts';
import { openedNatively } from '../domain/opening-natively.ts';
import type { Place } from '../domain/ports.ts';
import type { NativeIssue } from '../domain/secret-tags.ts';
import type { Issued } from '../domain/stage.ts';
import { runInFlight } from '../domain/wake.ts';
import { advance } from './advance.ts';
import { commitOpening } from './commit-opening.ts';
import type { Answer, OpenDeps } from './open.ts';
import { rulingOn } from './ruling.ts';

export interface NativeRotation {
  readonly issue: NativeIssue;
  readonly where: Place;
  readonly secretArn: string;
  /** When the event was sent that told of it. */
  readonly sentAt: Instant;
}

/**
 * finishSecret tries the key once more after the move, then says since when it is current. A
 * failed invocation is made again after one minute, and after two more.
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html (2026-11)
 */
const saidWithin = { minutes: 2 } as const;

/**
 * What became of the old key's claim. Throws Transient while the custodian has yet to say when the
 * new key became current, or while a run is in flight.
 */
export async function openNatively(
  deps: OpenDeps,
  user: IamUser,
  native: NativeRotation,
): Promise<Answer> {
  const { issue, where } = native;
  const what = `key ${shortKey(issue.oldKeyId)} of ${userLabel(user)}`;
  const keys = (await deps.users.keysOf(user)) ?? [];
  const oldKey = keys.find(({ keyId }) => keyId === issue.oldKeyId);
  const newKey = keys.find(({ keyId }) => keyId === issue.newKeyId);
  if (oldKey?.status !== 'Active') {
    return ignored(`${what} is ${oldKey?.status ?? 'gone'}: there is nothing to switch off`);
  }
  if (newKey?.status !== 'Active') {
    const status = newKey?.status ?? 'gone';
    return ignored(`new key ${shortKey(issue.newKeyId)} is ${status}: nothing is built on it`);
  }
  const issued = issuedBy(native, deps.clock.now());
  const { partition, account } = where;
  const claim = await deps.store.claimOn(partition, account, oldKey.keyId);
  const there = claim === undefined ? undefined : await deps.store.load(claim.rotationId);
  if (claim !== undefined && there === undefined) {
    throw new Bug(`the claim on ${what} names rotation ${claim.rotationId}: there is none`);
  }
  if (there !== undefined && there.stage.name !== 'done') return joined(deps, there, issued);
  if (there?.stage.name === 'done' && there.stage.outcome === 'rotated') {
    const reason = `the rotation of ${what} is done, yet the key is Active`;
    deps.log.error(`${reason}: find out who made it Active`, { rotationId: there.id });
    return ignored(reason);
  }
  return claimed(deps, { user, oldKey, issued, where, generation: (claim?.generation ?? 0) + 1 });
}

function issuedBy({ issue, secretArn, sentAt }: NativeRotation, now: Instant): Issued {
  const { versionId: secretVersionId, newKeyId, testRequestIds, currentSince } = issue;
  if (currentSince === null && !isDue(plus(sentAt, saidWithin), now)) {
    throw new Transient(
      `version ${secretVersionId} of ${secretArn} is current, and the custodian has not finished ` +
        'yet: this event is looked at again',
    );
  }
  // Too late is the safe direction: an earlier use of the new key then counts for nothing.
  const since = currentSince ?? now;
  return { newKeyId, secretArn, secretVersionId, currentSince: since, testRequestIds };
}

async function joined(deps: OpenDeps, rotation: Rotation, issued: Issued): Promise<Answer> {
  const what = `key ${shortKey(rotation.key.keyId)} of ${userLabel(rotation.key.user)}`;
  if (rotation.stage.name === 'issuing' && runInFlight(rotation) !== null) {
    throw new Transient(`${what} is being rotated by a runbook: this event is looked at again`);
  }
  const event = { type: 'issued natively', issued } as const;
  const { rotation: after, ignored: why } = await advance(deps, rotation.id, event);
  const reason =
    why === undefined
      ? `Secrets Manager replaced ${what}: its rotation is ${after.stage.name}`
      : `${what} has a rotation: ${why}`;
  return { outcome: 'joined', reason, rotation: after };
}

async function claimed(
  deps: OpenDeps,
  facts: {
    readonly user: IamUser;
    readonly oldKey: AccessKey;
    readonly issued: Issued;
    readonly where: Place;
    readonly generation: number;
  },
): Promise<Answer> {
  const { user, oldKey, issued, where, generation } = facts;
  const { keyId, createdAt } = oldKey;
  const ruling = await rulingOn(deps, user);
  if (ruling.exempt !== null) return ignored(ruling.exempt);
  const { policy } = ruling;
  const what = `key ${shortKey(keyId)} of ${userLabel(user)}`;
  if (policy.mode === 'observe') {
    return ignored(`policy only observes ${userLabel(user)}: ${what} stays as it is`);
  }
  const opening = openedNatively(
    {
      id: deps.ids.uuid(`${user.partition}/${user.account}/${keyId}/${generation}`),
      generation,
      key: { user, keyId, createdAt, foundAs: oldKey.status },
      region: where.region,
      owner: deps.ownerOf(user),
      policy,
      issued,
    },
    deps.clock.now(),
  );
  await commitOpening(deps, opening);
  const reason = `Secrets Manager replaced ${what}: its rotation is opened at overlapping`;
  return { outcome: 'claimed', reason, rotation: opening.rotation };
}

function ignored(reason: string): Answer {
  return { outcome: 'ignored', reason };
}
