/**
 * PagerDuty on a laptop: the Events API v2 behind a `fetch`. Strict about events, and with the life
 * cycle that matters: triggers with one dedup key make one incident, which notifies once; after a
 * resolved one the next trigger opens another.
 */
import * as v from 'valibot';
import type { HttpPost } from '../adapters/pagerduty-alerts.ts';

export interface Incident {
  readonly dedupKey: string;
  readonly status: 'triggered' | 'acknowledged' | 'resolved';
  readonly severity: 'critical' | 'error' | 'warning' | 'info';
  readonly summary: string;
  readonly links: readonly { readonly href: string; readonly text?: string | undefined }[];
  /** How many events made it so; only the first one rang somebody's phone. */
  readonly triggers: number;
}

export type PagerDutyFailure =
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'status'; readonly status: number };

export interface PagerDutyStandIn {
  readonly fetch: HttpPost;
  /** Every incident there ever was, oldest first. */
  incidents(): readonly Incident[];
  /** Somebody acknowledges the open incident of that key. */
  acknowledge(dedupKey: string): void;
  /** Whoever acknowledged it did nothing for too long: it rings again. */
  timeOut(dedupKey: string): void;
  fail(how: PagerDutyFailure | null): void;
}

const routingKey = v.pipe(
  v.string(),
  v.length(32, "Length of 'routing_key' is incorrect (should be 32 characters)"),
);
const dedupKey = v.pipe(v.string(), v.minLength(1), v.maxLength(255));

const schema = v.variant('event_action', [
  v.strictObject({
    event_action: v.literal('trigger'),
    routing_key: routingKey,
    dedup_key: dedupKey,
    client: v.optional(v.string()),
    links: v.optional(
      v.array(
        v.strictObject({
          href: v.pipe(v.string(), v.url()),
          text: v.optional(v.string()),
        }),
      ),
    ),
    payload: v.strictObject({
      summary: v.pipe(v.string(), v.minLength(1), v.maxLength(1024)),
      source: v.pipe(v.string(), v.minLength(1)),
      severity: v.picklist(['critical', 'error', 'warning', 'info']),
      component: v.optional(v.string()),
      group: v.optional(v.string()),
      class: v.optional(v.string()),
      custom_details: v.optional(v.record(v.string(), v.unknown())),
    }),
  }),
  v.strictObject({
    event_action: v.picklist(['acknowledge', 'resolve']),
    routing_key: routingKey,
    dedup_key: dedupKey,
  }),
]);

type PagerEvent = v.InferOutput<typeof schema>;

/** The API refuses events beyond this. */
const mostBytes = 512 * 1024;

/** A PagerDuty that takes events for one routing key. */
export function pagerDutyStandIn(ownRoutingKey: string): PagerDutyStandIn {
  const incidents: Incident[] = [];
  let failure: PagerDutyFailure | null = null;
  return {
    fetch: async (url, request) => {
      if (failure?.kind === 'unreachable') throw new Error('fetch failed');
      if (failure?.kind === 'status') return answer(failure.status, {});
      if (new URL(url).pathname !== '/v2/enqueue') return answer(404, {});
      if (Buffer.byteLength(request.body) > mostBytes) return answer(413, {});
      const read = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), request.body);
      const problems = read.success ? [] : read.issues.map((issue) => issue.message);
      if (!read.success) return invalid(problems);
      if (read.output.routing_key !== ownRoutingKey) return invalid(['Invalid routing key']);
      take(incidents, read.output);
      const { dedup_key } = read.output;
      return answer(202, { status: 'success', message: 'Event processed', dedup_key });
    },
    incidents: () => [...incidents],
    acknowledge: (key) => change(incidents, key, (open) => ({ ...open, status: 'acknowledged' })),
    timeOut: (key) => change(incidents, key, (open) => ({ ...open, status: 'triggered' })),
    fail: (how) => {
      failure = how;
    },
  };
}

function take(incidents: Incident[], event: PagerEvent): void {
  const key = event.dedup_key;
  if (event.event_action !== 'trigger') {
    const status = event.event_action === 'resolve' ? 'resolved' : 'acknowledged';
    change(incidents, key, (open) => ({ ...open, status }));
    return;
  }
  const { summary, severity } = event.payload;
  const isOpen = incidents.some((each) => each.dedupKey === key && each.status !== 'resolved');
  if (isOpen) {
    change(incidents, key, (open) => ({
      ...open,
      summary,
      severity,
      triggers: open.triggers + 1,
    }));
    return;
  }
  const links = event.links ?? [];
  incidents.push({
    dedupKey: key,
    status: 'triggered',
    severity,
    summary,
    links,
    triggers: 1,
  });
}

/** Changes the open incident of that key; without one, nothing. */
function change(incidents: Incident[], key: string, to: (open: Incident) => Incident): void {
  const index = incidents.findIndex((each) => each.dedupKey === key && each.status !== 'resolved');
  const open = incidents[index];
  if (open !== undefined) incidents[index] = to(open);
}

function invalid(errors: readonly string[]): ReturnType<typeof answer> {
  return answer(400, { status: 'invalid event', message: 'Event object is invalid', errors });
}

function answer(status: number, body: object) {
  return { status, text: async () => JSON.stringify(body) };
}
