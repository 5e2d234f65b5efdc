/**
 * Every account that is served, as a list: the same accounts of which `memberAccounts` says so one
 * by one, but for those that are closed or about to be, where AWS Organizations is asked at all.
 */
import type { ServedAccounts } from '../domain/inventory.ts';
import type { Membership } from './member-accounts.ts';
import type { OrganizationTree } from './organization-tree.ts';

/**
 * Organizations is asked only if units are named: without them the hub may be in an account that
 * may not ask. Throws what the tree throws: an account that cannot be listed is not left out.
 */
export function servedAccounts(
  { home, members, notMembers }: Membership,
  tree: OrganizationTree,
): ServedAccounts {
  const isAccount = (id: string) => /^\d{12}$/.test(id);
  const below = async (ids: readonly string[]): Promise<readonly string[]> => {
    const found: string[] = [];
    for (const unit of ids.filter((id) => !isAccount(id))) {
      found.push(...(await tree.accountsBelow(unit)));
    }
    return found;
  };
  const everyOther = async (): Promise<readonly string[]> => {
    const named = members.filter(isAccount);
    if ([...members, ...notMembers].every(isAccount)) return named;
    const active = new Set(await tree.active());
    const left = new Set(await below(notMembers));
    const inside = [...named, ...(await below(members))];
    return inside.filter((id) => active.has(id) && !left.has(id));
  };
  return {
    everyServed: async () => {
      // The hub's own is in whatever its unit says; so it is for every event, too.
      const all = new Set([home, ...(await everyOther())]);
      return [...all].filter((id) => !notMembers.includes(id)).toSorted();
    },
  };
}
