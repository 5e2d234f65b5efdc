/** SNS, EventBridge, SQS and Lambda: what they take, keep and refuse. */
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { connect } from '../../../adapters/aws-connection.ts';
import { plus } from '../../../domain/instant.ts';
import { account, type Given, given, otherAccount, refusal, region, start } from './given.ts';

describe('SNS', () => {
  const publish = (world: Given, TopicArn: string, more: object = {}) =>
    connect(SNSClient, world.operator).send(
      new PublishCommand({ TopicArn, Message: 'old key off', ...more }),
    );

  test('keeps what was published to a topic that there is', async () => {
    const world = given();
    const topicArn = world.cloud.addTopic({ account, region, name: 'keyturn' });
    const MessageAttributes = { stage: { DataType: 'String', StringValue: 'soaking' } };
    const { MessageId } = await publish(world, topicArn, {
      Subject: 'Keyturn',
      MessageAttributes,
    });
    expect(world.cloud.published).toEqual([
      {
        at: start,
        topicArn,
        messageId: MessageId,
        subject: 'Keyturn',
        message: 'old key off',
        attributes: { stage: 'soaking' },
      },
    ]);
  });

  test('refuses what SNS refuses', async () => {
    const world = given();
    const arn = world.cloud.addTopic({ account, region, name: 'keyturn' });
    const far = world.cloud.addTopic({ account, region: 'us-east-1', name: 'keyturn' });
    expect(await refusal(publish(world, `${arn}-2`))).toBe('NotFoundException 404');
    expect(await refusal(publish(world, far))).toBe('InvalidParameterException 400');
    const bad = [
      { Message: '' },
      { Message: 'x'.repeat(262_145) },
      { Subject: 'two\nlines' },
      { Subject: 'x'.repeat(101) },
    ];
    for (const more of bad) {
      expect(await refusal(publish(world, arn, more))).toBe('InvalidParameterException 400');
    }
    expect(world.cloud.published).toEqual([]);
  });
});

describe('EventBridge', () => {
  const entry = { Source: 'keyturn', DetailType: 'Rotation Soaking', Detail: '{"version":4}' };
  const put = (world: Given, Entries: object[]) =>
    connect(EventBridgeClient, world.operator).send(new PutEventsCommand({ Entries }));

  test('keeps what was put on a bus, by name, by ARN, or on the default one', async () => {
    const world = given();
    const EventBusName = world.cloud.addBus({ account, region, name: 'keyturn' });
    const buses = [{ EventBusName: 'keyturn' }, { EventBusName }, {}];
    const answer = await put(
      world,
      buses.map((bus) => ({ ...entry, ...bus })),
    );
    expect(answer.FailedEntryCount).toBe(0);
    expect(world.cloud.busEvents.map((event) => event.busArn)).toEqual([
      EventBusName,
      EventBusName,
      `arn:aws:events:${region}:${account}:event-bus/default`,
    ]);
    expect(world.cloud.busEvents[0]).toMatchObject({
      source: 'keyturn',
      detailType: 'Rotation Soaking',
      detail: { version: 4 },
      eventId: answer.Entries?.[0]?.EventId,
    });
  });

  test('an entry for a bus that there is not is accepted and lost', async () => {
    const world = given();
    const answer = await put(world, [{ ...entry, EventBusName: 'none' }]);
    expect(answer.FailedEntryCount).toBe(0);
    expect(world.cloud.busEvents).toEqual([]);
    expect(world.cloud.lostBusEvents).toHaveLength(1);
  });

  test('a bad entry fails alone, with status 200', async () => {
    const world = given();
    const answer = await put(world, [
      { ...entry, Detail: 'no json' },
      { ...entry, Source: undefined },
      { ...entry, Source: 'aws.iam' },
      entry,
    ]);
    expect(answer.FailedEntryCount).toBe(3);
    expect(answer.Entries?.map((each) => each.ErrorCode)).toEqual([
      'MalformedDetail',
      'InvalidArgument',
      'NotAuthorizedForSourceException',
      undefined,
    ]);
    expect(world.cloud.busEvents).toHaveLength(1);
  });

  test('no more than ten entries, and no more than 256 KB', async () => {
    const world = given();
    const many = put(world, Array(11).fill(entry));
    expect(await refusal(many)).toBe('ValidationException 400');
    const large = { ...entry, Detail: JSON.stringify({ text: 'x'.repeat(262_144) }) };
    expect(await refusal(put(world, [large]))).toBe('ValidationException 400');
    expect(await refusal(put(world, [{ ...entry, TraceHeader: 'x' }]))).toBe('NotModelled 400');
  });
});

describe('SQS', () => {
  test('keeps what was sent to a queue that there is', async () => {
    const world = given();
    const queueUrl = world.cloud.addQueue({ account, region, name: 'dead-letters' });
    const sqs = connect(SQSClient, world.operator);
    const sent = await sqs.send(
      new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: '{"a":1}' }),
    );
    expect(world.cloud.queueMessages).toEqual([
      { at: start, queueUrl, messageId: sent.MessageId, body: '{"a":1}' },
    ]);
    const none = new SendMessageCommand({ QueueUrl: `${queueUrl}-2`, MessageBody: 'x' });
    expect(await refusal(sqs.send(none))).toBe('QueueDoesNotExist 400');
    const empty = new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: '' });
    expect(await refusal(sqs.send(empty))).toBe('InvalidParameterValue 400');
  });
});

describe('Lambda', () => {
  const invoke = (world: Given, FunctionName: string, more: object = {}) =>
    connect(LambdaClient, world.operator).send(
      new InvokeCommand({
        FunctionName,
        Payload: new TextEncoder().encode('{"Step":"createSecret"}'),
        ...more,
      }),
    );

  function withFunction(handler: (payload: unknown) => Promise<unknown>) {
    const world = given();
    world.cloud.registerFunction({ account, region, name: 'keyturn-custodian' }, handler);
    return world;
  }

  test('a function answers in JSON', async () => {
    const world = withFunction(async (payload) => ({ got: payload, nothing: undefined }));
    const answer = await invoke(world, 'keyturn-custodian');
    expect(answer.StatusCode).toBe(200);
    expect(answer.FunctionError).toBe(undefined);
    expect(answer.Payload?.transformToString()).toBe('{"got":{"Step":"createSecret"}}');
    const arn = `arn:aws:lambda:${region}:${account}:function:keyturn-custodian`;
    expect((await invoke(world, arn)).StatusCode).toBe(200);
  });

  test('one that throws answers with FunctionError, and status 200', async () => {
    const world = withFunction(async () => {
      throw new RangeError('the user has two keys already');
    });
    const answer = await invoke(world, 'keyturn-custodian');
    expect(answer).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' });
    expect(JSON.parse(answer.Payload?.transformToString() ?? '')).toMatchObject({
      errorType: 'RangeError',
      errorMessage: 'the user has two keys already',
    });
  });

  test('one that answers nothing answers null', async () => {
    const world = withFunction(async () => undefined);
    const answer = await invoke(world, 'keyturn-custodian');
    expect(answer.Payload?.transformToString()).toBe('null');
  });

  test('an event is accepted now and handled later', async () => {
    const heard: unknown[] = [];
    const world = withFunction(async (payload) => heard.push(payload));
    const answer = await invoke(world, 'keyturn-custodian', { InvocationType: 'Event' });
    expect(answer.StatusCode).toBe(202);
    expect(heard).toEqual([]);
    await world.clock.runUntil(plus(start, { seconds: 1 }));
    expect(heard).toEqual([{ Step: 'createSecret' }]);
  });

  test('refuses what Lambda refuses', async () => {
    const world = withFunction(async () => null);
    expect(await refusal(invoke(world, 'none'))).toBe('ResourceNotFoundException 404');
    const far = `arn:aws:lambda:${region}:${otherAccount}:function:keyturn-custodian`;
    expect(await refusal(invoke(world, far))).toBe('AccessDeniedException 403');
    const Payload = new TextEncoder().encode('no json');
    expect(await refusal(invoke(world, 'keyturn-custodian', { Payload }))).toBe(
      'InvalidRequestContentException 400',
    );
    const dry = invoke(world, 'keyturn-custodian', { InvocationType: 'DryRun' });
    expect(await refusal(dry)).toBe('NotModelled 400');
  });
});
