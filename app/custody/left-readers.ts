/**
 * Readers of a place that no longer gets keys: policy names another vault, or fewer Regions. They
 * would stay on a key that goes, so nothing is replaced behind them.
 */
import type { Vault, VaultSecret } from '../../domain/custody.ts';
import { Permanent } from '../../domain/errors.ts';
import type { AccessKey } from '../../domain/key.ts';
import { copiedIn, secretTags, tagOfCopies } from '../../domain/secret-tags.ts';
import type { CustodyDeps } from './deps.ts';
import { requireRegions } from './require-regions.ts';
import { currentVersion, type Holding, keysOf, type Subject } from './subject.ts';

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
  const other = await deps.otherVault.describe(order.secretName);
  const isCopy = order.vault === 'parameter-store' && order.copies.includes(here);
  if (!isCopy) {
    const why = `its vault is ${order.vault}`;
    await refuseReaders(deps.otherVault, other, { subject, keys, why });
  }
  const earlier = new Set([...copiedIn(tags), ...copiedIn(other?.tags ?? {})]);
  const dropped = [...earlier].filter((each) => each !== here && !order.copies.includes(each));
  requireRegions(deps.home, dropped);
  for (const region of dropped) {
    const vault = deps.copyIn(region);
    const why = `its copies no longer include ${region}`;
    await refuseReaders(vault, await vault.describe(order.secretName), { subject, keys, why });
  }
}

/** Before any copy is made: a Region that policy drops later is then known to have had one. */
export async function noteCopies(deps: CustodyDeps, { secret, order }: Holding): Promise<void> {
  const tags = tagOfCopies(order.copies);
  if ((secret.tags[secretTags.copied] ?? '') === tags[secretTags.copied]) return;
  await deps.tags.tag(secret.arn, tags);
}

interface Change {
  readonly subject: Subject;
  readonly keys: readonly AccessKey[];
  /** What policy says now. */
  readonly why: string;
}

async function refuseReaders(
  vault: Vault,
  secret: VaultSecret | undefined,
  { subject, keys, why }: Change,
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
    `${secret.arn} shows its readers ${what}, and would not get the new key: policy of user ` +
      `${subject.order.userName} has changed, ${why}. No key was made. Change policy back; or ` +
      'delete that secret if nobody reads it; or, once its readers know where the new key will ' +
      `be, tag it ${secretTags.leftAt}=${version}`,
  );
}
