/**
 * What a vault's parameters are called, and which version of a secret a parameter shows. Parameter
 * names take letters, digits, `_`, `.`, `-` and at most 15 levels: anything else in a user's name
 * is written `__` and its code, so that two users never share a parameter.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html
 * (read 2026-11)
 */
import { Permanent } from '../domain/errors.ts';

const root = '/keyturn/users/';
const pendingRoot = '/keyturn/pending/';

/**
 * The parameter that consumers read: `/keyturn/users/<user>`, of a secret's name or of its own ARN.
 * Throws Permanent if it is neither.
 */
export function liveName(nameOrArn: string): string {
  const name = /^arn:[\w-]+:ssm:[\w-]+:\d{12}:parameter(\/keyturn\/users\/[\w.-]+)$/.exec(
    nameOrArn,
  );
  if (name?.[1] !== undefined) return name[1];
  const [, user = ''] = /^keyturn\/(\S+)$/.exec(nameOrArn) ?? [];
  if (user === '') throw new Permanent(`${nameOrArn} is no secret of Keyturn: it has no parameter`);
  return `${root}${written(user.replaceAll('/2C', ','))}`;
}

/** Where the keys of one user's attempts are, each under its token. */
export function pendingPath(live: string): string {
  return `${pendingRoot}${live.slice(root.length)}`;
}

export function pendingName(live: string, token: string): string {
  return `${pendingPath(live)}/${token}`;
}

/** A single `_` stands for itself; one beside another or beside an odd character is written out. */
function written(user: string): string {
  return user.replaceAll(/(?:[^A-Za-z0-9.-]{2,}|[^\w.-])/g, (odd) =>
    [...odd].map((each) => `__${each.charCodeAt(0).toString(16).toUpperCase()}`).join(''),
  );
}

/**
 * The description that says which version of the secret a parameter's version is. It names its own
 * number too: an edit that leaves the description as it was then does not pass for ours.
 */
export function markOf(versionId: string, number: number): string {
  return `Keyturn: version ${versionId} (number ${number})`;
}

/** The version of the secret; one that Keyturn did not write is called after its number. */
export function versionIdOf({ Description, Version }: Described): string {
  const [, id, number] = /^Keyturn: version (\S+) \(number (\d+)\)$/.exec(Description ?? '') ?? [];
  return id !== undefined && number === String(Version) ? id : `number-${Version}`;
}

interface Described {
  readonly Description?: string | undefined;
  readonly Version?: number | undefined;
}
