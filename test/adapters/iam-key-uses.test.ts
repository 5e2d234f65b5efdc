/** Last use of keys anywhere: the right account is asked, and an error is never "not used". */
import { describe, expect, it } from 'vitest';
import { iamKeyUses } from '../../adapters/iam-key-uses.ts';
import { Permanent, Transient } from '../../domain/errors.ts';
import type { Place } from '../../domain/ports.ts';
import { virtualClock } from '../../sandbox/clock.ts';
import { now } from '../app/witnessed.ts';
import { oldKeyId, user } from '../builders.ts';
import { cannedAws, noSuchEntity, throttled } from './canned-aws.ts';

const asking = (answer: () => unknown, places: Place[] = []) => {
  const { connectionIn } = cannedAws({ GetAccessKeyLastUsed: answer });
  const uses = iamKeyUses(
    (place) => {
      places.push(place);
      return connectionIn(place.region);
    },
    'us-gov-west-1',
    virtualClock(now),
  );
  return uses.lastUsed({ ...user, partition: 'aws-us-gov' }, oldKeyId);
};

describe('the last use of a key', () => {
  it("is read in the user's own account and partition", async () => {
    const places: Place[] = [];
    const LastUsedDate = new Date('2026-11-08T10:15:00Z');
    const answer = { UserName: user.userName, AccessKeyLastUsed: { LastUsedDate } };
    const use = await asking(() => answer, places);
    expect(use).toMatchObject({ at: '2026-11-08T10:15:00.000Z', source: 'last-used' });
    const { account } = user;
    expect(places).toEqual([{ partition: 'aws-us-gov', account, region: 'us-gov-west-1' }]);
  });

  it('is null for a key never used', async () => {
    const answer = { UserName: user.userName, AccessKeyLastUsed: { ServiceName: 'N/A' } };
    expect(await asking(() => answer)).toBeNull();
  });

  it.each([
    ['a key that is gone', () => Promise.reject(noSuchEntity()), Permanent],
    ["another user's key", () => ({ UserName: 'x', AccessKeyLastUsed: {} }), Permanent],
    ['a throttle', () => Promise.reject(throttled()), Transient],
  ] as const)('throws on %s', async (_what, answer, kind) => {
    await expect(asking(answer)).rejects.toThrow(kind);
  });

  it('throws, and not at once, where no connection can be made', async () => {
    const noWay = () => {
      throw new Permanent('no role in that account');
    };
    const uses = iamKeyUses(noWay, 'us-east-1', virtualClock(now));
    await expect(uses.lastUsed(user, oldKeyId)).rejects.toThrow('no role in that account');
  });
});
