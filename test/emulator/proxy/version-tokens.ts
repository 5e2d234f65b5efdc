/**
 * A ClientRequestToken stands for one value for ever; moto takes another one under it.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html (2026-11)
 */
import { createHash } from 'node:crypto';
import { awsError } from '../../../sandbox/account/service.ts';
import type { WireRequest } from './wire.ts';

export interface VersionTokens {
  /** The error for a token that was used with another value; undefined for any other request. */
  refusal(request: WireRequest): Error | undefined;
}

export function versionTokens(): VersionTokens {
  const values = new Map<unknown, string>();
  return {
    refusal: ({ service, operation, input }) => {
      if (service !== 'secretsmanager' || operation !== 'PutSecretValue') return undefined;
      const value = createHash('sha256').update(String(input.SecretString)).digest('hex');
      const before = values.get(input.ClientRequestToken);
      values.set(input.ClientRequestToken, before ?? value);
      if (before === undefined || before === value) return undefined;
      return awsError(
        'ResourceExistsException',
        `A version with the token ${input.ClientRequestToken} exists with another value`,
      );
    },
  };
}
