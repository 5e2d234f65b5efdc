/**
 * Facts for subscribers of the SNS topic: the JSON of fact-json.ts, with message attributes so that
 * a subscription can filter. SNS has no idempotency for standard topics: a fact whose
 * acknowledgement was lost comes twice, with the same `factId`.
 * https://docs.aws.amazon.com/sns/latest/dg/sns-subscription-filter-policies.html
 */
import { type MessageAttributeValue, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { Announcer } from '../domain/ports.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { fromAws } from './aws-error.ts';
import { cutText } from './cut-text.ts';
import { type FactJson, factJson } from './fact-json.ts';
import { safeJson } from './safe-json.ts';

/** Subjects are for mail: printable ASCII, fewer than 100 characters. */
const subjectLimit = 99;

/** Publishes to the topic. Throws Transient or Permanent. */
export function snsAnnouncer(connection: AwsConnection, topicArn: string): Announcer {
  const sns = connect(SNSClient, connection);
  return {
    announce: async (fact) => {
      const json = factJson(fact);
      const command = new PublishCommand({
        TopicArn: topicArn,
        Subject: subjectOf(json),
        Message: safeJson(json),
        MessageAttributes: {
          account: text(json.account),
          owner: text(json.owner ?? 'unknown'),
          event: text(json.stage),
        },
      });
      await sns.send(command).catch((error: unknown) => {
        throw fromAws(`publishing ${fact.effectId} to ${topicArn}`, error);
      });
    },
  };
}

function subjectOf({ oldKey, account, userName, stage }: FactJson): string {
  const subject = `Keyturn: access key ${oldKey} of ${account}/${userName} is ${stage}`;
  return cutText(subject.replaceAll('…', '*').replaceAll(/[^\x20-\x7e]/gu, '?'), subjectLimit)
    .replace('…', '')
    .trim();
}

function text(value: string): MessageAttributeValue {
  return { DataType: 'String', StringValue: value === '' ? 'unknown' : value };
}
