/**
 * SQS and Lambda's event source in front of a handler: batches of up to ten, several handlers at
 * once. What fails, and whatever a batch does not get to, comes back after a pause, for a day.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html (2026-11)
 */
import { millisBetween, millisOf, plus } from '../../domain/instant.ts';
import type { BatchAnswer } from '../../functions/batch.ts';
import type { InvocationContext } from '../../functions/middleware.ts';
import type { VirtualClock } from '../clock.ts';
import { redelivery } from '../deliver.ts';
import { storm } from './options.ts';

export interface Message {
  readonly messageId: string;
  readonly body: string;
  readonly sentAt: ReturnType<VirtualClock['now']>;
}

export type BatchHandler = (event: unknown, context?: InvocationContext) => Promise<unknown>;

export interface Queue {
  send(message: Omit<Message, 'sentAt'>): void;
  /** Messages that wait, are under way, or come back later. */
  left(): number;
  /** No handler took them within a day. */
  readonly undelivered: readonly Message[];
  /** How many were handled to the end, and in how many invocations. */
  readonly counts: { readonly done: number; readonly invocations: number; readonly failed: number };
}

export function queueBefore(handler: BatchHandler, clock: VirtualClock): Queue {
  const waiting: Message[] = [];
  let head = 0;
  let busy = 0;
  let away = 0;
  const undelivered: Message[] = [];
  const counts = { done: 0, invocations: 0, failed: 0 };

  const batch = (): Message[] => {
    const taken = waiting.slice(head, head + storm.batchSize);
    head += taken.length;
    if (head === waiting.length || head > 10_000) {
      waiting.splice(0, head);
      head = 0;
    }
    return taken;
  };
  const again = (message: Message): void => {
    counts.failed += 1;
    const hours = millisBetween(message.sentAt, clock.now()) / millisOf({ hours: 1 });
    if (hours >= redelivery.hours) {
      undelivered.push(message);
      return;
    }
    away += 1;
    clock.at(plus(clock.now(), { minutes: redelivery.pauseMinutes }), () => {
      away -= 1;
      waiting.push(message);
      wake();
    });
  };
  const work = async (): Promise<void> => {
    for (let taken = batch(); taken.length > 0; taken = batch()) {
      counts.invocations += 1;
      under += taken.length;
      const failed = new Set(await failedOf(handler, taken, clock));
      under -= taken.length;
      for (const message of taken) {
        if (failed.has(message.messageId)) again(message);
        else counts.done += 1;
      }
    }
    busy -= 1;
  };
  let under = 0;
  const wake = (): void => {
    if (busy >= storm.handlers) return;
    busy += 1;
    clock.at(clock.now(), work);
  };
  return {
    send: (message) => {
      waiting.push({ ...message, sentAt: clock.now() });
      wake();
    },
    left: () => waiting.length - head + under + away,
    undelivered,
    counts,
  };
}

/** An invocation that fails as a whole brings every message back. */
async function failedOf(
  handler: BatchHandler,
  messages: readonly Message[],
  clock: VirtualClock,
): Promise<readonly string[]> {
  const begun = clock.now();
  const millis = storm.handlerSeconds * 1000;
  const context = {
    getRemainingTimeInMillis: () => millis - millisBetween(begun, clock.now()),
  };
  const Records = messages.map(({ messageId, body }) => ({
    eventSource: 'aws:sqs',
    messageId,
    body,
  }));
  try {
    const answer = (await handler({ Records }, context)) as BatchAnswer;
    return answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  } catch {
    return messages.map(({ messageId }) => messageId);
  }
}
