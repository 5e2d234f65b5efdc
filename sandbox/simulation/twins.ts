/**
 * Two worlds that differ in one thing: in one of them Slack, PagerDuty, SNS and Security Hub are
 * down for four days. What becomes of the keys, and when, must be the same (L2).
 */
import { type Instant, millisBetween, plus } from '../../domain/instant.ts';
import { type Outage, planOf, type WorldPlan } from './plan.ts';
import type { Simulated } from './simulated-world.ts';
import type { Violation } from './summary.ts';

/** One seed of so many has a twin. */
const everyTwin = 40;

const told = ['slack', 'pagerduty', 'sns', 'securityhub'] as const;

export function hasTwin(seed: number): boolean {
  return seed % everyTwin === 0;
}

/** Nothing else goes wrong, and nothing waits for an answer that an outage would delay. */
export function twinsOf(seed: number): readonly [up: WorldPlan, down: WorldPlan] {
  const plan = planOf(seed, false);
  const up: WorldPlan = {
    ...plan,
    mode: 'auto',
    rules: plan.rules.map((rule) => ({ ...rule, changes: { ...rule.changes, mode: 'auto' } })),
    users: plan.users.map((user) => ({
      ...user,
      reportedOnDay: user.reportedOnDay === null ? null : 0,
    })),
    manners: { looksEveryHours: 24, answers: 0, meddles: 0, snoozes: false },
    cloud: { ...plan.cloud, relapseShare: 0 },
  };
  // From before the first finding until the first keys are off.
  const outage = (target: Outage['target']): Outage => ({
    ...{ target, from: plan.start, to: plus(plan.start, { days: 4 }) },
  });
  return [up, { ...up, outages: told.map(outage) }];
}

/** An outage may cost seconds here and there, never a deadline. */
const tolerance = 3_600_000;

/** What became of keys otherwise, or later, because nobody could be told. */
export function differences(up: Simulated, down: Simulated): readonly string[] {
  const [one, other] = [changesIn(up), changesIn(down)];
  return [...new Set([...one.keys(), ...other.keys()])].flatMap((keyId) => {
    const [as, but] = [one.get(keyId) ?? [], other.get(keyId) ?? []];
    const calm = up.ledger.plan.calmFrom;
    const same = hasAll(as, but, calm) && hasAll(but, as, calm);
    return same ? [] : [`${keyId} went ${words(but)} in an outage, ${words(as)} without`];
  });
}

/** Before people begin to resume what is on hold: when they do that is chance. */
function hasAll(these: readonly Change[], those: readonly Change[], calm: Instant): boolean {
  return these
    .filter(({ at }) => at < plus(calm, { hours: -2 }))
    .every(({ to, at }) =>
      those.some((each) => each.to === to && Math.abs(millisBetween(at, each.at)) <= tolerance),
    );
}

type Change = { readonly to: string; readonly at: Instant };

function changesIn({ world, ledger }: Simulated) {
  const keys = ledger.plan.accounts.flatMap((account) => world.cloud.truth(account).keys);
  return new Map(keys.map(({ keyId, changes }) => [keyId, changes]));
}

function words(changes: readonly Change[]): string {
  return changes.map(({ to, at }) => `${to} at ${at}`).join(', ') || 'nowhere';
}

export async function outageViolations(
  seed: number,
  simulatePlan: (plan: WorldPlan) => Promise<Simulated>,
): Promise<readonly Violation[]> {
  const [up, down] = twinsOf(seed);
  const found = differences(await simulatePlan(up), await simulatePlan(down));
  return found.map((story) => ({ seed, invariant: 'L2', story: `twin: ${story}` }));
}
