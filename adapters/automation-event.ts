/**
 * SSM's "EC2 Automation Execution Status-change Notification". It says that a run changed, not how:
 * status events carry no outputs, come at best effort, and write times as US-locale text, so all
 * that is taken from one is which run to ask SSM about.
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/monitoring-systems-manager-event-examples.html
 * (2026-11-23)
 */
import type { Inbound } from '../domain/inbound.ts';
import { partitionOf } from '../domain/region.ts';
import { type EventSettings, envelopeFields } from './event-envelope.ts';
import { foreignTo } from './foreign.ts';
import { fields, peek, peekText, problemsOf, text } from './problems.ts';

const executionForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const statusChange = fields(
  {
    ...envelopeFields,
    detail: fields(
      {
        ExecutionId: text('the execution id, a UUID', executionForm),
        Status: text('the status, e.g. Success'),
      },
      'what SSM says',
    ),
  },
  'an EventBridge event',
);

/**
 * Which run to ask about. Child executions and runs of other documents are asked about likewise.
 */
export function readStatusChange(event: unknown, { partition }: EventSettings): Inbound {
  const account = peekText(event, 'account') ?? '';
  const region = peekText(event, 'region') ?? '';
  const executionId = peekText(event, 'detail', 'ExecutionId') ?? '';
  const problems = [
    ...problemsOf(statusChange, event),
    ...(region === '' ? [] : foreignTo(partition, `region ${region}`, partitionOf(region))),
    ...arnProblems(event, { partition, account, region, executionId }),
  ];
  return problems.length > 0
    ? { kind: 'rejected', problems }
    : { kind: 'run', where: { partition, account, region }, executionId };
}

const executionArn = new RegExp(
  '^arn:(?<partition>[^:]*):ssm:(?<region>[^:]*):(?<account>[^:]*):' +
    'automation-execution/(?<executionId>.*)$',
  's',
);

/** The execution's ARN among the event's resources must be that of the same run. */
function arnProblems(
  event: unknown,
  expected: Readonly<Record<string, string>>,
): readonly string[] {
  const resources = peek(event, 'resources');
  if (!Array.isArray(resources)) return [];
  return resources.flatMap((arn: unknown) => {
    const parts = typeof arn === 'string' ? (executionArn.exec(arn)?.groups ?? {}) : {};
    return Object.entries(parts).flatMap(([part, value]) =>
      expected[part] === '' || expected[part] === value
        ? []
        : [`the ${part} in resources is "${value}" but the event's is "${expected[part]}"`],
    );
  });
}
