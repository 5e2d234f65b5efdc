/** PagerDuty's list of incidents, strict about everything that its documentation says. */
import type { HttpGet } from '../../adapters/pagerduty-incidents.ts';

export interface KeptIncident {
  readonly id: string;
  readonly created_at: string;
  readonly resolved_at?: string | null;
  readonly status: 'triggered' | 'acknowledged' | 'resolved';
  readonly service: { readonly id: string; readonly summary: string };
}

const known = ['since', 'until', 'time_zone', 'sort_by', 'limit', 'offset', 'service_ids[]'];
const mostMillis = 184 * 86_400_000;

export function pagerDutyApi(token: string, incidents: readonly KeptIncident[]) {
  const asked: URL[] = [];
  const fetch: HttpGet = async (address, { method, headers }) => {
    const url = new URL(address);
    asked.push(url);
    const { searchParams: query } = url;
    const reply = (status: number, body: unknown = {}) => ({
      status,
      headers: new Headers(),
      text: async () => JSON.stringify(body),
    });
    if (headers.Authorization !== `Token token=${token}`) return reply(401);
    const isRight =
      method === 'GET' &&
      url.origin === 'https://api.pagerduty.com' &&
      url.pathname === '/incidents' &&
      headers.Accept === 'application/vnd.pagerduty+json;version=2' &&
      [...query.keys()].every((name) => known.includes(name));
    const [limit, offset] = [Number(query.get('limit')), Number(query.get('offset'))];
    const [since, until] = ['since', 'until'].map((name) => Date.parse(query.get(name) ?? ''));
    if (since === undefined || until === undefined || !isRight) return reply(400);
    const isWithin = limit >= 1 && limit <= 100 && offset + limit <= 10_000;
    if (!isWithin || until - since > mostMillis || until <= since) return reply(400);
    const services = query.getAll('service_ids[]');
    const all = incidents
      .filter(({ service }) => services.includes(service.id))
      .filter(({ created_at: at }) => Date.parse(at) >= since && Date.parse(at) <= until)
      .toSorted((a, b) => a.created_at.localeCompare(b.created_at));
    const more = all.length > offset + limit;
    return reply(200, { incidents: all.slice(offset, offset + limit), limit, offset, more });
  };
  return { fetch, asked };
}
