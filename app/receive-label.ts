/**
 * AWSCURRENT of a secret has moved. The event says only where to look: what is true is what the
 * secret shows now, so a late, repeated or reordered event does no harm. By the version that is
 * current it is one of
 *  - a rotation's own: nothing to do;
 *  - a native rotation's: its old key gets a rotation that enters the machine at `overlapping`;
 *  - an outside edit under a rotation that relies on another version: that is held;
 *  - nothing of ours.
 */
import type { Rotation } from '../domain/case.ts';
import { currentVersion, type VaultSecret } from '../domain/custody.ts';
import { issuedOf } from '../domain/ending.ts';
import { Conflict } from '../domain/errors.ts';
import type { Inbound } from '../domain/inbound.ts';
import { userLabel } from '../domain/key.ts';
import { attemptName } from '../domain/runbook-order.ts';
import { nativeCustodyIn, nativeIssueIn, secretTags } from '../domain/secret-tags.ts';
import type { SecretDescriptions } from '../domain/secrets-from-outside.ts';
import { allOf } from './all-of.ts';
import { holdChanged } from './hold-changed.ts';
import type { Answer, OpenDeps } from './open.ts';
import { type NativeDeps, type NativeRotation, openNatively } from './open-natively.ts';

export interface LabelDeps extends NativeDeps {
  readonly secrets: SecretDescriptions;
}

export type LabelNews = Extract<Inbound, { kind: 'label' }>;

/** How often this is tried anew after somebody else was faster. */
const attempts = 5;

/** One answer for each rotation that is concerned; one `ignored` if none is. */
export async function receiveLabel(deps: LabelDeps, news: LabelNews): Promise<readonly Answer[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await look(deps, news);
    } catch (error) {
      if (!(error instanceof Conflict) || attempt === attempts) throw error;
    }
  }
}

async function look(deps: LabelDeps, news: LabelNews): Promise<readonly Answer[]> {
  const { where, secretArn } = news;
  const secret = await deps.secrets.describe(where, secretArn);
  if (secret === undefined) return ignored(`there is no secret ${secretArn} any more`);
  const { [secretTags.userId]: userId } = secret.tags;
  const current = currentVersion(secret);
  if (userId === undefined || current === undefined) {
    return ignored(`secret ${secretArn} is not one of Keyturn's: it lacks tags or a version`);
  }
  const user = await deps.users.byId(where.partition, where.account, userId);
  const known = await rotationsOf(deps, where.account, userId);
  const relying = known.filter((each) => isBuiltOnOther(each, secretArn, current));
  const native = nativeRotationOf(secret, current, news);
  const isNew = native !== undefined && known.every((each) => !hasIssued(deps, each, current));
  const answers = await allOf<Answer>([
    ...relying.map((rotation) => () => holdChanged(deps, rotation, secretArn, current)),
    ...(isNew && user !== undefined ? [() => openNatively(deps, user, native)] : []),
  ]);
  if (answers.length > 0) return answers;
  if (user === undefined) {
    return ignored(`account ${where.account} has no user ${userId} of secret ${secretArn}`);
  }
  return ignored(
    known.some((each) => hasIssued(deps, each, current))
      ? `version ${current} of ${secretArn} was issued by the rotation of ${userLabel(user)}`
      : `no rotation of ${userLabel(user)} has to do with version ${current} of ${secretArn}`,
  );
}

/** What the tags tell of the current version, if Secrets Manager is the one who rotates. */
function nativeRotationOf(
  secret: VaultSecret,
  current: string,
  news: LabelNews,
): NativeRotation | undefined {
  if (secret.tags[secretTags.driver] !== 'secrets-manager') return undefined;
  const issue = nativeIssueIn(secret.tags);
  if (issue?.versionId !== current) return undefined;
  const { where, sentAt, versionId } = news;
  const custody = nativeCustodyIn(secret.tags);
  const isOwnEvent = versionId === current;
  return { issue, custody, where, secretArn: secret.arn, sentAt, isOwnEvent };
}

async function rotationsOf(
  { store }: Pick<OpenDeps, 'store'>,
  account: string,
  userId: string,
): Promise<readonly Rotation[]> {
  const ids = await store.ofUser(account, userId);
  const loaded = await Promise.all(ids.map((id) => store.load(id)));
  return loaded.filter((each) => each !== undefined);
}

/** Whether the rotation counts on a version of this secret that is not the current one. */
function isBuiltOnOther(rotation: Rotation, secretArn: string, current: string): boolean {
  const issued = issuedOf(rotation);
  return issued?.secretArn === secretArn && issued.secretVersionId !== current;
}

/** Whether the version is that of the rotation's new key, or of an attempt under way. */
function hasIssued({ ids }: Pick<OpenDeps, 'ids'>, rotation: Rotation, version: string): boolean {
  if (issuedOf(rotation)?.secretVersionId === version) return true;
  const { stage, id } = rotation;
  if (stage.name !== 'issuing') return false;
  const tokens = Array.from({ length: stage.attempt }, (_, index) =>
    ids.uuid(attemptName(id, index + 1)),
  );
  return tokens.includes(version);
}

function ignored(reason: string): readonly Answer[] {
  return [{ outcome: 'ignored', reason }];
}
