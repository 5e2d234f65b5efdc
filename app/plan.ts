/**
 * What would happen to every key of some accounts, and when. Reads and changes nothing: the ports
 * that it takes have no way to. What cannot be read is a problem in words, never left out and never
 * guessed.
 */
import { Permanent, Transient } from '../domain/errors.ts';
import type { Instant } from '../domain/instant.ts';
import { type AccessKey, type IamUser, shortKey } from '../domain/key.ts';
import type { KeyFacts, KeyPlan } from '../domain/key-plan.ts';
import type { Owner, Person } from '../domain/people.ts';
import { mayPress } from '../domain/permission.ts';
import { planOf } from '../domain/plan.ts';
import type { Policy } from '../domain/policy.ts';
import type {
  Clock,
  KeyUses,
  ListedUser,
  Place,
  Profiles,
  RotationStore,
  Users,
} from '../domain/ports.ts';
import type { Explained } from '../domain/resolve-policy.ts';
import type { IssuedKeys } from '../domain/secrets-from-outside.ts';
import type { PolicyFor } from './resolve-policy.ts';
import { rulingUnder } from './ruling.ts';
import { endless } from './time-left.ts';
import { lastUseOf } from './unused-keys.ts';
import { whileTime } from './while-time.ts';

export interface PlanDeps {
  readonly users: Users;
  readonly uses: KeyUses;
  readonly issued: IssuedKeys;
  readonly profiles: Profiles;
  readonly policyFor: PolicyFor;
  readonly ownerOf: (user: IamUser, policy: Policy) => Owner;
  readonly people: readonly Person[];
  readonly store: Pick<RotationStore, 'claimOn' | 'load' | 'ofUser'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** One user, with a plan for each key that it has. */
export interface PlannedUser {
  readonly user: IamUser;
  readonly owner: Owner;
  readonly policy: Explained;
  readonly keys: readonly PlannedKey[];
}

export interface PlannedKey extends KeyPlan {
  /** Who may approve it; empty where nobody is asked, or nobody may. */
  readonly approvers: readonly Person[];
}

/** What cannot be read, of an account, a user or a key. */
export interface Unreadable {
  readonly account: string;
  readonly userName: string | null;
  readonly userId: string | null;
  readonly keyId: string | null;
  readonly problem: string;
}

export interface Plan {
  readonly at: Instant;
  readonly users: readonly PlannedUser[];
  readonly unreadable: readonly Unreadable[];
}

type Account = Pick<Place, 'partition' | 'account'>;

/** Told after each user: how many of how many are done in that account. */
export type PlanProgress = (account: string, done: number, of: number) => void;

/** Users in the order in which IAM lists them, account by account. */
export async function plan(
  deps: PlanDeps,
  accounts: readonly Account[],
  onProgress: PlanProgress = () => undefined,
): Promise<Plan> {
  const at = deps.clock.now();
  const users: PlannedUser[] = [];
  const unreadable: Unreadable[] = [];
  for (const where of accounts) {
    const { account } = where;
    const of = { account, userName: null, userId: null, keyId: null };
    const listed = await orProblem(() => deps.users.everyone(where.partition, account));
    if ('problem' in listed) unreadable.push({ ...of, ...listed });
    const everyone = 'problem' in listed ? [] : listed.value;
    const read: Awaited<ReturnType<typeof planOrProblem>>[] = [];
    let done = 0;
    await whileTime(endless, usersAtOnce, [...everyone.entries()], async ([index, each]) => {
      read[index] = await planOrProblem(deps, where, each, at);
      done += 1;
      onProgress(account, done, everyone.length);
    });
    for (const [index, planned] of read.entries()) {
      const each = everyone[index];
      if (each !== undefined && 'problem' in planned) {
        unreadable.push({ ...of, ...named(each), ...planned });
      } else if ('value' in planned && planned.value !== undefined) users.push(planned.value);
    }
  }
  return { at, users, unreadable: [...unreadable, ...users.flatMap(unreadKeys)] };
}

/** Of one account: IAM throttles an account by itself. */
const usersAtOnce = 4;

function planOrProblem(deps: PlanDeps, where: Account, each: ListedUser, at: Instant) {
  return orProblem(() => planFor(deps, where, each, at));
}

const named = ({ userName, userId }: ListedUser) => ({ userName, userId });

/** What somebody outside has to mend; anything else is thrown on. */
async function orProblem<T>(
  read: () => Promise<T>,
): Promise<{ readonly value: T } | { readonly problem: string }> {
  try {
    return { value: await read() };
  } catch (error) {
    if (!(error instanceof Transient || error instanceof Permanent)) throw error;
    return { problem: error.message };
  }
}

/** undefined if the user was deleted since the list was read. */
async function planFor(
  deps: PlanDeps,
  { partition, account }: Account,
  listed: ListedUser,
  now: Instant,
): Promise<PlannedUser | undefined> {
  const byName = await deps.users.byName(partition, account, listed.userName);
  // A user under another name by now is still there.
  const user =
    byName?.userId === listed.userId
      ? byName
      : await deps.users.byId(partition, account, listed.userId);
  const keys = user === undefined ? undefined : await deps.users.keysOf(user);
  if (user === undefined || keys === undefined) return undefined;
  const policy = await deps.policyFor(user);
  const owner = deps.ownerOf(user, policy.policy);
  if (keys.length === 0) return { user, owner, policy, keys: [] };
  const { exempt } = await rulingUnder(deps, user, policy);
  const known = await factsOf(deps, user, keys);
  const plans = planOf({ user, owner, policy: policy.policy, exempt, keys: known }, now);
  return { user, owner, policy, keys: plans.map((each) => withApprovers(deps, each)) };
}

async function factsOf(
  deps: PlanDeps,
  user: IamUser,
  keys: readonly AccessKey[],
): Promise<readonly KeyFacts[]> {
  const facts: KeyFacts[] = [];
  for (const key of keys) {
    const lastUse = await lastUseOf(deps, user, key);
    const claim = await deps.store.claimOn(user.partition, user.account, key.keyId);
    const rotation = claim && (await deps.store.load(claim.rotationId));
    if (claim !== undefined && rotation === undefined) {
      const what = `the claim on key ${shortKey(key.keyId)} names a rotation that is not there`;
      throw new Permanent(`${what}: look at the store`);
    }
    facts.push({ key, lastUse, rotation });
  }
  return facts;
}

function withApprovers({ people }: PlanDeps, planned: KeyPlan): PlannedKey {
  const { rotation, steps } = planned;
  const isAsked = steps.some(({ what }) => what === 'approval wanted by');
  const approvers =
    isAsked && rotation !== null
      ? people.filter((person) => mayPress(person, { type: 'approve' }, rotation).ok)
      : [];
  return { ...planned, approvers };
}

/** Keys whose last use cannot be read: also where nothing depends on it, it is not hidden. */
function unreadKeys({ user, keys }: PlannedUser): readonly Unreadable[] {
  const { account, userName, userId } = user;
  return keys.flatMap(({ key, lastUse }) => {
    if (lastUse.known) return [];
    const what = `when key ${shortKey(key.keyId)} was last used cannot be read`;
    const problem = `${what}: ${lastUse.problem}`;
    return [{ account, userName, userId, keyId: key.keyId, problem }];
  });
}
