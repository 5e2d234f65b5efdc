/** Names that follow from the seed. */
import { describe, expect, test } from 'vitest';
import { seeded } from '../../../sandbox/account/seeded.ts';

describe('a UUID that is worked out later', () => {
  test('is the one that would have been next, whenever it is asked for', () => {
    const [one, two, three] = [seeded('a'), seeded('a'), seeded('a')];
    const eager = [one.uuid('trail'), one.uuid('trail'), one.uuid('trail')];
    const later = [two.uuidLater('trail'), two.uuidLater('trail')];
    const mixed = [three.uuidLater('trail'), three.uuid('trail')];
    expect([later[1]?.(), later[0]?.(), two.uuid('trail')]).toEqual([eager[1], eager[0], eager[2]]);
    expect(mixed[1]).toBe(eager[1]);
    expect(later[0]?.()).toBe(later[0]?.());
  });
});
