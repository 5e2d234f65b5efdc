/** Which presses are legal at which stage, and what they become. */
import { describe, expect, test } from 'vitest';
import { plus } from '../../domain/instant.ts';
import {
  afterPress,
  eventOf,
  legalPresses,
  presses,
  pressName,
  pressNamed,
  whyNotLegal,
} from '../../domain/press.ts';
import { decide } from '../../domain/rotation.ts';
import {
  approvedProposal,
  approver,
  deactivating,
  done,
  held,
  issuing,
  overlapping,
  proposed,
  rotationAt,
  safe,
  soaking,
  story,
} from '../builders.ts';

const snoozes = ['snooze 4 h', 'snooze 24 h', 'snooze 72 h'];

const expectations = [
  ['proposed', proposed(), ['approve', ...snoozes, 'pause', 'abandon']],
  ['proposed and approved', approvedProposal(), [...snoozes, 'pause', 'abandon']],
  ['issuing', issuing(), []],
  ['overlapping', overlapping(), [...snoozes, 'pause', 'attest', 'force', 'abandon']],
  ['deactivating', deactivating(), []],
  ['soaking', soaking(), [...snoozes, 'pause', 'attest', 'roll back', 'force', 'abandon']],
  [
    'soaking, the new key in use',
    soaking({ evidence: safe({ at: story.deactivated, oldKey: 'Inactive' }) }),
    [...snoozes, 'pause', 'roll back', 'force', 'abandon'],
  ],
  ['held with the old key on', held(), ['resume', 'attest', 'force', 'abandon']],
  [
    'held with the old key perhaps off',
    held({ oldKey: 'unknown' }),
    ['resume', 'attest', 'roll back', 'abandon'],
  ],
  [
    'held in the overlap with the old key off',
    held({ oldKey: 'Inactive' }),
    ['attest', 'roll back', 'abandon'],
  ],
  [
    'held in the soak',
    held({ kept: soaking(), oldKey: 'Inactive' }),
    ['resume', 'attest', 'roll back', 'force', 'abandon'],
  ],
  ['held unanswered', held({ kept: proposed() }), ['approve', 'resume', 'abandon']],
  ['done', done(), []],
] as const;

describe('legal presses', () => {
  test.each(expectations)('%s', (_, stage, expected) => {
    const rotation = rotationAt(stage);
    const legal = legalPresses(rotation, plus(story.issued, { hours: 1 }));
    expect(legal.map(pressName)).toEqual(expected);
  });

  test('are those that the machine does not ignore, with its own words for the others', () => {
    const rotation = rotationAt(overlapping());
    const now = plus(story.issued, { hours: 1 });
    for (const press of presses) {
      const { ignored } = decide(rotation, eventOf(press, approver), now);
      expect(whyNotLegal(press, rotation, now)).toBe(ignored);
    }
  });

  test('no snooze is left once the cap is used up', () => {
    const rotation = rotationAt(overlapping(), { snoozedHours: 7 * 24 });
    const legal = legalPresses(rotation, plus(story.issued, { hours: 1 }));
    expect(legal.map(pressName).filter((name) => name.startsWith('snooze'))).toEqual([]);
  });

  test('a press shows what would be after it', () => {
    const rotation = rotationAt(overlapping());
    const after = afterPress({ type: 'snooze', hours: 24 }, rotation, story.issued);
    expect(after?.stage).toMatchObject({ deactivateAt: plus(story.deactivateAt, { hours: 24 }) });
    expect(afterPress({ type: 'resume' }, rotation, story.issued)).toBeUndefined();
  });
});

test('every press has a name of its own that leads back to it', () => {
  expect(new Set(presses.map(pressName)).size).toBe(presses.length);
  for (const press of presses) expect(pressNamed(pressName(press))).toEqual(press);
  expect(pressNamed('snooze 9000 h')).toBeUndefined();
  expect(pressNamed('')).toBeUndefined();
});
