/**
 * The organisation read downwards: which accounts are below a unit, and which are active at all.
 * AWS lets only the management account and delegated administrators ask.
 * https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListChildren.html (2026-11)
 */
import {
  type ChildType,
  ListChildrenCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { Permanent } from '../domain/errors.ts';
import type { Clock } from '../domain/ports.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { fromAws } from './aws-error.ts';
import { backingOff } from './backing-off.ts';
import { activeAccounts } from './organizations-accounts.ts';

export interface OrganizationTree {
  /** The ids of the accounts in a unit or root and in every unit below it, whatever their state. */
  accountsBelow(unit: string): Promise<readonly string[]>;
  /** The ids of the accounts that are neither closed nor about to be. */
  active(): Promise<readonly string[]>;
}

/**
 * AWS nests units five deep below the root, and gives 20 children a page.
 * https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html (2026-11)
 */
const deepest = 6;
const mostPages = 1000;

/** Throws Transient or Permanent; a part of the tree that cannot be read is never left out. */
export function organizationTree(
  connection: AwsConnection,
  clock: Pick<Clock, 'sleep'>,
): OrganizationTree {
  const client = connect(OrganizationsClient, connection);
  const below = async (unit: string, depth: number): Promise<readonly string[]> => {
    if (depth > deepest) {
      throw new Permanent(`${unit} is more than ${deepest} units deep: look at the organisation`);
    }
    const found = [...(await children(client, clock, unit, 'ACCOUNT'))];
    for (const inner of await children(client, clock, unit, 'ORGANIZATIONAL_UNIT')) {
      found.push(...(await below(inner, depth + 1)));
    }
    return found;
  };
  return {
    accountsBelow: (unit) => below(unit, 1),
    active: async () => (await activeAccounts(connection, clock)).map(({ id }) => id),
  };
}

/** Through every page; one may be empty and still have a next one. */
async function children(
  client: OrganizationsClient,
  clock: Pick<Clock, 'sleep'>,
  ParentId: string,
  kind: ChildType,
): Promise<readonly string[]> {
  const tried = `listing what is in ${ParentId} of the organisation`;
  const found: string[] = [];
  let NextToken: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const token = NextToken === undefined ? {} : { NextToken };
    const ask = () => client.send(new ListChildrenCommand({ ParentId, ChildType: kind, ...token }));
    const answer = await backingOff(clock, ask).catch((error: unknown) => {
      throw fromAws(tried, error);
    });
    for (const { Id } of answer.Children ?? []) {
      if (!Id) throw new Permanent(`${tried}: a child has no id`);
      found.push(Id);
    }
    NextToken = answer.NextToken;
    if (!NextToken) return found;
  }
  throw new Permanent(`${tried}: it fills over ${mostPages} pages`);
}
