/**
 * ListSecrets: filters find what begins with the text, as AWS documents, and 100 make a page.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ListSecrets.html (2026-11)
 */
import type {
  DescribeSecretResponse,
  Filter,
  ListSecretsRequest,
  ListSecretsResponse,
} from '@aws-sdk/client-secrets-manager';
import { notModelled } from './strict.ts';
import type { SecretRecord } from './vault.ts';

export function listed(
  secrets: readonly SecretRecord[],
  { Filters = [], MaxResults = 100, NextToken = '0' }: ListSecretsRequest,
  describe: (secret: SecretRecord) => DescribeSecretResponse,
): ListSecretsResponse {
  const chosen = secrets.filter((secret) => Filters.every((filter) => passes(filter, secret)));
  const from = Number(NextToken);
  const rest = chosen.length > from + MaxResults;
  return {
    SecretList: chosen.slice(from, from + MaxResults).map((secret) => {
      const { VersionIdsToStages = {}, ...described } = describe(secret);
      return { ...described, SecretVersionsToStages: VersionIdsToStages };
    }),
    ...(rest ? { NextToken: String(from + MaxResults) } : {}),
  };
}

function passes({ Key, Values = [] }: Filter, { tags }: SecretRecord): boolean {
  if (Key !== 'tag-key' && Key !== 'tag-value') {
    throw notModelled(`secretsmanager:ListSecrets with the filter ${Key}`);
  }
  const texts = Key === 'tag-key' ? Object.keys(tags) : Object.values(tags);
  return texts.some((text) => Values.some((value) => text.startsWith(value)));
}
