/**
 * Whoever said of a key on hold that it was not theirs acknowledged its page: PagerDuty called
 * nobody else, and nobody was at it.
 */
import { expect, test } from 'vitest';
import type { Effect } from '../../domain/effect.ts';
import { withIncidents } from '../../domain/incident.ts';
import { decide } from '../../domain/rotation.ts';
import { approver, held, rotationAt, story } from '../builders.ts';

const page: Effect = {
  type: 'page',
  about: 'held',
  severity: 'critical',
  summary: 'somebody look',
};
const paged = withIncidents(rotationAt(held({ oldKey: 'unknown' })), [page], story.deactivateAt);
const olu = { kind: 'person', id: 'U0123OWNER', name: 'Olu Owner' } as const;

test.each([
  ['its owner', olu, { known: false }, false],
  ['an approver', approver, { known: true, slackUserId: 'U0OMAR', name: 'Omar' }, true],
] as const)(
  'a page goes on calling where %s says whose key it is not',
  (_, by, owner, assigned) => {
    const event = { type: 'reassigned', by, owner, assigned } as const;
    const { effects, ignored, rotation } = decide(paged, event, story.deactivated);
    expect(ignored).toBeUndefined();
    expect(effects.map(({ type }) => type)).not.toContain('acknowledge page');
    expect(rotation.incidents).toEqual(paged.incidents);
  },
);

test('whoever takes it in hand still has it acknowledged', () => {
  const { effects } = decide(paged, { type: 'attested', by: approver }, story.deactivated);
  expect(effects).toContainEqual({ type: 'acknowledge page', about: 'held' });
});
