/**
 * Readers of a place that no longer gets keys: policy names another vault, or fewer places. They
 * would stay on a key that goes, so nothing is replaced behind them.
 */
import type { Vault, VaultSecret } from '../../domain/custody.ts';
import { currentVersion } from '../../domain/custody.ts';
import { Permanent } from '../../domain/errors.ts';
import { placeText } from '../../domain/further-place.ts';
import type { AccessKey } from '../../domain/key.ts';
import { copiedIn, secretTags, tagOfCopies } from '../../domain/secret-tags.ts';
import { placesIn } from '../../domain/written-places.ts';
import type { CustodyDeps } from './deps.ts';
import { requirePlaces } from './require-places.ts';
import { copiesInAws, type Holding, keysOf, type Subject } from './subject.ts';

type Tags = Readonly<Record<string, string>>;

/**
 * Throws Permanent while the other vault, or a Region that had a copy, shows its readers a key of
 * the user's, or something that Keyturn did not write, unless an operator has said by tag that
 * they know. `tags` are those of the secret, if it is there.
 */
export async function refuseLeftReaders(
  deps: CustodyDeps,
  subject: Subject,
  tags: Tags,
): Promise<void> {
  const { order, user } = subject;
  const { region: here } = deps.home;
  const keys = await keysOf(deps, user);
  const policy = `policy of user ${order.userName} has changed`;
  const other = await deps.otherVault.describe(order.secretName);
  const kind = order.vault === 'parameter-store' ? 'secrets-manager' : 'parameter-store';
  if (!order.copies.includes(placeText({ kind, region: here }))) {
    const why = `${policy}, its vault is ${order.vault}: change it back`;
    await refuseReaders(deps.otherVault, other, { keys, why });
  }
  const earlier = new Set([...copiedIn(tags), ...copiedIn(other?.tags ?? {})]);
  const dropped = [...earlier].filter((each) => !order.copies.includes(each));
  for (const place of requirePlaces(deps.home, dropped)) {
    // What is here has been looked at: it is the vault, or the other one.
    if (place.kind === 'github-actions' || place.region === here) continue;
    const vault = deps.copyIn(place);
    const why = `${policy}, its copies no longer include ${placeText(place)}: change it back`;
    await refuseReaders(vault, await vault.describe(order.secretName), { keys, why });
  }
  refuseLeftWorkflows(subject, keys, { ...other?.tags, ...tags });
  await refuseOldNames(deps, subject, keys);
}

/** Workflows of a repository that policy no longer names would stay on the key they were given. */
function refuseLeftWorkflows({ order }: Subject, keys: readonly AccessKey[], tags: Tags): void {
  for (const { tag, keyId, place } of placesIn(tags)) {
    if (order.copies.includes(place) || keys.every((key) => key.keyId !== keyId)) continue;
    throw new Permanent(
      `${place} was given key ${keyId}, and would not get the new key. No key was made: policy ` +
        `of user ${order.userName} has changed, its copies no longer include that place: change ` +
        `it back; or, once nothing reads it there any more, take the tag ${tag} off ` +
        order.secretName,
    );
  }
}

/** A user who was renamed gets a secret of the new name: readers of the old one stay there. */
async function refuseOldNames(
  { vault, otherVault }: CustodyDeps,
  subject: Subject,
  keys: readonly AccessKey[],
): Promise<void> {
  const { userId, userName, secretName } = subject.order;
  const why = `user ${userName} had another name: name the user as before`;
  for (const each of [vault, otherVault]) {
    const own = (await each.describe(secretName))?.arn;
    for (const arn of await each.placesOf(userId)) {
      if (arn === own) continue;
      await refuseReaders(each, await each.describe(arn), { keys, why });
    }
  }
}

/** Before any copy is made: a Region that policy drops later is then known to have had one. */
export async function noteCopies(deps: CustodyDeps, { secret, order }: Holding): Promise<void> {
  const tags = tagOfCopies(copiesInAws(order));
  if ((secret.tags[secretTags.copied] ?? '') === tags[secretTags.copied]) return;
  await deps.tags.tag(secret.arn, tags);
}

interface Change {
  readonly keys: readonly AccessKey[];
  /** What has changed, and how to change it back. */
  readonly why: string;
}

async function refuseReaders(
  vault: Vault,
  secret: VaultSecret | undefined,
  { keys, why }: Change,
): Promise<void> {
  // Nobody can read what is scheduled for deletion.
  if (secret === undefined || secret.closing) return;
  const version = currentVersion(secret);
  if (version !== undefined && secret.tags[secretTags.leftAt] === version) return;
  const content = (await vault.readCurrent(secret.arn))?.content;
  if (content === undefined || content.kind === 'placeholder') return;
  const isKey = content.kind === 'key';
  if (isKey && keys.every(({ keyId }) => keyId !== content.key.keyId)) return;
  const what = isKey ? `key ${content.key.keyId}` : 'a value that Keyturn did not write';
  throw new Permanent(
    `${secret.arn} shows its readers ${what}, and would not get the new key. No key was made: ` +
      `${why}; or delete that secret if nobody reads it; or, once its readers know where the new ` +
      `key will be, tag it ${secretTags.leftAt}=${version}`,
  );
}
