/** CloudTrail: what is in the event history, where, when, and how it is looked up. */
import { CloudTrailClient, type Event, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import {
  CreateAccessKeyCommand,
  GetUserCommand,
  IAMClient,
  ListGroupsCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, test } from 'vitest';
import { connect } from '../../../adapters/aws-connection.ts';
import { fromMillis, plus } from '../../../domain/instant.ts';
import { account, type Given, given, refusal, region, sentinel, start } from './given.ts';

const home = 'us-east-1';
const UserName = 'svc-billing';

function lookup(world: Given, where: string, attribute?: [string, string], more: object = {}) {
  const [AttributeKey, AttributeValue] = attribute ?? [];
  const command = new LookupEventsCommand({
    ...(attribute === undefined
      ? {}
      : { LookupAttributes: [{ AttributeKey, AttributeValue } as never] }),
    ...more,
  });
  return connect(CloudTrailClient, { ...world.operator, region: where }).send(command);
}

async function eventsOf(world: Given, where: string, attribute?: [string, string]) {
  const { Events = [] } = await lookup(world, where, attribute);
  return Events;
}

const names = (events: Event[]) => events.map((event) => event.EventName);

function s3(world: Given, operation: 'ListBuckets' | 'GetObject') {
  const { keyId: accessKeyId, secret: secretAccessKey } = world;
  const input = operation === 'GetObject' ? { Bucket: 'b', Key: 'k' } : {};
  const call = { service: 's3', operation, input, region };
  const origin = { userAgent: 'billing-app/1.0', sourceIp: '203.0.113.7' };
  return world.cloud.call({ ...call, ...origin, credentials: { accessKeyId, secretAccessKey } });
}

describe('what is in the event history', () => {
  test('management events, after five minutes; data events never', async () => {
    const world = given();
    await s3(world, 'ListBuckets');
    await s3(world, 'GetObject');
    await world.clock.sleep(5 * 60_000 - 1);
    expect(await eventsOf(world, region, ['AccessKeyId', world.keyId])).toEqual([]);
    await world.clock.sleep(1);
    const events = await eventsOf(world, region, ['AccessKeyId', world.keyId]);
    expect(names(events)).toEqual(['ListBuckets']);
    expect(events[0]).toMatchObject({
      EventTime: new Date(start),
      EventSource: 's3.amazonaws.com',
      Username: UserName,
      AccessKeyId: world.keyId,
      ReadOnly: 'true',
    });
    expect(JSON.parse(events[0]?.CloudTrailEvent ?? '')).toMatchObject({
      userIdentity: {
        type: 'IAMUser',
        arn: `arn:aws:iam::${account}:user/${UserName}`,
        accessKeyId: world.keyId,
        userName: UserName,
      },
      eventTime: '2026-11-02T03:00:00Z',
      awsRegion: region,
      sourceIPAddress: '203.0.113.7',
      userAgent: 'billing-app/1.0',
      requestID: world.cloud.history[0]?.requestId,
      recipientAccountId: account,
    });
  });

  test('IAM and STS are in us-east-1 only', async () => {
    const world = given();
    const own = world.as(world.keyId, world.secret);
    await connect(STSClient, own).send(new GetCallerIdentityCommand({}));
    await connect(IAMClient, own).send(new GetUserCommand({}));
    await world.clock.sleep(5 * 60_000);
    expect(await eventsOf(world, region, ['AccessKeyId', world.keyId])).toEqual([]);
    const events = await eventsOf(world, home, ['AccessKeyId', world.keyId]);
    expect(names(events)).toEqual(['GetUser', 'GetCallerIdentity']);
  });

  test('STS may be set to be where it was called', async () => {
    const world = given({ stsTrail: 'regional' });
    const own = world.as(world.keyId, world.secret);
    await connect(STSClient, own).send(new GetCallerIdentityCommand({}));
    await world.clock.sleep(5 * 60_000);
    expect(await eventsOf(world, home)).toEqual([]);
    expect(names(await eventsOf(world, region))).toEqual(['GetCallerIdentity']);
  });

  test('another partition has another home', async () => {
    const world = given({ partition: 'aws-cn' });
    const own = world.as(world.keyId, world.secret, 'cn-northwest-1');
    await connect(STSClient, own).send(new GetCallerIdentityCommand({}));
    await world.clock.sleep(5 * 60_000);
    expect(names(await eventsOf(world, 'cn-north-1'))).toEqual(['GetCallerIdentity']);
  });

  test('a request that did not authenticate is nowhere', async () => {
    const world = given();
    const off = { UserName, AccessKeyId: world.keyId, Status: 'Inactive' as const };
    await connect(IAMClient, world.operator).send(new UpdateAccessKeyCommand(off));
    expect(await refusal(s3(world, 'ListBuckets'))).toBe('InvalidAccessKeyId 403');
    await world.clock.sleep(5 * 60_000);
    expect(await eventsOf(world, region)).toEqual([]);
    expect(world.cloud.history.at(-2)).toMatchObject({
      error: 'InvalidAccessKeyId',
      accessKeyId: world.keyId,
      account: undefined,
    });
  });

  test('what the sandbox does not model leaves no trace', async () => {
    const world = given();
    const iam = connect(IAMClient, world.as(world.keyId, world.secret));
    expect(await refusal(iam.send(new ListGroupsCommand({})))).toBe('NotModelled 400');
    const odd = { GlobalScope: 1 } as object;
    expect(await refusal(iam.send(new GetUserCommand(odd)))).toBe('NotModelled 400');
    await world.clock.sleep(5 * 60_000);
    expect(await eventsOf(world, home)).toEqual([]);
    expect(world.cloud.truth(account).keys[0]?.lastUse).toBe(null);
  });

  test('a failed request is there with its error', async () => {
    const world = given();
    const iam = connect(IAMClient, world.operator);
    await refusal(iam.send(new GetUserCommand({ UserName: 'nobody' })));
    await world.clock.sleep(5 * 60_000);
    const [event] = await eventsOf(world, home);
    expect(JSON.parse(event?.CloudTrailEvent ?? '')).toMatchObject({
      errorCode: 'NoSuchEntityException',
      requestParameters: { userName: 'nobody' },
      responseElements: null,
    });
  });

  test('a new key is told with its maker, without its secret', async () => {
    const world = given();
    const { AccessKey } = await connect(IAMClient, world.operator).send(
      new CreateAccessKeyCommand({ UserName }),
    );
    await world.clock.sleep(5 * 60_000);
    const [event] = await eventsOf(world, home, ['ResourceName', AccessKey?.AccessKeyId ?? '']);
    expect(event?.Username).toBe('test');
    expect(JSON.parse(event?.CloudTrailEvent ?? '')).toMatchObject({
      eventName: 'CreateAccessKey',
      userIdentity: {
        type: 'AssumedRole',
        arn: `arn:aws:sts::${account}:assumed-role/operator/test`,
        sessionContext: { sessionIssuer: { arn: `arn:aws:iam::${account}:role/operator` } },
      },
      requestParameters: { userName: UserName },
      responseElements: {
        accessKey: { accessKeyId: AccessKey?.AccessKeyId, userName: UserName, status: 'Active' },
      },
    });
    expect(event?.CloudTrailEvent).not.toContain(sentinel);
  });
});

describe('LookupEvents', () => {
  async function changedTwice() {
    const world = given();
    const iam = connect(IAMClient, world.operator);
    for (const Status of ['Inactive', 'Active'] as const) {
      await iam.send(new UpdateAccessKeyCommand({ UserName, AccessKeyId: world.keyId, Status }));
      await world.clock.sleep(1_500);
    }
    await iam.send(new GetUserCommand({ UserName }));
    await world.clock.sleep(5 * 60_000);
    return world;
  }

  test.each([
    [['EventName', 'UpdateAccessKey'], 2],
    [['Username', 'test'], 3],
    [['ResourceName', UserName], 3],
    [['AccessKeyId', 'AKIAIOSFODNN7EXAMPLE'], 0],
  ] as [[string, string], number][])('by %j finds %i', async (attribute, count) => {
    const world = await changedTwice();
    expect(await eventsOf(world, home, attribute)).toHaveLength(count);
  });

  test('by the key it finds what was done to it, newest first', async () => {
    const world = await changedTwice();
    const events = await eventsOf(world, home, ['ResourceName', world.keyId]);
    const statuses = events.map(
      (event) => JSON.parse(event.CloudTrailEvent ?? '').requestParameters.status,
    );
    expect(statuses).toEqual(['Active', 'Inactive']);
  });

  test('both ends of the time belong to it, to the second', async () => {
    const world = await changedTwice();
    const between = async (from: number, to: number) => {
      const StartTime = new Date(plus(start, { milliseconds: from }));
      const EndTime = new Date(plus(start, { milliseconds: to }));
      const { Events = [] } = await lookup(world, home, undefined, { StartTime, EndTime });
      return names(Events);
    };
    expect(await between(0, 1_000)).toEqual(['UpdateAccessKey', 'UpdateAccessKey']);
    expect(await between(1_000, 3_000)).toEqual(['GetUser', 'UpdateAccessKey']);
    expect(await between(1_001, 2_999)).toEqual([]);
    expect(await refusal(between(2_000, 1_000))).toBe('InvalidTimeRangeException 400');
  });

  test('nothing is older than 90 days', async () => {
    const world = given();
    for (const days of [-91, -89]) {
      const at = plus(start, { days });
      const origin = { sourceIp: '203.0.113.7', userAgent: 'app' };
      const use = { at, service: 's3', region, eventName: 'ListBuckets', ...origin };
      world.cloud.recordPastUse(world.keyId, use);
    }
    for (const more of [{}, { StartTime: new Date(plus(start, { days: -100 })) }]) {
      const { Events = [] } = await lookup(world, region, ['AccessKeyId', world.keyId], more);
      const times = Events.map((event) => event.EventTime);
      expect(times).toEqual([new Date(plus(start, { days: -89 }))]);
    }
  });

  test('a past use of a data event is not in it', async () => {
    const world = given();
    const at = plus(start, { days: -1 });
    const origin = { sourceIp: '203.0.113.7', userAgent: 'app' };
    const use = { at, service: 'dynamodb', region, eventName: 'GetItem', ...origin };
    world.cloud.recordPastUse(world.keyId, { ...use, dataEvent: true });
    expect(await eventsOf(world, region)).toEqual([]);
  });

  test('pages hold 50, belong together, and miss nothing that comes between', async () => {
    const world = given();
    for (let count = 0; count < 120; count++) {
      await s3(world, 'ListBuckets');
      await world.clock.sleep(1_000);
    }
    await world.clock.sleep(4 * 60_000);
    const seen: (string | undefined)[] = [];
    let NextToken: string | undefined;
    do {
      const more = NextToken === undefined ? {} : { NextToken };
      const page = await lookup(world, region, ['AccessKeyId', world.keyId], more);
      seen.push(...(page.Events ?? []).map((event) => event.EventId));
      NextToken = page.NextToken;
      await world.clock.sleep(20_000);
    } while (NextToken !== undefined);
    expect(seen).toHaveLength(61);
    expect(new Set(seen).size).toBe(61);
  });

  test.each([
    ['two attributes', 'InvalidLookupAttributesException 400'],
    ['an empty value', 'InvalidLookupAttributesException 400'],
    ['51 results', 'InvalidMaxResultsException 400'],
    ['a token of another request', 'InvalidNextTokenException 400'],
    ['a token that is none', 'InvalidNextTokenException 400'],
    ['an attribute that is not modelled', 'NotModelled 400'],
  ])('refuses %s', async (what, expected) => {
    const world = await changedTwice();
    const one = { AttributeKey: 'EventName', AttributeValue: 'GetUser' };
    const first = await lookup(world, home, undefined, { MaxResults: 1 });
    const asked: Record<string, () => Promise<unknown>> = {
      'two attributes': () => lookup(world, home, undefined, { LookupAttributes: [one, one] }),
      'an empty value': () => lookup(world, home, ['EventName', '']),
      '51 results': () => lookup(world, home, undefined, { MaxResults: 51 }),
      'a token of another request': () =>
        lookup(world, home, ['EventName', 'GetUser'], { NextToken: first.NextToken }),
      'a token that is none': () => lookup(world, home, undefined, { NextToken: 'x' }),
      'an attribute that is not modelled': () => lookup(world, home, ['EventId', 'x']),
    };
    expect(await refusal(asked[what]?.() ?? Promise.resolve())).toBe(expected);
  });

  test('two a second, per Region, if so set', async () => {
    const world = given({ lookupsPerSecond: 2 });
    const ask = (where: string) => refusal(lookup(world, where));
    expect([await ask(home), await ask(home), await ask(region)]).toEqual(
      Array(3).fill('not refused'),
    );
    expect(await ask(home)).toBe('ThrottlingException 400');
    await world.clock.sleep(1_000);
    expect(await ask(home)).toBe('not refused');
  });

  test('what is written late is sorted in', async () => {
    const world = given();
    await s3(world, 'ListBuckets');
    const at = fromMillis(Date.parse(start) - 60_000);
    const origin = { sourceIp: '203.0.113.7', userAgent: 'app' };
    const use = { at, service: 'ec2', region, eventName: 'DescribeVpcs', ...origin };
    world.cloud.recordPastUse(world.keyId, use);
    await world.clock.sleep(10 * 60_000);
    expect(names(await eventsOf(world, region))).toEqual(['ListBuckets', 'DescribeVpcs']);
  });
});
