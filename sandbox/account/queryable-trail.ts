/**
 * What a trail with data events has delivered to where it can be queried: every event of an
 * account, data events included, from the moment on at which it is set up. Grouped as the queries
 * of adapters/trail-query-text.ts ask for it; nothing else is modelled.
 */
import { type Instant, plus } from '../../domain/instant.ts';
import { type Ground, inSeconds } from './ground.ts';
import { homeRegion } from './region.ts';
import type { Trail } from './trail.ts';

/** One use of a credential, as any event tells of it. */
export interface Delivered {
  readonly at: Instant;
  readonly accessKeyId: string;
  readonly service: string;
  readonly eventName: string;
  readonly region: string;
  readonly sourceIp: string;
  readonly userAgent: string;
}

export interface Group {
  /** What they have in common: key, service, Region, address, program, half day. */
  readonly by: readonly [string, string, string, string, string, string];
  readonly first: Instant;
  readonly last: Instant;
  readonly uses: number;
  readonly lastEvent: string;
  readonly asked: 0 | 1;
}

export interface QueryableTrail {
  /** From now on the account has a trail that records data events. */
  begin(account: string): void;
  /**
   * A data event, which CloudTrail's event history never shows; kept where there is such a trail.
   */
  write(account: string, event: Delivered): void;
  /** Every event that is delivered by now, oldest first. */
  delivered(account: string, since: Instant, now: Instant): readonly Delivered[];
}

/** How late CloudTrail delivers; about 5 minutes on average, and no promise. */
const deliveryMinutes = 10;

export function queryableTrail(ground: Ground, trail: Trail): QueryableTrail {
  const dataEvents = new Map<string, Delivered[]>();
  return {
    begin: (account) => void dataEvents.set(account, dataEvents.get(account) ?? []),
    write: (account, event) => void dataEvents.get(account)?.push(event),
    delivered: (account, since, now) => {
      const until = plus(now, {
        minutes: -Math.max(deliveryMinutes, ground.settings.trailLagMinutes),
      });
      // IAM's calls are in one Region's history, wherever they were made.
      const regions = new Set([homeRegion(ground.partition), ...trail.regions(account)]);
      const management = [...regions]
        .flatMap((region) => trail.records(account, region))
        .map(({ eventName, principal, ...where }): Delivered => {
          return { ...where, eventName, accessKeyId: principal.caller.accessKeyId };
        });
      return [...management, ...(dataEvents.get(account) ?? [])]
        .filter(({ at }) => at >= since && at <= until)
        .sort((a, b) => a.at.localeCompare(b.at));
    },
  };
}

/** Long-term keys each by itself; of everything else one group, or none. */
export function grouped(events: readonly Delivered[], others: 'others too' | 'keys only') {
  const groups = new Map<string, Delivered[]>();
  for (const event of events) {
    const isKey = event.accessKeyId.startsWith('AKIA');
    if (!isKey && others === 'keys only') continue;
    const name = JSON.stringify(isKey ? commonOf(event) : ['', '', '', '', '', '']);
    groups.set(name, [...(groups.get(name) ?? []), event]);
  }
  return [...groups].map(([name, of]): Group => {
    const at = of.map((each) => inSeconds(each.at) as Instant);
    const isAsking = of.some(({ eventName }) => /^Get(Session|Federation)Token$/.test(eventName));
    return {
      by: JSON.parse(name),
      first: at[0] ?? ('' as Instant),
      last: at.at(-1) ?? ('' as Instant),
      uses: of.length,
      lastEvent: of.at(-1)?.eventName ?? '',
      asked: isAsking ? 1 : 0,
    };
  });
}

function commonOf(event: Delivered): Group['by'] {
  const { accessKeyId, service, region, sourceIp, userAgent, at } = event;
  const half = `${at.slice(0, 10)} ${at.slice(11, 13) < '12' ? 'a' : 'p'}`;
  return [accessKeyId, `${service}.amazonaws.com`, region, sourceIp, userAgent, half];
}
