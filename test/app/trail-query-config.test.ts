/** Which trail the witness queries, by its environment; anything doubtful is refused by name. */
import { describe, expect, test } from 'vitest';
import { readTrailQuery } from '../../app/trail-query-config.ts';

const problemsIn = (env: Record<string, string>) => {
  const read = readTrailQuery(env);
  return read.ok ? [] : read.problems;
};

describe('a trail to query', () => {
  const none = { ok: true, value: undefined };

  test('is none where nothing is set, or all is empty', () => {
    expect(readTrailQuery({})).toEqual(none);
    const empty = { KEYTURN_TRAIL_LOG_GROUP: '', KEYTURN_TRAIL_TABLE: '' };
    expect(readTrailQuery({ ...empty, KEYTURN_TRAIL_WORKGROUP: '' })).toEqual(none);
    expect(readTrailQuery({ KEYTURN_TRAIL_DAYS: '30' })).toEqual(none);
  });

  test('in a log group, 90 days back and every half hour unless said', () => {
    const logGroup = 'aws-cloudtrail-logs/example';
    expect(readTrailQuery({ KEYTURN_TRAIL_LOG_GROUP: logGroup })).toEqual({
      ok: true,
      value: { kind: 'logs-insights', logGroup, span: { days: 90, cycleMinutes: 30 } },
    });
  });

  test('in a table', () => {
    const env = {
      KEYTURN_TRAIL_TABLE: 'trails.events',
      KEYTURN_TRAIL_WORKGROUP: 'keyturn',
      KEYTURN_TRAIL_DAYS: '14',
      KEYTURN_TRAIL_CYCLE_MINUTES: '120',
    };
    const span = { days: 14, cycleMinutes: 120 };
    expect(readTrailQuery(env)).toEqual({
      ok: true,
      value: { kind: 'athena', table: 'trails.events', workgroup: 'keyturn', span },
    });
  });

  test.each([
    { KEYTURN_TRAIL_LOG_GROUP: 'group" | limit 0' },
    { KEYTURN_TRAIL_TABLE: 'trails."events"', KEYTURN_TRAIL_WORKGROUP: 'keyturn' },
    { KEYTURN_TRAIL_TABLE: 'events', KEYTURN_TRAIL_WORKGROUP: 'keyturn' },
    { KEYTURN_TRAIL_TABLE: 'trails.events', KEYTURN_TRAIL_WORKGROUP: 'a b' },
    { KEYTURN_TRAIL_TABLE: 'trails.events' },
    { KEYTURN_TRAIL_WORKGROUP: 'keyturn' },
    {
      KEYTURN_TRAIL_LOG_GROUP: 'example',
      KEYTURN_TRAIL_TABLE: 'trails.events',
      KEYTURN_TRAIL_WORKGROUP: 'keyturn',
    },
    { KEYTURN_TRAIL_DAYS: '0' },
    { KEYTURN_TRAIL_DAYS: '91' },
    { KEYTURN_TRAIL_DAYS: '1e1' },
    { KEYTURN_TRAIL_CYCLE_MINUTES: '14' },
    { KEYTURN_TRAIL_CYCLE_MINUTES: '121' },
  ])('is refused: %j', (env) => {
    const [problem, ...others] = problemsIn(env);
    expect(problem).toMatch(/^KEYTURN_TRAIL_/);
    expect(others).toEqual([]);
  });
});
