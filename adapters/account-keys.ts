/**
 * Whose some keys are, by IAM of one account, and which secret of Keyturn's their user has. Reads
 * with one connection; what is denied is a problem in words.
 */
import { IAMClient } from '@aws-sdk/client-iam';
import { parseArn } from '../domain/arn.ts';
import type { KnownKey } from '../domain/discovery.ts';
import { Permanent, Transient } from '../domain/errors.ts';
import type { Instant } from '../domain/instant.ts';
import type { AccessKey, IamUser } from '../domain/key.ts';
import { ownerTag } from '../domain/owner.ts';
import { partitionOf } from '../domain/region.ts';
import { listKeys, userPages } from './access-keys.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { iamUsers } from './iam-users.ts';
import { issuedKeys } from './issued-keys.ts';

export interface AccountKeys {
  readonly known: readonly KnownKey[];
  readonly problems: readonly string[];
}

/**
 * Those of the keys that are in the account. Users are listed only until each key has its user.
 * `region`: that of the connection, where secrets are.
 */
export async function keysInAccount(
  connection: AwsConnection,
  account: string,
  keyIds: ReadonlySet<string>,
  now: Instant,
): Promise<AccountKeys> {
  const found = new Map<string, KnownKey>();
  const problems: string[] = [];
  try {
    for await (const [userName, keys] of usersWithKeys(connection, account)) {
      if (keyIds.size === found.size) break;
      const theirs = keys.filter(({ keyId }) => keyIds.has(keyId));
      if (theirs.length === 0) continue;
      const user = await userNamed(connection, account, userName);
      if (user === undefined) continue;
      const secret = await secretOf(connection, user);
      if ('problem' in secret) problems.push(secret.problem);
      const secretArn = 'arn' in secret ? secret.arn : null;
      const owner = user.tags[ownerTag] ?? null;
      for (const key of theirs) {
        const common = { account, userName, asOf: now, owner, plan: null, secretArn };
        found.set(key.keyId, { ...common, ...key });
      }
    }
  } catch (error) {
    problems.push(problemOf(error));
  }
  return { known: [...found.values()], problems };
}

async function* usersWithKeys(
  connection: AwsConnection,
  account: string,
): AsyncGenerator<readonly [userName: string, keys: readonly AccessKey[]]> {
  const iam = connect(IAMClient, connection);
  for await (const page of userPages(iam, `account ${account}`)) {
    for (const { UserName = '', Arn = '' } of page) {
      // Nobody of another account would be found, and that would look like an answer.
      if (parseArn(Arn)?.account !== account) {
        throw new Permanent(`asked account ${account} but ${Arn} answered: use its credentials`);
      }
      yield [UserName, (await listKeys(iam, UserName)) ?? []];
    }
  }
}

/** Throws Permanent if another account answers: then these are the wrong credentials. */
function userNamed(connection: AwsConnection, account: string, userName: string) {
  const users = iamUsers(() => connection, connection.region);
  return users.byName(partitionOf(connection.region), account, userName);
}

/** The first place that holds, or may hold, a key for readers; a placeholder is none. */
async function secretOf(
  connection: AwsConnection,
  user: IamUser,
): Promise<{ readonly arn: string | null } | { readonly problem: string }> {
  try {
    const places = await issuedKeys(() => connection, connection.region).issuedTo(user);
    const holding = places.find(({ keyIds }) => keyIds === null || keyIds.length > 0);
    return { arn: holding?.arn ?? null };
  } catch (error) {
    return { problem: problemOf(error) };
  }
}

/** What somebody outside has to mend; anything else is thrown on. */
function problemOf(error: unknown): string {
  if (!(error instanceof Transient || error instanceof Permanent)) throw error;
  return error.message;
}
