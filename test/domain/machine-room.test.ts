/** A replacement that waits for room: how often it looks, and whom it tells how often. */
import { describe, expect, test } from 'vitest';
import type { Rotation } from '../../domain/case.ts';
import { plus } from '../../domain/instant.ts';
import { decide } from '../../domain/rotation.ts';
import { approvedProposal, held, rotationAt, story, toReplace } from '../builders.ts';
import { orderedBy, pressed, stageOf, told } from './machine-steps.ts';

const now = plus(story.approved, { hours: 2 });
const spare = { keyId: 'AKIAEXAMPLESPAREKEY0', rotationId: '00000000-0000-5000-8000-0000000000aa' };
const other = { ...spare, rotationId: '00000000-0000-5000-8000-0000000000bb' };
const asked = rotationAt(approvedProposal());
const waiting = rotationAt(approvedProposal({ plan: { ...toReplace, waitsFor: spare } }));
const awaited = (rotation: Rotation, what = spare) =>
  decide(rotation, { type: 'room awaited', spare: what }, now);
const noRoom = (rotation: Rotation) =>
  decide(rotation, { type: 'no room', problem: 'the second key is in use.' }, now);

describe('room is awaited', () => {
  test('for an hour at a time, by the hour that it was looked at', () => {
    for (const rotation of [asked, waiting]) {
      expect(stageOf(awaited(rotation))).toMatchObject({
        due: plus(now, { hours: 1 }),
        plan: { waitsFor: spare, attempts: 0 },
      });
    }
  });

  test('and told once for each spare, by the letters of its key', () => {
    expect(told(awaited(asked))).toContain('Key …KEY0 is unused and is retired first');
    expect(orderedBy(awaited(waiting))).toEqual([]);
    expect(orderedBy(awaited(waiting, other))).toEqual(['update message']);
  });

  test('then there is room: a new key is issued, and nothing is awaited any more', () => {
    const issuing = stageOf(decide(waiting, { type: 'admitted' }, now));
    expect(issuing).toMatchObject({ name: 'issuing', attempt: 1 });
  });
});

describe('no room', () => {
  test('is a hold that says why, with somebody paged', () => {
    const decision = noRoom(waiting);
    expect(stageOf(decision)).toMatchObject({
      name: 'held',
      reason: {
        code: 'no room',
        text: 'There is no room for a new key: the second key is in use.',
      },
      kept: { plan: { waitsFor: null } },
      oldKey: 'Active',
    });
    expect(orderedBy(decision)).toContain('page');
  });

  test('then resumed: due at once, and told anew if it waits for the same key again', () => {
    const resumed = pressed(noRoom(waiting).rotation, 'resumed', now);
    expect(stageOf(resumed)).toMatchObject({ name: 'proposed', due: now });
    expect(orderedBy(awaited(resumed.rotation))).toEqual(['update message']);
  });

  test('is ignored on hold', () => {
    const rotation = rotationAt(held({ kept: approvedProposal() }));
    expect(noRoom(rotation).ignored).toBe('it is on hold');
    expect(awaited(rotation).ignored).toBe('it is on hold');
  });
});
