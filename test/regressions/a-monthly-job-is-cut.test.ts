/** A slow job that shares a key with a busy program lost it: their uses were measured as one. */
import { expect, test } from 'vitest';
import { instant, plus } from '../../domain/instant.ts';
import { sharedKey } from './shared-key.ts';

const start = instant('2026-11-02T08:00:00Z');

test.each([
  ['weekly', 7 * 24],
  ['monthly', 29 * 24],
])('given a %s job beside a busy program, then its key is not switched off', async (_, every) => {
  const job = { sourceIp: '198.51.100.9', userAgent: 'report/1' };
  const { runUntil, changes, stage } = await sharedKey(
    start,
    [0, 1, 2].map((index) => ({ ...job, at: plus(start, { hours: -(49 + index * every) }) })),
  );

  await runUntil(plus(start, { days: 10 }));

  expect(changes()).toEqual(['Active']);
  expect(['overlapping', 'held']).toContain((await stage())?.name);
});
