/**
 * The one middy stack that every handler runs in. Promises: exactly one log line an invocation,
 * with no event and no secret in it; what may pass is thrown, so that Lambda tries again; what
 * cannot is kept as a dead letter and not tried again; a broken promise of this code is thrown.
 */
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import { messageOf, Permanent } from '../domain/errors.ts';
import type { DeadLetters, Log } from '../domain/ports.ts';

export interface EntryDeps {
  readonly log: Log;
  /**
   * Where an event goes that can never be dealt with. Absent where somebody waits for the answer (a
   * runbook, Slack): they get the error instead.
   */
  readonly deadLetters?: DeadLetters;
}

/** One entry point: its name in the log, what it does, and what the log says of its result. */
export interface Entry<TEvent, TResult> {
  readonly name: string;
  readonly handle: (event: TEvent, context: InvocationContext) => Promise<TResult>;
  readonly facts?: (result: TResult) => Readonly<Record<string, unknown>>;
}

/** What an event comes to that was kept as a dead letter. */
export interface Kept {
  readonly outcome: 'dead-lettered';
  readonly problem: string;
}

/** The part of Lambda's context that is used; a sandbox need not give any. */
export interface InvocationContext {
  readonly awsRequestId?: string;
  readonly getRemainingTimeInMillis?: () => number;
}

export type Invoke<TEvent, TResult> = (
  event: TEvent,
  context?: InvocationContext,
) => Promise<TResult | Kept>;

/** The entry point wrapped in the stack, as Lambda invokes it. */
export function entryPoint<TEvent, TResult>(
  deps: EntryDeps,
  entry: Entry<TEvent, TResult>,
): Invoke<TEvent, TResult> {
  const stack = middy<TEvent, TResult | Kept>((event: TEvent, context: InvocationContext) =>
    entry.handle(event, context),
  ).use(around(deps, entry));
  // middy's types ask for the whole of Lambda's context, of which it reads the remaining time
  // alone, and that only where it is given.
  return (event, context = {}) => stack(event, context as Context);
}

type Request<TEvent, TResult> = middy.Request<TEvent, TResult | Kept>;

function around<TEvent, TResult>(
  { log, deadLetters }: EntryDeps,
  { name, facts }: Entry<TEvent, TResult>,
): middy.MiddlewareObj<TEvent, TResult | Kept> {
  const started = new WeakMap<object, number>();
  const about = (request: Request<TEvent, TResult>) => ({
    function: name,
    requestId: request.context.awsRequestId,
    eventId: eventIdOf(request.event),
    milliseconds: Math.round(performance.now() - (started.get(request) ?? 0)),
  });
  return {
    before: (request) => {
      started.set(request, performance.now());
    },
    after: (request) => {
      const result = request.response as TResult;
      log.info('invocation done', { ...about(request), ...facts?.(result) });
    },
    onError: async (request) => {
      const { error, event } = request;
      const end = await endOf(error, event, deadLetters);
      log.error('invocation failed', {
        ...about(request),
        error: error instanceof Error ? error.name : typeof error,
        problem: messageOf(error),
        deadLettered: 'kept' in end,
        ...('lost' in end ? { notKept: messageOf(end.lost) } : {}),
      });
      if ('lost' in end) throw end.lost;
      // A response tells middy that the error is dealt with; without one it throws the error.
      if ('kept' in end) request.response = end.kept;
    },
  };
}

type End = { readonly kept: Kept } | { readonly lost: unknown } | { readonly thrown: true };

/** Keeps what can never be dealt with, where there is a place for it. */
async function endOf(
  error: unknown,
  event: unknown,
  deadLetters: DeadLetters | undefined,
): Promise<End> {
  if (deadLetters === undefined || !(error instanceof Permanent)) return { thrown: true };
  try {
    await deadLetters.keep({ event, problems: [error.message] });
    return { kept: { outcome: 'dead-lettered', problem: error.message } };
  } catch (lost) {
    return { lost };
  }
}

/** EventBridge's id of the event, by which its journey can be followed. */
function eventIdOf(event: unknown): string | undefined {
  const id = typeof event === 'object' && event !== null && 'id' in event ? event.id : undefined;
  return typeof id === 'string' ? id.slice(0, 100) : undefined;
}
