/**
 * A native rotation has a new key in place: the rotation of the old one goes on from there. The
 * claim that is there already moves, or a new one is opened. Where none is opened although two keys
 * work, people are told. Safe to call again.
 */
import type { Rotation } from '../domain/case.ts';
import { asSentence } from '../domain/decision.ts';
import { exemptionInWords } from '../domain/ending.ts';
import { Transient } from '../domain/errors.ts';
import { type Instant, isDue, plus } from '../domain/instant.ts';
import { type AccessKey, type IamUser, shortKey, userLabel } from '../domain/key.ts';
import { openedNatively } from '../domain/opening-natively.ts';
import type { Place } from '../domain/ports.ts';
import type { NativeCustody, NativeIssue } from '../domain/secret-tags.ts';
import type { Issued } from '../domain/stage.ts';
import { claimableBy } from '../domain/stale.ts';
import { runInFlight } from '../domain/wake.ts';
import { advance } from './advance.ts';
import { commitOpening } from './commit-opening.ts';
import { holderOf } from './holder.ts';
import type { Answer, OpenDeps } from './open.ts';
import { disproof, type ProofDeps } from './prove-native.ts';
import { rulingOn } from './ruling.ts';

export interface NativeDeps extends OpenDeps, ProofDeps {
  /** A message to the team that belongs to no rotation. */
  readonly tellTeam: (news: string) => Promise<void>;
}

export interface NativeRotation {
  readonly issue: NativeIssue;
  readonly custody: NativeCustody;
  readonly where: Place;
  readonly secretArn: string;
  /** When the event was sent that told of it. */
  readonly sentAt: Instant;
  /** It told of this very version: what comes to nothing is told people then, and only then. */
  readonly isOwnEvent: boolean;
}

/** finishSecret tries the key once more after the move, then says since when it is current. */
const saidWithin = { minutes: 2 } as const;

/**
 * What became of the old key's claim. Throws Transient while the custodian has yet to say when the
 * new key became current, CloudTrail has yet to show who made it, or a run is in flight.
 */
export async function openNatively(
  deps: NativeDeps,
  user: IamUser,
  native: NativeRotation,
): Promise<Answer> {
  const { issue } = native;
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
  const there = await holderOf(deps.store, user, oldKey.keyId);
  const claimable = claimableBy(there, native.sentAt, deps.clock.now());
  if (claimable.is === 'contradicted') {
    const { outcome } = claimable.stage;
    const reason = `the rotation of ${what} is done (${outcome}), yet the key is Active`;
    deps.log.error(`${reason}: find out who made it Active`, { rotationId: there?.id });
    return ignored(reason);
  }
  if (claimable.is === 'ended since') {
    const { outcome } = claimable.stage;
    return ignored(`the rotation of ${what} ended (${outcome}) after this event was sent`);
  }
  if (claimable.is === 'exempt') {
    const why = `${what} is exempt: ${exemptionInWords(claimable.exemption)}`;
    return leftAlone(deps, user, native, why);
  }
  const issued = issuedBy(native, deps.clock.now());
  const why = await disproof(deps, { user, oldKey, newKey, native });
  if (why !== undefined) return disbelieved(deps, user, native, why);
  return claimable.is === 'under way'
    ? joined(deps, claimable.rotation, issued, native)
    : claimed(deps, { user, oldKey, issued, native, generation: claimable.generation });
}

/** Nothing is built on tags that tell what did not happen; somebody wrote them. */
async function disbelieved(
  deps: NativeDeps,
  user: IamUser,
  native: NativeRotation,
  why: string,
): Promise<Answer> {
  const { issue, secretArn } = native;
  const told =
    `The tags of ${secretArn} tell that key ${shortKey(issue.newKeyId)} replaced key ` +
    `${shortKey(issue.oldKeyId)} of ${userLabel(user)}. That is not believed`;
  deps.log.error('a native rotation is not believed', { secretArn, user: userLabel(user), why });
  if (native.isOwnEvent) {
    await deps.tellTeam(
      `${told}: ${why}. Nothing was done to either key. Find out who tagged the secret and moved ` +
        'AWSCURRENT, and which key its readers get.',
    );
  }
  return ignored(`${told}: ${why}`);
}

/** Two keys work and Keyturn leaves both alone: it never ends unless somebody acts. */
async function leftAlone(
  deps: NativeDeps,
  user: IamUser,
  { issue, secretArn, isOwnEvent }: NativeRotation,
  why: string,
): Promise<Answer> {
  const [oldKey, newKey] = [shortKey(issue.oldKeyId), shortKey(issue.newKeyId)];
  if (isOwnEvent) {
    await deps.tellTeam(
      `Secrets Manager replaced key ${oldKey} of ${userLabel(user)}: key ${newKey} is in ` +
        `${secretArn}. Keyturn does not switch ${oldKey} off: ${asSentence(why)} ` +
        'Both keys work, and the ' +
        'next rotation finds no room. Change what uses the old key over to the secret, then ' +
        'deactivate and delete the old key by hand; or cancel the rotation of the secret.',
    );
  }
  return ignored(why);
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

async function joined(
  deps: OpenDeps,
  rotation: Rotation,
  issued: Issued,
  { custody }: NativeRotation,
): Promise<Answer> {
  const what = `key ${shortKey(rotation.key.keyId)} of ${userLabel(rotation.key.user)}`;
  if (rotation.stage.name === 'issuing' && runInFlight(rotation) !== null) {
    throw new Transient(`${what} is being rotated by a runbook: this event is looked at again`);
  }
  const event = { type: 'issued natively', issued, custody } as const;
  const { rotation: after, ignored: why } = await advance(deps, rotation.id, event);
  const reason =
    why === undefined
      ? `Secrets Manager replaced ${what}: its rotation is ${after.stage.name}`
      : `${what} has a rotation: ${why}`;
  return { outcome: 'joined', reason, rotation: after };
}

async function claimed(
  deps: NativeDeps,
  facts: {
    readonly user: IamUser;
    readonly oldKey: AccessKey;
    readonly issued: Issued;
    readonly native: NativeRotation;
    readonly generation: number;
  },
): Promise<Answer> {
  const { user, oldKey, issued, native, generation } = facts;
  const { keyId, createdAt } = oldKey;
  const ruling = await rulingOn(deps, user);
  if (ruling.exempt !== null) return leftAlone(deps, user, native, ruling.exempt);
  const { policy } = ruling;
  const what = `key ${shortKey(keyId)} of ${userLabel(user)}`;
  if (policy.mode === 'observe') {
    const why = `policy only observes ${userLabel(user)}: ${what} stays as it is`;
    return leftAlone(deps, user, native, why);
  }
  const opening = openedNatively(
    {
      id: deps.ids.uuid(`${user.partition}/${user.account}/${keyId}/${generation}`),
      generation,
      key: { user, keyId, createdAt, foundAs: oldKey.status },
      region: native.where.region,
      owner: deps.ownerOf(user, policy),
      policy,
      issued,
      custody: native.custody,
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
