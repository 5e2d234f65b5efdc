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
  retirement,
  rotationAt,
  soaking,
  staleKey,
  story,
  toReplace,
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

const retire = { kind: 'retire' } as const;
const found = { ...retire, key: { ...staleKey, foundAs: 'Inactive' } } as const;
const longAgo = inUse({ at: story.approved, uses: [use(plus(story.opened, { days: -200 }))] });
const spare = { keyId: 'AKIAEXAMPLESPAREKEY0', rotationId: '00000000-0000-5000-8000-0000000000aa' };
const usedAfterAll = {
  code: 'still in use',
  text:
    'It was to be retired as unused, but is not: The old key is in use: S3 in eu-west-1 from ' +
    '203.0.113.7 with aws-cli/2.15 at 2026-11-04 10:00 UTC. Quiet for long enough at ' +
    '2027-02-02 14:15 UTC at the earliest. Abandon this: the next finding then has the key ' +
    'replaced.',
} as const;

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
  'held-acknowledged': [
    rotationAt(held(), {
      incidents: [
        {
          about: 'held',
          since: story.deactivateAt,
          answer: {
            what: 'acknowledged',
            by: { kind: 'person', id: 'pagerduty:PNIGHT', name: 'Noa Night' },
            at: story.deactivated,
            eventId: 'ONE',
          },
        },
      ],
    }),
    story.deactivated,
  ],
  soaking: [rotationAt(soaking()), story.deactivated],
  restoring: [rotationAt(restoring()), story.deactivated],
  done: [rotationAt(done()), story.deleted],
  abandoned: [
    rotationAt(done({ outcome: 'abandoned', remaining: ['old key …MPLE is Active'] })),
    story.deleted,
  ],
  'waits-for-a-spare': [
    rotationAt(approvedProposal({ plan: { ...toReplace, waitsFor: spare } })),
    story.approved,
  ],
  'retire-proposed': [rotationAt(retirement({ approval: { given: false } }), retire), story.opened],
  'retire-approved': [rotationAt(retirement({}, { evidence: longAgo }), retire), story.approved],
  'retire-soaking': [rotationAt(soaking({ before: retirement() }), retire), story.deactivated],
  'retire-soaking-found-inactive': [
    rotationAt(soaking({ before: retirement() }), found),
    story.deactivated,
  ],
  'retire-held-still-in-use': [
    rotationAt(
      held({ kept: retirement({}, { evidence: stillUsed }), reason: usedAfterAll }),
      retire,
    ),
    story.deactivateAt,
  ],
  'retire-held-found-inactive': [
    rotationAt(held({ kept: soaking({ before: retirement() }), oldKey: 'Inactive' }), found),
    story.deactivateAt,
  ],
  'retire-held-old-key-unknown': [
    rotationAt(
      held({
        kept: retirement({}, { statusBefore: 'Active' }),
        oldKey: 'unknown',
        reason: { code: 'runbook failed', text: 'It failed. Look at it.' },
      }),
      retire,
    ),
    story.deactivateAt,
  ],
  'retire-done': [rotationAt(done({ outcome: 'retired' }), retire), story.deleted],
  'retire-done-exempt': [
    rotationAt(done({ outcome: 'exempt', remaining: ['old key …MPLE is Active'] }), retire),
    story.deleted,
  ],
};
