/**
 * Whether a user has room for a new key, judged key by key. IAM allows two, and Inactive ones
 * count. A second key goes only if it is unused, claimed and staged like any other; what is in use,
 * or may be, stays, and people are asked.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html (2026-11)
 */
import type { Rotation } from './case.ts';
import { asSentence } from './decision.ts';
import { type AccessKey, type IamUser, shortKey, userLabel } from './key.ts';
import { isKeyGone } from './outcome.ts';
import type { Policy } from './policy.ts';
import type { Replacing, Spare } from './stage.ts';
import type { KeyUsage } from './unused.ts';

/** The keys that stand in the way of a new one for this rotation. */
export function inTheWay(
  keys: readonly AccessKey[],
  { key, openedAt }: Pick<Rotation, 'key' | 'openedAt'>,
  { attempts }: Replacing,
): readonly AccessKey[] {
  // One that came after the claim may be what a failed attempt left: the custodian finds out whose
  // it is, and refuses if it is not.
  return keys.filter(
    ({ keyId, createdAt }) => keyId !== key.keyId && (attempts === 0 || createdAt < openedAt),
  );
}

/** What the newest rotation of a second key says of it. Key ids are never given out again. */
export type ByHolder =
  /** It is being retired. */
  | { readonly is: 'awaited'; readonly spare: Spare }
  | { readonly is: 'taken'; readonly why: string }
  /** It should not be there any more: IAM may list a deleted key for a while. */
  | { readonly is: 'gone'; readonly problem: string };

export function roomByHolder({ keyId }: Pick<AccessKey, 'keyId'>, holder: Rotation): ByHolder {
  const { stage } = holder;
  if (stage.name === 'done') {
    return isKeyGone(stage)
      ? { is: 'gone', problem: `key ${keyId} is ${stage.outcome}, yet IAM still lists it` }
      : { is: 'taken', why: `its rotation ended ${stage.outcome}` };
  }
  if (holder.kind === 'replace') {
    return {
      is: 'taken',
      why: 'it is to be replaced itself, being used or not known to be unused',
    };
  }
  if (stage.name === 'held') {
    return { is: 'taken', why: `its retirement is on hold: ${stage.reason.text}` };
  }
  return { is: 'awaited', spare: { keyId, rotationId: holder.id } };
}

/** What becomes of a second key that nobody has claimed, under the policy that holds now. */
export type ByUse =
  | { readonly is: 'retired' }
  | { readonly is: 'taken'; readonly why: string }
  | { readonly is: 'unknown'; readonly problem: string };

export function roomByUse(
  usage: KeyUsage,
  policy: Pick<Policy, 'unused' | 'mode'>,
  { status }: Pick<AccessKey, 'status'>,
): ByUse {
  switch (usage.is) {
    case 'unknown':
      return { is: 'unknown', problem: usage.problem };
    case 'used': {
      // What is Inactive cannot be in use: it was, not long ago.
      const recently = status === 'Inactive' ? 'was used recently' : 'is in use';
      const when = usage.lastUsed === null ? 'is too young to be called unused' : recently;
      return { is: 'taken', why: `it ${when}` };
    }
    case 'kept':
      return { is: 'taken', why: 'it is the key that its secret gives to whoever reads it' };
    case 'unused':
      if (policy.mode === 'observe') {
        return { is: 'taken', why: 'it is unused, but the policy only observes the user by now' };
      }
      return policy.unused === 'retire'
        ? { is: 'retired' }
        : { is: 'taken', why: 'it is unused, but the policy retires no keys' };
  }
}

/** What a second key in the way is to people, and what helps. */
export function takenProblem(other: AccessKey, user: IamUser, why: string): string {
  const which = `second key ${shortKey(other.keyId)} (${other.status}) of ${userLabel(user)}`;
  const advice = 'Delete it by hand if nothing needs it, then resume.';
  return `${which} stands in the way: ${asSentence(why)} ${advice}`;
}
