/** The policy of a user, from the book and, if the book asks for it, the organisation's tree. */
import { type Drills, forDrill, isDummy } from '../domain/drill.ts';
import type { IamUser } from '../domain/key.ts';
import type { Policy } from '../domain/policy.ts';
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
  drills: Drills = 'none',
): PolicyFor {
  return async (user) => {
    const known = needsUnits(book) ? await units.unitsOf(user.account) : [];
    const explained = explainPolicy(book, user, known, clock.now());
    return isDummy(drills, user.path) ? underDrill(explained, user) : explained;
  };
}

/** An exemption still holds. */
function underDrill(explained: Explained, { tags }: IamUser): Explained {
  const policy = forDrill(explained.policy, tags);
  const fields = Object.keys(policy) as readonly (keyof Policy)[];
  const replaced = fields.filter((field) => policy[field] !== explained.policy[field]);
  const origins = Object.fromEntries(replaced.map((field) => [field, 'the drill']));
  return { ...explained, policy, origins: { ...explained.origins, ...origins } };
}
