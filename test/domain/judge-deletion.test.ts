/** When an old key that is off may be deleted: every rule at its boundary. */
import { describe, expect, test } from 'vitest';
import { plus } from '../../domain/instant.ts';
import { judge } from '../../domain/judge.ts';
import { reasonOf } from '../../domain/verdict-text.ts';
import { attestedBy, forcedBy, story, use } from '../builders.ts';
import {
  changedTo,
  gapsOf,
  mayDeactivate,
  onDeletion,
  reading,
  standing,
  testimony,
  trailUse,
  unread,
  usedBefore,
} from '../testimony.ts';

const forced = { authority: forcedBy };
const attested = { authority: attestedBy };

describe('deletion', () => {
  const { deactivated } = story;

  test('is safe for a key that is off and was quiet before', () => {
    const told = { oldTrail: usedBefore(deactivated, 29) };
    expect(onDeletion(told)).toMatchObject({ verdict: 'safe', oldKey: 'Inactive' });
  });

  test('an old key that is Active is never deleted', () => {
    expect(gapsOf(onDeletion({ standing: reading(standing()) }))).toEqual(['standing']);
  });

  test('nor one of which it is not known when Keyturn switched it off', () => {
    expect(gapsOf(onDeletion({}, { deactivatedAt: null }))).toEqual(['standing']);
  });

  test('nor one that somebody else switched on again, even if it is off by now', () => {
    const statusChanges = reading([
      changedTo('Inactive', plus(deactivated, { hours: 4 })),
      changedTo('Active', plus(deactivated, { hours: 3 })),
    ]);
    const evidence = onDeletion({ statusChanges });
    expect(gapsOf(evidence)).toEqual(['standing']);
    expect(reasonOf(evidence)).toContain('someone-else reactivated');
  });

  test('be it a millisecond later', () => {
    const at = (milliseconds: number) => ({
      statusChanges: reading([changedTo('Active', plus(deactivated, { milliseconds }))]),
    });
    expect(gapsOf(onDeletion(at(1)))).toEqual(['standing']);
    expect(onDeletion(at(0)).verdict).toBe('safe');
  });

  test('Keyturn’s own switching off is no reactivation, nor is anything before it', () => {
    const statusChanges = reading([
      changedTo('Inactive', deactivated),
      changedTo('Active', plus(deactivated, { hours: -3 })),
    ]);
    expect(onDeletion({ statusChanges }).verdict).toBe('safe');
  });

  test('a use after it was switched off: in use', () => {
    const told = { oldTrail: reading([trailUse(plus(deactivated, { milliseconds: 1 }))]) };
    expect(onDeletion(told).verdict).toBe('in use');
  });

  test('a use after it was switched off is told whatever else is wrong or silent', () => {
    const oldLastUsed = reading(use(plus(deactivated, { hours: 1 }), { source: 'last-used' }));
    const soon = reading(use(plus(deactivated, { minutes: 15 }), { source: 'last-used' }));
    expect(onDeletion({ oldLastUsed: soon, statusChanges: unread() }).verdict).toBe('in use');
    expect(onDeletion({ oldLastUsed, oldTrail: unread() }).verdict).toBe('in use');
    const newKeyGone = reading(standing({ oldKey: 'Inactive', newKey: 'Gone' }));
    expect(onDeletion({ oldLastUsed, standing: newKeyGone }).verdict).toBe('in use');
    const early = { notBefore: plus(story.deleteAt, { hours: 1 }) };
    expect(onDeletion({ oldLastUsed }, early).verdict).toBe('in use');
  });

  test('a use at the very moment of switching off is not one after it', () => {
    const oldTrail = reading([trailUse(deactivated)]);
    expect(gapsOf(onDeletion({ oldTrail, statusChanges: unread() }))).toEqual(['cloudtrail']);
  });

  test('a use shortly before, which showed too late to stop it: in use', () => {
    expect(onDeletion({ oldTrail: usedBefore(deactivated, 10) }).verdict).toBe('in use');
    expect(onDeletion({ oldTrail: usedBefore(deactivated, 10) }, attested).verdict).toBe('in use');
  });

  test('what was quiet enough when the key was switched off stays quiet enough', () => {
    const told = { oldTrail: usedBefore(deactivated, 28, 29, 30) };
    const then = judge(testimony({ ...told, at: deactivated }), mayDeactivate(), deactivated);
    expect(then.verdict).toBe('safe');
    expect(onDeletion(told).verdict).toBe('safe');
  });

  test('quiet is judged at the moment of switching off, by when its uses show without lag', () => {
    const early = plus(deactivated, { hours: -24 });
    expect(onDeletion({ oldTrail: reading([trailUse(early)]) }).verdict).toBe('safe');
    const late = plus(early, { milliseconds: 1 });
    expect(onDeletion({ oldTrail: reading([trailUse(late)]) }).verdict).toBe('in use');
  });

  test('rests on pickup or a word, like deactivation', () => {
    const unpicked = { newTrail: reading([]) };
    expect(gapsOf(onDeletion(unpicked))).toEqual(['pickup']);
    expect(onDeletion(unpicked, attested)).toMatchObject({ verdict: 'safe', basis: 'attested' });
  });
});

describe('deletion under force', () => {
  test('never overrides a use after the old key was switched off', () => {
    const told = { oldTrail: reading([trailUse(plus(story.deactivated, { milliseconds: 1 }))]) };
    expect(onDeletion(told, forced).verdict).toBe('in use');
  });

  test('never deletes while it cannot be known whether the key was used since it is off', () => {
    for (const asked of [forced, attested]) {
      expect(gapsOf(onDeletion({ oldLastUsed: unread() }, asked))).toEqual(['last-used']);
      expect(gapsOf(onDeletion({ oldTrail: unread() }, asked))).toEqual(['cloudtrail']);
    }
  });

  test('deletes although nobody is known to use the new key', () => {
    const told = { newTrail: unread(), newLastUsed: reading(null) };
    expect(onDeletion(told, forced)).toMatchObject({ verdict: 'safe', basis: 'forced' });
  });

  test('asks for no history from before the key was off, but for all since', () => {
    const cutOff = (milliseconds: number) => {
      const since = plus(story.deactivated, { milliseconds });
      return { oldTrail: { ...unread('too many events'), since, newest: [] } };
    };
    expect(onDeletion(cutOff(0), forced)).toMatchObject({ verdict: 'safe', basis: 'forced' });
    expect(gapsOf(onDeletion(cutOff(1), forced))).toEqual(['cloudtrail']);
    for (const asked of [{}, attested]) {
      expect(gapsOf(onDeletion(cutOff(-1), asked))).toEqual(['cloudtrail']);
    }
  });

  test('never overrides a use that a trail shows which is cut off', () => {
    const newest = [trailUse(plus(story.deactivated, { hours: 1 }))];
    const oldTrail = { ...unread('too many events'), since: story.deactivated, newest };
    expect(onDeletion({ oldTrail }, forced).verdict).toBe('in use');
  });

  test('never overrides a reactivation by somebody else', () => {
    const statusChanges = reading([changedTo('Active', plus(story.deactivated, { hours: 3 }))]);
    expect(gapsOf(onDeletion({ statusChanges }, forced))).toEqual(['standing']);
  });

  test('never deletes while it cannot be known whether somebody switched the key on again', () => {
    // CloudTrail is silent: that is no change by an outsider.
    expect(gapsOf(onDeletion({ statusChanges: unread() }, forced))).toEqual(['cloudtrail']);
  });
});
