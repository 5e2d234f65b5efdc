/** S1: whoever needs a key has one that works. */
import { type Instant, plus } from '../../../domain/instant.ts';
import type { KeyRecord } from '../../account/directory.ts';
import { type Act, isRetired, type Ledger, unseenFor } from '../ledger.ts';
import type { UserPlan } from '../plan.ts';
import { isOld, isSubject, planOfUser } from '../subjects.ts';
import {
  isKeyturn,
  keyIdOn,
  keyOf,
  pairOnGitHub,
  type Shelf,
  shelfInWords,
  shelvesOf,
  userOf,
  valueOfKey,
} from '../truth.ts';
import { fine, type Invariant, type Problems } from './invariant.ts';

export const readersGetALiveKey: Invariant = {
  id: 'S1',
  text:
    'From the first finishSecret on some Active key is the one that consumers read as ' +
    'AWSCURRENT; before it, and until its deactivation, the old key stays Active.',
  always: (ledger) => usersOf(ledger).flatMap((user) => problemsOf(ledger, user)),
  onAct: (act, ledger) => nothingIsBuiltOnADeadKey(act, ledger),
};

interface Subject {
  readonly account: string;
  readonly userId: string;
  readonly userName: string;
  readonly planned: UserPlan;
}

function usersOf(ledger: Ledger): readonly Subject[] {
  const { world, plan } = ledger;
  return plan.accounts.flatMap((account) =>
    world.cloud.truth(account).users.flatMap(({ userId, userName, deletedAt }) => {
      const planned = planOfUser(ledger, userId);
      if (planned === undefined || deletedAt !== null || !isSubject(ledger, userId)) return [];
      return [{ account, userId, userName, planned }];
    }),
  );
}

function problemsOf(ledger: Ledger, subject: Subject): Problems {
  const { world, plan, meddling } = ledger;
  const { userId, planned } = subject;
  // A user under another name has no secret of that name; whoever renamed it knows.
  if (meddling.some((each) => each.userId === userId && each.what.includes('rename'))) return fine;
  return shelvesOf(world, plan, planned).flatMap((shelf) => onShelf(ledger, subject, shelf));
}

function onShelf(ledger: Ledger, { account, userId, userName }: Subject, shelf: Shelf): Problems {
  const { world, reported } = ledger;
  const current = keyIdOn(world, account, userName, shelf);
  if (current === null) {
    // An unused key goes without another in its place.
    const replaced = [...(reported.get(userId) ?? [])].filter((id) => !isRetired(ledger, id));
    return replaced.flatMap((id) => offByKeyturn(ledger, account, id, shelf));
  }
  const key = keyOf(world, account, current);
  // The key that an outsider switched off or deleted is the outsider's doing.
  const last = key?.changes.at(-1);
  if (key === undefined || last === undefined || last.to === 'Active') return fine;
  if (!isKeyturn(last.by) || isEdited(ledger, userId, last.at)) {
    return fine;
  }
  const where = shelfInWords(shelf);
  return [`readers of ${userName} in ${where} get ${current}, which Keyturn made ${last.to}`];
}

/** Whoever moved AWSCURRENT or wrote another value brought readers what they get. */
function isEdited({ meddling }: Ledger, userId: string, since: Instant): boolean {
  return meddling.some((each) => each.userId === userId && each.secret && each.at >= since);
}

/** While readers find no key there, the old one must not be off by Keyturn. */
function offByKeyturn(ledger: Ledger, account: string, keyId: string, shelf: Shelf): Problems {
  const key = keyOf(ledger.world, account, keyId);
  const last = key?.changes.at(-1);
  if (key === undefined || last === undefined || last.to === 'Active') return fine;
  if (!isKeyturn(last.by) || isEdited(ledger, key.userId, last.at)) return fine;
  return [`${keyId} is ${last.to} by Keyturn and ${shelfInWords(shelf)} has no other key`];
}

function nothingIsBuiltOnADeadKey(act: Act, ledger: Ledger): Problems {
  if (act.by !== 'keyturn' || act.service !== 'iam') return fine;
  const { AccessKeyId: keyId, Status: status } = act.input as Readonly<Record<string, string>>;
  const isOff = act.operation === 'DeleteAccessKey' || status === 'Inactive';
  if (!isOff || keyId === undefined) return fine;
  const key = keyOf(ledger.world, act.account, keyId);
  if (key === undefined || !isOld(ledger, key) || isRetired(ledger, keyId)) return fine;
  const planned = planOfUser(ledger, key.userId);
  const userName = userOf(ledger.world, act.account, key.userId)?.userName ?? key.userName;
  if (planned === undefined || isEditedLately(ledger, key, act.at)) return fine;
  return shelvesOf(ledger.world, ledger.plan, planned).flatMap((shelf) => {
    const current = keyIdOn(ledger.world, act.account, userName, shelf);
    const successor = current === null ? undefined : keyOf(ledger.world, act.account, current);
    const works = successor?.status === 'Active' && successor.deletedAt === null;
    if (works && current !== keyId && isWhole(ledger, act.account, shelf)) return fine;
    const where = shelfInWords(shelf);
    return [`${keyId} went off while readers in ${where} get ${current}: no live other key`];
  });
}

/** Jobs get id and value one by one: both have to be of one key. */
function isWhole({ world }: Ledger, account: string, shelf: Shelf): boolean {
  if (shelf.kind !== 'github-actions') return true;
  const pair = pairOnGitHub(world, shelf);
  return (
    pair !== undefined && pair.secretAccessKey === valueOfKey(world, account, pair.accessKeyId)
  );
}

function isEditedLately({ meddling }: Ledger, { userId }: KeyRecord, at: Instant): boolean {
  return meddling.some((each) => each.userId === userId && isRecent(each.at, at));
}

export function isRecent(at: Instant, now: Instant): boolean {
  return plus(at, unseenFor) >= now;
}
