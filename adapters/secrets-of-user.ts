/** Which secrets are a user's: by the tag with the unique id, which no renaming changes. */
import {
  type Filter,
  paginateListSecrets,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { Permanent } from '../domain/errors.ts';
import { secretTags } from '../domain/secret-tags.ts';
import { fromAws } from './aws-error.ts';

/**
 * The ARNs of the secrets that bear the user's id, whatever they are called. Throws Transient or
 * Permanent if they cannot be listed to the end.
 *
 * The filters find what begins with the text, so that each tag is looked at.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Filter.html (2026-11)
 */
export async function secretsOfUser(
  client: SecretsManagerClient,
  userId: string,
): Promise<readonly string[]> {
  const Filters: Filter[] = [
    { Key: 'tag-key', Values: [secretTags.userId] },
    { Key: 'tag-value', Values: [userId] },
  ];
  const arns: string[] = [];
  try {
    for await (const { SecretList = [] } of paginateListSecrets({ client }, { Filters })) {
      const theirs = SecretList.filter(({ Tags = [] }) =>
        Tags.some(({ Key, Value }) => Key === secretTags.userId && Value === userId),
      );
      arns.push(...theirs.map(({ ARN }) => ARN ?? ''));
    }
  } catch (error) {
    throw fromAws(`listing the secrets of user ${userId}`, error);
  }
  if (arns.includes('')) throw new Permanent(`a secret of user ${userId} is listed without ARN`);
  return arns;
}
