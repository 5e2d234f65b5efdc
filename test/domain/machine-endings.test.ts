/** What still exists when a rotation ends before its end, so that somebody can clean it up. */
import { describe, expect, test } from 'vitest';
import type { RotationEvent } from '../../domain/event.ts';
import type { Evidence } from '../../domain/evidence.ts';
import { decide } from '../../domain/rotation.ts';
import type { Stage } from '../../domain/stage.ts';
import {
  admin,
  approvedProposal,
  held,
  overlapping,
  proposed,
  rotationAt,
  soaking,
  story,
  toReplace,
  unknown,
} from '../builders.ts';

const gathered = (evidence: Evidence): RotationEvent => ({ type: 'evidence gathered', evidence });

function outcome(stage: Stage, event: RotationEvent, at: typeof story.deactivateAt) {
  return decide(rotationAt(stage), event, at).rotation;
}

describe('what remains', () => {
  const now = story.deactivateAt;
  const newKeyIs = 'new key …MPLE is in arn:aws:secretsmanager';
  const gone = (evidence: Evidence) => outcome(overlapping(), gathered(evidence), now).stage;

  test('of a key that is gone: the new key and its secret', () => {
    expect(gone(unknown({ at: now, oldKey: 'Gone' }, 'standing'))).toMatchObject({
      outcome: 'already gone',
      remaining: [expect.stringContaining(newKeyIs)],
    });
  });

  test('of a user who is gone: nothing', () => {
    const evidence = unknown({ at: now, oldKey: 'Gone', userGone: true }, 'standing');
    expect(gone(evidence)).toMatchObject({ outcome: 'already gone', remaining: [] });
  });

  test.each([
    ['Active', overlapping()],
    ['Inactive', soaking()],
    ['perhaps Inactive', held({ oldKey: 'unknown' })],
  ])('of what is abandoned: both keys, the old one %s', (status, stage) => {
    expect(outcome(stage, { type: 'abandoned', by: admin }, now).stage).toMatchObject({
      outcome: 'abandoned',
      remaining: [`old key …MPLE is ${status}`, expect.stringContaining(newKeyIs)],
    });
  });

  test('of a proposal: nothing, since nothing was made', () => {
    const stage = held({ kept: proposed() });
    expect(outcome(stage, { type: 'key gone', what: 'key' }, now).stage).toMatchObject({
      remaining: [],
    });
  });

  test('of failed attempts: perhaps a second key', () => {
    const stage = held({ kept: approvedProposal({ plan: { ...toReplace, attempts: 3 } }) });
    expect(outcome(stage, { type: 'key gone', what: 'key' }, now).stage).toMatchObject({
      remaining: [expect.stringContaining('second key')],
    });
  });
});
