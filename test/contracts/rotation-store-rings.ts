/** How rotations went in rings, as any store keeps it. */
import { expect, test } from 'vitest';
import { instant, plus } from '../../domain/instant.ts';
import type { RotationStore } from '../../domain/ports.ts';
import type { RingMark } from '../../domain/rings.ts';

const start = instant('2026-11-02T08:00:00Z');

const mark = (is: RingMark['is'], day: number, ring = 'sandbox'): RingMark => ({
  ...{ ring, is, rotationId: `rotation-${day}`, at: plus(start, { days: day }) },
  ...{ what: `Day ${day}.`, told: false },
});

export function describeRings(given: () => RotationStore): void {
  test('of a ring the latest bad mark and the five latest clean ones are known', async () => {
    expect(await given().ringMarks('sandbox')).toEqual({ bad: undefined, clean: [] });
    const days = [3, 1, 7, 5, 2, 6, 4];
    for (const day of days) await given().markRing(mark('clean', day));
    await given().markRing(mark('bad', 2));
    await given().markRing(mark('bad', 1));
    await given().markRing(mark('bad', 9, 'low risk'));
    expect(await given().ringMarks('sandbox')).toEqual({
      bad: mark('bad', 2),
      clean: [7, 6, 5, 4, 3].map((day) => mark('clean', day)),
    });
  });

  test('the same mark twice is one, and says whether it was told', async () => {
    await given().markRing(mark('bad', 2));
    await given().markRing({ ...mark('bad', 2), told: true });
    const { bad } = await given().ringMarks('sandbox');
    expect(bad).toEqual({ ...mark('bad', 2), told: true });
  });
}
