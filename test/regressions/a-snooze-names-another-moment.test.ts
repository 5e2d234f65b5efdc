/**
 * Whoever snoozed a proposal that waited for approval read in the thread when it would have begun
 * if it were approved, and not the moment that they had chosen: until then it may be answered.
 */
import { expect, test } from 'vitest';
import { plus } from '../../domain/instant.ts';
import { decide } from '../../domain/rotation.ts';
import {
  approvedProposal,
  approver,
  overlapping,
  proposed,
  retirement,
  rotationAt,
  soaking,
  story,
} from '../builders.ts';

const { approved: now } = story;

test.each([
  ['not approved', proposed(), plus(story.answerBy, { hours: 5 })],
  [
    'unused, not approved',
    retirement({ approval: { given: false } }),
    plus(story.answerBy, { hours: 5 }),
  ],
  ['approved', approvedProposal(), plus(now, { hours: 5 })],
  ['overlapping', overlapping(), plus(story.deactivateAt, { hours: 5 })],
  ['soaking', soaking(), plus(story.deleteAt, { hours: 5 })],
])('%s: the thread names the moment that was chosen', (_, stage, until) => {
  const chosen = until.slice(0, 16).replace('T', ' ');
  for (const event of [
    { type: 'snoozed until', by: approver, until },
    { type: 'snoozed', by: approver, hours: 5 },
  ] as const) {
    const { effects, ignored } = decide(rotationAt(stage), event, now);
    expect(ignored).toBeUndefined();
    expect(effects).toMatchObject([{ news: expect.stringContaining(`now due ${chosen} UTC`) }]);
  }
});
