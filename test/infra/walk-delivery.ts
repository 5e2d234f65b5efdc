/** What is delivered later must be tried again for a stated time, and then kept. */

import type { Found } from './walk.ts';
import { namedBy } from './walk-names.ts';

const day = 86_400;

/** A target of EventBridge or Scheduler. */
function targetProblems(name: string, target: Found['resource']['Properties']): readonly string[] {
  const { DeadLetterConfig, RetryPolicy } = target ?? {};
  return [
    ...(DeadLetterConfig?.Arn === undefined ? [`has no dead-letter queue for ${name}`] : []),
    ...(RetryPolicy?.MaximumEventAgeInSeconds === undefined ||
    RetryPolicy?.MaximumRetryAttempts === undefined
      ? [`does not say how long ${name} is tried again`]
      : []),
  ];
}

export function rule({ resource: { Properties } }: Found): readonly string[] {
  const targets: Found['resource']['Properties'][] = Properties.Targets ?? [];
  return [
    ...(targets.length === 0 ? ['has no target'] : []),
    ...targets.flatMap((target) => targetProblems(`target ${target.Id}`, target)),
    ...targets
      .filter(({ RetryPolicy }) => (RetryPolicy?.MaximumEventAgeInSeconds ?? day) < day)
      .map((target) => `gives up on target ${target.Id} within a day`),
  ];
}

export function schedule({ resource: { Properties } }: Found): readonly string[] {
  return [
    ...targetProblems('its target', Properties.Target),
    ...(Properties.ScheduleExpressionTimezone === undefined ? ['names no time zone'] : []),
    ...(Properties.GroupName === undefined ? ['is in no group'] : []),
    ...(Properties.State === 'ENABLED' ? [] : ['is not enabled']),
  ];
}

/** How a function's asynchronous invocations end that fail. */
export function invokeConfig({ resource: { Properties } }: Found): readonly string[] {
  return [
    ...(Properties.DestinationConfig?.OnFailure?.Destination === undefined
      ? ['keeps nothing of what fails']
      : []),
    ...(Properties.MaximumRetryAttempts === undefined ? ['does not say how often to retry'] : []),
  ];
}

/** A queue's batches: alone, capped, and each message for long enough. */
export function mapping({ resource: { Properties }, template }: Found): readonly string[] {
  const queue = template.Resources[namedBy(Properties.EventSourceArn)]?.Properties;
  const consumer = template.Resources[namedBy(Properties.FunctionName)]?.Properties;
  if (queue === undefined || consumer === undefined) return ['joins what this template lacks'];
  const partial = Properties.FunctionResponseTypes ?? [];
  return [
    ...(partial.includes('ReportBatchItemFailures') ? [] : ['fails batches whole']),
    ...(Properties.ScalingConfig?.MaximumConcurrency >= 2 ? [] : ['has no MaximumConcurrency']),
    ...(queue.VisibilityTimeout >= 6 * consumer.Timeout
      ? []
      : ['shows messages again before six times the function’s time']),
    ...(queue.RedrivePolicy?.deadLetterTargetArn === undefined
      ? ['reads a queue without a dead-letter queue']
      : []),
    ...(queue.VisibilityTimeout * (queue.RedrivePolicy?.maxReceiveCount ?? 0) >= day
      ? []
      : ['gives up on a message within a day']),
  ];
}

export function topicTarget({ resource: { Properties } }: Found): readonly string[] {
  return Properties.RedrivePolicy === undefined ? ['has no dead-letter queue'] : [];
}
