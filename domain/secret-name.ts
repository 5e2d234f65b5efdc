/** What the secret is called that holds a user's current key. */
import { parseArn } from './arn.ts';
import type { IamUser } from './key.ts';

/** What the name of every secret of Keyturn's begins with. */
export const secretPrefix = 'keyturn/';

/**
 * `keyturn/<user name>`. IAM allows a comma in user names and Secrets Manager does not: it becomes
 * `/2C`, which no user name can contain, so two users never share a secret.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
 */
export function secretNameOf(user: Pick<IamUser, 'userName'>): string {
  return `${secretPrefix}${user.userName.replaceAll(',', '/2C')}`;
}

/** The user's name in the name of its secret, or in that name without its prefix. */
export function userNameIn(secretName: string): string {
  const bare = secretName.startsWith(secretPrefix)
    ? secretName.slice(secretPrefix.length)
    : secretName;
  return bare.replaceAll('/2C', ',');
}

/**
 * The name in a secret's ARN, which ends in a hyphen and six characters that are no part of it.
 * undefined if the text is not the whole ARN of a secret of Keyturn's.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html (2026-11)
 */
export function secretNameInArn(arn: string): string | undefined {
  const { service, resource } = parseArn(arn) ?? {};
  const [, name] = /^secret:(keyturn\/[\w/+=.@-]+)-[A-Za-z0-9]{6}$/.exec(resource ?? '') ?? [];
  return service === 'secretsmanager' ? name : undefined;
}

/** The name from which the version id of a secret's placeholder is made. */
export function placeholderName(user: { readonly account: string; readonly userId: string }) {
  return `${user.account}/${user.userId}/placeholder`;
}
