/**
 * For every function an alarm when it errs and one when Lambda has no room for it. What a batch's
 * single messages come to is no error of the function: the age of their queue tells of that. The tick
 * is throttled on purpose while another one is at work, so its silence alarms instead (alarms.yml).
 */
const functions = {
  OnFinding: 'on-finding',
  OnRunbookFinished: 'on-runbook-finished',
  OnSlackAction: 'on-slack-action',
  OnSlackCommand: 'on-slack-command',
  OnPagerDutyEvent: 'on-pagerduty-event',
  OnTick: 'on-tick',
  OnInventory: 'on-inventory',
  DailySummary: 'daily-summary',
  Custodian: 'custodian',
  Witness: 'witness',
  EvidenceReport: 'evidence-report',
};

const tell = [{ Ref: 'Alarms' }];

const alarm = (stage, id, name, metric, what) => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: {
    AlarmName: `keyturn-${stage}-${name}-${metric.toLowerCase()}`,
    AlarmDescription: `${name} ${what}. Its log says more.`,
    Namespace: 'AWS/Lambda',
    MetricName: metric,
    Dimensions: [{ Name: 'FunctionName', Value: { Ref: `${id}LambdaFunction` } }],
    Statistic: 'Sum',
    Period: 300,
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    TreatMissingData: 'notBreaching',
    AlarmActions: tell,
    OKActions: tell,
  },
});

module.exports = async ({ resolveVariable }) => {
  const stage = await resolveVariable('sls:stage');
  const alarms = Object.entries(functions).flatMap(([id, name]) => [
    [`${id}ErrorsAlarm`, alarm(stage, id, name, 'Errors', 'failed')],
    ...(name === 'on-tick'
      ? []
      : [[`${id}ThrottlesAlarm`, alarm(stage, id, name, 'Throttles', 'was refused room to run')]]),
  ]);
  return { Resources: Object.fromEntries(alarms) };
};
