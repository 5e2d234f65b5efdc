/** LookupEvents as a source: every page, every Region, paced; whatever is missing shows. */
import { describe, expect, it } from 'vitest';
import { cloudTrailUsage } from '../../adapters/cloudtrail-usage.ts';
import { instant, millisBetween, plus } from '../../domain/instant.ts';
import { virtualClock } from '../../sandbox/clock.ts';
import { newKeyId, now, oldKeyId, user } from '../app/witnessed.ts';
import { type Answers, cannedAws, throttled } from './canned-aws.ts';

const since = instant('2026-08-12T12:00:00Z');

function trail(lookUp: Answers[string], setup: { maxPages?: number; maxSeconds?: number } = {}) {
  const clock = virtualClock(now);
  const times: { readonly region: string; readonly at: string }[] = [];
  const aws = cannedAws({
    LookupEvents: (input, region) => {
      times.push({ region, at: clock.now() });
      return lookUp(input, region);
    },
  });
  const { connectionIn } = aws;
  const source = cloudTrailUsage({
    connectionIn,
    region: 'eu-west-1',
    partition: 'aws',
    clock,
    ...setup,
  });
  return { source, aws, times };
}

function event(record: object = {}) {
  const CloudTrailEvent = JSON.stringify({
    eventTime: '2026-11-08T10:15:07Z',
    eventSource: 's3.amazonaws.com',
    eventName: 'ListBuckets',
    awsRegion: 'eu-west-1',
    sourceIPAddress: '203.0.113.7',
    userAgent: 'aws-cli/2.15',
    requestID: 'EXAMPLE123',
    userIdentity: { arn: `arn:aws:iam::${user.account}:user/${user.userName}` },
    ...record,
  });
  return { EventId: '7a5f', CloudTrailEvent };
}

const usesIn = (source: ReturnType<typeof cloudTrailUsage>, alsoIn: string[] = []) =>
  source.uses({ keyId: oldKeyId, since, inRegions: alsoIn });

describe('uses in CloudTrail', () => {
  it("are read in the witness's Region, the global one and those named, once each", async () => {
    const { source, aws } = trail((_input, region) => ({
      Events: region === 'us-east-1' ? [event({ awsRegion: region })] : [],
    }));
    const reading = await usesIn(source, ['ap-south-1', 'eu-west-1']);
    expect(aws.calls.map(({ region }) => region)).toEqual(['eu-west-1', 'us-east-1', 'ap-south-1']);
    expect(aws.calls[0]?.input).toEqual({
      LookupAttributes: [{ AttributeKey: 'AccessKeyId', AttributeValue: oldKeyId }],
      StartTime: new Date(since),
      MaxResults: 50,
    });
    expect(reading).toEqual({
      complete: true,
      value: [
        {
          eventName: 'ListBuckets',
          requestId: 'EXAMPLE123',
          use: {
            at: '2026-11-08T10:15:07.000Z',
            service: 's3',
            region: 'us-east-1',
            sourceIp: '203.0.113.7',
            userAgent: 'aws-cli/2.15',
            source: 'cloudtrail',
          },
        },
      ],
    });
  });

  it('are read page by page to the end, newest first', async () => {
    const pages: Readonly<Record<string, object>> = {
      first: { Events: [event({ eventTime: '2026-11-01T00:00:00Z' })], NextToken: 'second' },
      second: { Events: [event({ eventTime: '2026-11-03T00:00:00Z' })] },
    };
    const { source } = trail((input, region) =>
      region === 'eu-west-1' ? pages[input.NextToken ?? 'first'] : {},
    );
    const reading = await usesIn(source);
    expect(reading.complete && reading.value.map(({ use }) => use.at)).toEqual([
      '2026-11-03T00:00:00.000Z',
      '2026-11-01T00:00:00.000Z',
    ]);
  });

  it('are counted although denied, and without what the event leaves out', async () => {
    const bare = { errorCode: 'AccessDenied', userAgent: null, requestID: undefined };
    const { source } = trail((_input, region) => ({
      Events: region === 'eu-west-1' ? [event(bare)] : [],
    }));
    const reading = await usesIn(source);
    expect(reading.complete && reading.value).toMatchObject([
      { requestId: 'unknown', use: { userAgent: 'unknown' } },
    ]);
  });
});

describe('a CloudTrail reading is incomplete', () => {
  it('when a later page fails', async () => {
    const { source } = trail((input) => {
      if (input.NextToken !== undefined) throw throttled();
      return { Events: [event()], NextToken: 'more' };
    });
    const reading = await usesIn(source);
    expect(reading).toMatchObject({ complete: false, problem: expect.stringMatching(/page 2/) });
  });

  it('when one Region of several fails', async () => {
    const { source } = trail((_input, region) => {
      if (region === 'us-east-1') throw throttled();
      return { Events: [event()] };
    });
    const reading = await usesIn(source);
    expect(reading).toMatchObject({ complete: false, problem: expect.stringMatching('us-east-1') });
  });

  it('when there are more pages than it may read', async () => {
    const { source, aws } = trail(() => ({ Events: [event()], NextToken: 'more' }), {
      maxPages: 3,
    });
    const reading = await usesIn(source);
    expect(reading).toMatchObject({
      complete: false,
      problem: expect.stringMatching(/150 events/),
    });
    expect(aws.calls).toHaveLength(6);
  });

  it('when its time is up, from the moment on that it read to', async () => {
    const { source, aws } = trail(
      (input) => {
        const page = Number(input.NextToken ?? 0);
        const eventTime = plus(now, { hours: -page });
        return { Events: [event({ eventTime })], NextToken: String(page + 1) };
      },
      { maxSeconds: 20 },
    );
    const reading = await usesIn(source);
    expect(reading).toMatchObject({
      complete: false,
      problem: expect.stringMatching(/time for CloudTrail was up before page 22 in eu-west-1/),
      since: plus(now, { hours: -20 }),
    });
    expect(aws.calls).toHaveLength(42);
  });

  it('and names three Regions at most', async () => {
    const { source } = trail(() => {
      throw throttled();
    });
    const reading = await usesIn(source, ['ap-south-1', 'ap-south-2', 'eu-north-1']);
    const problem = reading.complete ? '' : reading.problem;
    expect(problem.match(/page 1 of CloudTrail/g)).toHaveLength(3);
    expect(problem).toMatch(/; and 2 Regions more$/);
  });

  it.each([
    ['no JSON', { EventId: '7a5f', CloudTrailEvent: '{' }],
    ['no text', { EventId: '7a5f' }],
    ['without a time', event({ eventTime: 'yesterday' })],
  ])('when an event is %s', async (_what, broken) => {
    const { source } = trail(() => ({ Events: [broken] }));
    const reading = await usesIn(source);
    expect(reading).toMatchObject({ complete: false, problem: expect.stringMatching('7a5f') });
  });
});

describe('the pace of LookupEvents', () => {
  it('is that of eight Regions at once', async () => {
    let most = 0;
    let under = 0;
    const { source, aws } = trail(async () => {
      under += 1;
      most = Math.max(most, under);
      await new Promise((resolve) => setImmediate(resolve));
      under -= 1;
      return { Events: [] };
    });
    const regions = Array.from({ length: 30 }, (_each, index) => `eu-west-${index + 1}`);
    expect(await usesIn(source, regions)).toEqual({ complete: true, value: [] });
    expect(aws.calls).toHaveLength(31);
    expect(most).toBe(8);
  });

  it('is at most two a second in a Region, whatever is asked at once', async () => {
    const { source, times } = trail((input) =>
      input.NextToken === undefined ? { Events: [], NextToken: 'more' } : { Events: [] },
    );
    await Promise.all([
      usesIn(source),
      source.uses({ keyId: newKeyId, since, inRegions: [] }),
      source.statusChanges(oldKeyId, since),
    ]);
    expect(times).toHaveLength(12);
    for (const where of ['eu-west-1', 'us-east-1']) {
      const home = times.filter(({ region }) => region === where).map(({ at }) => instant(at));
      const gaps = home.slice(1).map((at, index) => millisBetween(home[index] ?? at, at));
      expect(Math.min(...gaps)).toBeGreaterThanOrEqual(500);
    }
  });
});

describe('status changes in CloudTrail', () => {
  const update = (status: string, record: object = {}) =>
    event({
      eventName: 'UpdateAccessKey',
      requestParameters: { accessKeyId: oldKeyId, status },
      userIdentity: { arn: 'arn:aws:iam::111122223333:user/ops' },
      ...record,
    });
  const changesFrom = (updates: object[], deletions: object[] = []) => {
    const { source, aws } = trail((input) => ({
      Events: input.LookupAttributes[0].AttributeValue === 'UpdateAccessKey' ? updates : deletions,
    }));
    return { aws, reading: source.statusChanges(oldKeyId, since) };
  };

  it('are read where IAM logs, and only there', async () => {
    const { aws, reading } = changesFrom(
      [update('Active', { eventTime: '2026-11-08T09:00:00Z' })],
      [update('', { eventName: 'DeleteAccessKey' })],
    );
    const by = 'arn:aws:iam::111122223333:user/ops';
    expect(await reading).toEqual({
      complete: true,
      value: [
        { at: '2026-11-08T10:15:07.000Z', to: 'Gone', by },
        { at: '2026-11-08T09:00:00.000Z', to: 'Active', by },
      ],
    });
    expect(aws.calls.map(({ region }) => region)).toEqual(['us-east-1', 'us-east-1']);
  });

  it('are none when the call failed or was about another key', async () => {
    const { reading } = changesFrom([
      update('Active', { errorCode: 'AccessDenied' }),
      update('Active', { requestParameters: { accessKeyId: newKeyId, status: 'Active' } }),
      update('Active', { requestParameters: null }),
    ]);
    expect(await reading).toEqual({ complete: true, value: [] });
  });

  it('to a status that nobody knows count as a reactivation', async () => {
    const { reading } = changesFrom([update('Expired')]);
    expect(await reading).toMatchObject({ value: [{ to: 'Active' }] });
  });
});
