/**
 * Which accounts AWS Organizations knows, and where they are: asked from the account upwards to the
 * root, kept for an hour. AWS lets only the management account and delegated administrators ask.
 * https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListParents.html (2026-11)
 */
import {
  type Account,
  ListAccountsCommand,
  ListParentsCommand,
  OrganizationsClient,
  type Parent,
} from '@aws-sdk/client-organizations';
import { Permanent } from '../domain/errors.ts';
import { type Instant, isDue, plus } from '../domain/instant.ts';
import type { AccountUnits, Clock } from '../domain/ports.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { fromAws } from './aws-error.ts';
import { backingOff } from './backing-off.ts';
import { accountForm } from './iam-user-arn.ts';

const minutesKept = 60;

/**
 * AWS nests units five deep below the root.
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html (2026-11)
 */
const deepest = 6;

/** Pages may be empty and still have a next one; there is one parent to be found on them. */
const mostPages = 20;

interface Kept {
  readonly units: Promise<readonly string[]>;
  readonly until: Instant;
}

/** An account that is neither closed nor about to be. */
export interface ActiveAccount {
  readonly id: string;
  readonly name: string;
}

/** Beyond that it is no list of accounts: AWS gives 20 a page, and quotas end far below. */
const mostAccountPages = 1000;

/**
 * Every active account of the organisation, through every page; a page may be empty and still have
 * a next one. Throws Transient or Permanent.
 * https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccounts.html (2026-11)
 */
export async function activeAccounts(
  connection: AwsConnection,
  clock: Pick<Clock, 'sleep'>,
): Promise<readonly ActiveAccount[]> {
  const client = connect(OrganizationsClient, connection);
  const found: ActiveAccount[] = [];
  let NextToken: string | undefined;
  for (let page = 0; page < mostAccountPages; page++) {
    const input = NextToken === undefined ? {} : { NextToken };
    const send = () => client.send(new ListAccountsCommand(input));
    const answer = await backingOff(clock, send).catch((error: unknown) => {
      throw fromAws('listing the accounts of the organisation', error);
    });
    found.push(...(answer.Accounts ?? []).flatMap(active));
    NextToken = answer.NextToken;
    if (!NextToken) return found;
  }
  throw new Permanent(`the organisation's accounts fill over ${mostAccountPages} pages`);
}

/** `State` takes the place of `Status`, which AWS has announced to retire. */
function active({ Id, Name, State, Status }: Account): readonly ActiveAccount[] {
  return Id && (State ?? Status) === 'ACTIVE' ? [{ id: Id, name: Name ?? '' }] : [];
}

/** Throws Transient or Permanent; an account of another organisation is Permanent. */
export function organizationUnits(connection: AwsConnection, clock: Clock): AccountUnits {
  const client = connect(OrganizationsClient, connection);
  const kept = new Map<string, Kept>();
  // Whoever asks of many accounts at once walks up from one after the other: AWS allows few calls.
  let before: Promise<unknown> = Promise.resolve();
  return {
    unitsOf: (account) => {
      const known = kept.get(account);
      const now = clock.now();
      if (known !== undefined && !isDue(known.until, now)) return known.units;
      const walk = () => walkUp(client, clock, account);
      const units = before.then(walk, walk);
      before = units;
      const fresh = { units, until: plus(now, { minutes: minutesKept }) };
      kept.set(account, fresh);
      // A failure is not kept: the next call asks again.
      units.catch(() => {
        if (kept.get(account) === fresh) kept.delete(account);
      });
      return units;
    },
  };
}

async function walkUp(
  client: OrganizationsClient,
  clock: Clock,
  account: string,
): Promise<readonly string[]> {
  if (!accountForm.test(account)) throw new Permanent(`"${account}" is no account id`);
  const units: string[] = [];
  let child = account;
  while (units.length < deepest) {
    const parent = await parentOf(client, clock, account, child);
    units.push(parent.id);
    if (parent.isRoot) return units;
    child = parent.id;
  }
  throw new Permanent(
    `account ${account} has more than ${deepest} units above it (${units.join(', ')}): ` +
      'look at the organisation',
  );
}

async function parentOf(
  client: OrganizationsClient,
  clock: Clock,
  account: string,
  child: string,
): Promise<{ readonly id: string; readonly isRoot: boolean }> {
  const tried = `asking AWS Organizations for the parent of ${child} (account ${account})`;
  const parents = await listParents(client, clock, child).catch((error: unknown) => {
    throw fromAws(tried, error);
  });
  const [parent] = parents;
  const isRoot = parent?.Type === 'ROOT';
  if (parents.length !== 1 || !parent?.Id || !(isRoot || parent.Type === 'ORGANIZATIONAL_UNIT')) {
    throw new Permanent(`${tried}: it named ${parents.length} usable parents, not one`);
  }
  return { id: parent.Id, isRoot };
}

async function listParents(
  client: OrganizationsClient,
  clock: Clock,
  ChildId: string,
): Promise<readonly Parent[]> {
  const found: Parent[] = [];
  let NextToken: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const token = NextToken;
    const input = { ChildId, ...(token === undefined ? {} : { NextToken: token }) };
    const answer = await backingOff(clock, () => client.send(new ListParentsCommand(input)));
    found.push(...(answer.Parents ?? []));
    NextToken = answer.NextToken;
    if (!NextToken) return found;
  }
  throw new Permanent(`the parents of ${ChildId} fill over ${mostPages} pages`);
}
