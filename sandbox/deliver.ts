/**
 * The part of EventBridge and SQS: which handler an event goes to, again if that fails, and to the
 * queue of what could not be delivered if it fails for a day.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html (2026-11)
 */
import type { Received } from '../app/receive.ts';
import { messageOf } from '../domain/errors.ts';
import { type Instant, isDue, plus } from '../domain/instant.ts';
import type { VirtualClock } from './clock.ts';
import type { Delivery, Handlers } from './handlers.ts';

/** As the queues of infra/queues.yml: how long a failed message is invisible, and for how long. */
export const redelivery = { pauseMinutes: 6, hours: 24 } as const;

const running: ReadonlySet<unknown> = new Set(['Pending', 'InProgress', 'Waiting', 'Cancelling']);

/**
 * Stands in the way of every event that a service emits: it may call `deliver` at once, later (as a
 * task of the clock), several times, or never.
 */
export type Courier = (event: unknown, deliver: () => Promise<void>) => Promise<void> | void;

/** An event that no handler took within a day. */
export interface Undelivered {
  readonly at: Instant;
  readonly event: unknown;
  readonly problem: string;
}

export interface Deliveries {
  readonly delivered: readonly Delivery[];
  readonly undelivered: readonly Undelivered[];
  /** To the handler, whoever stands in the way. Never throws: what fails is tried again later. */
  readonly deliver: (event: unknown) => Promise<Received>;
  /** As the service emitted it: by the courier, if there is one. */
  readonly carry: (event: unknown) => Promise<void>;
  readonly setCourier: (courier: Courier | undefined) => void;
}

export function deliveries(parts: {
  readonly clock: VirtualClock;
  readonly handlers: Handlers;
  readonly afterwards: () => Promise<void>;
}): Deliveries {
  const { clock, handlers, afterwards } = parts;
  const delivered: Delivery[] = [];
  const undelivered: Undelivered[] = [];
  let courier: Courier | undefined;

  const tryToDeliver = async (event: unknown, until: Instant): Promise<Received> => {
    try {
      const answer = await received(handlers, event);
      delivered.push({ at: clock.now(), event, received: answer });
      await afterwards();
      return answer;
    } catch (error) {
      const problem = messageOf(error);
      const next = plus(clock.now(), { minutes: redelivery.pauseMinutes });
      if (isDue(until, next)) {
        undelivered.push({ at: clock.now(), event, problem });
        return nothingYet(`failed for a day: ${problem}`);
      }
      clock.at(next, async () => {
        await tryToDeliver(event, until);
      });
      return nothingYet(`failed, delivered again in ${redelivery.pauseMinutes} min: ${problem}`);
    }
  };

  const deliver = (event: unknown) =>
    tryToDeliver(event, plus(clock.now(), { hours: redelivery.hours }));
  return {
    delivered,
    undelivered,
    deliver,
    carry: async (event) => {
      const onwards = async () => {
        await deliver(event);
      };
      await (courier === undefined ? onwards() : courier(event, onwards));
    },
    setCourier: (next) => {
      courier = next;
    },
  };
}

function nothingYet(reason: string): Received {
  return { outcome: 'ignored', reason, problems: [], rotations: [] };
}

/** As infra/event-rules.yml routes: what no rule matches goes to on-finding, to be ignored. */
export async function received(handlers: Handlers, event: unknown): Promise<Received> {
  const { source, detail, ...rest } = (event ?? {}) as Readonly<Record<string, unknown>>;
  const kind = rest['detail-type'];
  const status = (detail as { readonly Status?: unknown } | null | undefined)?.Status;
  const isRunStatus = kind === 'EC2 Automation Execution Status-change Notification';
  const isEnd = source === 'aws.ssm' && isRunStatus && !running.has(status);
  const answer = await (isEnd ? handlers.onRunbookFinished : handlers.onFinding)(event);
  return 'reason' in answer
    ? answer
    : { outcome: 'rejected', reason: answer.problem, problems: [answer.problem], rotations: [] };
}
