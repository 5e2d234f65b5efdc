/** S3, S4, S8 and S10: which keys may be touched at all, and by whom they were made. */
import { type Instant, plus } from '../../../domain/instant.ts';
import type { KeyRecord } from '../../account/directory.ts';
import { names } from '../../settings.ts';
import { type Act, type Ledger, lagHours, rotationsOf, unseenFor, usesOf } from '../ledger.ts';
import { isOld, isSubject, mayBeTouched, planOfUser } from '../subjects.ts';
import { isKeyturn, keyIdOn, keyOf, keysLeft, shelfInWords, shelvesOf, userOf } from '../truth.ts';
import { oldKeyOff, switchedOff } from './evidence-first.ts';
import { fine, type Invariant, type Problems } from './invariant.ts';
import { isRecent } from './readers-get-a-live-key.ts';

export const deletedOnlyIfUnneeded: Invariant = {
  id: 'S3',
  text:
    'A key is never deleted that was used, or reactivated by someone else, since its latest ' +
    'deactivation by Keyturn; and none is switched on that somebody else had switched off.',
  onAct: (act, ledger) => {
    if (act.operation === 'UpdateAccessKey') return switchedOnProblems(act, ledger);
    const key = act.operation === 'DeleteAccessKey' ? oldKeyOff(act, ledger) : undefined;
    return key === undefined ? fine : deletionProblems(act, ledger, key);
  },
};

/**
 * A key that was off when Keyturn came stays off. One that somebody else switched off since is
 * switched on only on an authorised person's word.
 */
function switchedOnProblems(act: Act, ledger: Ledger): Problems {
  const keyId = act.input.Status === 'Active' ? touchedKey(act) : undefined;
  const key = keyId === undefined ? undefined : keyOf(ledger.world, act.account, keyId);
  if (key === undefined) return fine;
  const off = key.changes.findLast(({ by, at }) => !isKeyturn(by) && !isRecent(at, act.at));
  if (off?.to !== 'Inactive' || isRolledBack(ledger, key.keyId, off.at)) return fine;
  return [`Keyturn switched ${keyId} on, which ${off.by} had made Inactive`];
}

/** Whether a rotation that found the key on was rolled back since. */
function isRolledBack(ledger: Ledger, keyId: string, since: Instant): boolean {
  return rotationsOf(ledger, keyId).some(
    ({ rotation, entries }) =>
      rotation.openedAt < since &&
      entries.some(
        ({ entry, at }) =>
          entry.event.type === 'rolled back' && entry.ignored === null && at >= since,
      ),
  );
}

function deletionProblems(act: Act, ledger: Ledger, key: KeyRecord): Problems {
  const { keyId, changes } = key;
  const off = changes.findLastIndex(({ to, by }) => to === 'Inactive' && isKeyturn(by));
  const deactivated = changes[off];
  if (deactivated === undefined) return [`${keyId} was deleted and Keyturn never switched it off`];
  // Before the deletion itself, which is the last change.
  const since = changes.slice(off + 1, -1);
  const seen = since.filter(({ at }) => !isRecent(at, act.at));
  const trailed = plus(plus(act.at, { hours: -lagHours }), { minutes: -unseenFor.minutes });
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
  onAct: (act, ledger) => {
    const { world } = ledger;
    if (act.by !== 'keyturn' || act.service !== 'iam') return fine;
    if (act.operation === 'CreateAccessKey') return tooMany(ledger, act);
    const keyId = touchedKey(act);
    const key = keyId === undefined ? undefined : keyOf(world, act.account, keyId);
    if (key === undefined) return [`Keyturn touched ${keyId}, which was never there`];
    return !isOld(ledger, key) || mayBeTouched(ledger, key, act.at)
      ? fine
      : [`Keyturn touched ${keyId}, which nobody reported and which it did not make`];
  },
};

/** Whatever others made: Keyturn makes a second key, never a third. */
function tooMany(ledger: Ledger, act: Act): Problems {
  const made = newestOf(ledger, act);
  const left = made === undefined ? [] : keysLeft(ledger.world, act.account, made.userId);
  return left.length > 2 ? [`${made?.userName} has ${left.length} keys`] : fine;
}

/** The key that Keyturn switches on or off, or deletes. */
export function touchedKey({ by, service, operation, input }: Act): string | undefined {
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
    const key = keyId === undefined ? undefined : keyOf(ledger.world, act.account, keyId);
    if (key === undefined || keyId === undefined || isOld(ledger, key)) return fine;
    const made = key.changes[0]?.by ?? '';
    const places = placesWith(ledger, key);
    const used = usesOf(ledger, keyId).find((use) => !use.own);
    return [
      ...(made.includes(`/${names.keyMakerRole}/`)
        ? []
        : [`${keyId} was removed, which was made by ${made}`]),
      ...places.map((place) => `${keyId} was removed while readers get it in ${place}`),
      ...(used === undefined ? [] : [`${keyId} was removed although used at ${used.at}`]),
    ];
  },
  // CreateAccessKey has no idempotency token: an answer that was lost is no reason to ask again.
  atEnd: async ({ keysAsked }) =>
    [...keysAsked].flatMap(([{ name }, times]) =>
      times < 2 ? [] : [`${name} asked IAM for a new key ${times} times in one attempt`],
    ),
};

/** Where readers get a key. */
function placesWith(ledger: Ledger, { account, userId, keyId }: KeyRecord): readonly string[] {
  const { world, plan } = ledger;
  const planned = planOfUser(ledger, userId);
  const userName = userOf(world, account, userId)?.userName;
  if (planned === undefined || userName === undefined) return [];
  return shelvesOf(world, plan, planned)
    .filter((shelf) => keyIdOn(world, account, userName, shelf) === keyId)
    .map(shelfInWords);
}

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
    return isSubject(ledger, key.userId) || isOfANamesake(ledger, key, act)
      ? fine
      : [`${act.operation} for ${UserName} (${key.userId}), whose keys nobody reported`];
  },
  // IAM refuses some such calls, and acts on the caller for others: none may be made at all.
  atEnd: async (ledger) => [
    ...ledger.world.cloud.history
      .filter(({ service, arn }) => service === 'iam' && arn !== undefined && isKeyturn(arn))
      .filter(({ operation, input }) => aboutAUser.has(operation) && !input.UserName)
      .map(({ operation, at }) => `${operation} without a user name at ${at}`),
    ...keptForStrangers(ledger),
  ],
};

/**
 * IAM makes and deletes keys by name alone: a key that was made in the moment in which another user
 * took the name is that user's. It may be removed again, by the very invocation that made it.
 */
function isOfANamesake(ledger: Ledger, { userId, changes }: KeyRecord, act: Act): boolean {
  const user = userOf(ledger.world, act.account, userId);
  const made = changes[0];
  return (
    act.operation !== 'UpdateAccessKey' &&
    user !== undefined &&
    isRecent(user.createdAt, act.at) &&
    made?.by === act.arn
  );
}

/** A key of somebody whose keys nobody reported, which readers of a secret get from Keyturn. */
function keptForStrangers(ledger: Ledger): Problems {
  const { world, plan, wereCurrent } = ledger;
  return plan.accounts
    .flatMap((account) => world.cloud.truth(account).keys)
    .filter(({ keyId, userId }) => wereCurrent.has(keyId) && !isSubject(ledger, userId))
    .map(({ keyId, userName }) => `readers got ${keyId} of ${userName}, who is another user`);
}

/** What IAM does to the caller's own user if the request names none. */
const aboutAUser: ReadonlySet<string> = new Set([
  'CreateAccessKey',
  'UpdateAccessKey',
  'DeleteAccessKey',
  'ListAccessKeys',
  'GetUser',
]);

/** The key that CreateAccessKey has just made. */
export function newestOf({ world }: Ledger, { account, at, arn }: Act): KeyRecord | undefined {
  return world.cloud
    .truth(account)
    .keys.findLast(({ changes }) => changes[0]?.by === arn && changes[0].at === at) as
    | KeyRecord
    | undefined;
}
