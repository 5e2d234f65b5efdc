/**
 * The obvious way to find stale keys, to compare the inventory with; Keyturn does not work like
 * this. All users by ListUsers, page by page, then the keys of each by ListAccessKeys, one user
 * after the other.
 */
import {
  IAMClient,
  ListAccessKeysCommand,
  ListUsersCommand,
  type ListUsersResponse,
} from '@aws-sdk/client-iam';
import { type AwsConnection, connect } from '../../adapters/aws-connection.ts';

/** The ids of Active keys made at or before that moment. */
export async function serialScan(
  connection: AwsConnection,
  madeBefore: Date,
): Promise<readonly string[]> {
  const iam = connect(IAMClient, connection);
  const found: string[] = [];
  for (const userName of await everyUser(iam)) {
    found.push(...(await staleKeysOf(iam, userName, madeBefore)));
  }
  return found;
}

async function everyUser(iam: IAMClient): Promise<readonly string[]> {
  const names: string[] = [];
  let marker: string | undefined;
  do {
    const page: ListUsersResponse = await iam.send(
      new ListUsersCommand(marker === undefined ? {} : { Marker: marker }),
    );
    for (const { UserName = '' } of page.Users ?? []) names.push(UserName);
    marker = page.IsTruncated === true ? page.Marker : undefined;
  } while (marker !== undefined);
  return names;
}

/** A user has two keys at most, so that there is one page. */
async function staleKeysOf(
  iam: IAMClient,
  userName: string,
  madeBefore: Date,
): Promise<readonly string[]> {
  // Without a name IAM would list the caller's own keys.
  if (userName === '') throw new Error('ListUsers gave a user without a name');
  const { AccessKeyMetadata = [] } = await iam.send(
    new ListAccessKeysCommand({ UserName: userName }),
  );
  return AccessKeyMetadata.flatMap(({ AccessKeyId, Status, CreateDate }) =>
    AccessKeyId !== undefined &&
    CreateDate !== undefined &&
    Status === 'Active' &&
    CreateDate <= madeBefore
      ? [AccessKeyId]
      : [],
  );
}
