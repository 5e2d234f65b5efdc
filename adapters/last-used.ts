/**
 * IAM's GetAccessKeyLastUsed as a source of usage. It knows data events that LookupEvents does not,
 * but only the latest use, in 15-minute steps and late by an unpublished lag.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_AccessKeyLastUsed.html (read 2026-11)
 */
import { GetAccessKeyLastUsedCommand, IAMClient } from '@aws-sdk/client-iam';
import { Permanent } from '../domain/errors.ts';
import { fromMillis } from '../domain/instant.ts';
import { shortKey } from '../domain/key.ts';
import type { Clock } from '../domain/ports.ts';
import type { LastUsedSource } from '../domain/usage-sources.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { fromAws } from './aws-error.ts';
import { backingOff } from './backing-off.ts';

/** Last-used in the account of the connection. An error, also for a deleted key, is thrown. */
export function lastUsedSource(connection: AwsConnection, clock: Clock): LastUsedSource {
  const iam = connect(IAMClient, connection);
  return {
    lastUsed: async (userName, keyId) => {
      const tried = `reading when access key ${shortKey(keyId)} was last used`;
      const answer = await backingOff(clock, () =>
        iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: keyId })),
      ).catch((error: unknown) => {
        throw fromAws(tried, error);
      });
      if (answer.UserName !== undefined && answer.UserName !== userName) {
        throw new Permanent(
          `${tried}: the key belongs to user ${answer.UserName}, not ${userName}; check the key id`,
        );
      }
      if (answer.AccessKeyLastUsed === undefined) throw new Permanent(`${tried}: empty answer`);
      const { LastUsedDate: date, ServiceName: service, Region: region } = answer.AccessKeyLastUsed;
      if (date === undefined) return null;
      return {
        at: fromMillis(date.getTime()),
        service: known(service),
        region: known(region),
        sourceIp: 'unknown',
        userAgent: 'unknown',
        source: 'last-used',
      };
    },
  };
}

/** IAM writes `N/A` for what it does not know, e.g. the Region of some services. */
function known(text: string | undefined): string {
  return text === undefined || text === '' || text === 'N/A' ? 'unknown' : text;
}
