/** Which policies hold in a simulated world, and which of them for whom. */

import type { SecretCopy } from '../../domain/further-place.ts';
import { defaultPolicy, type Policy } from '../../domain/policy.ts';
import type { PolicyChanges, Rule } from '../../domain/policy-book.ts';
import type { Dice } from './dice.ts';
import { odds } from './odds.ts';
import type { WorldPlan } from './plan.ts';

/** Of the operator's own function, for policies that name one. */
export const healthCheckName = 'keyturn-health-check';
export const pathOfRule = '/apps/';
/** On GitHub, for policies that name one. */
export const repository = 'acme/web';

/** Regions other than the hub's. */
export function copyRegions(region: string): readonly string[] {
  return ['us-east-2', 'eu-west-1', 'ap-south-1'].filter((each) => each !== region);
}

export function policyOf(dice: Dice, copies: readonly string[]): PolicyChanges {
  return {
    graceHours: dice.pick([24, 36, 48]),
    snoozeCapHours: dice.split('snooze').pick([24, 72, 168]),
    soakHours: dice.pick([24, 24, 48, 72]),
    selfApproval: dice.chance(0.3),
    unused: dice.chance(odds.replacesUnused) ? 'replace' : 'retire',
    ...(dice.chance(odds.rotatesPrivileged) ? { privileged: 'rotate', sesSmtp: 'rotate' } : {}),
    window: dice.chance(odds.window) ? windowOf(dice) : 'any time',
    ...furtherPlaces(dice, copies),
  };
}

function windowOf(dice: Dice): Policy['window'] {
  return [
    {
      days: dice.pick([
        [1, 2, 3, 4, 5],
        [2, 4],
        [6, 7],
      ]),
      from: dice.pick(['00:00', '02:00', '09:00']),
      to: dice.pick(['12:00', '17:00', '24:00']),
      timeZone: dice.pick(['Europe/Berlin', 'America/New_York', 'UTC']),
    },
  ];
}

function furtherPlaces(dice: Dice, copies: readonly string[]): PolicyChanges {
  return {
    ...(dice.chance(odds.parameterStore) ? { vault: 'parameter-store' } : {}),
    ...(dice.chance(odds.healthCheck) ? { healthCheck: healthCheckName } : {}),
    ...copiesOf(dice, copies),
  };
}

/** What another throw decides than the rest: worlds without such places stay as they were. */
function copiesOf(dice: Dice, regions: readonly string[]): PolicyChanges {
  const inAws: readonly SecretCopy[] = dice.chance(odds.copy)
    ? [{ kind: 'secrets-manager', region: dice.pick(regions) }]
    : [];
  const more = dice.split('further places');
  const kept = inAws.map((copy) =>
    copy.kind === 'secrets-manager' && more.chance(odds.copyInParameter)
      ? { ...copy, kind: 'parameter-store' as const }
      : copy,
  );
  const onGitHub = more.chance(odds.repository)
    ? [{ kind: 'github-actions', repository } as const]
    : [];
  // Programs that read a copy read the first one.
  const copies = more.chance(0.5) ? [...onGitHub, ...kept] : [...kept, ...onGitHub];
  return copies.length === 0 ? {} : { copies };
}

/** For the second account, and for the users under a path. */
export function rulesOf(
  dice: Dice,
  accounts: readonly string[],
  copies: readonly string[],
): readonly Rule[] {
  const [, second] = accounts;
  const scopes = [
    ...(second !== undefined && dice.chance(odds.accountRule) ? [{ accounts: [second] }] : []),
    ...(dice.chance(odds.pathRule) ? [{ path: pathOfRule }] : []),
  ];
  return scopes.map((scope, index) => ({
    index,
    scope,
    changes: {
      ...(dice.chance(0.4) ? { graceHours: dice.pick([24, 30, 48]) } : {}),
      ...(dice.chance(0.4) ? { soakHours: dice.pick([24, 36, 96]) } : {}),
      ...(dice.chance(0.3) ? { mode: dice.pick(['auto', 'approve'] as const) } : {}),
      ...(dice.chance(0.3) ? { unused: dice.pick(['retire', 'replace'] as const) } : {}),
      ...(dice.chance(0.2) ? { window: windowOf(dice) } : {}),
      ...furtherPlaces(dice, copies),
    },
  }));
}

/**
 * What holds for a user: the defaults, then the rule of the account, then that of the path, worked
 * out apart from Keyturn's own way to do so.
 */
export function policyFor(
  plan: Pick<WorldPlan, 'mode' | 'policy' | 'rules'>,
  { account, path }: { readonly account: string; readonly path: string },
): Policy {
  const ofAccount = plan.rules.filter(({ scope }) => scope.accounts?.includes(account) === true);
  const ofPath = plan.rules.filter(
    ({ scope }) => scope.path !== undefined && path.startsWith(scope.path),
  );
  const changes = [...ofAccount, ...ofPath].map((rule) => rule.changes);
  return Object.assign({}, defaultPolicy, plan.policy, { mode: plan.mode }, ...changes);
}
