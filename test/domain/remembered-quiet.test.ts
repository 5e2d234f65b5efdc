/** How quiet the old key had to be by an earlier look, it has to be by every later one. */
import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../domain/evidence.ts';
import { plus } from '../../domain/instant.ts';
import { decide } from '../../domain/rotation.ts';
import type { Overlapping, Stage } from '../../domain/stage.ts';
import {
  forcedBy,
  held,
  inUse,
  notPicked,
  overlapping,
  rotationAt,
  safe,
  story,
  unknown,
  use,
} from '../builders.ts';

const now = story.deactivateAt;
const days = (n: number) => plus(now, { days: n });

/** A job that ran twice, long ago, asks for so many days more. */
const slow = (more: number, at = plus(now, { hours: -6 })): Evidence =>
  inUse({ at, uses: [use(days(-40))], quietHours: 1440, quietAt: days(more) });

const gathered = (stage: Stage, evidence: Evidence, at = now) =>
  decide(rotationAt(stage), { type: 'evidence gathered', evidence }, at).rotation.stage;

const given = (evidence: Evidence): Overlapping => overlapping({ evidence });
const later = safe({ at: now });

describe('a look that knows less', () => {
  test('switches nothing off before the moment that an earlier one named', () => {
    expect(gathered(given(slow(20)), later)).toMatchObject({
      name: 'overlapping',
      deactivateAt: days(20),
      evidence: { quietHours: 1440, quietAt: days(20) },
    });
  });

  test('does so at that moment', () => {
    expect(gathered(given(slow(0)), later).name).toBe('deactivating');
  });

  test('is held if that would stretch the overlap beyond its limit', () => {
    expect(gathered(given(slow(50)), later)).toMatchObject({
      name: 'held',
      reason: { code: 'overlap too long' },
      kept: { evidence: { quietAt: days(50) } },
    });
  });

  test('is overridden by force', () => {
    const forced = safe({ at: now }, 'forced');
    const stage = { ...given(slow(20)), authority: forcedBy };
    expect(gathered(stage, forced).name).toBe('deactivating');
  });

  test('while on hold changes nothing either', () => {
    const since = plus(now, { hours: -1 });
    const stage = held({ kept: given(slow(50)), oldKey: 'Active', since });
    expect(gathered(stage, later)).toMatchObject({ kept: { evidence: { quietAt: days(50) } } });
  });
});

test('the later of two looks counts if it asks for more', () => {
  expect(gathered(given(slow(5)), slow(20, now))).toMatchObject({
    evidence: { quietAt: days(20) },
  });
});

test('a look that saw nothing asks for nothing', () => {
  const blind = unknown(
    { at: plus(now, { hours: -6 }), oldKey: 'unknown', pickup: notPicked, quietAt: days(1) },
    'standing',
  );
  expect(gathered(given(blind), later).name).toBe('deactivating');
  const since = { deactivateAt: days(1) };
  const seen = overlapping({ ...since, evidence: slow(20) });
  const again = gathered(seen, { ...blind, at: now });
  expect(again).toMatchObject({ evidence: { quietHours: 1440, quietAt: days(20) } });
});
