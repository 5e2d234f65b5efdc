/**
 * A run that switched the old key on was cut before anybody heard: the message went on asking for
 * Roll back, whose button had gone with the key being on, and Resume took the key off again.
 */
import { describe, expect, test } from 'vitest';
import { legalPresses } from '../../domain/press.ts';
import { decide } from '../../domain/rotation.ts';
import { storyNamed } from '../../sandbox/exhaustive/stories.ts';
import { tellStory } from '../../sandbox/exhaustive/tell-story.ts';
import { held, retirement, rotationAt, safe, soaking, story } from '../builders.ts';

const now = story.deleteAt;
const reason = { code: 'restore failed', text: 'It failed. Roll back tries again.' } as const;
const given = held({ kept: soaking(), reason, since: story.deactivateAt, oldKey: 'unknown' });

function reasonAfter(oldKey: 'Active' | 'Inactive', stage = given) {
  const evidence = safe({ at: now, oldKey });
  const { rotation } = decide(rotationAt(stage), { type: 'evidence gathered', evidence }, now);
  if (rotation.stage.name !== 'held') throw new Error('it is not held');
  const presses = legalPresses(rotation, now).map(({ type }) => type);
  return { ...rotation.stage.reason, presses };
}

describe('an old key that could not be seen to be switched on', () => {
  test('seen on: there is nothing to roll back, and nobody is asked to', () => {
    const { code, text, presses } = reasonAfter('Active');
    expect(presses).not.toContain('roll back');
    expect(code).toBe('rolled back');
    expect(text).toContain('both keys work. Change over, then resume.');
    const unused = reasonAfter('Active', { ...given, kept: retirement() });
    expect(unused.text).toContain('Abandon this: the next finding has the key replaced.');
  });

  test('seen off: to roll back tries again', () => {
    const { code, presses } = reasonAfter('Inactive');
    expect(code).toBe('restore failed');
    expect(presses).toContain('roll back');
  });

  test('in a whole world: it ends rolled back, as if the run had not been cut', async () => {
    const told = storyNamed('rolled back');
    const { points, end } = await tellStory(told, { faults: [] });
    const after = points.findIndex(
      ({ effect }) => effect === 'run after iam:UpdateAccessKey Active',
    );
    const index = points[after]?.index ?? -1;
    const cut = await tellStory(told, { faults: [{ kind: 'cancelled', index, reach: 'least' }] });
    expect(cut.missed).toEqual([]);
    expect(cut.broken).toEqual([]);
    expect(cut.end).toBe(end);
  });
});
