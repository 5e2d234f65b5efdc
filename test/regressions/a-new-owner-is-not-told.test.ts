/**
 * A key was given to another owner an hour before it went off, and nobody told them: the notices of
 * its deadline had all gone to the one before.
 */
import { expect, test } from 'vitest';
import { plus } from '../../domain/instant.ts';
import { noNotices } from '../../domain/notices.ts';
import { decide } from '../../domain/rotation.ts';
import { approver, overlapping, rotationAt, story } from '../builders.ts';

const now = plus(story.deactivateAt, { hours: -1 });
const rotation = rotationAt(overlapping(), {
  notices: {
    ...noNotices,
    running: { since: story.issued, until: story.deactivateAt, halfTime: true, soon: true },
  },
});
const newOwner = { known: true, slackUserId: 'U0NEWOWNER', name: 'Nia Newowner' } as const;

test('whoever is given a key is told when it goes off', () => {
  const event = { type: 'reassigned', by: approver, owner: newOwner, assigned: true } as const;
  const { effects, ignored } = decide(rotation, event, now);
  expect(ignored).toBeUndefined();
  expect(effects).toContainEqual({
    type: 'tell owner',
    occasion: 'given',
    until: story.deactivateAt,
    to: newOwner.slackUserId,
  });
});
