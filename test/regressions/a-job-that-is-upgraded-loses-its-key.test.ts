/**
 * A weekly job whose SDK was a newer one at each run lost its key: each version passed for another
 * user of the key, who had used it once.
 */
import { expect, test } from 'vitest';
import { instant, plus } from '../../domain/instant.ts';
import { busy, type PastUse, sharedKey } from './shared-key.ts';

const start = instant('2026-11-02T08:00:00Z');
const weeks = Array.from({ length: 12 }, (_each, week) => week);
const weekly = (of: (week: number) => Omit<PastUse, 'at'>): readonly PastUse[] =>
  weeks.map((week) => ({ ...of(week), at: plus(start, { hours: -7 - week * 168 }) }));

const runner = (week: number) => `198.51.100.${week + 1}`;
const sdk = (week: number) => `Boto3/1.40.${60 - week * 5} md/Botocore#1.40.${60 - week}`;
const { userAgent, sourceIp } = busy;

test.each([
  ['the same program each time', weekly(() => ({ sourceIp: '198.51.100.9', userAgent: sdk(0) }))],
  [
    'a newer program each time',
    weekly((week) => ({ sourceIp: runner(week), userAgent: sdk(week) })),
  ],
  ['the program of the busy one', weekly(() => ({ sourceIp: '198.51.100.9', userAgent }))],
  ['the address of the busy one', weekly((week) => ({ sourceIp, userAgent: sdk(week) }))],
])('given a weekly job with %s, then its key is not switched off', async (_what, slow) => {
  const { runUntil, changes } = await sharedKey(start, slow);
  await runUntil(plus(start, { days: 6 }));
  expect(changes()).toEqual(['Active']);
});

const daysAgo = (days: number) => plus(start, { days: -days });

test.each([
  ['one use by hand weeks ago', [{ sourceIp: runner(0), userAgent: 'aws-cli/2', at: daysAgo(30) }]],
  ['one use from its own address', [{ sourceIp, userAgent: 'aws-cli/2', at: daysAgo(30) }]],
  [
    'addresses that it comes back to weeks later',
    weeks.flatMap((n) => [
      { sourceIp: runner(n), userAgent, at: daysAgo(n + 1) },
      { sourceIp: runner(n), userAgent, at: daysAgo(n + 40) },
    ]),
  ],
])('given a busy program and %s, then its key is switched off', async (_what, uses) => {
  const { runUntil, changes } = await sharedKey(start, uses);
  await runUntil(plus(start, { days: 4 }));
  expect(changes()).toContain('Inactive');
});
