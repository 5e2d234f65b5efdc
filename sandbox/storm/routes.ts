/** The queues as infra/queues.yml has them, and before them the rules of infra/event-rules.yml. */
import { batched } from '../../functions/batch.ts';
import { onFindingHandler } from '../../functions/on-finding.ts';
import { onRunbookFinishedHandler } from '../../functions/on-runbook-finished.ts';
import { actingAs } from '../acting-role.ts';
import type { VirtualClock } from '../clock.ts';
import { names } from '../settings.ts';
import type { World } from '../world.ts';
import { type Queue, queueBefore } from './queue.ts';
import type { Planted } from './scene.ts';

export interface Routes {
  readonly inbound: Queue;
  readonly runs: Queue;
}

/** From now on events that services emit go into the queue that a rule sends them to. */
export function openRoutes(
  { hub, setCourier }: World,
  clock: VirtualClock,
  planted: Planted,
): Routes {
  const finding = planted.finding?.(hub.finding) ?? hub.finding;
  const onFinding = batched(finding, onFindingHandler(finding));
  const onRunbookFinished = batched(finding, onRunbookFinishedHandler(finding));
  const inbound = queueBefore(actingAs(names.onFindingRole, onFinding), clock);
  const runs = queueBefore(actingAs(names.onRunbookFinishedRole, onRunbookFinished), clock);
  let sent = 0;
  setCourier((event) => {
    sent += 1;
    const message = { messageId: `event-${sent}`, body: JSON.stringify(event) };
    const route = routeOf(event as Routed);
    if (route === 'inbound') inbound.send(message);
    if (route === 'runs') runs.send(message);
  });
  return { inbound, runs };
}

interface Routed {
  readonly source: string;
  readonly detail: {
    readonly Status?: string;
    readonly findings?: readonly {
      readonly Workflow?: { readonly Status: string };
      readonly status?: string;
    }[];
  };
}

const running: ReadonlySet<unknown> = new Set(['Pending', 'InProgress', 'Waiting', 'Cancelling']);

/** What Keyturn writes into findings makes events too, which no rule lets in. */
function routeOf({ source, detail }: Routed): 'inbound' | 'runs' | 'nowhere' {
  if (source === 'aws.ssm') return running.has(detail.Status) ? 'nowhere' : 'runs';
  const { findings = [] } = detail;
  if (findings.length === 0) return 'inbound';
  const isNew = findings.some(
    ({ Workflow, status }) => Workflow?.Status === 'NEW' || status === 'New',
  );
  return isNew ? 'inbound' : 'nowhere';
}
