/**
 * A finding has come in: AWS Config or Security Hub says that a user's key is too old; or Secrets
 * Manager says that AWSCURRENT moved. Lambda invokes it with one EventBridge event, as it is or out
 * of a queue, and tries again whatever may pass.
 */
import * as v from 'valibot';
import { type ReceiveDeps, type Received, receive } from '../app/receive.ts';
import { entryPoint, type Invoke } from './middleware.ts';

export function onFindingHandler(deps: ReceiveDeps): Invoke<unknown, Received> {
  const invoke = entryPoint(deps, {
    name: 'on-finding',
    handle: (event: unknown) => receive(deps, event),
    facts: (received) => ({ ...received }),
  });
  return (event, context) => invoke(outOfQueue(event), context);
}

/** One message at a time: what fails in one must not bring others again. */
const message = v.object({
  Records: v.strictTuple([
    v.object({ eventSource: v.literal('aws:sqs'), body: v.pipe(v.string(), v.parseJson()) }),
  ]),
});

/**
 * The event that waited in a queue; whatever else came as it came, to be refused and kept whole.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html (2026-11)
 */
function outOfQueue(event: unknown): unknown {
  const queued = v.safeParse(message, event);
  return queued.success ? queued.output.Records[0].body : event;
}
