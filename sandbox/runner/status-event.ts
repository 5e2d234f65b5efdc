/**
 * What SSM tells EventBridge when a step or an execution has ended. Times are US-locale texts, and
 * a stopped execution is `Canceled` here while the API calls it `Cancelled`.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/monitoring-eventbridge-events.html
 * (2026-11) and its page of examples.
 */
import { type Instant, millisBetween } from '../../domain/instant.ts';
import type { Place } from '../../domain/ports.ts';

export interface StatusEvent {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type':
    | 'EC2 Automation Execution Status-change Notification'
    | 'EC2 Automation Step Status-change Notification';
  readonly source: 'aws.ssm';
  readonly account: string;
  /** To the second. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: Readonly<Record<string, string | number>>;
}

/** Final statuses as the API words them. */
export type EndStatus = 'Success' | 'Failed' | 'TimedOut' | 'Cancelled';

export interface EndedThing {
  readonly eventId: string;
  readonly where: Place;
  readonly executionId: string;
  readonly documentName: string;
  readonly documentVersion: string;
  readonly status: EndStatus;
  readonly startedAt: Instant;
  readonly endedAt: Instant;
}

export function executionEnded(thing: EndedThing, executedBy: string): StatusEvent {
  const detailType = 'EC2 Automation Execution Status-change Notification';
  return statusEvent(thing, detailType, { ExecutedBy: executedBy });
}

export function stepEnded(thing: EndedThing, stepName: string, action: string): StatusEvent {
  const detailType = 'EC2 Automation Step Status-change Notification';
  return statusEvent(thing, detailType, { StepName: stepName, Action: action });
}

function statusEvent(
  thing: EndedThing,
  detailType: StatusEvent['detail-type'],
  more: Readonly<Record<string, string>>,
): StatusEvent {
  const { partition, account, region } = thing.where;
  const arn = `arn:${partition}:ssm:${region}:${account}`;
  return {
    version: '0',
    id: thing.eventId,
    'detail-type': detailType,
    source: 'aws.ssm',
    account,
    time: `${thing.endedAt.slice(0, 19)}Z`,
    region,
    resources: [
      `${arn}:automation-execution/${thing.executionId}`,
      `${arn}:automation-definition/${thing.documentName}:${thing.documentVersion}`,
    ],
    detail: {
      ExecutionId: thing.executionId,
      Definition: thing.documentName,
      DefinitionVersion: Number(thing.documentVersion),
      Status: thing.status === 'Cancelled' ? 'Canceled' : thing.status,
      StartTime: usLocaleTime(thing.startedAt),
      EndTime: usLocaleTime(thing.endedAt),
      Time: millisBetween(thing.startedAt, thing.endedAt),
      ...more,
    },
  };
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Nov 2, 2026 3:20:20 AM`, in UTC. */
export function usLocaleTime(moment: Instant): string {
  const date = new Date(moment);
  const two = (count: number) => String(count).padStart(2, '0');
  const hour = date.getUTCHours();
  const day = `${months[date.getUTCMonth()]} ${date.getUTCDate()}, ${date.getUTCFullYear()}`;
  const time = `${hour % 12 || 12}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())}`;
  return `${day} ${time} ${hour < 12 ? 'AM' : 'PM'}`;
}
