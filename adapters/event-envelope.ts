/** What every EventBridge event has around its `detail`, and what the hub holds it against. */
import * as v from 'valibot';
import { fromMillis, type Instant, parseInstant } from '../domain/instant.ts';
import type { Partition } from '../domain/key.ts';
import { accountForm } from './iam-user-arn.ts';
import { maybe, peekText, text } from './problems.ts';

export interface EventSettings {
  /** One hub per partition: events and ARNs of another one are refused. */
  readonly partition: Partition;
  /** The id of the Security Hub custom action by which analysts ask for a rotation. */
  readonly customAction: string;
}

export const account = text('a 12-digit account id', accountForm);
export const region = text('a Region, e.g. us-east-1', /^[a-z]{2,}(-[a-z]+)+-\d+$/);

export const moment = v.pipe(
  v.string('an ISO-8601 moment'),
  v.check((value) => parseInstant(value) !== undefined, 'an ISO-8601 moment'),
  v.description('an ISO-8601 moment'),
);

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events.html (2026-11-23) */
export const envelopeFields = {
  id: text('the event id'),
  'detail-type': text('the kind of event'),
  source: text('the name of what sent it'),
  account,
  time: moment,
  region,
  resources: maybe(v.array(text('an ARN'), 'a list of ARNs')),
};

/** When the event was sent; 1970 if its time is malformed, for which it is rejected anyway. */
export function sentAt(event: unknown): Instant {
  return parseInstant(peekText(event, 'time') ?? '') ?? fromMillis(0);
}

/** A sentence for each pair of fields that are both there and differ. */
export function differences(
  event: unknown,
  pairs: readonly (readonly [one: readonly string[], other: readonly string[]])[],
): readonly string[] {
  return pairs.flatMap(([one, other]) => {
    const left = peekText(event, ...one);
    const right = peekText(event, ...other);
    return left === undefined || right === undefined || left === right
      ? []
      : [`${one.join('.')} is "${left}" but ${other.join('.')} is "${right}": they must agree`];
  });
}
