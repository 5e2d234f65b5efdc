/** What must always hold of one user and their keys, read from the account's truth alone. */
import { liveName } from '../../adapters/parameter-names.ts';
import type { IamUser } from '../../domain/key.ts';
import { secretNameOf } from '../../domain/secret-name.ts';
import type { KeyRecord } from '../../sandbox/account/directory.ts';
import { names } from '../../sandbox/settings.ts';
import type { World } from '../../sandbox/world.ts';

/** Every promise that is broken now, as sentences; none is if the list is empty. */
export function brokenPromises(
  world: World,
  user: IamUser,
  outsiderInterferes: boolean,
): readonly string[] {
  const { keys, users } = world.cloud.truth(user.account);
  const own = keys.filter(({ userId }) => userId === user.userId);
  const left = own.filter(({ deletedAt }) => deletedAt === null);
  const isGone = users.some((each) => each.userId === user.userId && each.deletedAt !== null);
  const [oldKey] = own;
  return [
    ...(left.length > 2 ? [`the user has ${left.length} keys`] : []),
    ...(keys.some(({ userId }) => userId !== user.userId) ? ['a key of nobody was made'] : []),
    ...(isGone || outsiderInterferes ? [] : readersProblems(world, user, left)),
    ...(oldKey === undefined || isGone ? [] : deletionProblems(oldKey)),
  ];
}

/** Some Active key is the one that consumers read, or else the old key is Active. */
function readersProblems(
  world: World,
  user: IamUser,
  left: readonly KeyRecord[],
): readonly string[] {
  const copies = (world.book.defaults.copies ?? []).flatMap((copy) =>
    copy.kind === 'secrets-manager' ? [copy.region] : [],
  );
  const read = [
    currentKeyId(world, user),
    ...copies.map((region) => currentKeyIdOf(world, user, region)),
  ];
  return read.flatMap((current) => {
    if (current === null) {
      return left.some(({ status }) => status === 'Active')
        ? []
        : ['no key is Active and none has been issued'];
    }
    const key = left.find(({ keyId }) => keyId === current);
    return key?.status === 'Active' ? [] : [`AWSCURRENT is ${current}, which is not Active`];
  });
}

/** The key that whoever reads the secret gets; null while it holds none. */
export function currentKeyId(world: World, user: IamUser): string | null {
  const parameter = world.cloud
    .parameters(user.account, world.place.region)
    .find(({ name }) => name === liveName(secretNameOf(user)));
  if (parameter !== undefined) return keyIdIn(parameter.versions.at(-1)?.value);
  return currentKeyIdOf(world, user, world.place.region);
}

/** The key that whoever reads the secret of Secrets Manager in that Region gets. */
export function currentKeyIdOf(world: World, user: IamUser, region: string): string | null {
  const { secrets } = world.cloud.truth(user.account);
  const secret = secrets.find((each) => each.name === secretNameOf(user) && each.region === region);
  if (secret === undefined) return null;
  const version = [...secret.versions].find(([, { stages }]) => stages.has('AWSCURRENT'));
  return keyIdIn(version && world.cloud.secretValue(secret.arn, version[0])?.text);
}

function keyIdIn(text: string | undefined): string | null {
  try {
    const value = JSON.parse(text ?? 'null') as { readonly accessKeyId?: unknown } | null;
    return typeof value?.accessKeyId === 'string' ? value.accessKeyId : null;
  } catch {
    return null;
  }
}

/** Deleted by Keyturn only right after its own deactivation, and never after a use since then. */
export function deletionProblems({ keyId, changes, lastUse }: KeyRecord): readonly string[] {
  const index = changes.findIndex(({ to }) => to === 'Gone');
  const gone = changes[index];
  if (gone === undefined || !isKeyturn(gone.by)) return [];
  const before = changes[index - 1];
  if (before?.to !== 'Inactive' || !isKeyturn(before.by)) {
    return [`${keyId} was deleted although Keyturn had not switched it off last`];
  }
  return lastUse !== null && lastUse.at > before.at
    ? [`${keyId} was deleted although it was used since it had been switched off`]
    : [];
}

function isKeyturn(arn: string): boolean {
  return arn.includes(`/${names.runbookRolePrefix}-`) || arn.includes(`/${names.keyMakerRole}/`);
}
