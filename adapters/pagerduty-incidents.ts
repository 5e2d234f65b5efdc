/**
 * Incidents of PagerDuty services, by its REST API with a token that may read only. A search spans
 * six months at most and a page holds a hundred, of ten thousand at most, so it is asked month by
 * month. https://developer.pagerduty.com/api-reference/9d0b4b12e36f9-list-incidents (2026-11)
 */
import * as v from 'valibot';
import type { NotedIncident } from '../domain/before-after.ts';
import { messageOf, Permanent, Throttled, Transient } from '../domain/errors.ts';
import { type Instant, millisBetween, parseInstant, plus } from '../domain/instant.ts';

/** As much of the standard `fetch` as is used here. */
export type HttpGet = (
  url: string,
  request: {
    readonly method: 'GET';
    readonly headers: Readonly<Record<string, string>>;
    readonly redirect: 'error';
    readonly signal: AbortSignal;
  },
) => Promise<{
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}>;

export interface IncidentsAsked {
  /** Read-only; it goes into one header and nowhere else. */
  readonly token: string;
  /** Ids such as `PABC123`. */
  readonly services: readonly string[];
  readonly since: Instant;
  readonly until: Instant;
  /** `https://api.pagerduty.com`, or `https://api.eu.pagerduty.com` in the EU. */
  readonly origin: string;
  /** Instead of the network. */
  readonly fetch?: HttpGet;
}

export interface ImportedIncidents {
  /** Oldest first; `kind` is the name of the service. */
  readonly incidents: readonly NotedIncident[];
  /** Those that are not resolved yet: how long they last nobody knows. */
  readonly open: number;
}

const spanDays = 30;
const pageSize = 100;
/** PagerDuty gives no more by offset. */
const mostInSpan = 10_000;
const timeoutMillis = 30_000;

const moment = v.pipe(
  v.string(),
  v.transform((text) => parseInstant(text)),
  v.check((at) => at !== undefined, 'is no moment'),
);

const incident = v.object({
  id: v.string(),
  created_at: moment,
  status: v.picklist(['triggered', 'acknowledged', 'resolved']),
  resolved_at: v.optional(v.nullable(moment)),
  service: v.object({ summary: v.string() }),
});

const page = v.object({ incidents: v.array(incident), more: v.boolean() });

/** Throws Transient, Throttled or Permanent; no message quotes the token. */
export async function pagerDutyIncidents(asked: IncidentsAsked): Promise<ImportedIncidents> {
  const byId = new Map<string, v.InferOutput<typeof incident>>();
  for (let from = asked.since; from < asked.until; from = plus(from, { days: spanDays })) {
    const end = plus(from, { days: spanDays });
    const to = end < asked.until ? end : asked.until;
    for (const each of await inSpan(asked, from, to)) byId.set(each.id, each);
  }
  const noted: NotedIncident[] = [];
  let open = 0;
  for (const { created_at: at, resolved_at: end, status, service } of byId.values()) {
    if (at === undefined || !end || status !== 'resolved') open += 1;
    else noted.push({ at, kind: service.summary, minutes: minutesBetween(at, end) });
  }
  return { incidents: noted.toSorted((a, b) => (a.at < b.at ? -1 : 1)), open };
}

function minutesBetween(from: Instant, to: Instant): number {
  return Math.max(0, Math.round(millisBetween(from, to) / 600) / 100);
}

async function inSpan(asked: IncidentsAsked, from: Instant, to: Instant) {
  const found: v.InferOutput<typeof incident>[] = [];
  const tried = `reading PagerDuty's incidents from ${from} to ${to}`;
  for (let offset = 0; offset + pageSize <= mostInSpan; offset += pageSize) {
    const { incidents, more } = await onePage(asked, from, to, offset, tried);
    found.push(...incidents);
    if (!more) return found;
  }
  throw new Permanent(`${tried}: there are over ${mostInSpan}: name fewer services`);
}

async function onePage(
  { token, services, origin, fetch: ask = fetch }: IncidentsAsked,
  since: Instant,
  until: Instant,
  offset: number,
  tried: string,
) {
  const query = new URLSearchParams({
    ...{ since, until, time_zone: 'UTC', sort_by: 'created_at:asc' },
    ...{ limit: String(pageSize), offset: String(offset) },
  });
  for (const id of services) query.append('service_ids[]', id);
  const headers = {
    Accept: 'application/vnd.pagerduty+json;version=2',
    Authorization: `Token token=${token}`,
  };
  let answer: Awaited<ReturnType<HttpGet>>;
  let text: string;
  try {
    const signal = AbortSignal.timeout(timeoutMillis);
    const request = { method: 'GET', headers, redirect: 'error', signal } as const;
    answer = await ask(`${origin}/incidents?${query}`, request);
    text = await answer.text();
  } catch (error) {
    throw new Transient(`${tried}: PagerDuty cannot be reached: ${messageOf(error)}`);
  }
  if (answer.status !== 200) throw refusal(answer, tried);
  const read = v.safeParse(v.pipe(v.string(), v.parseJson(), page), text);
  if (read.success) return read.output;
  const problems = read.issues.map((each) => `${v.getDotPath(each) ?? 'it'} ${each.message}`);
  throw new Permanent(`${tried}: the answer is not as documented: ${problems.join('; ')}`);
}

function refusal(
  { status, headers }: Awaited<ReturnType<HttpGet>>,
  tried: string,
): Transient | Permanent {
  if (status === 429) {
    const seconds = Number(headers.get('ratelimit-reset') ?? headers.get('retry-after') ?? 60);
    const wait = Number.isFinite(seconds) ? seconds : 60;
    return new Throttled(wait * 1000, `${tried}: asked too often: try again in ${wait} s`);
  }
  if (status >= 500) return new Transient(`${tried}: PagerDuty answers ${status}: try again`);
  const why = status === 401 || status === 403 ? 'the token is not let in' : `it answers ${status}`;
  return new Permanent(`${tried}: ${why}: check token, services and times`);
}
