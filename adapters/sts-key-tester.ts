/**
 * Tries a key with GetCallerIdentity, which needs no permission. Each try is one request, so that
 * its id is known, and names the custodian in its user agent: it must not be taken for use by
 * others.
 * https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { KeyTester } from '../domain/custody.ts';
import { custodianMark } from '../domain/judge.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { awsErrorName } from './aws-error.ts';

/** Tries through the connection's Region; its credentials are not used. */
export function stsKeyTester(connection: AwsConnection): KeyTester {
  return {
    try: async (key, token) => {
      const pair = { accessKeyId: key.keyId, secretAccessKey: key.secret.reveal() };
      const sts = connect(
        STSClient,
        {
          ...connection,
          credentials: async () => pair,
          userAgent: `${custodianMark}/${token}`,
        },
        { maxAttempts: 1 },
      );
      try {
        const { Arn, UserId, Account, $metadata } = await sts.send(
          new GetCallerIdentityCommand({}),
        );
        const requestId = $metadata.requestId ?? null;
        const arn = Arn ?? 'nobody';
        const who = { arn, userId: UserId ?? 'nobody', account: Account ?? 'nowhere' };
        return { requestId, result: { worked: true, ...who } };
      } catch (error) {
        // Only the name: what STS writes about a signature may quote what was signed.
        const problem = `it is refused with ${awsErrorName(error) || 'an unknown error'}`;
        return { requestId: requestIdOf(error), result: { worked: false, problem } };
      }
    },
  };
}

function requestIdOf(thrown: unknown): string | null {
  const { $metadata } = Object(thrown) as { $metadata?: { requestId?: string } };
  return $metadata?.requestId ?? null;
}
