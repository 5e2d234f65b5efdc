/**
 * Findings in the AWS Security Finding Format, as Security Hub sends them when they are imported or
 * updated, and when an analyst presses a custom action. Each finding is judged on its own.
 * https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-cwe-event-formats.html
 * (2026-11-23)
 */
import type { Inbound } from '../domain/inbound.ts';
import type { Partition } from '../domain/key.ts';
import { partitionOf } from '../domain/region.ts';
import { readFinding } from './asff-finding.ts';
import { type EventSettings, sentAt } from './event-envelope.ts';
import { foreignArn } from './finding-place.ts';
import { allIgnored, eachFinding, findingsEvent, listOf } from './findings-event.ts';
import { foreignTo } from './foreign.ts';
import { peek, peekText, problem, problemsOf } from './problems.ts';

/** Every finding of the event; rejected as a whole if what is around them is malformed. */
export function readSecurityHubEvent(event: unknown, settings: EventSettings): Inbound {
  const asked = peekText(event, 'detail-type') === 'Security Hub Findings - Custom Action';
  const action = asked ? actionOf(event) : undefined;
  const problems = [
    ...problemsOf(findingsEvent, event),
    ...(asked && action === undefined
      ? [
          problem(
            'the custom action in resources',
            undefined,
            'an ARN ending in action/custom/<id>',
          ),
        ]
      : []),
    ...foreignEnvelope(event, settings.partition),
  ];
  const around = { partition: settings.partition, asked, sentAt: sentAt(event) };
  const read = eachFinding(event, problems, (finding, at) => readFinding(finding, at, around));
  return read.kind === 'findings' && action !== undefined && action !== settings.customAction
    ? allIgnored(`the custom action ${action} does not ask for a rotation`)
    : read;
}

/** A Region or an ARN of another partition contradicts a bus of this one. */
export function foreignEnvelope(event: unknown, partition: Partition): readonly string[] {
  const region = peekText(event, 'region') ?? '';
  const arns = listOf(peek(event, 'resources'))
    .filter((arn) => typeof arn === 'string')
    .flatMap((arn) => foreignArn(partition, arn, arn));
  return region === ''
    ? arns
    : [...foreignTo(partition, `region ${region}`, partitionOf(region)), ...arns];
}

/** The id of the custom action that was pressed, from its ARN. */
function actionOf(event: unknown): string | undefined {
  return listOf(peek(event, 'resources'))
    .map((arn) =>
      typeof arn === 'string' ? /:action\/custom\/([^/]+)$/.exec(arn)?.[1] : undefined,
    )
    .find((id) => id !== undefined);
}
