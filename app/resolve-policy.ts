/** The policy of a user, from the book and, if the book asks for it, the organisation's tree. */
import type { IamUser } from '../domain/key.ts';
import { needsUnits, type PolicyBook } from '../domain/policy-book.ts';
import type { AccountUnits, Clock } from '../domain/ports.ts';
import { type Explained, explainPolicy } from '../domain/resolve-policy.ts';

export type PolicyFor = (user: IamUser) => Promise<Explained>;

/**
 * Asks the organisation only for a book with rules for units. If it cannot be asked, this throws
 * what the port throws: a rule left out might have been the stricter one.
 */
export function policyResolver(
  book: PolicyBook,
  units: AccountUnits,
  clock: Pick<Clock, 'now'>,
): PolicyFor {
  return async (user) => {
    const known = needsUnits(book) ? await units.unitsOf(user.account) : [];
    return explainPolicy(book, user, known, clock.now());
  };
}
