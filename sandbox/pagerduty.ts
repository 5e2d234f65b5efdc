/**
 * PagerDuty on a laptop: the Events API v2 behind a `fetch`. Strict about events, and with the life
 * cycle that matters: triggers with one dedup key make one incident, which notifies once; after a
 * resolved one the next trigger opens another; to acknowledge or resolve what is not open is taken
 * and does nothing. Change events make no incident, and none is known to be another one again.
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

/** What changed, as it shows beside incidents. */
export interface ShownChange {
  readonly summary: string;
  readonly source: string | undefined;
  readonly timestamp: string | undefined;
}

export type PagerDutyFailure =
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'status'; readonly status: number };

export interface PagerDutyStandIn {
  readonly fetch: HttpPost;
  /** Every incident there ever was, oldest first; of one routing key if it is given. */
  incidents(routingKey?: string): readonly Incident[];
  /** Every change event that was taken, oldest first. */
  changes(): readonly ShownChange[];
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
const summary = v.pipe(v.string(), v.minLength(1), v.maxLength(1024));
const link = v.strictObject({ href: v.pipe(v.string(), v.url()), text: v.optional(v.string()) });

const schema = v.variant('event_action', [
  v.strictObject({
    event_action: v.literal('trigger'),
    routing_key: routingKey,
    dedup_key: dedupKey,
    client: v.optional(v.string()),
    links: v.optional(v.array(link)),
    payload: v.strictObject({
      summary,
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

/** https://developer.pagerduty.com/docs/send-change-event (2026-11) */
const changeSchema = v.strictObject({
  routing_key: routingKey,
  payload: v.strictObject({
    summary,
    timestamp: v.optional(v.pipe(v.string(), v.isoTimestamp())),
    source: v.optional(v.pipe(v.string(), v.minLength(1))),
    custom_details: v.optional(v.record(v.string(), v.unknown())),
  }),
  links: v.optional(v.array(link)),
});

/** The API refuses events beyond this. */
const mostBytes = 512 * 1024;

/** A PagerDuty that takes events for some routing keys; each has incidents of its own. */
export function pagerDutyStandIn(...ownRoutingKeys: readonly string[]): PagerDutyStandIn {
  const incidents: Routed[] = [];
  const changes: ShownChange[] = [];
  let failure: PagerDutyFailure | null = null;
  const endpoints: Readonly<Record<string, (body: string) => Answer>> = {
    '/v2/enqueue': (body) =>
      taken(schema, ownRoutingKeys, body, (event) => {
        take(incidents, event);
        return { message: 'Event processed', dedup_key: event.dedup_key };
      }),
    '/v2/change/enqueue': (body) =>
      taken(changeSchema, ownRoutingKeys, body, ({ payload }) => {
        const { summary: said, source, timestamp } = payload;
        changes.push({ summary: said, source, timestamp });
        return { message: 'Change event processed' };
      }),
  };
  return {
    fetch: async (url, request) => {
      if (failure?.kind === 'unreachable') throw new Error('fetch failed');
      if (failure?.kind === 'status') return answer(failure.status, {});
      return endpoints[new URL(url).pathname]?.(request.body) ?? answer(404, {});
    },
    changes: () => [...changes],
    incidents: (routed) =>
      incidents
        .filter((each) => routed === undefined || each.routingKey === routed)
        .map(({ incident }) => incident),
    acknowledge: (key) => change(incidents, named(key), () => ({ status: 'acknowledged' })),
    timeOut: (key) => change(incidents, named(key), () => ({ status: 'triggered' })),
    fail: (how) => {
      failure = how;
    },
  };
}

/** What the API answers to an event of that form, once it is done. */
function taken<S extends v.GenericSchema<unknown, { readonly routing_key: string }>>(
  form: S,
  ownRoutingKeys: readonly string[],
  body: string,
  done: (event: v.InferOutput<S>) => object,
): Answer {
  if (Buffer.byteLength(body) > mostBytes) return answer(413, {});
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), form), body);
  if (!read.success) return invalid(read.issues.map((issue) => issue.message));
  if (!ownRoutingKeys.includes(read.output.routing_key)) return invalid(['Invalid routing key']);
  return answer(202, { status: 'success', ...done(read.output) });
}

/** An incident, and the integration whose events it is made of: others know nothing of it. */
interface Routed {
  readonly routingKey: string;
  readonly incident: Incident;
}

function take(incidents: Routed[], event: PagerEvent): void {
  const { dedup_key: key, routing_key: routingKey } = event;
  const isIt = (each: Routed) => named(key)(each) && each.routingKey === routingKey;
  if (event.event_action !== 'trigger') {
    const status = event.event_action === 'resolve' ? 'resolved' : 'acknowledged';
    change(incidents, isIt, () => ({ status }));
    return;
  }
  const { summary, severity } = event.payload;
  const again = ({ triggers }: Incident) => ({ summary, severity, triggers: triggers + 1 });
  if (change(incidents, isIt, again)) return;
  const { links = [] } = event;
  const status = 'triggered';
  const incident: Incident = { dedupKey: key, status, severity, summary, links, triggers: 1 };
  incidents.push({ routingKey, incident });
}

function named(key: string): (routed: Routed) => boolean {
  return ({ incident }) => incident.dedupKey === key;
}

/** Changes the open incident; without one, nothing. Whether there was one. */
function change(
  incidents: Routed[],
  isIt: (routed: Routed) => boolean,
  to: (open: Incident) => Partial<Incident>,
): boolean {
  const index = incidents.findIndex((each) => isIt(each) && each.incident.status !== 'resolved');
  const routed = incidents[index];
  if (routed === undefined) return false;
  incidents[index] = { ...routed, incident: { ...routed.incident, ...to(routed.incident) } };
  return true;
}

function invalid(errors: readonly string[]): Answer {
  return answer(400, { status: 'invalid event', message: 'Event object is invalid', errors });
}

type Answer = Awaited<ReturnType<HttpPost>>;

function answer(status: number, body: object): Answer {
  return { status, text: async () => JSON.stringify(body) };
}
