/** When keys in any account were last used, read by the hub. */
import type { Clock, KeyUses, Place } from '../domain/ports.ts';
import type { AwsConnection } from './aws-connection.ts';
import { lastUsedSource } from './last-used.ts';

/** Through `connectionFor`; IAM is global, so one home Region serves the whole partition. */
export function iamKeyUses(
  connectionFor: (place: Place) => AwsConnection,
  homeRegion: string,
  clock: Clock,
): KeyUses {
  return {
    lastUsed: async ({ partition, account, userName }, keyId) => {
      const connection = connectionFor({ partition, account, region: homeRegion });
      return lastUsedSource(connection, clock).lastUsed(userName, keyId);
    },
  };
}
