/**
 * Messages out of a queue, each handled alone and in turn. Promises: what fails brings back no
 * other message; what is no JSON is kept whole as a dead letter; an invocation that runs out of
 * time says which messages are left before Lambda ends it, so that those that are done do not come
 * again. Whatever is no batch goes on as it came: an event that was delivered directly.
 */
import * as v from 'valibot';
import { messageOf } from '../domain/errors.ts';
import type { DeadLetters, Log } from '../domain/ports.ts';
import type { InvocationContext, Invoke, Kept } from './middleware.ts';

export interface BatchDeps {
  readonly log: Log;
  readonly deadLetters: DeadLetters;
}

/**
 * Which messages are to come again; all others leave the queue.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html (2026-11)
 */
export interface BatchAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** What is kept back of the time that Lambda gives, to answer in. */
const reserveMillis = 5000;

const text = v.pipe(v.string(), v.nonEmpty());
const batch = v.object({
  Records: v.pipe(
    v.array(
      v.looseObject({ eventSource: v.literal('aws:sqs'), messageId: text, body: v.string() }),
    ),
    v.minLength(1),
  ),
});

type Message = v.InferOutput<typeof batch>['Records'][number];

export type InvokeBatched<T> = (
  event: unknown,
  context?: InvocationContext,
) => Promise<T | Kept | BatchAnswer>;

/**
 * The entry point for a queue's batches, and for single events. A message that fails is invisible
 * for six times the function's time, so one that is slow each time holds up few others.
 */
export function batched<T>(deps: BatchDeps, invoke: Invoke<unknown, T>): InvokeBatched<T> {
  return async (event, context) => {
    const queued = v.safeParse(batch, event);
    if (!queued.success) return invoke(event, context);
    const handle = (message: Message) => handleOne(deps, invoke, message, context);
    const failed = await failedOf(deps, queued.output.Records, handle, context);
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

/** In turn, since messages about one user would only get in each other's way. */
async function failedOf(
  { log }: BatchDeps,
  messages: readonly Message[],
  handle: (message: Message) => Promise<'done' | 'failed'>,
  context: InvocationContext | undefined,
): Promise<readonly string[]> {
  const failed: string[] = [];
  for (const [index, message] of messages.entries()) {
    const end = await inTime(context, () => handle(message));
    if (end === 'out of time') {
      const left = messages.slice(index).map(({ messageId }) => messageId);
      log.error('batch not finished in time', { messages: messages.length, left });
      return [...failed, ...left];
    }
    if (end === 'failed') failed.push(message.messageId);
  }
  return failed;
}

/** What failed has been logged by the entry point, with its reason. */
async function handleOne<T>(
  deps: BatchDeps,
  invoke: Invoke<unknown, T>,
  message: Message,
  context: InvocationContext | undefined,
): Promise<'done' | 'failed'> {
  const body = v.safeParse(v.pipe(v.string(), v.parseJson()), message.body);
  try {
    if (body.success) await invoke(body.output, context);
    else await keepUnreadable(deps, message);
    return 'done';
  } catch {
    return 'failed';
  }
}

/** Throws what keeping throws: then the message stays in its queue. */
async function keepUnreadable({ deadLetters, log }: BatchDeps, message: Message): Promise<void> {
  const { messageId } = message;
  const problem = `the body of message ${messageId} is not JSON: find out who sent it`;
  try {
    await deadLetters.keep({ event: message, problems: [problem] });
    log.error('message not understood', { messageId, problem });
  } catch (error) {
    log.error('message not understood', { messageId, problem, notKept: messageOf(error) });
    throw error;
  }
}

/**
 * Not begun once the time is up; what is under way then is left alone, and goes on when Lambda next
 * wakes this process, or never: as with any message that is delivered twice, neither does harm.
 */
async function inTime<R>(
  context: InvocationContext | undefined,
  work: () => Promise<R>,
): Promise<R | 'out of time'> {
  const left = context?.getRemainingTimeInMillis?.();
  if (left === undefined) return work();
  if (left <= reserveMillis) return 'out of time';
  let timer: NodeJS.Timeout | undefined;
  const timeIsUp = new Promise<'out of time'>((resolve) => {
    timer = setTimeout(() => resolve('out of time'), left - reserveMillis);
  });
  try {
    return await Promise.race([work(), timeIsUp]);
  } finally {
    clearTimeout(timer);
  }
}
