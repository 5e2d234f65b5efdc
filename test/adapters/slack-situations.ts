/** Rotations whose Slack messages are kept as golden files. */
import type { Rotation } from '../../domain/case.ts';
import { type Instant, plus } from '../../domain/instant.ts';
import {
  approvedProposal,
  done,
  held,
  inUse,
  issuing,
  overlapping,
  proposed,
  restoring,
  rotationAt,
  soaking,
  story,
  use,
} from '../builders.ts';

const inOverlap = plus(story.issued, { hours: 12 });
const stillUsed = inUse({
  at: story.deactivateAt,
  uses: [
    use(plus(story.deactivateAt, { hours: -1 })),
    use(plus(story.deactivateAt, { hours: -7 }), { service: 'DynamoDB', sourceIp: '198.51.100.4' }),
  ],
});

export const situations: Readonly<Record<string, readonly [Rotation, Instant]>> = {
  proposed: [rotationAt(proposed()), story.opened],
  'proposed-without-owner': [rotationAt(proposed(), { owner: { known: false } }), story.opened],
  approved: [rotationAt(approvedProposal({ due: story.ordered })), story.approved],
  issuing: [rotationAt(issuing()), story.ordered],
  overlapping: [rotationAt(overlapping(), { version: 9, shownVersion: 7 }), inOverlap],
  'overlapping-snooze-nearly-used-up': [
    rotationAt(overlapping(), { snoozedHours: 7 * 24 - 10 }),
    inOverlap,
  ],
  'held-still-in-use': [
    rotationAt(held({ kept: overlapping({ evidence: stillUsed }) })),
    story.deactivateAt,
  ],
  'held-old-key-unknown': [
    rotationAt(
      held({
        oldKey: 'unknown',
        reason: { code: 'runbook failed', text: 'It failed. Look at it.' },
      }),
    ),
    story.deactivateAt,
  ],
  soaking: [rotationAt(soaking()), story.deactivated],
  restoring: [rotationAt(restoring()), story.deactivated],
  done: [rotationAt(done()), story.deleted],
  abandoned: [
    rotationAt(done({ outcome: 'abandoned', remaining: ['old key …MPLE is Active'] })),
    story.deleted,
  ],
};
