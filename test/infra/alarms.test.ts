/** What somebody is told of: every queue, every function, and what each tick logs. */
import { createRequire } from 'node:module';
import { beforeAll, describe, expect, test } from 'vitest';
import { consoleLog } from '../../adapters/console-log.ts';
import { assumptions } from '../../commands/prices.ts';
import { heldProbeHours } from '../../domain/decision.ts';
import { onInventoryHandler } from '../../functions/on-inventory.ts';
import { onTickHandler } from '../../functions/on-tick.ts';
import { removeDoors } from '../../sandbox/member-roles.ts';
import { givenShell } from '../app/given-shell.ts';
import { type PackagedStack, packageStack } from './packaged-stack.ts';

const { quietHours } = createRequire(import.meta.url)('../../infra/summary-alarm.cjs') as {
  quietHours: (days: string) => number;
};

let stack: PackagedStack;

beforeAll(async () => {
  stack = await packageStack('prod');
}, 60_000);

const propertiesOf = (type: string) =>
  Object.values(stack.resources)
    .filter(({ Type }) => Type === type)
    .map(({ Properties }) => Properties);

const alarmsOn = (metric: string) =>
  propertiesOf('AWS::CloudWatch::Alarm').filter(({ MetricName }) => MetricName === metric);

/** The logical id that an alarm's one dimension names. */
const watched = (metric: string) =>
  alarmsOn(metric)
    .map(({ Dimensions: [{ Value }] }) => Value.Ref ?? Value['Fn::GetAtt'][0])
    .toSorted();

const functionIds = () =>
  Object.entries(stack.resources)
    .filter(([, { Type }]) => Type === 'AWS::Lambda::Function')
    .map(([id]) => id)
    .toSorted();

describe('alarms', () => {
  test('watch what lies in the queues of what went wrong', () => {
    expect(watched('ApproximateNumberOfMessagesVisible')).toEqual([
      'MissedReports',
      'RejectedEvents',
      'UndeliveredEvents',
    ]);
  });

  test('watch how long anything waits to be taken', () => {
    expect(watched('ApproximateAgeOfOldestMessage')).toEqual(['Inbound', 'Runs']);
  });

  test('watch every function, and that the tick comes', () => {
    expect(watched('Errors')).toEqual(functionIds());
    expect(watched('Throttles')).toEqual(
      functionIds().filter((id) => id !== 'OnTickLambdaFunction'),
    );
    expect(alarmsOn('Invocations')).toMatchObject([
      { Period: 60, EvaluationPeriods: 5, TreatMissingData: 'breaching' },
      { Period: 3600, EvaluationPeriods: 26, TreatMissingData: 'breaching' },
      { Period: 3600, EvaluationPeriods: 74, TreatMissingData: 'breaching' },
    ]);
    expect(watched('Invocations')).toEqual([
      'DailySummaryLambdaFunction',
      'OnInventoryLambdaFunction',
      'OnTickLambdaFunction',
    ]);
  });

  test.each([
    ['MON-FRI', 3 * 24 + 2],
    ['MON-SUN', 26],
    ['MON,THU', 4 * 24 + 2],
    ['FRI-MON', 4 * 24 + 2],
    ['SAT-SUN,WED', 3 * 24 + 2],
    ['WED', 7 * 24],
  ])('with summaries on %s, are silent for %i hours', (days, hours) => {
    expect(quietHours(days)).toBe(hours);
  });

  test('go to the topic for alarms, going and coming', () => {
    for (const { AlarmActions, OKActions, AlarmName } of propertiesOf('AWS::CloudWatch::Alarm')) {
      expect(AlarmName).toMatch(/^keyturn-prod-/);
      expect([AlarmActions, OKActions]).toEqual([[{ Ref: 'Alarms' }], [{ Ref: 'Alarms' }]]);
    }
  });

  test('see a held rotation for as long as it is held', () => {
    const [{ Period, EvaluationPeriods, DatapointsToAlarm }] = alarmsOn('HeldRotations');
    expect(Period * EvaluationPeriods).toBeGreaterThan(heldProbeHours * 3600);
    expect(DatapointsToAlarm).toBe(1);
  });

  test('see what the inventory left out until the next one', () => {
    const [{ Period, EvaluationPeriods, DatapointsToAlarm }] = alarmsOn('InventoryGaps');
    expect(Period * EvaluationPeriods).toBeGreaterThan(24 * 3600);
    expect(DatapointsToAlarm).toBe(1);
  });
});

describe('the metric filters', () => {
  /** What `{ ($.function = "on-tick") && ($.held = *) }` makes of a line, as CloudWatch has it. */
  const counted = (
    filter: { FilterPattern: string; MetricTransformations: { MetricValue: string }[] },
    line: string,
  ) => {
    const parsed = JSON.parse(line);
    const terms = [...filter.FilterPattern.matchAll(/\(\$\.(\w+) = (?:"([^"]*)"|\*)\)/g)];
    expect(terms).toHaveLength(2);
    const holds = terms.every(([, field = '', text]) =>
      text === undefined ? parsed[field] !== undefined : parsed[field] === text,
    );
    const [, field = ''] =
      /^\$\.(\w+)$/.exec(filter.MetricTransformations[0]?.MetricValue ?? '') ?? [];
    return holds ? parsed[field] : undefined;
  };

  const filtersOn = (group: string) =>
    propertiesOf('AWS::Logs::MetricFilter').filter(
      ({ LogGroupName }) => LogGroupName.Ref === group,
    );

  test('find their numbers in the line that a tick logs', async () => {
    const lines: string[] = [];
    const { shell } = await givenShell();
    await onTickHandler({ ...shell, log: consoleLog((line) => lines.push(line)) })({});
    const filters = filtersOn('OnTickLogGroup');
    expect(filters).toHaveLength(2);
    for (const filter of filters) {
      expect(lines.map((line) => counted(filter, line))).toEqual([0]);
    }
  });

  test('find theirs in the line that an inventory logs', async () => {
    const lines: string[] = [];
    const { world } = await givenShell();
    removeDoors(world.cloud, '444455556666');
    const log = consoleLog((line) => lines.push(line));
    await onInventoryHandler({ ...world.inventory, log })({});
    const [filter, ...more] = filtersOn('OnInventoryLogGroup');
    expect(more).toEqual([]);
    // What it says of the account alone counts for nothing; the line at the end, once.
    expect(lines.map((line) => counted(filter, line)).filter((each) => each !== undefined)).toEqual(
      [1],
    );
  });
});

test('the dashboard shows what there is', () => {
  const [{ DashboardBody }] = propertiesOf('AWS::CloudWatch::Dashboard');
  const { widgets } = JSON.parse(DashboardBody['Fn::Sub']);
  const shown = JSON.stringify(widgets);
  const names = [
    ...propertiesOf('AWS::SQS::Queue').map(({ QueueName }) => QueueName),
    ...propertiesOf('AWS::Lambda::Function').map(({ FunctionName }) => FunctionName),
    ...propertiesOf('AWS::Logs::MetricFilter').map(
      ({ MetricTransformations: [{ MetricName }] }) => MetricName,
    ),
  ];
  for (const name of names) expect(shown).toContain(`"${name}"`);
});

test('what is priced by the month is what the stack holds', () => {
  const listened = propertiesOf('AWS::Lambda::EventSourceMapping').length;
  expect({
    alarms: propertiesOf('AWS::CloudWatch::Alarm').length,
    metrics: propertiesOf('AWS::Logs::MetricFilter').length,
    dashboards: propertiesOf('AWS::CloudWatch::Dashboard').length,
    queues: listened,
  }).toEqual({
    alarms: assumptions.alarms,
    metrics: assumptions.metrics,
    dashboards: assumptions.dashboards,
    queues: assumptions.queues,
  });
});
