/** GetAccessKeyLastUsed as a source: an error is never "not used". */
import { describe, expect, it } from 'vitest';
import { lastUsedSource } from '../../adapters/last-used.ts';
import { Permanent, Transient } from '../../domain/errors.ts';
import { virtualClock } from '../../sandbox/clock.ts';
import { now, oldKeyId, user } from '../app/witnessed.ts';
import { cannedAws, noSuchEntity, throttled } from './canned-aws.ts';

const asking = (answer: () => unknown) => {
  const { connection } = cannedAws({ GetAccessKeyLastUsed: answer });
  return lastUsedSource(connection, virtualClock(now)).lastUsed(user.userName, oldKeyId);
};

describe('last-used', () => {
  it('tells when and where, and leaves unknown what IAM does not know', async () => {
    const LastUsedDate = new Date('2026-11-08T10:15:00Z');
    const known = { LastUsedDate, ServiceName: 's3', Region: 'eu-west-1' };
    const use = await asking(() => ({ UserName: user.userName, AccessKeyLastUsed: known }));
    expect(use).toEqual({
      at: '2026-11-08T10:15:00.000Z',
      service: 's3',
      region: 'eu-west-1',
      sourceIp: 'unknown',
      userAgent: 'unknown',
      source: 'last-used',
    });
    const vague = { LastUsedDate, ServiceName: 'sts', Region: 'N/A' };
    const other = await asking(() => ({ UserName: user.userName, AccessKeyLastUsed: vague }));
    expect(other).toMatchObject({ service: 'sts', region: 'unknown' });
  });

  it('is null for a key never used', async () => {
    const never = { ServiceName: 'N/A', Region: 'N/A' };
    const use = await asking(() => ({ UserName: user.userName, AccessKeyLastUsed: never }));
    expect(use).toBeNull();
  });

  it.each([
    ['an empty answer', () => ({}), Permanent],
    ["another user's key", () => ({ UserName: 'x', AccessKeyLastUsed: {} }), Permanent],
    ['a key that is gone', () => Promise.reject(noSuchEntity()), Permanent],
    ['a throttle', () => Promise.reject(throttled()), Transient],
  ] as const)('throws on %s', async (_what, answer, kind) => {
    await expect(asking(answer)).rejects.toThrow(kind);
  });
});
