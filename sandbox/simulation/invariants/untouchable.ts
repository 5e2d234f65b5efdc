/** S13: users that nobody may touch, from the moment that Keyturn could know. */
import { type Instant, isDue, plus } from '../../../domain/instant.ts';
import type { KeyRecord } from '../../account/directory.ts';
import { type Act, exemptionAt, type Ledger, unseenFor } from '../ledger.ts';
import { isOld, untouchableAt } from '../subjects.ts';
import { keyOf, keysLeft, userOf } from '../truth.ts';
import { fine, type Invariant, type Problems } from './invariant.ts';
import { newestOf, touchedKey } from './keys.ts';

/** A run that was started in time may go on for so long. */
const runTakes = { hours: 2 } as const;

export const neverTheUntouchable: Invariant = {
  id: 'S13',
  text: 'Root, exempt, privileged, SES and deleted users are never touched.',
  onAct: (act, ledger) => {
    if (act.by !== 'keyturn') return fine;
    if (act.operation === 'StartAutomationExecution') return started(act, ledger);
    const keyId = touchedKey(act);
    const key =
      keyId === undefined ? newestOf(ledger, act) : keyOf(ledger.world, act.account, keyId);
    return act.service !== 'iam' || key === undefined ? fine : touched(act, ledger, key);
  },
  onCommit: ({ entry, at }, ledger) => {
    const { keyId } = entry.state.key;
    const exempt = entry.event.type === 'opened' ? exemptionAt(ledger, keyId, at) : undefined;
    return exempt === undefined ? fine : [`${keyId} was claimed, exempt until ${exempt.until}`];
  },
  always: (ledger) => {
    const { world, plan } = ledger;
    return plan.users
      .filter(({ reportedOnDay, native }) => reportedOnDay === null && native === null)
      .flatMap(({ account, userName }) => {
        const user = world.cloud.truth(account).users.find((each) => each.userName === userName);
        const left = user === undefined ? [] : keysLeft(world, account, user.userId);
        return left.length === 1 && left[0]?.status === 'Active'
          ? []
          : [`the bystander ${userName} has ${left.length} keys, not the one it had`];
      });
  },
};

function touched(act: Act, ledger: Ledger, key: KeyRecord): Problems {
  const { keyId, userId, userName } = key;
  const user = userOf(ledger.world, act.account, userId);
  const exempt = exemptionAt(ledger, keyId, act.at);
  if (exempt !== undefined && act.input.Status !== 'Active') {
    return [`${keyId} of ${userName} was touched, exempt until ${exempt.until}`];
  }
  const goneAt = user?.deletedAt ?? null;
  if (goneAt !== null && goneAt < act.at) {
    return [`${keyId} of ${userName} was touched after the user was deleted`];
  }
  // The operator has Secrets Manager make keys for whomever they like, and undo is no new deed.
  if (ledger.users.get(userId)?.native !== null || isGivenBack(act, ledger, key)) return fine;
  const known = untouchable(ledger, act, userId, plus(act.at, { hours: -runTakes.hours }));
  return known === undefined ? fine : [`${keyId} of ${userName} was touched (${known})`];
}

/** Switching on, and removing what nobody has got yet, leave a user as it was. */
function isGivenBack({ input, operation }: Act, ledger: Ledger, key: KeyRecord): boolean {
  return input.Status === 'Active' || (operation === 'DeleteAccessKey' && !isOld(ledger, key));
}

/** A run on the old key of a user that Keyturn knew, or could have known, to be left alone. */
function started(act: Act, ledger: Ledger): Problems {
  const { DocumentName, Parameters } = act.input as {
    readonly DocumentName?: string;
    readonly Parameters?: Readonly<Record<string, readonly string[]>>;
  };
  if (DocumentName === 'Keyturn-RestoreKey') return fine;
  const keyId = Parameters?.OldKeyId?.[0] ?? '';
  const key = keyOf(ledger.world, act.account, keyId);
  if (key === undefined) return fine;
  const exempt = exemptionAt(ledger, keyId, act.at);
  if (exempt !== undefined) {
    return [`${DocumentName} was started for ${keyId}, exempt until ${exempt.until}`];
  }
  const known = untouchable(ledger, act, key.userId, act.at);
  return known === undefined
    ? fine
    : [`${DocumentName} was started for ${keyId} of ${key.userName} (${known})`];
}

/** Why nobody may touch the user, if that was so for a while by that moment, and still is. */
function untouchable(ledger: Ledger, act: Act, userId: string, by: Instant): string | undefined {
  const found = untouchableAt(ledger, act.account, userId, act.at);
  return found !== undefined && isDue(plus(found.since, unseenFor), by)
    ? `${found.why} since ${found.since}`
    : undefined;
}
