/** One throttled call made the evidence unknown: the rotation was held and somebody paged. */
import { describe, expect, test } from 'vitest';
import { cloudTrailUsage } from '../../adapters/cloudtrail-usage.ts';
import { lastUsedSource } from '../../adapters/last-used.ts';
import { Transient } from '../../domain/errors.ts';
import { millisBetween, plus } from '../../domain/instant.ts';
import { awsError } from '../../sandbox/account/service.ts';
import { virtualClock } from '../../sandbox/clock.ts';
import { type Answers, cannedAws, noSuchEntity, throttled } from '../adapters/canned-aws.ts';
import { now, oldKeyId, user } from '../app/witnessed.ts';
import { givenWorld } from '../sandbox/given-world.ts';

/** Answers only after so many refusals; says when it was asked. */
function refusing(times: number, answer: unknown, refusal = throttled) {
  const clock = virtualClock(now);
  const asked: number[] = [];
  const ask = (): unknown => {
    asked.push(millisBetween(now, clock.now()) / 1000);
    if (asked.length <= times) throw refusal();
    return answer;
  };
  const aws = (operation: string) => cannedAws({ [operation]: ask } satisfies Answers);
  return { clock, asked, aws };
}

describe('GetAccessKeyLastUsed', () => {
  const never = { UserName: user.userName, AccessKeyLastUsed: {} };
  const lastUsed = ({ aws, clock }: ReturnType<typeof refusing>) =>
    lastUsedSource(aws('GetAccessKeyLastUsed').connection, clock).lastUsed(user.userName, oldKeyId);

  test('throttled three times is asked again after 1, 2 and 4 seconds', async () => {
    const source = refusing(3, never);
    expect(await lastUsed(source)).toBeNull();
    expect(source.asked).toEqual([0, 1, 3, 7]);
  });

  test('throttled a fourth time is an error, and never "not used"', async () => {
    const source = refusing(4, never);
    await expect(lastUsed(source)).rejects.toThrow(Transient);
    expect(source.asked).toHaveLength(4);
  });

  test('refused for another reason is not asked again', async () => {
    const source = refusing(1, never, noSuchEntity);
    await expect(lastUsed(source)).rejects.toThrow();
    expect(source.asked).toHaveLength(1);
  });

  test.each(['Throttling', 'TooManyRequestsException', 'RequestLimitExceeded'])(
    'knows a throttle as %s too',
    async (name) => {
      const source = refusing(1, never, () => awsError(name, 'Rate exceeded'));
      expect(await lastUsed(source)).toBeNull();
    },
  );
});

describe('LookupEvents', () => {
  const uses = ({ aws, clock }: ReturnType<typeof refusing>) =>
    cloudTrailUsage({
      connectionIn: aws('LookupEvents').connectionIn,
      region: 'us-east-1',
      partition: 'aws',
      clock,
    }).uses({ keyId: oldKeyId, since: plus(now, { days: -90 }), inRegions: [] });

  test('throttled three times on one page is asked again after 1, 2 and 4 seconds', async () => {
    const source = refusing(3, { Events: [] });
    expect(await uses(source)).toEqual({ complete: true, value: [] });
    expect(source.asked).toEqual([0, 1, 3, 7]);
  });

  test('throttled a fourth time leaves the reading incomplete', async () => {
    const source = refusing(4, { Events: [] });
    expect(await uses(source)).toMatchObject({ complete: false });
    expect(source.asked).toHaveLength(4);
  });
});

test('given three throttles at the deadline, then nobody is paged', async () => {
  const given = await givenWorld();
  await given.until('overlapping');
  await given.pass({ hours: 47 });
  given.faults.fail({ service: 'iam', operation: 'GetAccessKeyLastUsed' }, 'throttled', 3);
  await given.pass({ hours: 2 });
  const { stage } = await given.rotation();
  expect(stage.name).toBe('soaking');
  expect(given.incidents()).toEqual([]);
});
