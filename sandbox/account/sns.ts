/**
 * SNS: topics, and what was published to them.
 * https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */
import type { PublishInput, PublishResponse } from '@aws-sdk/client-sns';
import type { Instant } from '../../domain/instant.ts';
import type { Ground } from './ground.ts';
import { awsError, type CallContext, type ServiceModel } from './service.ts';
import { strict } from './strict.ts';

export interface Published {
  readonly at: Instant;
  readonly topicArn: string;
  readonly messageId: string;
  readonly subject: string | undefined;
  readonly message: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Where something with a name is. */
export interface NamedPlace {
  readonly account: string;
  readonly region: string;
  readonly name: string;
}

export interface Topics {
  /** Returns the ARN. */
  add(place: NamedPlace): string;
  readonly published: readonly Published[];
  readonly model: ServiceModel;
}

export function topics(ground: Ground): Topics {
  const arns = new Set<string>();
  const published: Published[] = [];
  const model = strict('sns', {
    Publish: {
      takes: ['TopicArn', 'Message', 'Subject', 'MessageAttributes'],
      run: (input: PublishInput, context): PublishResponse => {
        const topicArn = topicOf(arns, input, context);
        refuseInvalid(input);
        const messageId = ground.names.uuid('message');
        published.push({
          at: context.now,
          topicArn,
          messageId,
          subject: input.Subject,
          message: input.Message ?? '',
          attributes: Object.fromEntries(
            Object.entries(input.MessageAttributes ?? {}).map(([name, { StringValue = '' }]) => [
              name,
              StringValue,
            ]),
          ),
        });
        return { MessageId: messageId };
      },
    },
  });
  const add = ({ account, region, name }: NamedPlace): string => {
    const arn = `arn:${ground.partition}:sns:${region}:${account}:${name}`;
    arns.add(arn);
    return arn;
  };
  return { add, published, model };
}

function topicOf(arns: Set<string>, { TopicArn }: PublishInput, context: CallContext): string {
  if (TopicArn === undefined || TopicArn.split(':')[3] !== context.region) {
    throw awsError('InvalidParameterException', 'Invalid parameter: TopicArn');
  }
  if (!arns.has(TopicArn)) throw awsError('NotFoundException', 'Topic does not exist', 404);
  return TopicArn;
}

const bytesAllowed = 256 * 1024;

function refuseInvalid({ Message = '', Subject }: PublishInput): void {
  if (Message === '') {
    throw awsError('InvalidParameterException', 'Invalid parameter: Empty message');
  }
  if (Buffer.byteLength(Message) > bytesAllowed) {
    throw awsError('InvalidParameterException', 'Invalid parameter: Message too long');
  }
  // ASCII without line breaks or control characters, at most 100 characters.
  if (Subject !== undefined && !/^[!-~][ -~]{0,99}$/.test(Subject)) {
    throw awsError('InvalidParameterException', 'Invalid parameter: Subject');
  }
}
