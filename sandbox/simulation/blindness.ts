/**
 * What nobody may read for a time: somebody took a permission away, or a door was deployed without
 * it. That is the same for every process: to try again does not help. When keys were last used is
 * hidden from the first new key on, so that it lasts through deadlines; which policies users have
 * is hidden whenever the plan says.
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

export function blindness(plan: WorldPlan, now: () => Instant): Blindness {
  const { blindHours: hours, unreadPolicies: unread } = plan;
  let until: Instant | undefined;
  return {
    answered: (call) => {
      if (until === undefined && isIssue(call)) until = plus(now(), { hours });
    },
    to: ({ operation }) => {
      if (operation === 'GetAccessKeyLastUsed') return until !== undefined && now() < until;
      const isHidden = unread !== null && unread.from <= now() && now() < unread.to;
      return isHidden && policyReads.has(operation);
    },
  };
}

/** By which a user is found to be privileged, or to send mail. */
const policyReads: ReadonlySet<string> = new Set([
  'ListAttachedUserPolicies',
  'ListUserPolicies',
  'ListGroupsForUser',
  'GetUserPolicy',
]);

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
