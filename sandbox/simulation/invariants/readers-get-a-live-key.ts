/** S1: whoever needs a key has one that works. */
import { type Instant, plus } from '../../../domain/instant.ts';
import { type Act, isRetired, type Ledger } from '../ledger.ts';
import { currentKeyId, isKeyturn, keyOf, userOf } from '../truth.ts';
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
  readonly oldKeyIds: readonly string[];
}

function usersOf({ world, plan, reported }: Ledger): readonly Subject[] {
  return plan.accounts.flatMap((account) =>
    world.cloud
      .truth(account)
      .users.filter(({ userId, deletedAt }) => deletedAt === null && reported.has(userId))
      .map(({ userId }) => ({ account, userId, oldKeyIds: [...(reported.get(userId) ?? [])] })),
  );
}

function problemsOf(ledger: Ledger, { account, userId, oldKeyIds }: Subject): Problems {
  const { world } = ledger;
  const userName = userOf(world, account, userId)?.userName ?? '';
  // A user under another name has no secret of that name; whoever renamed it knows.
  if (ledger.meddling.some((each) => each.userId === userId && each.what.includes('rename'))) {
    return fine;
  }
  const current = currentKeyId(world, account, userName);
  // An unused key goes without another in its place.
  const replaced = oldKeyIds.filter((id) => !isRetired(ledger, id));
  if (current === null) return replaced.flatMap((id) => offByKeyturn(ledger, account, id));
  const key = keyOf(world, account, current);
  // The key that an outsider switched off or deleted is the outsider's doing.
  const last = key?.changes.at(-1);
  if (key === undefined || last === undefined || last.to === 'Active') return fine;
  if (!isKeyturn(last.by)) return fine;
  return [`AWSCURRENT of ${userName} is ${current}, which Keyturn made ${last.to}`];
}

/** While the secret holds no key, the old one must not be off by Keyturn. */
function offByKeyturn(ledger: Ledger, account: string, keyId: string): Problems {
  const key = keyOf(ledger.world, account, keyId);
  const last = key?.changes.at(-1);
  if (key === undefined || last === undefined || last.to === 'Active') return fine;
  if (!isKeyturn(last.by)) return fine;
  // An outsider took the value away afterwards.
  const { userId } = key;
  const taken = ledger.meddling.some(
    (each) => each.userId === userId && each.secret && each.at >= last.at,
  );
  return taken ? fine : [`${keyId} is ${last.to} by Keyturn and the secret holds no other key`];
}

/**
 * What an outsider did in these last minutes may not have been seen: a run takes some, and IAM and
 * Secrets Manager may answer with what was a few minutes ago.
 */
export const unseenFor = { minutes: 15 } as const;

export function isRecent(at: Instant, now: Instant): boolean {
  return plus(at, unseenFor) >= now;
}

function nothingIsBuiltOnADeadKey(act: Act, ledger: Ledger): Problems {
  if (act.by !== 'keyturn' || act.service !== 'iam') return fine;
  const { AccessKeyId: keyId, Status: status } = act.input as Readonly<Record<string, string>>;
  const isOff = act.operation === 'DeleteAccessKey' || status === 'Inactive';
  if (!isOff || keyId === undefined) return fine;
  const key = keyOf(ledger.world, act.account, keyId);
  if (key === undefined || !ledger.reported.get(key.userId)?.has(keyId)) return fine;
  if (isRetired(ledger, keyId)) return fine;
  const meddled = ledger.meddling.some(
    (each) => each.userId === key.userId && isRecent(each.at, act.at),
  );
  const current = currentKeyId(ledger.world, act.account, key.userName);
  const successor = current === null ? undefined : keyOf(ledger.world, act.account, current);
  if (successor?.status === 'Active' && successor.deletedAt === null && current !== keyId) {
    return fine;
  }
  return meddled ? fine : [`${keyId} went off while AWSCURRENT is ${current}, no live other key`];
}
