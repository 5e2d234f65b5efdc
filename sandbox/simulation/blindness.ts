/**
 * A witness that may not read when keys were last used: somebody took its permission away, or a
 * hungry inventory has the account throttled. It begins with the first new key, so that it lasts
 * through deadlines, and is the same for every process: to try again does not help.
 */
import { type Instant, plus } from '../../domain/instant.ts';
import type { CloudCall } from '../account/plugin.ts';
import { effectName } from './effect-name.ts';
import type { WorldPlan } from './plan.ts';

export interface Blindness {
  /** To be told of what Keyturn was answered. */
  answered(call: CloudCall): void;
  /** Whether this is what nobody may read now. */
  to(call: CloudCall): boolean;
}

export function blindness({ blindHours: hours }: WorldPlan, now: () => Instant): Blindness {
  let until: Instant | undefined;
  return {
    answered: (call) => {
      if (until === undefined && isIssue(call)) until = plus(now(), { hours });
    },
    to: ({ operation }) =>
      operation === 'GetAccessKeyLastUsed' && until !== undefined && now() < until,
  };
}

/** Whether it gives a new key to whoever reads the vault, of either kind. */
function isIssue(call: CloudCall): boolean {
  const { operation } = call;
  if (operation !== 'UpdateSecretVersionStage' && operation !== 'PutParameter') return false;
  return issues.has(effectName(call));
}

const issues: ReadonlySet<string> = new Set([
  'secretsmanager:UpdateSecretVersionStage AWSCURRENT',
  'ssm:PutParameter users',
]);
