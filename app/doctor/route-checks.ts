/** Whether the routing keys that the policy names are in the integration secret. */
import type { AccountReads } from '../../domain/account-reads.ts';
import type { PolicyBook } from '../../domain/policy-book.ts';
import { type Diagnosis, judged, missing, ok } from './diagnosis.ts';
import type { StageNames } from './names.ts';

/** Nothing is asked, and nothing said, where the policy names none. */
export async function routeChecks(
  reads: AccountReads,
  { connections }: StageNames,
  book: PolicyBook,
): Promise<readonly Diagnosis[]> {
  const all = [book.defaults, ...book.rules.map(({ changes }) => changes)];
  const named = new Set(all.flatMap(({ pagerDuty }) => pagerDuty ?? []));
  named.delete('default');
  if (named.size === 0) return [];
  const check = 'PagerDuty routing keys';
  const { pagerDuty } = connections;
  const answer = await reads.routingKeyNames(pagerDuty);
  return [
    judged(check, answer, (known) => {
      const unknown = [...named].filter((name) => !known?.includes(name));
      if (unknown.length === 0) return ok(check, `${pagerDuty} holds ${[...named].join(', ')}.`);
      return missing(check, {
        says: `The policy names ${unknown.join(', ')}, which ${pagerDuty} does not hold.`,
        means: 'Pages about those keys go to the default routing key.',
        todo: `Put them into pagerDutyRoutingKeys of ${pagerDuty}, or correct the policy file`,
      });
    }),
  ];
}
