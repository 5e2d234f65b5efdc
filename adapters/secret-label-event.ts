/**
 * Secrets Manager's "Secret Label Updated". It is sent when a label other than AWSPENDING and
 * AWSPREVIOUS moves, whoever moved it, and names the version that has it now.
 * https://docs.aws.amazon.com/secretsmanager/latest/userguide/event-detail-secret-label-updated-secretsmanager.html
 * (2026-11)
 */
import * as v from 'valibot';
import { parseArn } from '../domain/arn.ts';
import { labels } from '../domain/custody.ts';
import type { Inbound } from '../domain/inbound.ts';
import { partitionOf } from '../domain/region.ts';
import { secretNameInArn, secretPrefix } from '../domain/secret-name.ts';
import { type EventSettings, envelopeFields, sentAt } from './event-envelope.ts';
import { foreignTo } from './foreign.ts';
import { fields, peekText, problem, problemsOf, text } from './problems.ts';

const arnExample =
  'the ARN of the secret, e.g. arn:aws:secretsmanager:…:secret:keyturn/name-AbCdEf';

const labelUpdated = fields(
  {
    ...envelopeFields,
    resources: v.pipe(
      v.array(text('an ARN'), 'a list with the ARN of the secret'),
      v.minLength(1, 'a list with the ARN of the secret'),
      v.description('a list with the ARN of the secret'),
    ),
    detail: fields(
      {
        name: text("the secret's name"),
        labelUpdated: text('the label that moved'),
        versionId: text('the version that has the label now'),
      },
      'what Secrets Manager says',
    ),
  },
  'an EventBridge event',
);

/** Which secret to look at; other secrets and labels call for nothing. */
export function readLabelUpdate(event: unknown, { partition }: EventSettings): Inbound {
  const problems = problemsOf(labelUpdated, event);
  const account = peekText(event, 'account') ?? '';
  const region = peekText(event, 'region') ?? '';
  const name = peekText(event, 'detail', 'name') ?? '';
  const label = peekText(event, 'detail', 'labelUpdated') ?? '';
  const versionId = peekText(event, 'detail', 'versionId') ?? '';
  const secretArn = peekText(event, 'resources', 0) ?? '';
  const where = { partition, account, region };
  const all = [
    ...problems,
    ...(region === '' ? [] : foreignTo(partition, `region ${region}`, partitionOf(region))),
    ...(secretArn === '' || !name.startsWith(secretPrefix)
      ? []
      : arnProblems(secretArn, { ...where, name })),
  ];
  if (all.length > 0) return { kind: 'rejected', problems: all };
  if (!name.startsWith(secretPrefix)) {
    return { kind: 'other', reason: `secret ${name} is not one of Keyturn's` };
  }
  if (label !== labels.current) {
    return { kind: 'other', reason: `label ${label} of secret ${name} decides nothing` };
  }
  return { kind: 'label', where, secretArn, versionId, label, sentAt: sentAt(event) };
}

/** The ARN must be that of the secret that the rest of the event speaks of. */
function arnProblems(
  secretArn: string,
  expected: Readonly<Record<'partition' | 'account' | 'region' | 'name', string>>,
): readonly string[] {
  const arn = parseArn(secretArn);
  const name = secretNameInArn(secretArn);
  if (arn === undefined || name === undefined) {
    return [problem('resources[0]', secretArn, arnExample)];
  }
  const { partition, account, region } = arn;
  return Object.entries({ partition, account, region, name }).flatMap(([part, value]) => {
    const wanted = expected[part as keyof typeof expected];
    return wanted === '' || wanted === value
      ? []
      : [`the ${part} in resources is "${value}" but the event's is "${wanted}"`];
  });
}
