/** What people are told when a rotation ends otherwise than by being finished. */
import { describe, expect, test } from 'vitest';
import { issuedKeyOf, issuedOf } from '../../domain/ending.ts';
import type { RotationEvent } from '../../domain/event.ts';
import { decide } from '../../domain/rotation.ts';
import type { Stage } from '../../domain/stage.ts';
import {
  admin,
  approvedProposal,
  deactivating,
  deleting,
  done,
  held,
  issued,
  issuing,
  newKeyId,
  overlapping,
  proposed,
  restoring,
  retirement,
  rotationAt,
  safe,
  soaking,
  story,
  toReplace,
} from '../builders.ts';
import { told } from './machine-steps.ts';

const now = story.deactivated;
const once = (stage: Stage, event: RotationEvent) => decide(rotationAt(stage), event, now);
const abandoned = { type: 'abandoned', by: admin } as const;
const why = 'The policy exempts this user.';
const newKey = `new key …MPLE is in ${issued.secretArn}`;
const inactive = safe({ at: now, oldKey: 'Inactive' });

describe('what remains', () => {
  test.each<[string, Stage, string]>([
    ['before a new key', proposed(), 'old key …MPLE is Active'],
    ['while both keys work', overlapping(), `old key …MPLE is Active; ${newKey}`],
    ['while the old key is off', soaking(), `old key …MPLE is Inactive; ${newKey}`],
    [
      'after a failed run',
      held({ oldKey: 'unknown' }),
      `old key …MPLE is perhaps Inactive; ${newKey}`,
    ],
    [
      'of a key to retire that was seen off',
      retirement({}, { evidence: inactive }),
      'old key …MPLE is Inactive',
    ],
    [
      'of a key to retire that may be off',
      retirement({}, { statusBefore: 'Active' }),
      'old key …MPLE is perhaps Inactive',
    ],
    [
      'after a failed attempt',
      approvedProposal({ plan: { ...toReplace, attempts: 1 } }),
      'old key …MPLE is Active; a failed attempt to issue a new key may have left a second key: ' +
        'look at the user',
    ],
  ])('%s is told whoever abandons, and when the user is exempt', (_, stage, remaining) => {
    expect(told(once(stage, abandoned))).toBe(
      `Abandoned by Noor Admin. What remains: ${remaining}.`,
    );
    expect(told(once(stage, { type: 'exempted', why }))).toBe(
      `Exempt from now on: ${why} What remains: ${remaining}.`,
    );
  });
});

test('whoever is on call reads which key is off, why nobody minds it, and what to do', () => {
  const { effects } = once(held({ oldKey: 'unknown' }), { type: 'exempted', why });
  expect(effects.filter(({ type }) => type === 'page')).toEqual([
    {
      type: 'page',
      about: 'held',
      severity: 'error',
      summary:
        'access key …MPLE of 111122223333/svc-billing is off, or may be, and its user is exempt ' +
        `from now on: ${why} Switch it on by hand in IAM if anything needs it.`,
    },
  ]);
  expect(effects.filter(({ type }) => type === 'clear page')).toEqual([
    { type: 'clear page', about: 'old-key-used' },
  ]);
});

describe('the key that was issued', () => {
  const since = [overlapping(), deactivating(), soaking(), deleting(), restoring(), held()];

  test.each(since.map((stage) => [stage.name, stage] as const))('is known: %s', (_, stage) => {
    expect(issuedOf(rotationAt(stage))).toEqual(issued);
    expect(issuedKeyOf(rotationAt<Stage>(stage))).toBe(newKeyId);
  });

  test('stays known when all is done', () => {
    expect(issuedKeyOf(rotationAt(done()))).toBe(newKeyId);
    expect(issuedKeyOf(rotationAt(done({ newKeyId: null })))).toBeNull();
  });

  test('is none before there is one', () => {
    for (const stage of [proposed(), issuing(), retirement()]) {
      expect(issuedKeyOf(rotationAt<Stage>(stage))).toBeNull();
    }
  });
});
