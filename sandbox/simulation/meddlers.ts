/**
 * Outsiders: people with an administrator's role who do by hand what they like to users, keys and
 * secrets, at any time and in the very middle of what Keyturn does.
 */
import { plus } from '../../domain/instant.ts';
import { type IamUser, shortKey } from '../../domain/key.ts';
import type { KeyRecord } from '../account/directory.ts';
import type { World } from '../world.ts';
import type { Dice } from './dice.ts';
import { outside } from './invocation.ts';
import type { Ledger, Meddling } from './ledger.ts';
import type { StaleReads } from './stale-reads.ts';
import type { Strikes } from './strikes.ts';
import { isSubject } from './subjects.ts';
import { currentKeyId, keysLeft, parameterOf, type Shelf, secretOf, shelvesOf } from './truth.ts';

export interface Meddlers {
  readonly world: World;
  readonly ledger: Ledger;
  readonly stale: StaleReads;
  readonly strikes: Strikes;
  readonly dice: Dice;
  readonly tell: (line: string) => void;
  readonly changed: () => void;
}

/** What an outsider did, for the record; undefined if there was nothing to do it to. */
type Deed = (parts: Meddlers, user: IamUser) => Promise<Partial<Meddling> | undefined>;

const deeds: Readonly<Record<string, Deed>> = {
  'makes a key': async (parts, user) => {
    if (keysLeft(parts.world, user.account, user.userId).length > 1) return undefined;
    const answer = await call(parts, user, 'iam', 'CreateAccessKey', nameOf(parts, user));
    const { AccessKey } = answer as { readonly AccessKey: { readonly AccessKeyId: string } };
    return { keyId: AccessKey.AccessKeyId };
  },
  'switches the old key off': (parts, user) => update(parts, user, oldKey, 'Inactive'),
  'switches the old key on': (parts, user) => update(parts, user, oldKey, 'Active'),
  'switches the new key off': (parts, user) => update(parts, user, newKey, 'Inactive'),
  'deletes the old key': (parts, user) => remove(parts, user, oldKey),
  'deletes the new key': (parts, user) => remove(parts, user, newKey),
  'deletes the user': async ({ world }, user) => {
    world.cloud.removeUser(user.account, nameOf({ world }, user).UserName);
    return {};
  },
  'makes the user anew': async ({ world, ledger }, user) => {
    const { UserName: userName } = nameOf({ world }, user);
    world.cloud.removeUser(user.account, userName);
    const createdAt = world.clock.now();
    const again = world.cloud.addUser({ account: user.account, userName, createdAt });
    const { keyId } = world.cloud.addKey(user.account, userName, { createdAt });
    ledger.meddling.push(meddlingOf(world, again, { what: 'is new', keyId }));
    return {};
  },
  'renames the user': async ({ world, stale }, user) => {
    const { UserName: from } = nameOf({ world }, user);
    const to = `${from}-renamed`;
    world.cloud.renameUser(user.account, from, to);
    world.clock.at(plus(world.clock.now(), { hours: 30 }), () => {
      const { users } = world.cloud.truth(user.account);
      stale.remember(user.account);
      const isThere = users.some((each) => each.userName === to && each.deletedAt === null);
      if (isThere) world.cloud.renameUser(user.account, to, from);
    });
    return {};
  },
  'moves AWSCURRENT back': async (parts, user) => {
    const secret = secretOf(parts.world, user.account, user.userName);
    const versions = [...(secret?.versions ?? [])];
    const from = versions.find(([, { stages }]) => stages.has('AWSCURRENT'))?.[0];
    const to = versions.find(([, { stages }]) => stages.has('AWSPREVIOUS'))?.[0];
    if (secret === undefined || from === undefined || to === undefined) return undefined;
    await call(parts, user, 'secretsmanager', 'UpdateSecretVersionStage', {
      SecretId: secret.arn,
      VersionStage: 'AWSCURRENT',
      RemoveFromVersionId: from,
      MoveToVersionId: to,
    });
    return { secret: true };
  },
  'puts a value of their own': async (parts, user) => {
    const secret = secretOf(parts.world, user.account, user.userName);
    if (secret === undefined) return undefined;
    const input = { SecretId: secret.arn, SecretString: '{"note":"mine now"}' };
    await call(parts, user, 'secretsmanager', 'PutSecretValue', input);
    return { secret: true };
  },
  'puts a value of their own into the copy': async (parts, user) => {
    const { world } = parts;
    const copy = shelvesFor(parts, user)[1];
    if (copy?.kind === 'parameter-store') return editParameter(parts, user, copy.region);
    if (copy?.kind === 'github-actions') return undefined;
    const secret =
      copy === undefined ? undefined : secretOf(world, user.account, user.userName, copy.region);
    if (secret === undefined) return undefined;
    const input = { SecretId: secret.arn, SecretString: '{"note":"mine now"}' };
    await call(parts, user, 'secretsmanager', 'PutSecretValue', input, secret.region);
    return { secret: true };
  },
  'edits the parameter': async (parts, user) => {
    return editParameter(parts, user, parts.world.place.region);
  },
  'deletes the parameter': async (parts, user) => {
    const { world } = parts;
    const { account, userName } = user;
    const parameter = parameterOf(world, account, userName, world.place.region);
    if (parameter === undefined) return undefined;
    await call(parts, user, 'ssm', 'DeleteParameter', { Name: parameter.name });
    return { secret: true };
  },
  'deletes the secret': async (parts, user) => {
    const secret = secretOf(parts.world, user.account, user.userName);
    if (secret === undefined) return undefined;
    parts.world.cloud.removeSecret(user.account, parts.world.place.region, secret.arn);
    return { secret: true };
  },
};

async function editParameter(
  parts: Meddlers,
  user: IamUser,
  region: string,
): Promise<Partial<Meddling> | undefined> {
  const { account, userName } = user;
  const parameter = parameterOf(parts.world, account, userName, region);
  if (parameter === undefined) return undefined;
  const input = { Name: parameter.name, Value: '{"note":"mine now"}', Overwrite: true };
  await call(parts, user, 'ssm', 'PutParameter', input, region);
  return { secret: true };
}

export const deedNames: readonly string[] = Object.keys(deeds);

/** What happens rarely in life is rare here too; a key of one's own and switches are common. */
const common = [
  'makes a key',
  'switches the old key off',
  'switches the old key on',
  'switches the old key on',
  'switches the new key off',
] as const;

/** One act on a user whose key was reported; nothing if none can be done. */
export async function meddle(parts: Meddlers): Promise<void> {
  const user = anyUser(parts);
  if (user !== undefined) await act(parts, user, deedFor(parts, user));
}

/** Does that to a user, as far as there is anything to do it to, and writes it down. */
export async function act(parts: Meddlers, user: IamUser, what: string): Promise<void> {
  const { world, ledger, stale, tell, strikes } = parts;
  stale.remember(user.account);
  const before = ledger.meddling.length;
  try {
    const done = await outside(() => deeds[what]?.(parts, user));
    if (done === undefined) return;
    ledger.meddling.splice(before, 0, meddlingOf(world, user, { what, ...done }));
    strikes.struck('meddled', `outsider: ${what}`);
    tell(`an outsider ${what} of ${user.userName} ${shortKey(done.keyId ?? '')}`);
    parts.changed();
  } catch (error) {
    // An outsider is refused as anybody is, e.g. once the key or the user is gone.
    tell(`an outsider fails: ${what} of ${user.userName}: ${String(error)}`);
  }
}

const deedsToParameters = ['edits the parameter', 'deletes the parameter'] as const;

/** Few users have a copy, a parameter or an earlier version: who meets one goes for it often. */
function deedFor(parts: Meddlers, user: IamUser): string {
  const { dice } = parts;
  const hasCopy = shelvesFor(parts, user)[1] !== undefined;
  if (hasCopy && dice.chance(0.35)) return 'puts a value of their own into the copy';
  const isInParameter = shelvesFor(parts, user)[0]?.kind === 'parameter-store';
  if (isInParameter && dice.chance(0.25)) return dice.pick(deedsToParameters);
  if (hasPrevious(parts, user) && dice.chance(0.15)) return 'moves AWSCURRENT back';
  return dice.chance(0.75) ? dice.pick(common) : dice.pick(deedNames);
}

function hasPrevious({ world }: Meddlers, { account, userName }: IamUser): boolean {
  const versions = secretOf(world, account, userName)?.versions.values() ?? [];
  return [...versions].some(({ stages }) => stages.has('AWSPREVIOUS'));
}

/** In the middle of what Keyturn does: in few worlds, and there not often. */
export function meddling(meddlers: Meddlers): () => Promise<void> {
  const { ledger, strikes, dice } = meddlers;
  let left = ledger.plan.outsiderActs;
  return async () => {
    if (left === 0 || strikes.isOver() || !dice.chance(0.01)) return;
    left -= 1;
    await meddle(meddlers);
  };
}

/** At any time in the first month. */
export function meddleNowAndThen(meddlers: Meddlers): void {
  const { world, ledger, dice } = meddlers;
  const { plan } = ledger;
  for (let index = 0; index < plan.outsiderActs; index++) {
    const at = plus(plan.start, { minutes: dice.between(0, 30 * 24 * 60) });
    world.clock.at(at, () => meddle(meddlers));
  }
}

function meddlingOf(world: World, user: IamUser, done: Partial<Meddling>): Meddling {
  const { account, userId } = user;
  const { what = '', keyId = null, secret = false } = done;
  return { at: world.clock.now(), account, userId, what, keyId, secret };
}

function shelvesFor({ world, ledger }: Meddlers, { userId }: IamUser): readonly Shelf[] {
  const planned = ledger.users.get(userId);
  return planned === undefined ? [] : shelvesOf(world, ledger.plan, planned);
}

function anyUser({ world, ledger, dice }: Meddlers): IamUser | undefined {
  const there = ledger.plan.accounts.flatMap((account) =>
    world.cloud
      .truth(account)
      .users.filter(({ userId, deletedAt }) => deletedAt === null && isSubject(ledger, userId)),
  );
  return there.length === 0 ? undefined : dice.pick(there);
}

function nameOf({ world }: Pick<Meddlers, 'world'>, user: IamUser): { readonly UserName: string } {
  const { users } = world.cloud.truth(user.account);
  const now = users.find(({ userId }) => userId === user.userId);
  return { UserName: now?.userName ?? user.userName };
}

function call(
  { world }: Meddlers,
  { account }: IamUser,
  service: string,
  operation: string,
  input: object,
  region = world.place.region,
): Promise<unknown> {
  const credentials = world.cloud.roleCredentials(account, 'operator', 'somebody');
  return world.cloud.call({
    service,
    operation,
    input,
    region,
    credentials,
  });
}

type Which = (parts: Meddlers, user: IamUser) => KeyRecord | undefined;

const oldKey: Which = ({ world, ledger }, user) =>
  keysLeft(world, user.account, user.userId).find(
    ({ keyId }) =>
      ledger.reported.get(user.userId)?.has(keyId) ??
      keyId !== currentKeyId(ledger, user.account, user.userId),
  );

const newKey: Which = ({ world, ledger }, user) => {
  const current = currentKeyId(ledger, user.account, user.userId);
  return keysLeft(world, user.account, user.userId).find(({ keyId }) => keyId === current);
};

async function update(
  parts: Meddlers,
  user: IamUser,
  which: Which,
  to: 'Active' | 'Inactive',
): Promise<Partial<Meddling> | undefined> {
  const key = which(parts, user);
  if (key === undefined || key.status === to) return undefined;
  const { keyId } = key;
  const input = { ...nameOf(parts, user), AccessKeyId: keyId, Status: to };
  await call(parts, user, 'iam', 'UpdateAccessKey', input);
  return { keyId };
}

async function remove(
  parts: Meddlers,
  user: IamUser,
  which: Which,
): Promise<Partial<Meddling> | undefined> {
  const key = which(parts, user);
  if (key === undefined) return undefined;
  const { keyId } = key;
  const input = { ...nameOf(parts, user), AccessKeyId: keyId };
  await call(parts, user, 'iam', 'DeleteAccessKey', input);
  return { keyId };
}
