/** A slow job lost its key because it worked in a Region whose CloudTrail nobody read. */
import { expect, test } from 'vitest';
import { instant, plus } from '../../domain/instant.ts';
import { faultsIn } from '../sandbox/faults.ts';
import { sharedKey } from './shared-key.ts';

const start = instant('2026-11-02T08:00:00Z');

/** A busy program in us-east-1 and, if anywhere, a weekly job elsewhere share one key. */
function given(jobRegion: string | null) {
  const weeks = jobRegion === null ? [] : Array.from({ length: 12 }, (_each, week) => week);
  const job = { sourceIp: '198.51.100.9', userAgent: 'report/1', region: jobRegion ?? '' };
  return sharedKey(
    start,
    weeks.map((week) => ({ ...job, at: plus(start, { hours: -(7 + week * 168) }) })),
  );
}

test.each(['us-east-1', 'ap-southeast-2'])(
  'given a weekly job in %s beside a busy program, then its key is not switched off',
  async (region) => {
    const { runUntil, changes } = await given(region);
    await runUntil(plus(start, { days: 10 }));
    expect(changes()).toEqual(['Active']);
  },
);

test('given nobody but the busy program, then its key is switched off', async () => {
  const { runUntil, changes } = await given(null);
  await runUntil(plus(start, { days: 4 }));
  expect(changes()).toContain('Inactive');
});

test('given a list of Regions that cannot be read, then nothing is called unused', async () => {
  const { cloud, runUntil, changes, stage } = await given(null);
  faultsIn(cloud).fail({ service: 'account', operation: 'ListRegions' }, 'denied');
  await runUntil(plus(start, { days: 10 }));
  expect(changes()).toEqual(['Active']);
  expect(await stage()).toMatchObject({
    name: 'held',
    reason: {
      code: 'evidence incomplete',
      text: expect.stringContaining('listing the Regions of the account'),
    },
  });
});
