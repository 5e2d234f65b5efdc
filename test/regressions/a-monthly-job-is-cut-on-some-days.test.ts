/**
 * A job on the first of each month lost its key whenever the third last run had just left
 * CloudTrail's 90 days: two known uses were no cadence.
 */
import { expect, test } from 'vitest';
import { instant, plus } from '../../domain/instant.ts';
import { sharedKey } from './shared-key.ts';

const job = { sourceIp: '198.51.100.9', userAgent: 'report/1' };
const next = instant('2026-12-01T03:00:00Z');

test.each(['2026-11-04', '2026-11-10', '2026-11-19', '2026-11-28'])(
  'given a job on the first of each month, when its key is reported on %s, then it is not cut',
  async (day) => {
    const runs = ['08', '09', '10', '11'].map((month) => instant(`2026-${month}-01T03:00:00Z`));
    const start = instant(`${day}T06:00:00Z`);
    const { runUntil, changes } = await sharedKey(
      start,
      runs.map((at) => ({ ...job, at })),
    );
    await runUntil(next);
    expect(changes()).toEqual(['Active']);
  },
);

test('given a job of which two runs show, then its key is not cut before the third', async () => {
  const start = instant('2026-11-04T06:00:00Z');
  const runs = [28.5, 59.5, 90.5].map((days) => plus(start, { hours: -24 * days }));
  const { runUntil, changes } = await sharedKey(
    start,
    runs.map((at) => ({ ...job, at })),
  );
  await runUntil(plus(start, { hours: 60 }));
  expect(changes()).toEqual(['Active']);
});

test('given one run weeks ago, then the key is switched off: once is no cadence', async () => {
  const start = instant('2026-11-04T06:00:00Z');
  const { runUntil, changes } = await sharedKey(start, [
    { ...job, at: plus(start, { days: -30 }) },
  ]);
  await runUntil(plus(start, { days: 4 }));
  expect(changes()).toContain('Inactive');
});
