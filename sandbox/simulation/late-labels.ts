/**
 * Labels of secrets that show late: for a few seconds after one has moved, DescribeSecret answers
 * as if it had not, to everybody. Reads that are stale now and then hardly ever meet that moment.
 * https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ListSecrets.html (read
 * 2026-11)
 */
import { type Instant, plus } from '../../domain/instant.ts';
import type { CloudCall } from '../account/plugin.ts';
import type { WorldPlan } from './plan.ts';

export interface LateLabels {
  /** To be told of what Keyturn was answered. */
  answered(call: CloudCall): void;
  /** Whether the answer to this is as of so many seconds ago; 0 if it is as of now. */
  secondsOf(call: CloudCall): number;
}

export function lateLabels({ lateLabelSeconds }: WorldPlan, now: () => Instant): LateLabels {
  let until: Instant | undefined;
  return {
    answered: ({ operation }) => {
      if (operation !== 'UpdateSecretVersionStage') return;
      until = plus(now(), { seconds: lateLabelSeconds });
    },
    secondsOf: ({ operation }) =>
      operation === 'DescribeSecret' && until !== undefined && now() < until ? lateLabelSeconds : 0,
  };
}
