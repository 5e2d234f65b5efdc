/**
 * A key that was being retired was off, and somebody switched it on again. After Resume it was
 * still taken for a key that Keyturn may have off: Roll back was offered for it, a pause called it
 * unknown, and Abandon called it perhaps Inactive. So was a key whose order to be switched off was
 * withdrawn before SSM began.
 */
import { describe, expect, test } from 'vitest';
import { type Instant, plus } from '../../domain/instant.ts';
import { decide } from '../../domain/rotation.ts';
import {
  admin,
  deactivating,
  held,
  orderedRun,
  retirement,
  rotationAt,
  runEffectId,
  safe,
  soaking,
  story,
} from '../builders.ts';
import { pressed, seen, stageOf } from '../domain/machine-steps.ts';

const before = retirement({}, { statusBefore: 'Active' });
const later = plus(story.deactivated, { hours: 2 });
const soaks = rotationAt(soaking({ before }), { kind: 'retire' });

function resumed(): readonly (readonly [string, ReturnType<typeof resume>])[] {
  const back = seen(soaks, safe({ at: later, oldKey: 'Active' }), later).rotation;
  const onHold = held({ kept: soaking({ before }), oldKey: 'Active', since: story.deactivated });
  return [
    ['seen while it soaked', resume(back, later)],
    ['seen on hold', resume(rotationAt(onHold, { kind: 'retire' }), later)],
  ];
}

const resume = (rotation: Parameters<typeof pressed>[0], now: Instant) =>
  pressed(rotation, 'resumed', now).rotation;

describe.each(resumed())('given a key that was switched on, %s', (_, rotation) => {
  test('when somebody presses Roll back, then there is nothing to roll back', () => {
    expect(rotation.stage.name).toBe('proposed');
    expect(pressed(rotation, 'rolled back', later).ignored).toBeDefined();
  });

  test('when it is paused, then it is known to be Active', () => {
    expect(stageOf(pressed(rotation, 'paused', later))).toMatchObject({ oldKey: 'Active' });
  });

  test('when it is abandoned, then what remains is an Active key', () => {
    const { stage } = decide(rotation, { type: 'abandoned', by: admin }, later).rotation;
    expect(stage).toMatchObject({ remaining: ['old key …MPLE is Active'] });
  });
});

describe('given an order that was withdrawn before SSM began', () => {
  const evidence = safe({ at: story.deactivateAt, oldKey: 'Active' });
  const ordered = deactivating({
    run: orderedRun(story.deactivateAt),
    before: retirement({}, { statusBefore: 'Active', evidence }),
  });
  const withdrawn = decide(
    rotationAt(ordered, { kind: 'retire' }),
    { type: 'run withdrawn', effectId: runEffectId, why: 'the window is closed' },
    later,
  ).rotation;

  test('then the key is as Active as it was seen', () => {
    expect(withdrawn.stage.name).toBe('proposed');
    expect(pressed(withdrawn, 'rolled back', later).ignored).toBeDefined();
    expect(stageOf(pressed(withdrawn, 'paused', later))).toMatchObject({ oldKey: 'Active' });
  });

  test('when its user is exempt, then nobody is woken', () => {
    const exempted = { type: 'exempted', why: 'The policy exempts this user.' } as const;
    const { effects } = decide(withdrawn, exempted, later);
    expect(effects.map(({ type }) => type)).not.toContain('page');
  });
});
