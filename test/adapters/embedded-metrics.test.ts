/** Lines of metrics are as CloudWatch reads them, and name what they hold. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { embeddedMetrics } from '../../adapters/embedded-metrics.ts';
import { Bug } from '../../domain/errors.ts';
import { instant } from '../../domain/instant.ts';
import type { Measured } from '../../domain/metrics.ts';

const now = instant('2026-11-23T05:04:03Z');
const fixture = join(import.meta.dirname, '..', 'fixtures', 'embedded-metric-format.json');
const isLine = new Ajv({ strict: false }).compile(JSON.parse(readFileSync(fixture, 'utf8')));

interface Line {
  readonly _aws: {
    readonly CloudWatchMetrics: readonly {
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string }[];
    }[];
  };
}

function written(measured: readonly Measured[], namespace = 'Keyturn/prod') {
  const lines: string[] = [];
  embeddedMetrics(namespace, (line) => lines.push(line))(measured, now);
  return lines;
}

describe('a line', () => {
  const some: readonly Measured[] = [
    { stage: null, values: { ActiveKeys: 7, MeanKeyAgeDays: 41.5 } },
    { stage: 'soaking', values: { Rotations: 0, HoursAtStage: 24.25 } },
  ];

  test('of each stage, and of none, is as the format says', () => {
    const lines = written(some);
    expect(lines).toHaveLength(2);
    for (const line of lines) {
      expect(line).not.toContain('\n');
      expect(line.length).toBeLessThan(256_000);
      expect(isLine(JSON.parse(line)) ? [] : isLine.errors).toEqual([]);
    }
    expect(JSON.parse(lines[0] ?? '')).toEqual({
      _aws: {
        Timestamp: Date.parse(now),
        CloudWatchMetrics: [
          {
            Namespace: 'Keyturn/prod',
            Dimensions: [[]],
            Metrics: [
              { Name: 'ActiveKeys', Unit: 'Count' },
              { Name: 'MeanKeyAgeDays', Unit: 'None' },
            ],
          },
        ],
      },
      ActiveKeys: 7,
      MeanKeyAgeDays: 41.5,
    });
  });

  test('holds every metric and dimension that it refers to', () => {
    for (const line of written(some)) {
      const parsed: Line & Record<string, unknown> = JSON.parse(line);
      for (const { Dimensions, Metrics } of parsed._aws.CloudWatchMetrics) {
        for (const { Name } of Metrics) expect(parsed[Name]).toEqual(expect.any(Number));
        for (const name of Dimensions.flat()) expect(parsed[name]).toEqual(expect.any(String));
      }
    }
  });

  test('leaves out what is no number, and is not written for nothing', () => {
    expect(written([{ stage: null, values: { MeanKeyAgeDays: Number.NaN } }])).toEqual([]);
    const [line = ''] = written([{ stage: null, values: { Snoozes: 0, Holds: Number.NaN } }]);
    expect(Object.keys(JSON.parse(line))).toEqual(['_aws', 'Snoozes']);
  });
});

test.each(['', ':keyturn', 'key turn', 'a'.repeat(256)])('%j is no namespace', (namespace) => {
  expect(() => written([], namespace)).toThrow(Bug);
});
