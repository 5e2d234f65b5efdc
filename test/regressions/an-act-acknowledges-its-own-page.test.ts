/**
 * Exempting a key that Keyturn had switched off paged for its being off, and acknowledged that very
 * page in the same breath: nobody was called.
 */
import { expect, test } from 'vitest';
import type { Effect } from '../../domain/effect.ts';
import { withIncidents } from '../../domain/incident.ts';
import { plus } from '../../domain/instant.ts';
import { decide } from '../../domain/rotation.ts';
import { admin, held, rotationAt, soaking, story } from '../builders.ts';

const summary = 'somebody look';
const pages = (['held', 'old-key-used'] as const).map(
  (about): Effect => ({ type: 'page', about, severity: 'critical', summary }),
);

test('what an exemption pages for is acknowledged by nobody; what else is open, is', () => {
  const stage = held({ kept: soaking(), oldKey: 'Inactive' });
  const paged = withIncidents(rotationAt(stage), pages, story.deactivated);
  const now = plus(story.deactivated, { hours: 1 });
  const reason = 'The vendor sets it up anew.';
  const event = { type: 'key exempted', by: admin, reason, until: plus(now, { days: 3 }) } as const;
  const { effects, rotation } = decide(paged, event, now);
  const about = (type: Effect['type']) =>
    effects.flatMap((each) => (each.type === type && 'about' in each ? [each.about] : []));
  expect(rotation.stage.name).toBe('done');
  expect(about('page')).toEqual(['held']);
  expect(about('acknowledge page')).not.toContain('held');
  expect(rotation.incidents?.map((each) => each.about)).toEqual(['held']);
});
