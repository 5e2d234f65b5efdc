/** Unused, used or unknown: what cannot be asked is unknown, what is broken is not hidden. */
import { describe, expect, it } from 'vitest';
import { memoryStore } from '../../adapters/memory-store.ts';
import { unusedFor } from '../../app/unused-keys.ts';
import { Bug, Permanent, Transient } from '../../domain/errors.ts';
import { plus } from '../../domain/instant.ts';
import type { IamUser } from '../../domain/key.ts';
import type { KeyUses } from '../../domain/ports.ts';
import { oldKeyId, story, use, user } from '../builders.ts';

const now = story.opened;
const key = {
  keyId: oldKeyId,
  status: 'Active',
  createdAt: plus(now, { days: -200 }),
} as const;

const asked: [IamUser, string][] = [];
const answering = (answer: () => ReturnType<KeyUses['lastUsed']>) => ({
  store: memoryStore(),
  issued: { issuedTo: async () => [] },
  uses: {
    lastUsed: async (of: IamUser, keyId: string) => {
      asked.push([of, keyId]);
      return answer();
    },
  },
});
const usage = (answer: () => ReturnType<KeyUses['lastUsed']>) =>
  unusedFor(answering(answer), user, key, now);

describe('a key of 200 days', () => {
  it('never used is unused, and it is that key of that user that was asked about', async () => {
    expect(await usage(async () => null)).toEqual({ is: 'unused', lastUsed: null });
    expect(asked.at(-1)).toEqual([user, oldKeyId]);
  });

  it.each([
    [120, 'unused'],
    [90, 'used'],
    [1, 'used'],
  ])('used %d days ago is %s', async (days, is) => {
    const lastUsed = use(plus(now, { days: -days }));
    expect(await usage(async () => lastUsed)).toEqual({ is, lastUsed });
  });

  it.each([Transient, Permanent])('is unknown after an error (%o), with the problem', async (E) => {
    const failing = () => Promise.reject(new E('GetAccessKeyLastUsed: Throttling'));
    const problem = 'GetAccessKeyLastUsed: Throttling';
    expect(await usage(failing)).toEqual({ is: 'unknown', problem });
  });

  it('lets a broken promise of the code through', async () => {
    await expect(usage(() => Promise.reject(new Bug('x')))).rejects.toThrow(Bug);
  });
});
