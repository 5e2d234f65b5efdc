/** One page for whoever is on call: what waits, what went wrong, what is held, how the functions do. */

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

/** Two graphs in a row, six units high. */
const graph = (index, title, metrics, stat, period = 300) => ({
  type: 'metric',
  x: 12 * (index % 2),
  y: 6 * Math.floor(index / 2),
  width: 12,
  height: 6,
  // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation fills it in
  properties: { title, metrics, stat, period, region: '${AWS::Region}', view: 'timeSeries' },
});

module.exports = async ({ resolveVariable }) => {
  const stage = await resolveVariable('sls:stage');
  const ofQueue = (metric) =>
    queues.map((q) => ['AWS/SQS', metric, 'QueueName', `keyturn-${stage}-${q}`]);
  const ofFunction = (metric) =>
    functions.map((f) => ['AWS/Lambda', metric, 'FunctionName', `keyturn-${stage}-${f}`]);
  const ours = (metric) => [[`Keyturn/${stage}`, metric]];
  const widgets = [
    ['Held rotations (each counts once a day)', ours('HeldRotations'), 'Sum', 86400],
    ['Rotations overdue for an hour', ours('OverdueRotations'), 'Maximum'],
    ['Accounts and users that the inventory could not look at', ours('InventoryGaps'), 'Maximum'],
    ['Messages in queues', ofQueue('ApproximateNumberOfMessagesVisible'), 'Maximum'],
    ['Age of the oldest message, seconds', ofQueue('ApproximateAgeOfOldestMessage'), 'Maximum'],
    ['Errors', ofFunction('Errors'), 'Sum'],
    ['Throttles', ofFunction('Throttles'), 'Sum'],
    ['Duration, 95th percentile, milliseconds', ofFunction('Duration'), 'p95'],
    ['Invocations', ofFunction('Invocations'), 'Sum'],
  ].map(([title, metrics, stat, period], index) => graph(index, title, metrics, stat, period));
  return {
    Resources: {
      Dashboard: {
        Type: 'AWS::CloudWatch::Dashboard',
        Properties: {
          DashboardName: `keyturn-${stage}`,
          DashboardBody: { 'Fn::Sub': JSON.stringify({ widgets }) },
        },
      },
    },
  };
};
