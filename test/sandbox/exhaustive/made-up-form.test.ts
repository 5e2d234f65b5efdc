/** A form that no screen would send is made for the rotation as it is, and counts by that. */
import { expect, test } from 'vitest';
import { storyNamed } from '../../../sandbox/exhaustive/stories.ts';
import { tellStory } from '../../../sandbox/exhaustive/tell-story.ts';

test('between a commit and its message, the form shows more than the message does', async () => {
  const main = storyNamed('main path');
  const { points } = await tellStory(main, { faults: [] });
  const commits = points.filter(({ effect, kinds }) => /commit/.test(effect) && kinds.length > 1);
  const [, admitted] = commits;
  if (admitted === undefined) throw new Error('the main path has no second commit');
  const told = await tellStory(main, {
    faults: [],
    pressing: {
      index: admitted.index,
      moment: 'after',
      action: 'keyturn:form:not mine',
      slackUserId: 'U0SAM',
      isDouble: false,
    },
  });
  const [pressed, filled] = [...told.ledger.presses.values()].filter(
    ({ slackUserId, action }) => slackUserId === 'U0SAM' && /not mine/.test(action),
  );
  expect(pressed).toMatchObject({ shownVersion: 1, changes: 0 });
  expect(filled).toMatchObject({ shownVersion: 2, changes: 1 });
  expect(told.broken).toEqual([]);
}, 60_000);
