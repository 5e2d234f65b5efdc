/** Facts for subscribers: the SNS message and the EventBridge event, and what failures become. */
import { describe, expect, test } from 'vitest';
import { eventBridgeAnnouncer } from '../../adapters/eventbridge-announcer.ts';
import { factJson } from '../../adapters/fact-json.ts';
import { snsAnnouncer } from '../../adapters/sns-announcer.ts';
import { Permanent, Transient } from '../../domain/errors.ts';
import { awsError } from '../../sandbox/account/service.ts';
import { held, overlapping, rotationAt, rotationId, staleKey, story, user } from '../builders.ts';
import { cannedAws, throttled } from './canned-aws.ts';

const topicArn = 'arn:aws:sns:eu-west-1:111122223333:keyturn';
const fact = {
  effectId: `${rotationId}/4/1`,
  rotation: rotationAt(overlapping()),
  news: 'New key …MPLE is there.',
  at: story.issued,
};

test('a fact says which version of it this is, and all that a subscriber acts on', () => {
  expect(factJson(fact)).toEqual({
    version: 1,
    factId: `${rotationId}/4/1`,
    at: story.issued,
    news: 'New key …MPLE is there.',
    rotationId,
    rotationVersion: 4,
    kind: 'replace',
    stage: 'overlapping',
    outcome: null,
    reason: null,
    partition: 'aws',
    account: '111122223333',
    region: 'eu-west-1',
    userName: 'svc-billing',
    userId: 'AIDACKCEVSQ6C2EXAMPLE',
    oldKey: '…MPLE',
    newKey: '…MPLE',
    secretArn: expect.stringContaining(':secret:keyturn/svc-billing-'),
    owner: 'Olu Owner',
    deadlines: { deactivateAt: story.deactivateAt },
  });
  expect(factJson({ ...fact, rotation: rotationAt(held()) })).toMatchObject({
    reason: 'The old key is still in use: move its app first.',
    deadlines: {},
  });
});

describe('SNS', () => {
  test('gets the fact as JSON, with attributes to filter by', async () => {
    const aws = cannedAws({ Publish: () => ({ MessageId: 'm' }) });
    await snsAnnouncer(aws.connection, topicArn).announce(fact);
    const [{ input }] = aws.calls as [(typeof aws.calls)[number]];
    expect(input.TopicArn).toBe(topicArn);
    expect(JSON.parse(input.Message)).toEqual(factJson(fact));
    expect(input.MessageAttributes).toEqual({
      account: { DataType: 'String', StringValue: '111122223333' },
      owner: { DataType: 'String', StringValue: 'Olu Owner' },
      event: { DataType: 'String', StringValue: 'overlapping' },
    });
  });

  test.each(['svc-billing', '名前\n<b>', 'x'.repeat(500)])(
    'mails with a subject: %j',
    async (name) => {
      const aws = cannedAws({ Publish: () => ({ MessageId: 'm' }) });
      const key = { ...staleKey, user: { ...user, userName: name } };
      const rotation = rotationAt(overlapping(), { key, owner: { known: false } });
      await snsAnnouncer(aws.connection, topicArn).announce({ ...fact, rotation });
      expect(aws.calls[0]?.input.Subject).toMatch(/^[!-~][ -~]{0,98}$/u);
      expect(aws.calls[0]?.input.MessageAttributes.owner.StringValue).toBe('unknown');
    },
  );

  test('failures are told apart', async () => {
    const failing = (error: Error) =>
      snsAnnouncer(
        cannedAws({
          Publish: () => {
            throw error;
          },
        }).connection,
        topicArn,
      ).announce(fact);
    await expect(failing(throttled())).rejects.toBeInstanceOf(Transient);
    const gone = awsError('NotFoundException', 'Topic does not exist', 404);
    await expect(failing(gone)).rejects.toBeInstanceOf(Permanent);
    await expect(failing(gone)).rejects.toThrow(`${rotationId}/4/1 to ${topicArn}`);
  });
});

describe('EventBridge', () => {
  const announce = (answer: unknown) => {
    const aws = cannedAws({ PutEvents: () => answer });
    return { aws, done: eventBridgeAnnouncer(aws.connection, 'keyturn-dev').announce(fact) };
  };

  test('gets one event per fact, without the words', async () => {
    const { aws, done } = announce({ FailedEntryCount: 0, Entries: [{ EventId: 'e' }] });
    await done;
    const [entry] = aws.calls[0]?.input.Entries ?? [];
    expect(entry).toMatchObject({
      EventBusName: 'keyturn-dev',
      Source: 'keyturn',
      DetailType: 'Rotation Overlapping',
      Resources: ['arn:aws:iam::111122223333:user/services/svc-billing'],
      Time: new Date('2026-11-02T11:00:00Z'),
    });
    const { news: _, ...rest } = factJson(fact);
    expect(JSON.parse(entry.Detail)).toEqual(rest);
  });

  test.each([
    ['InternalFailure', Transient],
    ['ThrottlingException', Transient],
    [undefined, Transient],
    ['MalformedDetail', Permanent],
    ['InvalidArgument', Permanent],
    ['NotAuthorizedForSourceException', Permanent],
    ['AccessDeniedException', Permanent],
  ])('an entry that failed with %s', async (ErrorCode, kind) => {
    const entry = { ErrorCode, ErrorMessage: 'because' };
    const { done } = announce({ FailedEntryCount: 1, Entries: [entry] });
    await expect(done).rejects.toBeInstanceOf(kind);
  });

  test('an answer without an entry is no success', async () => {
    await expect(announce({}).done).rejects.toBeInstanceOf(Transient);
  });
});
