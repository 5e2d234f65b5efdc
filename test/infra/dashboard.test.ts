/** The dashboard: well formed; of our own metrics it shows all that the code emits, no other. */
import { Ajv } from 'ajv';
import { beforeAll, describe, expect, test } from 'vitest';
import { namespaceOf } from '../../app/compose-inventory.ts';
import { customMetrics } from '../../domain/metrics.ts';
import { type PackagedStack, packageStack } from './packaged-stack.ts';

type Metric = readonly (string | { readonly label: string })[];

interface Widget {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: {
    readonly title: string;
    readonly metrics: readonly Metric[];
    readonly period: number;
    readonly stat: string;
    readonly start?: string;
  };
}

let stack: PackagedStack;
let body: { readonly periodOverride: string; readonly widgets: readonly Widget[] };

beforeAll(async () => {
  stack = await packageStack('prod');
  const { Properties } = Object.values(stack.resources).find(
    ({ Type }) => Type === 'AWS::CloudWatch::Dashboard',
  ) ?? { Properties: undefined };
  body = JSON.parse(Properties.DashboardBody['Fn::Sub']);
}, 60_000);

/** What CloudWatch takes, by its description of a dashboard's body, as far as it is used. */
const structure = {
  type: 'object',
  additionalProperties: false,
  required: ['widgets'],
  properties: {
    start: { type: 'string', pattern: '^-P' },
    periodOverride: { enum: ['auto', 'inherit'] },
    widgets: {
      type: 'array',
      maxItems: 500,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['type', 'properties'],
        properties: {
          type: { const: 'metric' },
          x: { type: 'integer', minimum: 0, maximum: 23 },
          y: { type: 'integer', minimum: 0 },
          width: { type: 'integer', minimum: 1, maximum: 24 },
          height: { type: 'integer', minimum: 1, maximum: 1000 },
          properties: {
            type: 'object',
            additionalProperties: false,
            required: ['metrics', 'region'],
            properties: {
              title: { type: 'string', minLength: 1 },
              region: { type: 'string' },
              view: { enum: ['timeSeries', 'singleValue', 'bar', 'pie', 'table', 'gauge'] },
              stacked: { type: 'boolean' },
              period: { type: 'integer', multipleOf: 60, minimum: 60, maximum: 86400 },
              stat: { type: 'string', pattern: '^(Sum|Average|Minimum|Maximum|p\\d+)$' },
              start: { type: 'string', pattern: '^-P' },
              metrics: {
                type: 'array',
                minItems: 1,
                maxItems: 500,
                items: {
                  type: 'array',
                  minItems: 2,
                  prefixItems: [{ type: 'string' }, { type: 'string' }],
                },
              },
            },
          },
        },
      },
    },
  },
};

describe('the dashboard', () => {
  test('is as CloudWatch takes it', () => {
    const isValid = new Ajv({ strict: false }).compile(structure);
    expect(isValid(body) ? [] : isValid.errors).toEqual([]);
    expect(JSON.stringify(body).length).toBeLessThan(1_000_000);
  });

  test('puts no graph over another, and none over the edge', () => {
    const places = body.widgets.map(({ x, y }) => `${x}/${y}`);
    expect(new Set(places).size).toBe(places.length);
    for (const { x, y, width, height } of body.widgets) {
      expect(x % width).toBe(0);
      expect(y % height).toBe(0);
      expect(x + width).toBeLessThanOrEqual(24);
    }
  });

  /** Ours, without what metric filters make. */
  const shown = () => {
    const filtered = Object.values(stack.resources)
      .filter(({ Type }) => Type === 'AWS::Logs::MetricFilter')
      .map(({ Properties }) => Properties.MetricTransformations[0].MetricName);
    return body.widgets
      .flatMap(({ properties }) => properties.metrics.map((metric) => ({ metric, properties })))
      .filter(({ metric }) => metric[0] === namespaceOf('prod'))
      .filter(({ metric }) => !filtered.includes(metric[1]));
  };

  test('shows each metric that is emitted, once, and none that is not', () => {
    const emitted = customMetrics().map(({ name, stage }) => `${name} ${stage ?? ''}`);
    const named = shown().map(({ metric: [, name, dimension, value] }) => {
      expect(dimension).toBe(value === undefined ? undefined : 'Stage');
      return `${name} ${value ?? ''}`;
    });
    expect(named.toSorted()).toEqual(emitted.toSorted());
  });

  test('shows what is measured once a day by days: counted twice, it is shown once', () => {
    expect(body.periodOverride).toBe('inherit');
    for (const { properties } of shown()) {
      const { stat, period, start } = properties;
      expect({ stat, period, start }).toEqual({ stat: 'Maximum', period: 86_400, start: '-P90D' });
    }
  });
});

test('an alarm over a metric of ours names one that there is', () => {
  const names = Object.values(stack.resources)
    .filter(({ Type, Properties }) => {
      return Type === 'AWS::CloudWatch::Alarm' && Properties.Namespace === namespaceOf('prod');
    })
    .map(({ Properties }) => Properties.MetricName);
  const filters = ['HeldRotations', 'OverdueRotations', 'InventoryGaps'];
  const plain = customMetrics().flatMap(({ name, stage }) => (stage === null ? [name] : []));
  expect(names).toContain('UncoveredKeys');
  expect(names.filter((name) => ![...filters, ...plain].includes(name))).toEqual([]);
});
