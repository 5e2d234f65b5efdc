/** ListRegions as a source: every page, every Region that may be used, kept for an hour. */
import { describe, expect, it } from 'vitest';
import { accountRegions } from '../../adapters/account-regions.ts';
import { Permanent, Transient } from '../../domain/errors.ts';
import { plus } from '../../domain/instant.ts';
import { awsError } from '../../sandbox/account/service.ts';
import { virtualClock } from '../../sandbox/clock.ts';
import { now } from '../app/witnessed.ts';
import { type Answers, cannedAws, throttled } from './canned-aws.ts';

const region = (RegionName: string, RegionOptStatus = 'ENABLED_BY_DEFAULT') => ({
  RegionName,
  RegionOptStatus,
});

function regions(answer: Answers[string]) {
  const clock = virtualClock(now);
  const aws = cannedAws({ ListRegions: answer });
  return { clock, aws, source: accountRegions(aws.connection, 'aws', clock) };
}

describe('the Regions of an account', () => {
  it('are those that are enabled, in whatever way, and those on their way', async () => {
    const { source, aws } = regions(() => ({
      Regions: [
        region('us-east-1'),
        region('af-south-1', 'ENABLED'),
        region('me-south-1', 'ENABLING'),
        region('eu-south-2', 'DISABLING'),
        region('ap-east-1', 'DISABLED'),
        region('il-central-1', 'SOMETHING_NEW'),
      ],
    }));
    expect(await source.enabled()).toEqual([
      'us-east-1',
      'af-south-1',
      'me-south-1',
      'eu-south-2',
      'il-central-1',
    ]);
    expect(aws.calls.map(({ input }) => input)).toEqual([{ MaxResults: 50 }]);
  });

  it('are read page by page to the end, empty pages included', async () => {
    const pages: Readonly<Record<string, object>> = {
      first: { Regions: [region('us-east-1')], NextToken: 'second' },
      second: { Regions: [], NextToken: 'third' },
      third: { Regions: [region('us-west-2')] },
    };
    const { source } = regions(({ NextToken = 'first' }) => pages[NextToken]);
    expect(await source.enabled()).toEqual(['us-east-1', 'us-west-2']);
  });

  it('are asked for once an hour, whoever asks at the same time', async () => {
    const { source, aws, clock } = regions(() => ({ Regions: [region('us-east-1')] }));
    await Promise.all([source.enabled(), source.enabled()]);
    await clock.runUntil(plus(now, { minutes: 59 }));
    await source.enabled();
    expect(aws.calls).toHaveLength(1);
    await clock.runUntil(plus(now, { minutes: 60 }));
    await source.enabled();
    expect(aws.calls).toHaveLength(2);
  });

  it('are asked for again after a failure', async () => {
    const answers = [
      () => {
        throw awsError('AccessDeniedException', 'no', 403);
      },
      () => ({ Regions: [region('us-east-1')] }),
    ];
    const { source } = regions(() => answers.shift()?.());
    await expect(source.enabled()).rejects.toThrow(Permanent);
    expect(await source.enabled()).toEqual(['us-east-1']);
  });
});

describe('a list of Regions is refused', () => {
  it('when its last page fails', async () => {
    const { source } = regions((input) => {
      if (input.NextToken !== undefined) throw throttled();
      return { Regions: [region('us-east-1')], NextToken: 'more' };
    });
    await expect(source.enabled()).rejects.toThrow(Transient);
  });

  it.each([
    ['is empty', { Regions: [] }, /none is enabled/],
    ['names none', {}, /none is enabled/],
    ['has one without a name', { Regions: [{ RegionOptStatus: 'ENABLED' }] }, /is not a Region/],
    ['has one of another partition', { Regions: [region('cn-north-1')] }, /partition aws-cn/],
    ['has one that is an address', { Regions: [region('x.example')] }, /is not a Region/],
    ['never ends', { Regions: [region('us-east-1')], NextToken: 'more' }, /over 10 pages/],
  ])('when it %s', async (_what, answer, problem) => {
    const { source } = regions(() => answer);
    await expect(source.enabled()).rejects.toThrow(problem);
  });
});
