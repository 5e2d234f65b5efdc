/**
 * Whoever used a key chose their user agent. With half of a character in it no decision that saw
 * the use could be written down, and the key's rotation stood still for good, told to nobody.
 */
import { expect, test } from 'vitest';
import { instant, plus } from '../../domain/instant.ts';
import { busy, sharedKey } from './shared-key.ts';

const start = instant('2026-11-02T08:00:00Z');

test('given a use whose program says half a character, then the rotation goes on', async () => {
  const odd = { ...busy, userAgent: 'x\uDFFF', at: plus(start, { days: -30 }) };
  const { runUntil, changes } = await sharedKey(start, [odd]);
  await runUntil(plus(start, { days: 4 }));
  expect(changes()).toContain('Inactive');
});
