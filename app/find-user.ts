/** The IAM user that a report speaks of, as IAM knows it now. */
import type { Report } from '../domain/finding.ts';
import type { IamUser } from '../domain/key.ts';
import type { Users } from '../domain/ports.ts';

export type FoundUser =
  | { readonly found: true; readonly user: IamUser }
  | { readonly found: false; readonly reason: string };

/**
 * The unique id decides: a name that now belongs to another id is a user deleted and made again,
 * who is not the one reported; an id under another name is a user renamed, who is. Errors of the
 * port go through: an account that cannot be asked is not an account without the user.
 */
export async function findUser(users: Users, report: Report): Promise<FoundUser> {
  const { partition, account, user } = report;
  if (user.by === 'id') {
    return foundOr(
      await users.byId(partition, account, user.userId),
      `account ${account} has no user ${user.userId}: deleted since`,
    );
  }
  const named = await users.byName(partition, account, user.userName);
  if (user.by === 'name' || named?.userId === user.userId) {
    return foundOr(named, `account ${account} has no user ${user.userName}: deleted since`);
  }
  if (named !== undefined) {
    const reason =
      `user ${user.userName} of account ${account} is ${named.userId} now, not ` +
      `${user.userId}: deleted and made again`;
    return { found: false, reason };
  }
  return foundOr(
    await users.byId(partition, account, user.userId),
    `account ${account} has no user ${user.userName} (${user.userId}): deleted since`,
  );
}

function foundOr(user: IamUser | undefined, reason: string): FoundUser {
  return user === undefined ? { found: false, reason } : { found: true, user };
}
