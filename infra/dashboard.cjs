/**
 * One page for whoever is on call: what waits, what went wrong, what is held, how the functions do;
 * and below, by days, how old keys are and what rotations came to (domain/metrics.ts).
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html (2026-11)
 */
const { customMetrics } = require('../domain/metrics.ts');

const queues = ['inbound', 'runs', 'rejected', 'undelivered', 'missed-ticks', 'missed-reports'];
const functions = [
  'on-finding',
  'on-runbook-finished',
  'on-slack-action',
  'on-slack-command',
  'on-pagerduty-event',
  'on-tick',
  'on-inventory',
  'daily-summary',
  'custodian',
  'witness',
  'evidence-report',
];

const day = 86400;

/** Two graphs in a row, six units high. */
const graph = (index, { title, metrics, stat, period = 300, ...more }) => ({
  type: 'metric',
  x: 12 * (index % 2),
  y: 6 * Math.floor(index / 2),
  width: 12,
  height: 6,
  properties: {
    ...{ title, metrics, stat, period, view: 'timeSeries' },
    // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation fills it in
    region: '${AWS::Region}',
    ...more,
  },
});

/** What is measured once a day. Measured once more on the same day, the most of it is the same. */
const byDay = (stage, title, names, more = {}) => ({
  title,
  metrics: names.flatMap((name) =>
    customMetrics()
      .filter((metric) => metric.name === name)
      .map((metric) => [
        `Keyturn/${stage}`,
        name,
        ...(metric.stage === null ? [] : ['Stage', metric.stage, { label: metric.stage }]),
      ]),
  ),
  ...{ stat: 'Maximum', period: day, start: '-P90D', ...more },
});

const days = (stage) => [
  byDay(stage, 'Age of Active keys, days: mean and oldest', ['MeanKeyAgeDays', 'OldestKeyAgeDays']),
  byDay(
    stage,
    'Active keys by age',
    [
      'KeysUnder30Days',
      'Keys30To59Days',
      'Keys60To89Days',
      'Keys90To179Days',
      'Keys180To364Days',
      'Keys365DaysAndMore',
    ],
    { stacked: true },
  ),
  byDay(stage, 'Active keys: all, soon findings, stale, stale without a rotation', [
    'ActiveKeys',
    'NearingKeys',
    'StaleKeys',
    'UncoveredKeys',
  ]),
  byDay(stage, 'Rotations by stage', ['Rotations'], { stacked: true }),
  byDay(stage, 'Rotations opened and ended, a day', [
    'RotationsOpened',
    'RotationsRotated',
    'RotationsRetired',
    'RotationsAlreadyGone',
    'RotationsExempt',
    'RotationsAbandoned',
  ]),
  byDay(stage, 'Hours from claim to end, mean of those rotated on the day', ['MeanHoursToRotate']),
  byDay(stage, 'Hours at each stage, mean of those that left it on the day', ['HoursAtStage']),
  byDay(stage, 'Snoozes, holds, roll-backs, runs that failed or refused, a day', [
    'Snoozes',
    'Holds',
    'RollBacks',
    'FailedRuns',
    'RefusedRuns',
  ]),
];

module.exports = async ({ resolveVariable }) => {
  const stage = await resolveVariable('sls:stage');
  const ofQueue = (metric) =>
    queues.map((q) => ['AWS/SQS', metric, 'QueueName', `keyturn-${stage}-${q}`]);
  const ofFunction = (metric) =>
    functions.map((f) => ['AWS/Lambda', metric, 'FunctionName', `keyturn-${stage}-${f}`]);
  const ours = (metric) => [[`Keyturn/${stage}`, metric]];
  const widgets = [
    ['Held rotations (each counts once a day)', ours('HeldRotations'), 'Sum', day],
    ['Rotations overdue for an hour', ours('OverdueRotations'), 'Maximum'],
    ['Accounts and users that the inventory could not look at', ours('InventoryGaps'), 'Maximum'],
    ['Messages in queues', ofQueue('ApproximateNumberOfMessagesVisible'), 'Maximum'],
    ['Age of the oldest message, seconds', ofQueue('ApproximateAgeOfOldestMessage'), 'Maximum'],
    ['Errors', ofFunction('Errors'), 'Sum'],
    ['Throttles', ofFunction('Throttles'), 'Sum'],
    ['Duration, 95th percentile, milliseconds', ofFunction('Duration'), 'p95'],
    ['Invocations', ofFunction('Invocations'), 'Sum'],
  ].map(([title, metrics, stat, period]) => ({ title, metrics, stat, period }));
  const graphs = [...widgets, ...days(stage)].map((each, index) => graph(index, each));
  // Or a graph of a week would make a period of its own of each day's one value.
  const body = { periodOverride: 'inherit', widgets: graphs };
  return {
    Resources: {
      Dashboard: {
        Type: 'AWS::CloudWatch::Dashboard',
        Properties: {
          DashboardName: `keyturn-${stage}`,
          DashboardBody: { 'Fn::Sub': JSON.stringify(body) },
        },
      },
    },
  };
};
