/**
 * From a report to claims: one rotation for each stale key of the user, or the one there is joined.
 * Safe to call again with the same report, and at the same time elsewhere: the store lets one claim
 * win, the others join it.
 */
import type { Rotation } from '../domain/case.ts';
import { exemptionInWords } from '../domain/ending.ts';
import { Conflict, Permanent } from '../domain/errors.ts';
import type { Finding, Report } from '../domain/finding.ts';
import { type AccessKey, type IamUser, shortKey, userLabel } from '../domain/key.ts';
import type { Owner } from '../domain/people.ts';
import type { Policy } from '../domain/policy.ts';
import type { Users } from '../domain/ports.ts';
import {
  claimableBy,
  type LeftByInventory,
  leftByInventory,
  ranked,
  type Stale,
  staleAmong,
} from '../domain/stale.ts';
import { advance } from './advance.ts';
import { allOf } from './all-of.ts';
import { claim } from './claim.ts';
import { findUser } from './find-user.ts';
import { holderOf } from './holder.ts';
import type { RoomDeps } from './room.ts';
import { type Ruling, type RulingDeps, rulingOn } from './ruling.ts';
import { unusedFor } from './unused-keys.ts';

export interface OpenDeps extends RoomDeps, RulingDeps {
  readonly users: Users;
  /** Where runbooks run and secrets live for a user: its home, wherever the finding came from. */
  readonly regionFor: (user: IamUser, finding: Finding) => string;
  /** Mode `observe`: people are to hear of stale keys, of each once, and nothing else happens. */
  readonly announceObserved: (observed: Observed) => Promise<void>;
}

export interface Observed {
  readonly user: IamUser;
  readonly owner: Owner;
  readonly keys: readonly AccessKey[];
  readonly finding: Finding;
  readonly policy: Policy;
}

/** What a report came to, for one key (or for the user, when no key is concerned). */
export type Answer =
  | {
      readonly outcome: 'claimed' | 'joined';
      readonly reason: string;
      readonly rotation: Rotation;
    }
  | { readonly outcome: 'ignored'; readonly reason: string };

/** Why `open` leaves a user or a key alone. */
export type LeftBecause =
  | 'user gone'
  | 'no stale key'
  /** A stale key is there, and policy or a person lets nobody touch it. */
  | 'exempt'
  /** A stale key is there, and people have been told of it, unless the inventory found it. */
  | 'only observed'
  /** What the inventory, which looks every day, says nothing of. */
  | LeftByInventory
  /** Whether the user may be touched cannot be told until somebody mends what is in the way. */
  | 'unreadable'
  /** A rotation of the key ended after the report was made. */
  | 'ended since'
  /** The key is Active, although its rotation says that it is gone. */
  | 'contradicted';

/** An answer of `open`: of what it ignores, it says why in a word as well. */
export type OpenAnswer = Exclude<Answer, { readonly outcome: 'ignored' }> | Ignored;

export interface Ignored {
  readonly outcome: 'ignored';
  readonly because: LeftBecause;
  readonly reason: string;
}

/** What the answers about the keys of one user share. */
interface Subject {
  readonly report: Report;
  readonly user: IamUser;
  readonly policy: Policy;
}

/** How often a claim is tried anew after somebody else was faster. */
const attempts = 5;

/** Answers for each stale Active key, least recently used first; one `ignored` if there is none. */
export async function open(deps: OpenDeps, report: Report): Promise<readonly OpenAnswer[]> {
  const found = await findUser(deps.users, report);
  if (!found.found) return [ignored('user gone', found.reason)];
  const { user } = found;
  const keys = await deps.users.keysOf(user);
  if (keys === undefined) {
    return [ignored('user gone', `user ${userLabel(user)} is gone`)];
  }
  const ruling = await rulingOrNot(deps, user);
  if ('unreadable' in ruling) return [ignored('unreadable', ruling.unreadable)];
  const { exempt, policy } = ruling;
  if (exempt !== null) {
    const isAnyStale = staleAmong(keys, policy, deps.clock.now()).length > 0;
    return [ignored(isAnyStale ? 'exempt' : 'no stale key', exempt)];
  }
  const subject: Subject = { report, user, policy };
  const stale = await staleKeys(deps, subject, keys);
  if (stale.length === 0) {
    const reason = `user ${userLabel(user)} has no Active key of ${policy.staleDays} days or more`;
    return [ignored('no stale key', reason)];
  }
  // The inventory looks every day, and would say the same every day.
  const isTold = report.finding.source !== 'inventory';
  const observed: AccessKey[] = [];
  const answers = await allOf(
    stale.map((key) => async () => {
      const answer = await answerFor(deps, subject, key);
      if (answer !== 'observed') return answer;
      observed.push(key.key);
      const which = isTold
        ? `people are told of key ${shortKey(key.key.keyId)}`
        : `key ${shortKey(key.key.keyId)} stays as it is`;
      return ignored('only observed', `policy only observes ${userLabel(user)}: ${which}`);
    }),
  );
  if (isTold && observed.length > 0) {
    const { finding } = report;
    const owner = deps.ownerOf(user, policy);
    await deps.announceObserved({ user, owner, keys: observed, finding, policy });
  }
  return answers;
}

/** A user of whom nobody can tell what kind it is, is left alone; whoever asked is to say so. */
async function rulingOrNot(
  deps: OpenDeps,
  user: IamUser,
): Promise<Ruling | { readonly unreadable: string }> {
  try {
    return await rulingOn(deps, user);
  } catch (error) {
    if (!(error instanceof Permanent)) throw error;
    const unreadable = `whether user ${userLabel(user)} may be touched cannot be told`;
    deps.log.error(unreadable, { problem: error.message });
    return { unreadable: `${unreadable}: ${error.message}` };
  }
}

/** Active keys at least as old as the policy says, the least recently used one first. */
async function staleKeys(
  deps: OpenDeps,
  { user, policy }: Subject,
  keys: readonly AccessKey[],
): Promise<readonly Stale[]> {
  const now = deps.clock.now();
  const known = staleAmong(keys, policy, now).map(async (key) => ({
    key,
    usage: await unusedFor(deps, user, key, now),
  }));
  return ranked(await Promise.all(known), policy);
}

async function answerFor(
  deps: OpenDeps,
  subject: Subject,
  key: Stale,
): Promise<OpenAnswer | 'observed'> {
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
  stale: Stale,
): Promise<OpenAnswer | 'observed'> {
  const { key } = stale;
  const { report, user, policy } = subject;
  const holder = await holderOf(deps.store, user, key.keyId);
  const claimable = claimableBy(holder, report.sentAt, deps.clock.now());
  const what = `key ${shortKey(key.keyId)} of ${userLabel(user)}`;
  const left = report.finding.source === 'inventory' ? leftByInventory(holder) : null;
  if (left !== null) return ignored(left, `the rotation of ${what} is ${left}`);
  switch (claimable.is) {
    case 'under way':
      return join(deps, report, claimable.rotation);
    case 'contradicted': {
      // Key ids are never given out again, so the account contradicts the journal. Rotating a key
      // that is thought deleted would act on something not understood.
      const { outcome } = claimable.stage;
      const reason = `the rotation of ${what} is done (${outcome}), yet the key is Active`;
      deps.log.error(`${reason}: find out who made it Active`, { rotationId: holder?.id });
      return ignored('contradicted', reason);
    }
    case 'exempt':
      return ignored('exempt', `${what} is exempt: ${exemptionInWords(claimable.exemption)}`);
    case 'ended since': {
      const { outcome } = claimable.stage;
      const reason = `the rotation of ${what} ended (${outcome}) after this finding was sent`;
      return ignored('ended since', reason);
    }
    case 'free':
      return policy.mode === 'observe'
        ? 'observed'
        : claimFor(deps, subject, stale, claimable.generation);
  }
}

async function join(deps: OpenDeps, report: Report, rotation: Rotation): Promise<OpenAnswer> {
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
  { key, kind }: Stale,
  generation: number,
): Promise<OpenAnswer> {
  const region = deps.regionFor(user, report.finding);
  const findings = [report.finding];
  const rotation = await claim(deps, { user, key, policy, kind, region, generation, findings });
  const what = kind === 'replace' ? 'a rotation' : 'the retirement';
  const reason = `${what} of key ${shortKey(key.keyId)} of ${userLabel(user)} is opened`;
  return { outcome: 'claimed', reason, rotation };
}

function ignored(because: LeftBecause, reason: string): Ignored {
  return { outcome: 'ignored', because, reason };
}
