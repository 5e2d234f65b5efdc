/**
 * What AWS asks in us-east-1, as of November 2026, in US dollars, without free tiers. `read` where
 * the figure was found in published text then; `recalled` where it should be looked up at its link
 * before anybody relies on it.
 */
import { customMetrics } from '../domain/metrics.ts';

export interface Price {
  readonly what: string;
  readonly dollars: number;
  /** For how many. */
  readonly per: number;
  readonly source: string;
  readonly known: 'read' | 'recalled';
}

const million = 1_000_000;
const aws = (path: string) => `https://aws.amazon.com/${path}/pricing/`;

export const asOf = '2026-11';
export const region = 'us-east-1';

export const prices = {
  automationStep: price('Automation steps', 0.002, 1, aws('systems-manager'), 'read'),
  lambdaRequest: price('Lambda requests', 0.2, million, aws('lambda'), 'read'),
  lambdaSecond: price('Lambda GB-seconds on ARM', 0.0000133334, 1, aws('lambda'), 'read'),
  tableWrite: price('DynamoDB write units', 0.625, million, aws('dynamodb'), 'read'),
  tableRead: price('DynamoDB read units', 0.125, million, aws('dynamodb'), 'read'),
  secretMonth: price('secrets a month', 0.4, 1, aws('secrets-manager'), 'read'),
  secretCall: price('Secrets Manager calls', 0.05, 10_000, aws('secrets-manager'), 'read'),
  schedule: price('Scheduler invocations', 1, million, aws('eventbridge'), 'recalled'),
  busEvent: price('events put on a bus', 1, million, aws('eventbridge'), 'recalled'),
  queueCall: price('SQS requests', 0.4, million, aws('sqs'), 'recalled'),
  topicMessage: price('SNS messages', 0.5, million, aws('sns'), 'recalled'),
  httpRequest: price('HTTP API requests', 1, million, aws('api-gateway'), 'recalled'),
  logGigabyte: price('GB of logs taken in', 0.5, 1, aws('cloudwatch'), 'recalled'),
  alarmMonth: price('alarms a month', 0.1, 1, aws('cloudwatch'), 'recalled'),
  metricMonth: price('custom metrics a month', 0.3, 1, aws('cloudwatch'), 'recalled'),
  metricHour: price('hours of daily metrics', 0.3 / 720, 1, aws('cloudwatch'), 'read'),
  dashboardMonth: price('dashboards a month', 3, 1, aws('cloudwatch'), 'recalled'),
} as const satisfies Readonly<Record<string, Price>>;

export type Priced = keyof typeof prices;

/** What cannot be counted in virtual time, and is therefore said. */
export const assumptions = {
  /** Milliseconds that a handler is billed, and that custodian and witness are: they wait. */
  handlerMillis: 400,
  besideKeysMillis: 6000,
  /** What an idle tick is billed. */
  idleTickMillis: 150,
  gigabytes: 0.5,
  logBytesAnInvocation: 600,
  /** An empty queue that a function listens to is asked by Lambda that often, 20 s a time. */
  pollersAQueue: 5,
  queues: 2,
  alarms: 33,
  metrics: 3,
  /** Those that the inventory emits: a metric is charged by the hours in which it is sent. */
  dailyMetrics: customMetrics().length,
  hoursADailyMetric: 1,
  dashboards: 1,
  daysInAMonth: 30,
} as const;

function price(
  what: string,
  dollars: number,
  per: number,
  source: string,
  known: Price['known'],
): Price {
  return { what, dollars, per, source, known };
}
