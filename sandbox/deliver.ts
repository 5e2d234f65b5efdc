/** EventBridge's part: which handler an event goes to, and again if that fails. */
import type { Received } from '../app/receive.ts';
import { messageOf } from '../domain/errors.ts';
import { plus } from '../domain/instant.ts';
import type { VirtualClock } from './clock.ts';
import type { Delivery, Handlers } from './world.ts';

/** How often a failed delivery is repeated, a minute later each time; EventBridge does 185 times. */
const retries = 20;

const running: ReadonlySet<unknown> = new Set(['Pending', 'InProgress', 'Waiting', 'Cancelling']);

export function deliveries(parts: {
  readonly clock: VirtualClock;
  readonly handlers: Handlers;
  readonly afterwards: () => Promise<void>;
}): { readonly delivered: Delivery[]; readonly deliver: (event: unknown) => Promise<Received> } {
  const { clock, handlers, afterwards } = parts;
  const delivered: Delivery[] = [];

  const deliver = async (event: unknown, attempt = 0): Promise<Received> => {
    try {
      const received = asReceived(await invoke(handlers, event));
      delivered.push({ at: clock.now(), event, received });
      await afterwards();
      return received;
    } catch (error) {
      if (attempt >= retries) throw error;
      clock.at(plus(clock.now(), { minutes: 1 }), async () => {
        await deliver(event, attempt + 1);
      });
      const reason = `failed, delivered again in a minute: ${messageOf(error)}`;
      return { outcome: 'ignored', reason, problems: [], rotations: [] };
    }
  };

  return { delivered, deliver };
}

/** As the rules in serverless.yml route: what no rule matches goes to on-finding, to be ignored. */
async function invoke(handlers: Handlers, event: unknown) {
  const { source, detail, ...rest } = (event ?? {}) as Readonly<Record<string, unknown>>;
  const kind = rest['detail-type'];
  if (source === 'aws.ssm' && kind === 'EC2 Automation Execution Status-change Notification') {
    const status = (detail as { readonly Status?: unknown } | undefined)?.Status;
    if (!running.has(status)) return handlers.onRunbookFinished(event);
  }
  return handlers.onFinding(event);
}

function asReceived(answer: Awaited<ReturnType<Handlers['onFinding']>>): Received {
  return 'reason' in answer
    ? answer
    : { outcome: 'rejected', reason: answer.problem, problems: [answer.problem], rotations: [] };
}
