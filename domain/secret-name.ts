/** What the secret is called that holds a user's current key. */
import type { IamUser } from './key.ts';

const prefix = 'keyturn/';

/**
 * `keyturn/<user name>`. IAM allows a comma in user names and Secrets Manager does not: it becomes
 * `/2C`, which no user name can contain, so two users never share a secret.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
 */
export function secretNameOf(user: Pick<IamUser, 'userName'>): string {
  return `${prefix}${user.userName.replaceAll(',', '/2C')}`;
}
