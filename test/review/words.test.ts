/** What the journal is told must be so. */
import { describe, expect, test } from 'vitest';
import { decide } from '../../domain/rotation.ts';
import { admin, held, retirement, rotationAt, story, unknown } from '../builders.ts';

describe('what remains of a retirement after a failed run that had switched the key off', () => {
  /** The run failed after the key was off; resumed; a look showed Inactive. */
  const seenOff = retirement(
    {},
    {
      statusBefore: 'Active',
      evidence: unknown({ at: story.deactivated, oldKey: 'Inactive' }, 'cloudtrail'),
    },
  );

  test.fails('abandoned: the key is not said to be Active', () => {
    const rotation = rotationAt(seenOff, { kind: 'retire' });
    const { rotation: after } = decide(rotation, { type: 'abandoned', by: admin }, story.deleteAt);
    expect(JSON.stringify(after.stage)).toContain('is Inactive');
  });

  test.fails('exempt by now: the key is not said to be Active', () => {
    const rotation = rotationAt(seenOff, { kind: 'retire' });
    const exempted = { type: 'exempted', why: 'It is a drill.' } as const;
    const { rotation: after } = decide(rotation, exempted, story.deleteAt);
    expect(JSON.stringify(after.stage)).toContain('is Inactive');
  });

  test.fails('resumed before a look, then abandoned: it is not said to be Active for sure', () => {
    const before = retirement({}, { statusBefore: 'Active', evidence: null });
    const onHold = rotationAt(held({ kept: before, oldKey: 'unknown' }), { kind: 'retire' });
    const resumed = decide(onHold, { type: 'resumed', by: admin }, story.deleteAt).rotation;
    const { rotation } = decide(resumed, { type: 'abandoned', by: admin }, story.deleteAt);
    expect(JSON.stringify(rotation.stage)).not.toContain('is Active');
  });
});
