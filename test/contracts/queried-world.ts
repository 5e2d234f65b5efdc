/** An account with a trail that can be queried, two users with a key each, and a witness. */
import { composeSources } from '../../app/compose-beside-keys.ts';
import { type Instant, instant, plus } from '../../domain/instant.ts';
import type { TrailQuery } from '../../domain/trail-query.ts';
import type { TrailQuerySource, UsageSources } from '../../domain/usage-sources.ts';
import { type Cloud, createCloud } from '../../sandbox/account/cloud.ts';
import { type VirtualClock, virtualClock } from '../../sandbox/clock.ts';

export interface QueryUnderTest {
  readonly query: TrailQuery;
  /** The operation that starts a query, that says how it stands, and that gives its rows. */
  readonly operations: { readonly start: string; readonly look: string; readonly rows: string };
  /** Sets up the account's trail so that it can be asked. */
  readonly setUp: (cloud: Cloud, account: string, region: string) => void;
  /** What the operation that says how a query stands answers then. */
  readonly running: object;
  readonly failed: object;
  /** An answer of so many rows, as the operation that gives rows would have it. */
  readonly fullPage: object;
}

export const account = '111122223333';
export const region = 'us-east-1';
export const regions = ['eu-west-1', 'us-east-1'];
/** Noon: where one half day ends and the next begins. */
export const start = instant('2026-11-10T12:00:00Z');

export interface QueriedWorld {
  readonly cloud: Cloud;
  readonly clock: VirtualClock;
  readonly keyId: string;
  readonly otherKeyId: string;
  readonly sources: () => UsageSources;
  /** Through a function instance that has just started. */
  readonly fresh: () => TrailQuerySource;
  readonly use: (keyId: string, at: Instant, changes?: object) => void;
  readonly calls: (operation: string) => number;
}

export function queriedWorld({
  query,
  setUp,
}: Pick<QueryUnderTest, 'query' | 'setUp'>): QueriedWorld {
  const clock = virtualClock(start);
  const cloud = createCloud({ clock, partition: 'aws', seed: 'trail-query' });
  setUp(cloud, account, region);
  cloud.createRole(account, 'keyturn-witness');
  const credentials = cloud.roleCredentials(account, 'keyturn-witness', 'witness');
  const [keyId, otherKeyId] = ['svc-billing', 'svc-reports'].map((userName) => {
    cloud.addUser({ account, userName, createdAt: plus(start, { days: -200 }) });
    return cloud.addKey(account, userName, { createdAt: plus(start, { days: -100 }) }).keyId;
  });
  if (keyId === undefined || otherKeyId === undefined) throw new Error('two keys were to be made');
  const place = { partition: 'aws', account, region } as const;
  const sources = () =>
    composeSources(place, clock, (where) => cloud.connection({ region: where, credentials }), {
      trailQuery: query,
    });
  const fresh = () => {
    const { trailQuery } = sources();
    if (trailQuery === undefined) throw new Error('no query was composed');
    return trailQuery;
  };
  const use = (key: string, at: Instant, changes: object = {}) =>
    cloud.recordPastUse(key, {
      at,
      service: 's3',
      region,
      sourceIp: '203.0.113.7',
      userAgent: 'aws-cli/2.15',
      eventName: 'GetObject',
      ...changes,
    });
  const calls = (operation: string) =>
    cloud.history.filter((call) => call.operation === operation).length;
  return { cloud, clock, keyId, otherKeyId, sources, fresh, use, calls };
}

/** So many hours before the story begins. */
export const before = (hours: number) => plus(start, { hours: -hours });
