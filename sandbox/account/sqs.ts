/**
 * SQS: queues, and what was sent to them.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
import { hash } from 'node:crypto';
import type { SendMessageRequest, SendMessageResult } from '@aws-sdk/client-sqs';
import type { Instant } from '../../domain/instant.ts';
import type { Ground } from './ground.ts';
import { awsError, type ServiceModel } from './service.ts';
import type { NamedPlace } from './sns.ts';
import { strict } from './strict.ts';

export interface QueueMessage {
  readonly at: Instant;
  readonly queueUrl: string;
  readonly messageId: string;
  readonly body: string;
}

export interface Queues {
  /** Returns the URL. */
  add(place: NamedPlace): string;
  readonly messages: readonly QueueMessage[];
  readonly model: ServiceModel;
}

const bytesAllowed = 1024 * 1024;

/** All but #x9, #xA, #xD, #x20 to #xD7FF, #xE000 to #xFFFD and what is beyond. */
const refusedCharacters = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

export function queues(ground: Ground): Queues {
  const urls = new Set<string>();
  const messages: QueueMessage[] = [];
  const model = strict('sqs', {
    SendMessage: {
      takes: ['QueueUrl', 'MessageBody'],
      run: (input: SendMessageRequest, context): SendMessageResult => {
        const { QueueUrl = '', MessageBody: body = '' } = input;
        const [, , host, owner] = QueueUrl.split('/');
        const here = host?.split('.')[1] === context.region && owner === context.account;
        if (!urls.has(QueueUrl) || !here) {
          throw awsError('QueueDoesNotExist', 'The specified queue does not exist.');
        }
        if (body === '' || Buffer.byteLength(body) > bytesAllowed) {
          throw awsError('InvalidParameterValue', 'One or more parameters are invalid.');
        }
        if (refusedCharacters.test(body)) {
          const problem = 'The message contains characters outside the allowed set.';
          throw awsError('InvalidMessageContents', problem);
        }
        const messageId = ground.names.uuid('queue message');
        messages.push({ at: context.now, queueUrl: QueueUrl, messageId, body });
        return { MessageId: messageId, MD5OfMessageBody: hash('md5', body, 'hex') };
      },
    },
  });
  const add = ({ account, region, name }: NamedPlace): string => {
    const suffix = ground.partition === 'aws-cn' ? 'amazonaws.com.cn' : 'amazonaws.com';
    const url = `https://sqs.${region}.${suffix}/${account}/${name}`;
    urls.add(url);
    return url;
  };
  return { add, messages, model };
}
