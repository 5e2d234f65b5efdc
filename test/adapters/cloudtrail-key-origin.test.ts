/** Who created a key: only a successful creation of that very key proves it. */
import { expect, test } from 'vitest';
import type { Answering, AwsConnection } from '../../adapters/aws-connection.ts';
import { cloudTrailKeyOrigin } from '../../adapters/cloudtrail-key-origin.ts';
import { instant } from '../../domain/instant.ts';
import type { Partition } from '../../domain/key.ts';
import { virtualClock } from '../../sandbox/clock.ts';
import { type Answers, cannedAws, throttled } from './canned-aws.ts';

const createdAt = instant('2026-11-02T03:14:07Z');
const keyId = 'AKIAIOSFODNN7EXAMPLE';
const maker = 'arn:aws:sts::111122223333:assumed-role/keyturn-key-maker/token';

function event(changes: Readonly<Record<string, unknown>> = {}, made = keyId) {
  const record = {
    eventSource: 'iam.amazonaws.com',
    eventName: 'CreateAccessKey',
    userIdentity: { type: 'AssumedRole', arn: maker },
    responseElements: { accessKey: { accessKeyId: made, userName: 'svc-billing' } },
    ...changes,
  };
  return { CloudTrailEvent: JSON.stringify(record) };
}

function originOf(answers: Answers, partition: Partition = 'aws') {
  const aws = cannedAws(answers);
  const clock = virtualClock(instant('2026-11-02T04:14:07Z'));
  // Answers know the Region of the client that asks, not of the connection it was made from.
  const plugin = { on: onRegion, applyToStack: () => {} };
  function onRegion({ region }: AwsConnection): Answering {
    return aws.connectionIn(region).plugin ?? plugin;
  }
  const connection = { region: 'eu-west-1', plugin };
  const origins = cloudTrailKeyOrigin({ connection, partition, clock });
  return { origin: origins.creatorOf({ keyId, createdAt }), calls: aws.calls, clock };
}

test('finds who created the key, on whatever page, and stops there', async () => {
  const pages = [
    { Events: [event({}, 'AKIAI44QH8DHBEXAMPLE')], NextToken: 'more' },
    { Events: [event()], NextToken: 'even more' },
  ];
  const { origin, calls, clock } = originOf({ LookupEvents: () => pages.shift() });
  expect(await origin).toEqual({ complete: true, value: maker });
  expect(calls.map(({ region, input }) => [region, input])).toEqual([
    [
      'us-east-1',
      {
        LookupAttributes: [{ AttributeKey: 'EventName', AttributeValue: 'CreateAccessKey' }],
        StartTime: new Date('2026-11-02T03:09:07Z'),
        EndTime: new Date('2026-11-02T03:19:07Z'),
        MaxResults: 50,
      },
    ],
    ['us-east-1', expect.objectContaining({ NextToken: 'more' })],
  ]);
  expect(clock.now()).toBe('2026-11-02T04:14:07.550Z');
});

test.each([
  ['a failed creation', event({ errorCode: 'LimitExceededException', responseElements: null })],
  ['a creation of another key', event({}, 'AKIAI44QH8DHBEXAMPLE')],
  ['a look-alike of another service', event({ eventSource: 'example.amazonaws.com' })],
  ['an event without a caller', event({ userIdentity: { type: 'AWSService' } })],
  ['no JSON', { CloudTrailEvent: 'nonsense' }],
  ['an empty event', {}],
])('%s proves nothing', async (_name, Event) => {
  const { origin } = originOf({ LookupEvents: () => ({ Events: [Event] }) });
  expect(await origin).toEqual({ complete: true, value: null });
});

test('what cannot be read to its end proves nothing either, and says so', async () => {
  const throttle = originOf({
    LookupEvents: () => {
      throw throttled();
    },
  });
  expect(await throttle.origin).toMatchObject({ complete: false });
  const endless = originOf({ LookupEvents: () => ({ Events: [], NextToken: 'more' }) });
  expect(await endless.origin).toMatchObject({ complete: false });
  expect(endless.calls).toHaveLength(20);
});

test('reads the home Region of the partition', async () => {
  const { origin, calls } = originOf({ LookupEvents: () => ({ Events: [] }) }, 'aws-cn');
  await origin;
  expect(calls.map(({ region }) => region)).toEqual(['cn-north-1']);
});
