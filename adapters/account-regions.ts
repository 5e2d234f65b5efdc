/**
 * The Regions that an account may be used in, as Account Management lists them; kept for an hour.
 * Its endpoint is one per partition, which the SDK knows.
 * https://docs.aws.amazon.com/accounts/latest/reference/API_ListRegions.html (read 2026-11)
 */
import { AccountClient, ListRegionsCommand, type Region } from '@aws-sdk/client-account';
import { Permanent } from '../domain/errors.ts';
import { type Instant, isDue, plus } from '../domain/instant.ts';
import type { Partition } from '../domain/key.ts';
import type { Clock } from '../domain/ports.ts';
import { regionProblem } from '../domain/region.ts';
import type { RegionSource } from '../domain/usage-sources.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { fromAws } from './aws-error.ts';
import { backingOff } from './backing-off.ts';

const minutesKept = 60;
/** The most that ListRegions gives at once. */
const pageSize = 50;
/** AWS has some forty Regions; a list without an end is no list. */
const mostPages = 10;

interface Kept {
  readonly regions: Promise<readonly string[]>;
  readonly until: Instant;
}

/** Of the account that the connection's credentials belong to. */
export function accountRegions(
  connection: AwsConnection,
  partition: Partition,
  clock: Clock,
): RegionSource {
  const client = connect(AccountClient, connection);
  let kept: Kept | null = null;
  return {
    enabled: () => {
      const now = clock.now();
      if (kept !== null && !isDue(kept.until, now)) return kept.regions;
      const regions = read(client, partition, clock);
      const fresh = { regions, until: plus(now, { minutes: minutesKept }) };
      kept = fresh;
      // A failure is not kept: the next call asks again.
      regions.catch(() => {
        if (kept === fresh) kept = null;
      });
      return regions;
    },
  };
}

async function read(
  client: AccountClient,
  partition: Partition,
  clock: Clock,
): Promise<readonly string[]> {
  const tried = 'listing the Regions of the account';
  const listed = await everyPage(client, clock).catch((error: unknown) => {
    throw fromAws(tried, error);
  });
  const names = listed.filter(mayBeUsed).map(({ RegionName = '' }) => RegionName);
  const [odd] = names.filter((name) => regionProblem(name, partition) !== undefined);
  if (odd !== undefined) {
    throw new Permanent(`${tried}: "${odd}" ${regionProblem(odd, partition)}`);
  }
  if (names.length === 0) throw new Permanent(`${tried}: none is enabled, which cannot be`);
  return names;
}

/** Also one that is just being switched on or off, and whatever AWS may say one day. */
function mayBeUsed({ RegionOptStatus: status }: Region): boolean {
  return status !== 'DISABLED';
}

async function everyPage(client: AccountClient, clock: Clock): Promise<readonly Region[]> {
  const found: Region[] = [];
  let token: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const question = new ListRegionsCommand({
      MaxResults: pageSize,
      ...(token === undefined ? {} : { NextToken: token }),
    });
    const answer = await backingOff(clock, () => client.send(question));
    found.push(...(answer.Regions ?? []));
    token = answer.NextToken;
    if (!token) return found;
  }
  throw new Permanent(`the Regions of the account fill over ${mostPages} pages`);
}
