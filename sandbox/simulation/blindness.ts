/**
 * A witness that may not read when keys were last used: somebody took its permission away, or a
 * hungry inventory has the account throttled. It begins with the first new key, so that it lasts
 * through deadlines, and is the same for every process: to try again does not help.
 */
import { type Instant, plus } from '../../domain/instant.ts';
import type { CloudCall } from '../account/plugin.ts';
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
    answered: ({ operation, input }) => {
      const { VersionStage } = (input ?? {}) as { readonly VersionStage?: string };
      if (operation !== 'UpdateSecretVersionStage' || VersionStage !== 'AWSCURRENT') return;
      until ??= plus(now(), { hours });
    },
    to: ({ operation }) =>
      operation === 'GetAccessKeyLastUsed' && until !== undefined && now() < until,
  };
}
