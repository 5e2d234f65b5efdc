/**
 * From what Secrets Manager says when it rotates a secret to a whole order: the user by the
 * secret's tags, the old key by what is AWSCURRENT, everything checked against the account.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
 * (2026-11)
 */
import { parseArn } from '../../domain/arn.ts';
import {
  currentVersion,
  type IssueOrder,
  labels,
  type NativeOrder,
  type VaultSecret,
} from '../../domain/custody.ts';
import { Permanent, Transient } from '../../domain/errors.ts';
import type { AccessKey } from '../../domain/key.ts';
import { secretNameInArn, userNameIn } from '../../domain/secret-name.ts';
import {
  attemptsIn,
  nativeIssueIn,
  nativeRotationName,
  secretTags,
} from '../../domain/secret-tags.ts';
import type { CustodyDeps } from './deps.ts';
import { requireRegions } from './require-regions.ts';
import { keysOf, requireDriver, userFor } from './subject.ts';

/** The order that a native rotation comes to. Throws before anything is written. */
export async function nativeOrder(
  deps: CustodyDeps,
  { secretArn, token }: NativeOrder,
): Promise<IssueOrder> {
  const { partition, account, region } = deps.home;
  const arn = parseArn(secretArn);
  const secretName = secretNameInArn(secretArn);
  const isHere = arn?.partition === partition && arn.account === account && arn.region === region;
  if (secretName === undefined || !isHere) {
    const home = `${partition}/${account}/${region}`;
    throw new Permanent(
      `${secretArn} is not a secret of Keyturn's in ${home}: nothing was touched`,
    );
  }
  const secret = await deps.vault.describe(secretArn);
  if (secret?.arn !== secretArn) throw new Permanent(`there is no secret ${secretArn}`);
  requireDriver(secret, 'secrets-manager');
  requireAwaited(secret, token);
  const { [secretTags.userId]: userId = '', [secretTags.userName]: written = '' } = secret.tags;
  const userName = userNameIn(written);
  if (userId === '' || userName === '' || userName !== userNameIn(secretName)) {
    throw new Permanent(
      `the tags ${secretTags.userId} and ${secretTags.userName} of ${secretArn} do not say whose ` +
        'keys it is for: set them to the unique id and the name of the user that it is named after',
    );
  }
  const named = { secretName, userId, userName };
  const work = furtherWork(secret.tags);
  requireRegions(deps.home, work.copies);
  return {
    ...named,
    token,
    rotationId: deps.ids.uuid(nativeRotationName(secretArn, token)),
    attempt: 1,
    oldKeyId: await oldKeyOf(deps, secret, token, named),
    driver: { by: 'secrets-manager', secretArn, attempted: attemptsIn(secret.tags) },
    vault: 'secrets-manager',
    ...work,
  };
}

/** No policy is at hand here: the secret's own tags say what else has to happen to a new key. */
function furtherWork(tags: VaultSecret['tags']): Pick<IssueOrder, 'healthCheck' | 'copies'> {
  const copies = tags[secretTags.copies] ?? '';
  return {
    healthCheck: tags[secretTags.healthCheck] ?? null,
    copies: copies === '' ? [] : copies.split(' '),
  };
}

/** RotateSecret labels the version before it calls; a description may be late to show it. */
function requireAwaited({ arn, labels: byVersion }: VaultSecret, token: string): void {
  const attached = byVersion[token] ?? [];
  if (attached.includes(labels.current) || attached.includes(labels.pending)) return;
  throw new Transient(
    `version ${token} of ${arn} is not AWSPENDING: no rotation waits for it. Start one with ` +
      'RotateSecret; nothing was touched',
  );
}

type Named = Pick<IssueOrder, 'userId' | 'userName'>;

async function oldKeyOf(
  deps: CustodyDeps,
  secret: VaultSecret,
  token: string,
  named: Named,
): Promise<string> {
  if (currentVersion(secret) === token) {
    const issue = nativeIssueIn(secret.tags);
    if (issue?.versionId === token) return issue.oldKeyId;
    const what = `version ${token} of ${secret.arn} is AWSCURRENT`;
    throw new Permanent(`${what}, but its tags do not say which key it replaced: look at both`);
  }
  const current = await deps.vault.readCurrent(secret.arn);
  switch (current?.content.kind) {
    case 'key': {
      const { key } = current.content;
      if (key.userId === named.userId && key.userName === named.userName) return key.keyId;
      throw new Permanent(
        `what is AWSCURRENT in ${secret.arn} is a key of user ${key.userName} (${key.userId}), ` +
          `not of ${named.userName} (${named.userId}): look at the secret and its tags`,
      );
    }
    case 'placeholder':
      return onlyKeyOf(deps, secret, token, named);
    default:
      throw new Permanent(
        `what is AWSCURRENT in ${secret.arn} was not written by Keyturn: which key to replace ` +
          'cannot be known. Look at the secret',
      );
  }
}

/** For the first rotation: the user's one Active key besides what attempts of ours have made. */
async function onlyKeyOf(
  deps: CustodyDeps,
  secret: VaultSecret,
  token: string,
  named: Named,
): Promise<string> {
  const user = await userFor(deps, named);
  const stored = await deps.vault.read(secret.arn, token);
  const storedId = stored?.kind === 'key' ? stored.key.keyId : null;
  const keys: readonly AccessKey[] = (await keysOf(deps, user)).filter(
    ({ keyId, status }) => status === 'Active' && keyId !== storedId,
  );
  const replacing = secret.tags[secretTags.replacing];
  const found =
    keys.find(({ keyId }) => keyId === replacing) ?? (keys.length === 1 ? keys[0] : undefined);
  if (found !== undefined) return found.keyId;
  const ids = keys.map(({ keyId }) => keyId).join(', ');
  const has = keys.length === 0 ? 'no Active key' : `several Active keys, ${ids}`;
  throw new Permanent(
    `user ${named.userName} has ${has}: the first rotation of ${secret.arn} replaces the only ` +
      'one. Nothing was made; leave one Active key, then rotate again',
  );
}
