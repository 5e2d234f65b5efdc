/**
 * From a report to claims: one rotation for each stale key of the user, or the one there is joined.
 * Safe to call again with the same report, and at the same time elsewhere: the store lets one claim
 * win, the others join it.
 */
import type { Rotation } from '../domain/case.ts';
import { Bug, Conflict } from '../domain/errors.ts';
import type { Finding, Report } from '../domain/finding.ts';
import { type Instant, inUtcWords, isDue, plus } from '../domain/instant.ts';
import { chained, effectId, firstHash, type Opened } from '../domain/journal.ts';
import { type AccessKey, type IamUser, shortKey, userLabel } from '../domain/key.ts';
import { opened } from '../domain/opening.ts';
import { keyturnActor, type Owner } from '../domain/people.ts';
import type { Policy } from '../domain/policy.ts';
import type { Log, Users } from '../domain/ports.ts';
import type { Resolved, ResolvedExemption } from '../domain/resolve-policy.ts';
import { advance, type Shell } from './advance.ts';
import { allOf } from './all-of.ts';
import { findUser } from './find-user.ts';

export interface OpenDeps extends Shell {
  readonly users: Users;
  readonly log: Log;
  /** Throws rather than answer with a policy that may be looser than the one that holds. */
  readonly policyFor: (user: IamUser) => Promise<Resolved>;
  readonly ownerOf: (user: IamUser) => Owner;
  /** Where runbooks run and secrets live for a user: its home, wherever the finding came from. */
  readonly regionFor: (user: IamUser, finding: Finding) => string;
  /** Mode `observe`: tells people of stale keys, and that nothing else will happen. */
  readonly announceObserved: (observed: Observed) => Promise<void>;
}

export interface Observed {
  readonly user: IamUser;
  readonly owner: Owner;
  readonly keys: readonly AccessKey[];
  readonly finding: Finding;
}

/** What a report came to, for one key (or for the user, when no key is concerned). */
export type Answer =
  | {
      readonly outcome: 'claimed' | 'joined';
      readonly reason: string;
      readonly rotation: Rotation;
    }
  | { readonly outcome: 'ignored'; readonly reason: string };

/** What the answers about the keys of one user share. */
interface Subject {
  readonly report: Report;
  readonly user: IamUser;
  readonly policy: Policy;
}

/** How often a claim is tried anew after somebody else was faster. */
const attempts = 5;

/** Answers for each stale Active key, oldest first; one `ignored` if there is none. */
export async function open(deps: OpenDeps, report: Report): Promise<readonly Answer[]> {
  const found = await findUser(deps.users, report);
  if (!found.found) return [{ outcome: 'ignored', reason: found.reason }];
  const { user } = found;
  const keys = await deps.users.keysOf(user);
  if (keys === undefined) {
    return [{ outcome: 'ignored', reason: `user ${userLabel(user)} is gone` }];
  }
  const { policy, exemption, notes } = await deps.policyFor(user);
  if (notes.length > 0) deps.log.info('policy notes', { user: userLabel(user), notes });
  if (exemption !== null) return [{ outcome: 'ignored', reason: exemptWords(user, exemption) }];
  const subject: Subject = { report, user, policy };
  const stale = staleKeys(keys, subject.policy, deps.clock.now());
  if (stale.length === 0) {
    const { staleDays } = subject.policy;
    const reason = `user ${userLabel(user)} has no Active key of ${staleDays} days or more`;
    return [{ outcome: 'ignored', reason }];
  }
  const observed: AccessKey[] = [];
  const answers = await allOf(
    stale.map((key) => async () => {
      const answer = await answerFor(deps, subject, key);
      if (answer !== 'observed') return answer;
      observed.push(key);
      const reason =
        `policy only observes ${userLabel(user)}: people are told of key ` +
        `${shortKey(key.keyId)}`;
      return { outcome: 'ignored' as const, reason };
    }),
  );
  if (observed.length > 0) {
    const { finding } = report;
    await deps.announceObserved({ user, owner: deps.ownerOf(user), keys: observed, finding });
  }
  return answers;
}

function exemptWords(user: IamUser, { reason, until, by }: ResolvedExemption): string {
  return `user ${userLabel(user)} is exempt until ${inUtcWords(until)} (by ${by}): ${reason}`;
}

/** Active keys at least as old as the policy says, oldest first. */
function staleKeys(keys: readonly AccessKey[], policy: Policy, now: Instant) {
  return keys
    .filter(({ status }) => status === 'Active')
    .filter(({ createdAt }) => isDue(plus(createdAt, { days: policy.staleDays }), now))
    .toSorted((a, b) => a.createdAt.localeCompare(b.createdAt) || a.keyId.localeCompare(b.keyId));
}

async function answerFor(
  deps: OpenDeps,
  subject: Subject,
  key: AccessKey,
): Promise<Answer | 'observed'> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await claimOrJoin(deps, subject, key);
    } catch (error) {
      if (!(error instanceof Conflict) || attempt === attempts) throw error;
    }
  }
}

async function claimOrJoin(
  deps: OpenDeps,
  subject: Subject,
  key: AccessKey,
): Promise<Answer | 'observed'> {
  const { report, user, policy } = subject;
  const claim = await deps.store.claimOn(user.partition, user.account, key.keyId);
  if (claim === undefined) {
    return policy.mode === 'observe' ? 'observed' : claimFor(deps, subject, key, 1);
  }
  const rotation = await deps.store.load(claim.rotationId);
  if (rotation === undefined) {
    throw new Bug(
      `the claim on key ${key.keyId} names rotation ${claim.rotationId}: there is none`,
    );
  }
  const { stage } = rotation;
  if (stage.name !== 'done') return join(deps, report, rotation);
  const what = `key ${shortKey(key.keyId)} of ${userLabel(user)}`;
  if (stage.outcome === 'rotated') {
    // Key ids are never given out again, so the account contradicts the journal. Rotating a key
    // that is thought deleted would act on something not understood.
    const reason = `the rotation of ${what} is done (${stage.outcome}), yet the key is Active`;
    deps.log.error(`${reason}: find out who made it Active`, { rotationId: rotation.id });
    return { outcome: 'ignored', reason };
  }
  if (isDue(report.sentAt, stage.at)) {
    const reason = `the rotation of ${what} ended (${stage.outcome}) after this finding was sent`;
    return { outcome: 'ignored', reason };
  }
  return policy.mode === 'observe'
    ? 'observed'
    : claimFor(deps, subject, key, claim.generation + 1);
}

async function join(deps: OpenDeps, report: Report, rotation: Rotation): Promise<Answer> {
  const event = { type: 'finding reported', finding: report.finding } as const;
  const advanced = await advance(deps, rotation.id, event);
  const what = `key ${shortKey(rotation.key.keyId)} of ${userLabel(rotation.key.user)}`;
  const reason =
    advanced.ignored === undefined
      ? `the finding joins the rotation of ${what}`
      : `${what} has a rotation: ${advanced.ignored}`;
  return { outcome: 'joined', reason, rotation: advanced.rotation };
}

async function claimFor(
  deps: OpenDeps,
  { report, user, policy }: Subject,
  { keyId, createdAt }: AccessKey,
  generation: number,
): Promise<Answer> {
  const { clock, ids, store } = deps;
  const now = clock.now();
  const id = ids.uuid(`${user.partition}/${user.account}/${keyId}/${generation}`);
  const { rotation, effects } = opened(
    {
      id,
      generation,
      key: { user, keyId, createdAt },
      region: deps.regionFor(user, report.finding),
      owner: deps.ownerOf(user),
      policy,
      finding: report.finding,
    },
    now,
  );
  const event: Opened = { type: 'opened' };
  const entry = chained(
    {
      rotationId: id,
      version: rotation.version,
      at: now,
      actor: keyturnActor,
      event,
      from: null,
      to: rotation.stage.name,
      ignored: null,
      effects: effects.map((effect, index) => ({
        id: effectId(id, rotation.version, index),
        effect,
      })),
      state: rotation,
    },
    firstHash,
    ids.digest,
  );
  await store.commit({ onVersion: 0, rotation, entry });
  const reason = `a rotation of key ${shortKey(keyId)} of ${userLabel(user)} is opened`;
  return { outcome: 'claimed', reason, rotation };
}
