/**
 * Events that could not be understood, kept whole in an SQS queue with everything wrong with them.
 */
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { DeadLetters } from '../domain/ports.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { fromAws } from './aws-error.ts';
import { safeJson } from './safe-json.ts';

/**
 * A letter is `{ problems, event }` as JSON. Throws Transient or Permanent if it cannot be kept.
 */
export function sqsDeadLetters(connection: AwsConnection, queueUrl: string): DeadLetters {
  const sqs = connect(SQSClient, connection);
  return {
    keep: async ({ event, problems }) => {
      try {
        const MessageBody = textOf(event, problems);
        await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody }));
      } catch (error) {
        throw fromAws(`keeping an event that was not understood in ${queueUrl}`, error);
      }
    },
  };
}

/** Too deeply nested to be written down again: what was wrong with it is kept all the same. */
function textOf(event: unknown, problems: readonly string[]): string {
  try {
    return safeJson({ problems, event });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return safeJson({ problems: [...problems, `it cannot be kept: ${error.message}`] });
  }
}
