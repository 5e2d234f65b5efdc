/** S3, S4, S8, S10 and S13: which keys may be touched at all, and which never. */
import { plus } from '../../../domain/instant.ts';
import type { KeyRecord } from '../../account/directory.ts';
import { names } from '../../settings.ts';
import type { Act, Ledger } from '../ledger.ts';
import { usesOf } from '../ledger.ts';
import { currentKeyId, isKeyturn, keyOf, keysLeft, userOf } from '../truth.ts';
import { isClaimed, switchedOff } from './evidence-first.ts';
import { fine, type Invariant, type Problems } from './invariant.ts';
import { isRecent, unseenFor } from './readers-get-a-live-key.ts';

/** What CloudTrail may not have shown yet: an outsider's switching on and off again. */
const trailLagHours = 4;

export const deletedOnlyIfUnneeded: Invariant = {
  id: 'S3',
  text:
    'A key is never deleted that was used, or reactivated by someone else, since its latest ' +
    'deactivation by Keyturn.',
  onAct: (act, ledger) => {
    const keyId = act.operation === 'DeleteAccessKey' ? switchedOff(act) : undefined;
    const key = keyId === undefined ? undefined : keyOf(ledger.world, act.account, keyId);
    if (key === undefined || !isClaimed(ledger, key.keyId)) return fine;
    return deletionProblems(act, ledger, key);
  },
};

function deletionProblems(act: Act, ledger: Ledger, key: KeyRecord): Problems {
  const { keyId, changes } = key;
  const off = changes.findLastIndex(({ to, by }) => to === 'Inactive' && isKeyturn(by));
  const deactivated = changes[off];
  if (deactivated === undefined) return [`${keyId} was deleted and Keyturn never switched it off`];
  // Before the deletion itself, which is the last change.
  const since = changes.slice(off + 1, -1);
  const seen = since.filter(({ at }) => !isRecent(at, act.at));
  const trailed = plus(plus(act.at, { hours: -trailLagHours }), { minutes: -unseenFor.minutes });
  const before = changes[changes.length - 2];
  const isStillOn = before?.to === 'Active' && seen.includes(before);
  const wasOn = seen.some(({ to, by, at }) => to === 'Active' && !isKeyturn(by) && at <= trailed);
  const used = usesOf(ledger, keyId).find(
    (use) => use.at > deactivated.at && use.at <= trailed && !use.own,
  );
  return [
    ...(isStillOn ? [`${keyId} was deleted while it was on again (${before?.by})`] : []),
    ...(wasOn ? [`${keyId} was deleted although somebody else had switched it on again`] : []),
    ...(used === undefined ? [] : [`${keyId} was deleted although it was used at ${used.at}`]),
  ];
}

export const onlyClaimedKeys: Invariant = {
  id: 'S4',
  text: 'A user has at most two keys, and no unclaimed key is touched.',
  always: ({ world, plan }) =>
    plan.accounts.flatMap((account) =>
      world.cloud
        .truth(account)
        .users.filter(({ keys }) => keys.length > 2)
        .map(({ userName, keys }) => `${userName} has ${keys.length} keys`),
    ),
  onAct: (act, ledger) => {
    const keyId = touchedKey(act);
    if (keyId === undefined) return fine;
    const key = keyOf(ledger.world, act.account, keyId);
    if (key === undefined) return [`Keyturn touched ${keyId}, which was never there`];
    const made = key.changes[0]?.by ?? '';
    return isClaimed(ledger, keyId) || isKeyturn(made)
      ? fine
      : [`Keyturn touched ${keyId}, which nobody reported and which it did not make`];
  },
};

function touchedKey({ by, service, operation, input }: Act): string | undefined {
  const touches = operation === 'UpdateAccessKey' || operation === 'DeleteAccessKey';
  return by === 'keyturn' && service === 'iam' && touches ? String(input.AccessKeyId) : undefined;
}

export const removesOnlyItsOwn: Invariant = {
  id: 'S8',
  text:
    'A new key is removed only if Keyturn’s own session made it; once it is AWSCURRENT, undo ' +
    'does nothing; and an attempt asks for a key once.',
  onAct: (act, ledger) => {
    const keyId = switchedOff(act);
    if (keyId === undefined || isClaimed(ledger, keyId)) return fine;
    const key = keyOf(ledger.world, act.account, keyId);
    const made = key?.changes[0]?.by ?? '';
    const current = currentKeyId(ledger.world, act.account, key?.userName ?? '');
    const used = usesOf(ledger, keyId).find((use) => !use.own);
    return [
      ...(made.includes(`/${names.keyMakerRole}/`)
        ? []
        : [`${keyId} was removed, which was made by ${made}`]),
      ...(current === keyId ? [`${keyId} was removed while it is AWSCURRENT`] : []),
      ...(used === undefined ? [] : [`${keyId} was removed although used at ${used.at}`]),
    ];
  },
  // CreateAccessKey has no idempotency token: an answer that was lost is no reason to ask again.
  atEnd: async ({ keysAsked }) =>
    [...keysAsked].flatMap(([{ name }, times]) =>
      times < 2 ? [] : [`${name} asked IAM for a new key ${times} times in one attempt`],
    ),
};

export const rightUser: Invariant = {
  id: 'S10',
  text: 'Right user, account and partition; an empty user name is refused before any call.',
  onAct: (act, ledger) => {
    if (act.by !== 'keyturn' || act.service !== 'iam') return fine;
    const { UserName, AccessKeyId } = act.input as Readonly<Record<string, string | undefined>>;
    if (UserName === undefined || UserName === '') return [`${act.operation} without a user name`];
    if (!ledger.plan.accounts.includes(act.account)) return [`a call in account ${act.account}`];
    const key =
      AccessKeyId === undefined
        ? newestOf(ledger, act)
        : keyOf(ledger.world, act.account, AccessKeyId);
    if (key === undefined) return fine;
    return ledger.reported.has(key.userId)
      ? fine
      : [`${act.operation} for ${UserName} (${key.userId}), whose keys nobody reported`];
  },
  // IAM refuses some such calls, and acts on the caller for others: none may be made at all.
  atEnd: async ({ world }) =>
    world.cloud.history
      .filter(({ service, arn }) => service === 'iam' && arn !== undefined && isKeyturn(arn))
      .filter(({ operation, input }) => aboutAUser.has(operation) && !input.UserName)
      .map(({ operation, at }) => `${operation} without a user name at ${at}`),
};

/** What IAM does to the caller's own user if the request names none. */
const aboutAUser: ReadonlySet<string> = new Set([
  'CreateAccessKey',
  'UpdateAccessKey',
  'DeleteAccessKey',
  'ListAccessKeys',
  'GetUser',
]);

/** The key that CreateAccessKey has just made. */
function newestOf({ world }: Ledger, { account, at, arn }: Act): KeyRecord | undefined {
  return world.cloud
    .truth(account)
    .keys.findLast(({ changes }) => changes[0]?.by === arn && changes[0].at === at) as
    | KeyRecord
    | undefined;
}

export const neverTheUntouchable: Invariant = {
  id: 'S13',
  text: 'Root, exempt and deleted users are never touched.',
  onAct: (act, ledger) => {
    const keyId = touchedKey(act);
    const key = keyId === undefined ? undefined : keyOf(ledger.world, act.account, keyId);
    if (key === undefined) return fine;
    const user = userOf(ledger.world, act.account, key.userId);
    const isGone = user?.deletedAt !== null && user?.deletedAt !== undefined;
    return isGone && user.deletedAt !== null && user.deletedAt < act.at
      ? [`${keyId} of ${key.userName} was touched after the user was deleted`]
      : fine;
  },
  always: ({ world, plan }) =>
    plan.users
      .filter(({ reportedOnDay }) => reportedOnDay === null)
      .flatMap(({ account, userName }) => {
        const user = world.cloud.truth(account).users.find((each) => each.userName === userName);
        const left = user === undefined ? [] : keysLeft(world, account, user.userId);
        return left.length === 1 && left[0]?.status === 'Active'
          ? []
          : [`the bystander ${userName} has ${left.length} keys, not the one it had`];
      }),
};
