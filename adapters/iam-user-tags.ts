/**
 * The tags of all users of an account by GetAccountAuthorizationDetails, since ListUsers returns
 * none: a thousand users a question at most, where ListUserTags takes one question a user. What it
 * says of policies besides is dropped page by page.
 * https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html (2026-11)
 */
import { GetAccountAuthorizationDetailsCommand, IAMClient } from '@aws-sdk/client-iam';
import { Permanent } from '../domain/errors.ts';
import type { KeyLists, UserTagLists } from '../domain/inventory.ts';
import type { Clock, Place } from '../domain/ports.ts';
import { listKeys } from './access-keys.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { fromAws } from './aws-error.ts';
import { backingOff } from './backing-off.ts';

const usersAPage = 1000;

/** Keyturn's own tags; what others note about a user is none of its business. */
const prefix = 'keyturn:';

/** Through `connectionFor`; IAM is global, so one home Region serves the whole partition. */
export function iamUserTags(
  connectionFor: (place: Place) => AwsConnection,
  homeRegion: string,
  clock: Pick<Clock, 'sleep'>,
): UserTagLists {
  return {
    tagsOf: async (partition, account) => {
      const connection = connectionFor({ partition, account, region: homeRegion });
      const iam = connect(IAMClient, connection);
      const tried = `reading the tags of the users of account ${account}`;
      const all = new Map<string, Readonly<Record<string, string>>>();
      let marker: string | undefined;
      do {
        const from = marker === undefined ? {} : { Marker: marker };
        const asked = { Filter: ['User' as const], MaxItems: usersAPage, ...from };
        const ask = () => iam.send(new GetAccountAuthorizationDetailsCommand(asked));
        const page = await backingOff(clock, ask).catch((error: unknown) => {
          throw fromAws(tried, error);
        });
        for (const { UserName, Tags = [] } of page.UserDetailList ?? []) {
          if (UserName === undefined) throw new Permanent(`${tried}: IAM shows one without a name`);
          const own = Tags.filter(({ Key }) => Key?.startsWith(prefix));
          if (own.length === 0) continue;
          all.set(UserName, Object.fromEntries(own.map(({ Key, Value }) => [Key, Value ?? ''])));
        }
        marker = page.IsTruncated === true ? page.Marker : undefined;
        if (page.IsTruncated === true && marker === undefined) {
          throw new Permanent(`${tried}: IAM cut the list short without a marker`);
        }
      } while (marker !== undefined);
      return all;
    },
  };
}

/** The keys of users by name alone, a question each. */
export function iamKeyLists(
  connectionFor: (place: Place) => AwsConnection,
  homeRegion: string,
): KeyLists {
  return {
    keysNamed: (partition, account, userName) =>
      listKeys(
        connect(IAMClient, connectionFor({ partition, account, region: homeRegion })),
        userName,
      ),
  };
}
