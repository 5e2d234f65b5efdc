/**
 * Findings in the AWS Security Finding Format, as Security Hub sends them when they are imported or
 * updated, and when an analyst presses a custom action. Each finding is judged on its own.
 * https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-cwe-event-formats.html
 * (2026-11-23)
 */
import * as v from 'valibot';
import type { Inbound, Letter, ReadFinding } from '../domain/inbound.ts';
import type { Partition } from '../domain/key.ts';
import { partitionOf } from '../domain/region.ts';
import { readFinding } from './asff-finding.ts';
import { type EventSettings, envelopeFields, sentAt } from './event-envelope.ts';
import { foreignTo } from './foreign.ts';
import { fields, peek, peekText, problem, problemsOf } from './problems.ts';

const list = 'a list of findings';

const findingsEvent = fields(
  {
    ...envelopeFields,
    detail: fields(
      { findings: v.pipe(v.array(v.unknown(), list), v.description(list)) },
      'an object with findings',
    ),
  },
  'an EventBridge event',
);

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
  const findings = listOf(peek(event, 'detail', 'findings'));
  const read = findings.map((finding, index) =>
    readFinding(finding, `detail.findings[${index}]`, around),
  );
  if (problems.length > 0) {
    return { kind: 'rejected', problems: [...problems, ...read.flatMap(problemsIn)] };
  }
  if (action !== undefined && action !== settings.customAction) {
    return allIgnored(`the custom action ${action} does not ask for a rotation`);
  }
  if (findings.length === 0) return allIgnored('there is no finding in it');
  return {
    kind: 'findings',
    reports: read.flatMap((each) => (each.is === 'reported' ? each.reports : [])),
    ignored: read.flatMap((each) => (each.is === 'ignored' ? [each.reason] : [])),
    rejected: read.flatMap((each, index) => letters(event, findings[index], each)),
  };
}

/** Region and custom action of another partition contradict a bus of this one. */
function foreignEnvelope(event: unknown, partition: Partition): readonly string[] {
  const region = peekText(event, 'region') ?? '';
  const actions = listOf(peek(event, 'resources')).flatMap((arn) => {
    const [, where] = /^arn:([a-z-]+):[^/]*:action\/custom\//.exec(String(arn)) ?? [];
    return foreignTo(partition, String(arn), where);
  });
  return region === ''
    ? actions
    : [...foreignTo(partition, `region ${region}`, partitionOf(region)), ...actions];
}

function allIgnored(reason: string): Inbound {
  return { kind: 'findings', reports: [], ignored: [reason], rejected: [] };
}

/** The id of the custom action that was pressed, from its ARN. */
function actionOf(event: unknown): string | undefined {
  return listOf(peek(event, 'resources'))
    .map((arn) => /:action\/custom\/([^/]+)$/.exec(String(arn))?.[1])
    .find((id) => id !== undefined);
}

function problemsIn(read: ReadFinding): readonly string[] {
  return read.is === 'rejected' ? read.problems : [];
}

/** The same event with the bad finding alone: sent again after a cure, it repeats nothing else. */
function letters(event: unknown, finding: unknown, read: ReadFinding): readonly Letter[] {
  if (read.is !== 'rejected') return [];
  const detail = { ...objectOf(peek(event, 'detail')), findings: [finding] };
  return [{ event: { ...objectOf(event), detail }, problems: read.problems }];
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function objectOf(value: unknown): object {
  return typeof value === 'object' && value !== null ? value : {};
}
