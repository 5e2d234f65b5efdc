/**
 * Tells the team of credentials that Macie saw in an object of S3. It names neither the key nor its
 * user, so that no rotation can be opened: somebody has to look. Of a bucket it is told once a day,
 * however many objects in it are scanned.
 */
import type { MacieFinding } from '../domain/discovery.ts';
import type { Clock, Messenger } from '../domain/ports.ts';
import { onceADay } from './once-a-day.ts';

export type TellCredentials = (finding: MacieFinding) => Promise<'told' | 'told before'>;

/** Names of objects may have a thousand characters. */
const longestName = 300;

/** Throws what the messenger throws; then it has not been told, and is the next time. */
export function credentialsTeller(
  messenger: Pick<Messenger, 'tellTeam'>,
  clock: Pick<Clock, 'now'>,
): TellCredentials {
  const once = onceADay(clock);
  return async (finding) => {
    const bucket = `${finding.account}/${finding.bucket}`;
    const isTold = await once(bucket, () => messenger.tellTeam(credentialsNews(finding)));
    return isTold ? 'told' : 'told before';
  };
}

function credentialsNews({ account, region, bucket, object, count }: MacieFinding): string {
  const what = count === null ? 'credentials' : `${count} secret access ${keys(count)}`;
  const name = object.length > longestName ? `${object.slice(0, longestName)}…` : object;
  return (
    `Macie found ${what} in s3://${bucket}/${name} (account ${account}, ${region}). It does not ` +
    'say whose: fetch the object into an empty folder, and let npm run discover tell the user, ' +
    'and record it. Other objects of that bucket are not told of until tomorrow.'
  );
}

function keys(count: number): string {
  return count === 1 ? 'key' : 'keys';
}
