/** The stories as they are without faults: how each ends, and that they show all there is. */
import { describe, expect, test } from 'vitest';
import type { Point } from '../../../sandbox/exhaustive/exact-strikes.ts';
import { stories, storyNamed } from '../../../sandbox/exhaustive/stories.ts';
import { tellStory } from '../../../sandbox/exhaustive/tell-story.ts';
import { impossible, mustBeSeen } from '../../../sandbox/simulation/coverage.ts';

const rotated = 'replace done rotated, old deleted, new Active, readers in us-east-1 get Active';
const bothWork =
  'replace held rolled back, old Active, new Active, readers in us-east-1 get Active';

const ends: Readonly<Record<string, string>> = {
  'main path': rotated,
  approved: rotated,
  retired: 'retire done retired, old deleted, new none, readers in us-east-1 get none',
  room:
    'replace done rotated, retire done retired, old deleted, old deleted, new Active, ' +
    'readers in us-east-1 get Active',
  'both stale':
    'replace done already gone, replace done rotated, old deleted, old deleted, new Active, ' +
    'readers in us-east-1 get Active',
  'parameter store': rotated,
  copy: `${rotated}, readers in us-west-2 get Active`,
  repository: `${rotated}, readers in acme/web get Active, readers in us-west-2 get Active`,
  sick: rotated,
  native: `${rotated}, readers in us-west-2 get Active`,
  'rolled back': bothWork,
  'used while off': bothWork,
  'used between':
    'replace held changed outside, old Inactive, new Active, readers in us-east-1 get Active',
  attested: rotated,
  forced: rotated,
  'deleted outside':
    'replace done already gone, old deleted, new Active, readers in us-east-1 get Active',
  'session tokens': rotated,
  'nobody hears': rotated,
};

const seen = new Set<string>();

describe('a story without faults', () => {
  test.each(stories.map(({ name }) => name))('%s', async (name) => {
    const { end, broken, points } = await tellStory(storyNamed(name), { faults: [] });
    for (const { effect } of points) seen.add(effect);
    expect(broken).toEqual([]);
    expect(end).toBe(ends[name]);
  });

  test('every effect that there is comes up in some story', () => {
    expect(mustBeSeen.filter((effect) => !seen.has(effect) && !impossible.has(effect))).toEqual([]);
  });

  test('is the same every time', async () => {
    const points = async (): Promise<readonly Point[]> =>
      (await tellStory(storyNamed('approved'), { faults: [] })).points;
    expect(await points()).toEqual(await points());
  });
});

test('a story that is not there is told by name, with all that are', () => {
  expect(() => storyNamed('main')).toThrow('there is no story "main": give one of "main path"');
});
