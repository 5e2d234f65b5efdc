/**
 * Others switched the old key on in its soak, used it, and switched it off again. Keyturn took the
 * use for somebody's need and switched on what they had switched off.
 */
import { describe, expect, test } from 'vitest';
import { plus } from '../../domain/instant.ts';
import { reasonOf } from '../../domain/verdict-text.ts';
import { storyNamed } from '../../sandbox/exhaustive/stories.ts';
import { tellStory } from '../../sandbox/exhaustive/tell-story.ts';
import { story } from '../builders.ts';
import { changedTo, gapsOf, onDeletion, reading, trailUse, unread } from '../testimony.ts';

const { deactivated } = story;
const later = (hours: number) => plus(deactivated, { hours });
const used = { oldTrail: reading([trailUse(later(2))]) };
const between = [changedTo('Inactive', later(3)), changedTo('Active', later(1))];

describe('an old key that was used since it is off', () => {
  test('is needed, as far as nobody else is seen to have switched it', () => {
    expect(onDeletion(used).verdict).toBe('in use');
    const statusChanges = reading([changedTo('Inactive', later(3))]);
    expect(onDeletion({ ...used, statusChanges }).verdict).toBe('in use');
  });

  test('given others switched it on and off again, then people decide', () => {
    const evidence = onDeletion({ ...used, statusChanges: reading(between) });
    expect(gapsOf(evidence)).toEqual(['standing', 'standing']);
    expect(reasonOf(evidence)).toContain('somebody else had it on, who switched it off again');
  });

  test('and so they do if nobody can read how it stands now', () => {
    const told = { ...used, statusChanges: reading(between), standing: unread() };
    expect(onDeletion(told).verdict).toBe('unknown');
    expect(onDeletion({ ...used, standing: unread() }).verdict).toBe('in use');
  });

  test('given nobody can read who switched it, then a use so late tells that others did', () => {
    const unknown = onDeletion({ ...used, statusChanges: unread() });
    expect(gapsOf(unknown)).toEqual(['standing', 'standing']);
    expect(reasonOf(unknown)).toContain('who did could not be read');
    const asItWentOff = { oldTrail: reading([trailUse(plus(deactivated, { minutes: 15 }))]) };
    expect(onDeletion({ ...asItWentOff, statusChanges: unread() }).verdict).toBe('in use');
  });

  test('in a whole world, then it stays off and somebody is told', async () => {
    const { broken, end } = await tellStory(storyNamed('used between'), { faults: [] });
    expect(broken).toEqual([]);
    expect(end).toContain('held changed outside, old Inactive');
  });
});
