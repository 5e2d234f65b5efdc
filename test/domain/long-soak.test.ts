/** What looks during a soak prove, so that it may last longer than CloudTrail remembers. */
import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../domain/evidence.ts';
import { instant, plus } from '../../domain/instant.ts';
import { decide } from '../../domain/rotation.ts';
import type { Stage } from '../../domain/stage.ts';
import { held, inUse, rotationAt, safe, soaking, story, unknown } from '../builders.ts';

const now = plus(story.deactivated, { days: 40 });
const off = { at: now, oldKey: 'Inactive' } as const;
const long = soaking({ deleteAt: plus(now, { days: 20 }), nextProbeAt: now });
const paused = held({ kept: long, oldKey: 'Inactive', since: plus(now, { days: -1 }) });

const clearUntil = (stage: Stage, evidence: Evidence) => {
  const after = decide(rotationAt(stage), { type: 'evidence gathered', evidence }, now);
  const { stage: next } = after.rotation;
  const kept = next.name === 'held' ? next.kept : next;
  return kept.name === 'soaking' ? kept.clearUntil : undefined;
};

describe.each([
  ['a soak', long],
  ['a soak on hold', paused],
])('the old key is known to have stayed off and unused, in %s', (_what, stage) => {
  const known = plus(now, { hours: -4 });

  test.each([
    ['all is well', safe(off)],
    ['only the deadline is not there', unknown(off, 'deadline')],
    ['only the pickup lacks', unknown(off, 'deadline', 'pickup')],
  ])('up to four hours before a look to which %s', (_look, evidence) => {
    expect(clearUntil(stage, evidence)).toBe(known);
  });

  test.each([
    ['CloudTrail could not be read', unknown(off, 'deadline', 'cloudtrail')],
    ['last-used could not be read', unknown(off, 'last-used')],
    ['keys or secret are not as they were', unknown(off, 'standing')],
    ['the key is in use', inUse(off)],
  ])('no later than before if %s', (_look, evidence) => {
    expect(clearUntil(stage, evidence) ?? story.deactivated).toBe(story.deactivated);
  });

  test('never earlier than by the look before', () => {
    const later = plus(now, { hours: -1 });
    const kept = { ...long, clearUntil: later };
    expect(clearUntil(stage === long ? kept : { ...paused, kept }, safe(off))).toBe(later);
  });
});

test('at first from when it was switched off', () => {
  expect(instant(long.clearUntil)).toBe(story.deactivated);
});
