/**
 * What a native rotation writes down on its secret, for its own later calls and for the hub: there
 * is no runbook whose outputs could tell. Ids only. An order of Keyturn's runbook writes only which
 * key readers get.
 */
import type { Custody, StoredKey } from '../../domain/custody.ts';
import {
  nativeIssueIn,
  tagOfIssue,
  tagsAfterMove,
  tagsBeforeMove,
  tagsOfAttempt,
} from '../../domain/secret-tags.ts';
import type { CustodyDeps } from './deps.ts';
import type { Holding } from './subject.ts';

/** Before a key is made: should this call die, a later one knows whose leftovers it finds. */
export async function noteAttempt(deps: CustodyDeps, { secret, order }: Holding): Promise<void> {
  if (order.driver.by === 'keyturn') return;
  const { attempted } = order.driver;
  await deps.tags.tag(secret.arn, tagsOfAttempt(attempted, order.token, order.oldKeyId));
}

/**
 * Before AWSCURRENT moves: from then on readers may have got the key, whoever drives the rotation,
 * and whether or not anybody hears of it.
 */
export async function noteMove(
  deps: CustodyDeps,
  { secret, order }: Holding,
  { keyId }: Pick<StoredKey, 'keyId'>,
): Promise<void> {
  const { token: versionId, oldKeyId, rotationId } = order;
  const issue = { versionId, newKeyId: keyId, oldKeyId };
  const native = order.driver.by === 'keyturn' ? {} : tagsBeforeMove(issue, rotationId);
  await deps.tags.tag(secret.arn, { ...native, ...tagOfIssue(secret.tags, keyId) });
}

/** Once AWSCURRENT has moved, unless that is written down already. */
export async function noteIssued(
  deps: CustodyDeps,
  { secret, order }: Holding,
  { currentSince, testRequestIds }: Custody,
): Promise<void> {
  if (order.driver.by === 'keyturn' || currentSince === null) return;
  const written = nativeIssueIn(secret.tags);
  if (written?.versionId === order.token && written.currentSince !== null) return;
  await deps.tags.tag(secret.arn, tagsAfterMove({ currentSince, testRequestIds }));
}
