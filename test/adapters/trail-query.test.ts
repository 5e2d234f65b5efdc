/** Athena and Logs Insights against the one contract, and their texts against hostile names. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { refuseStale, rowsOf, usesOf } from '../../adapters/trail-query-rows.ts';
import { athenaText, insightsText } from '../../adapters/trail-query-text.ts';
import { Permanent } from '../../domain/errors.ts';
import { type Instant, instant } from '../../domain/instant.ts';
import { type QueryTerms, queryTerms } from '../../domain/trail-query.ts';
import { trailQueryContract } from '../contracts/trail-query.ts';

const span = { days: 90, cycleMinutes: 30 };

trailQueryContract('Logs Insights', {
  query: { kind: 'logs-insights', logGroup: 'aws-cloudtrail-logs/example', span },
  operations: { start: 'StartQuery', look: 'GetQueryResults', rows: 'GetQueryResults' },
  setUp: (cloud, account, region) =>
    cloud.addTrailLogGroup({ account, region, name: 'aws-cloudtrail-logs/example' }),
  running: { status: 'Running', results: [] },
  failed: { status: 'Failed', results: [] },
  fullPage: { status: 'Complete', results: Array.from({ length: 10_000 }, () => []) },
});

const page = Array.from({ length: 1000 }, () => ({ Data: [] }));

trailQueryContract('Athena', {
  query: { kind: 'athena', table: 'trails.events', workgroup: 'keyturn', span },
  operations: {
    start: 'StartQueryExecution',
    look: 'GetQueryExecution',
    rows: 'GetQueryResults',
  },
  setUp: (cloud, account, region) =>
    cloud.addTrailTable({ account, region, table: 'trails.events', workgroup: 'keyturn' }),
  running: { QueryExecution: { Status: { State: 'QUEUED' } } },
  failed: { QueryExecution: { Status: { State: 'FAILED', StateChangeReason: 'no such table' } } },
  fullPage: { ResultSet: { Rows: page }, NextToken: 'more' },
});

const terms: QueryTerms = queryTerms(
  '111122223333',
  ['us-east-1', 'eu-west-1', 'us-east-1'],
  span,
  instant('2026-11-10T12:17:31Z'),
);

describe('the text of a query', () => {
  test('is the same for all who ask within a cycle, and another one in the next', () => {
    const textAt = (at: string) =>
      insightsText(queryTerms('111122223333', ['us-east-1'], span, instant(at)));
    expect(textAt('2026-11-10T12:00:00Z')).toBe(textAt('2026-11-10T12:29:59.999Z'));
    expect(textAt('2026-11-10T12:30:00Z')).not.toBe(textAt('2026-11-10T12:29:59.999Z'));
    const byRegions = (...regions: string[]) =>
      athenaText(queryTerms('111122223333', regions, span, instant('2026-11-10T12:00:00Z')), 'a.b');
    expect(byRegions('us-east-1', 'eu-west-1')).toBe(byRegions('eu-west-1', 'us-east-1'));
  });

  test('reads one account, its Regions, and no day before its first', () => {
    const text = athenaText(terms, 'trails.events');
    expect(text).toContain(`FROM "trails"."events"`);
    expect(text).toContain("WHERE account = '111122223333'");
    expect(text).toContain("region IN ('eu-west-1', 'us-east-1')");
    expect(text).toContain("day >= '2026/08/12' AND eventtime >= '2026-08-12T12:00:00Z'");
  });

  const hostile = [
    "x' OR '1'='1",
    "111122223333'; DROP TABLE events; --",
    '111122223333" or "1" = "1',
    '111122223333\n| limit 1',
    'us-east-1\n',
    '# comment',
    '',
    '１１１１２２２２３３３３',
  ];

  test.each(hostile)('is never made with %j, in whatever place', (text) => {
    const kinds: readonly (readonly [QueryTerms, string])[] = [
      [{ ...terms, account: text }, 'trails.events'],
      [{ ...terms, regions: ['us-east-1', text] }, 'trails.events'],
      [{ ...terms, cycle: text as Instant }, 'trails.events'],
      [{ ...terms, since: text as Instant }, 'trails.events'],
      [terms, text],
      [terms, `trails.${text}`],
    ];
    for (const [asked, table] of kinds) expect(() => athenaText(asked, table)).toThrow(Permanent);
    expect(() => insightsText({ ...terms, account: text })).toThrow(Permanent);
    expect(() => insightsText({ ...terms, since: text as Instant })).toThrow(Permanent);
  });

  test('has the quotations that it is meant to have, whatever the parts are', () => {
    const quotesIn = (text: string) => text.match(/['"]/g)?.length;
    const quotes = quotesIn(athenaText({ ...terms, regions: ['us-east-1'] }, 'trails.events'));
    const anyTable = fc.oneof(fc.string(), fc.stringMatching(/^[a-z_.'"]{1,12}$/));
    fc.assert(
      fc.property(fc.string(), anyTable, (region, table) => {
        try {
          const text = athenaText({ ...terms, regions: [region] }, table);
          expect(quotesIn(text)).toBe(quotes);
        } catch (error) {
          expect(error).toBeInstanceOf(Permanent);
        }
        try {
          expect(quotesIn(athenaText({ ...terms, regions: ['us-east-1'] }, table))).toBe(quotes);
        } catch (error) {
          expect(error).toBeInstanceOf(Permanent);
        }
      }),
    );
  });
});

describe('rows', () => {
  const row = { keyId: 'AKIAIOSFODNN7EXAMPLE', first: '2026-11-10T01:00:00Z', asked: '0' };
  const whole = { ...row, last: '2026-11-10T02:00:00Z' };

  test('without address or program are uses all the same', () => {
    const [use] = usesOf(rowsOf([whole], 'asking'), whole.keyId);
    expect(use?.use).toMatchObject({
      sourceIp: 'unknown',
      userAgent: 'unknown',
      service: 'unknown',
    });
  });

  test.each([
    ['keyId', 'ASIAIOSFODNN7EXAMPLE'],
    ['keyId', undefined],
    ['first', 'yesterday'],
    ['last', undefined],
    ['asked', 'NaN'],
  ])('that make no sense make the answer none: %s is %s', (field, value) => {
    const rows = [whole, { ...whole, [field]: value }];
    expect(() => rowsOf(rows, 'asking')).toThrow(/^asking: row 2 cannot be read: /);
  });

  test('are stale once nothing shows that the trail was written in the last four hours', () => {
    const newest = instant('2026-11-10T08:00:00Z');
    const at = (time: string) => () => refuseStale(newest, instant(time), 'asking');
    expect(at('2026-11-10T11:59:59.999Z')).not.toThrow();
    expect(at('2026-11-10T12:00:00Z')).toThrow(/shows no event since/);
    expect(() => refuseStale(undefined, newest, 'asking')).toThrow(/no event at all/);
  });
});
