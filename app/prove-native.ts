/**
 * Whether what a secret's tags tell of a native rotation is so. Whoever may tag secrets could tell
 * anything, and an old key is switched off for it: so the secret must be the user's own, and
 * CloudTrail must show that the new key was created for the version that is current.
 */
import { Transient } from '../domain/errors.ts';
import { inUtcWords, isDue, plus } from '../domain/instant.ts';
import { type AccessKey, type IamUser, shortKey, userLabel } from '../domain/key.ts';
import type { KeyCreators, Place } from '../domain/ports.ts';
import { secretNameInArn, secretNameOf } from '../domain/secret-name.ts';
import type { NativeRotation } from './open-natively.ts';

export interface ProofDeps {
  readonly creators: KeyCreators;
  /** The ARN under which CloudTrail shows what the key maker did there for a token. */
  readonly keyMakerSession: (where: Place, token: string) => string;
}

export interface ToldByTags {
  readonly user: IamUser;
  readonly oldKey: AccessKey;
  readonly newKey: AccessKey;
  readonly native: NativeRotation;
}

/** A native rotation ends within that time of making its key, or people have to look at it. */
const madeWithin = { hours: 24 } as const;

/**
 * undefined if it is proven; otherwise why it is not believed, as a clause. Throws Transient while
 * CloudTrail, which is minutes late, does not show who created the key, or cannot be read.
 */
export async function disproof(deps: ProofDeps, told: ToldByTags): Promise<string | undefined> {
  const { user, oldKey, newKey, native } = told;
  const { where, issue, secretArn, sentAt } = native;
  const name = secretNameOf(user);
  if (secretNameInArn(secretArn) !== name) {
    return `the secret of ${userLabel(user)} is called ${name}`;
  }
  const made = `key ${shortKey(newKey.keyId)} was made at ${inUtcWords(newKey.createdAt)}`;
  if (isDue(newKey.createdAt, oldKey.createdAt)) {
    return `${made}, which is not after key ${shortKey(oldKey.keyId)}`;
  }
  if (!isDue(sentAt, plus(newKey.createdAt, madeWithin))) {
    return `${made}, more than ${madeWithin.hours} hours before AWSCURRENT moved`;
  }
  const creator = await deps.creators.creatorOf(where, newKey);
  const asked = `who created key ${shortKey(newKey.keyId)} of ${userLabel(user)}`;
  if (!creator.complete) {
    throw new Transient(
      `${asked} cannot be read: ${creator.problem}; this event is looked at again`,
    );
  }
  if (creator.value === null) {
    throw new Transient(`CloudTrail does not show yet ${asked}: this event is looked at again`);
  }
  const session = deps.keyMakerSession(where, issue.versionId);
  return creator.value === session
    ? undefined
    : `CloudTrail shows that ${creator.value} created it, not ${session}`;
}
