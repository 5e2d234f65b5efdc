/**
 * A run that switched a key off failed, a look showed the key Inactive (or nobody had looked yet
 * after Resume), and then its user was exempted: the rotation ended, and nobody heard that the key
 * was off. The page about it was even cleared.
 */
import { expect, test } from 'vitest';
import { decide } from '../../domain/rotation.ts';
import type { Stage } from '../../domain/stage.ts';
import {
  held,
  overlapping,
  retirement,
  rotationAt,
  safe,
  staleKey,
  story,
  unknown,
} from '../builders.ts';

const at = story.deactivated;
const evidence = unknown({ at, oldKey: 'Inactive' }, 'standing');
const offByRun = retirement({}, { statusBefore: 'Active', evidence });
const why = 'The policy exempts this user.';

function pagesAt(stage: Stage, foundAs: 'Active' | 'Inactive' = 'Active') {
  const rotation = rotationAt(stage, { key: { ...staleKey, foundAs } });
  const { effects } = decide(rotation, { type: 'exempted', why }, at);
  return effects.flatMap((each) => (each.type === 'page' ? [each.summary] : []));
}

test.each<readonly [string, Stage]>([
  ['a key to retire, seen Inactive on hold', held({ kept: offByRun, oldKey: 'Inactive' })],
  ['a key to retire, resumed before any look', offByRun],
  ['an old key, seen Inactive on hold', held({ kept: overlapping(), oldKey: 'Inactive' })],
])('%s: whoever is on call hears that it is off', (_, stage) => {
  expect(pagesAt(stage)).toEqual([expect.stringContaining('is off, or may be')]);
});

test('a key that was off before Keyturn came, or is seen Active, wakes nobody', () => {
  const evidenceNow = safe({ at, oldKey: 'Inactive' });
  const foundOff = retirement({}, { statusBefore: 'Inactive', evidence: evidenceNow });
  expect(pagesAt(held({ kept: foundOff, oldKey: 'Inactive' }), 'Inactive')).toEqual([]);
  expect(pagesAt(held({ kept: foundOff, oldKey: 'unknown' }), 'Inactive')).toEqual([]);
  expect(pagesAt(held({ kept: offByRun, oldKey: 'Active' }))).toEqual([]);
});
