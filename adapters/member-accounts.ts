/**
 * Which accounts are served: those named, those in units named, the hub's own in any case; but none
 * that is left out. Where an account is, AWS Organizations tells.
 */
import type { Accounts, AccountUnits } from '../domain/ports.ts';

/** Ids of accounts, units and roots, mixed. */
export interface Membership {
  readonly home: string;
  readonly members: readonly string[];
  readonly notMembers: readonly string[];
}

/** Throws what `units` throws: an account of which nothing can be told is neither in nor out. */
export function memberAccounts(
  { home, members, notMembers }: Membership,
  units: AccountUnits,
): Accounts {
  const isAccount = (id: string) => /^\d{12}$/.test(id);
  const asksUnits = [...members, ...notMembers].some((id) => !isAccount(id));
  return {
    whyNotServed: async (account) => {
      if (notMembers.includes(account)) return `account ${account} is left out by configuration`;
      const above = asksUnits && account !== home ? await units.unitsOf(account) : [];
      const left = above.find((unit) => notMembers.includes(unit));
      if (left !== undefined) {
        return `account ${account} is in ${left}, which is left out by configuration`;
      }
      const isServed = [account, ...above].some((id) => id === home || members.includes(id));
      return isServed ? null : `account ${account} is none that this Keyturn serves`;
    },
  };
}
