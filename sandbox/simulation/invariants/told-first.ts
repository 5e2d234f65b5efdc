/**
 * No old key goes off before its owner, or whoever stands in for them, was told that it will:
 * judged by what Slack, PagerDuty and SNS received, and not by what Keyturn wrote down.
 */
import type { Rotation } from '../../../domain/case.ts';
import { type Instant, plus } from '../../../domain/instant.ts';
import { shortKey, userLabel } from '../../../domain/key.ts';
import { type Act, type Ledger, rotationsOf } from '../ledger.ts';
import { fine, type Problems } from './invariant.ts';

/** With everybody down for the whole of it, nobody can be told: no shorter time than an overlap. */
const longest = { hours: -48 } as const;

/** A key that Keyturn has just switched off, and nobody in particular had been told. */
export function untoldProblems({ operation, by, input, at }: Act, ledger: Ledger): Problems {
  if (operation !== 'UpdateAccessKey' || by !== 'keyturn' || input.Status !== 'Inactive') {
    return fine;
  }
  const keyId = String(input.AccessKeyId);
  const rotation = rotationsOf(ledger, keyId).at(-1)?.rotation;
  // Keys that an attempt of Keyturn's made and undoes have no rotation of their own.
  if (rotation === undefined || isTold(ledger, rotation) || isAllDown(ledger, at)) return fine;
  return [`${keyId} goes off, and neither its owner nor anybody else was told that it would`];
}

function isTold({ world }: Ledger, { key, owner, handover }: Rotation): boolean {
  const what = `access key ${shortKey(key.keyId)} of ${userLabel(key.user)}`;
  const speaksOf = (text: string) => text.includes(what);
  const called = owner.known ? `<@${owner.slackUserId}>:` : 'Nobody is known as its owner';
  const { slack, pagerDuty, cloud } = world;
  return (
    slack.directs().some(
      ({ slackUserId, text }) =>
        // Of a key that was passed on, whoever had it until then was told.
        (handover !== undefined || (owner.known && slackUserId === owner.slackUserId)) &&
        speaksOf(text),
    ) ||
    slack.history().some(({ text }) => text.includes(called) && speaksOf(text)) ||
    pagerDuty
      .incidents()
      .some(({ dedupKey, summary }) => dedupKey.includes('/deadline/') && speaksOf(summary)) ||
    cloud.published.some(
      ({ message }) => message.includes('could not be told') && speaksOf(message),
    )
  );
}

/** Whether Slack, PagerDuty and SNS were all down at some time since it could have been told. */
function isAllDown({ plan }: Ledger, at: Instant): boolean {
  const recent = plan.outages.filter(({ from, to }) => from <= at && to >= plus(at, longest));
  return ['slack', 'pagerduty', 'sns'].every((each) =>
    recent.some(({ target }) => target === each),
  );
}
