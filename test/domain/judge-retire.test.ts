/** When a key that nothing replaces may go: unused for 90 days, to the millisecond. */
import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../domain/evidence.ts';
import { type Duration, type Instant, millisOf, plus } from '../../domain/instant.ts';
import { judge } from '../../domain/judge.ts';
import type { Testimony } from '../../domain/testimony.ts';
import { reasonOf } from '../../domain/verdict-text.ts';
import { attestedBy, forcedBy, staleKey, story, use } from '../builders.ts';
import {
  changedTo,
  gapsOf,
  judgedAt,
  mayDeactivate,
  mayDelete,
  reading,
  standing,
  testimony,
  testimonyOfSoak,
  trailUse,
  unread,
} from '../testimony.ts';

/** Nothing of a new key is told, since there is none. */
const noNewKey = { newLastUsed: reading(null), newTrail: reading([]) };
const stands = (changes = {}) => reading(standing({ newKey: 'Gone', ...changes }));

const onRetirement = (told: Partial<Testimony>, asked = {}, now: Instant = judgedAt): Evidence =>
  judge(
    testimony({ ...noNewKey, standing: stands(), at: now, ...told }),
    mayDeactivate({ issued: null, ...asked }),
    now,
  );

const onDeletion = (told: Partial<Testimony>, asked = {}): Evidence =>
  judge(
    testimonyOfSoak({ ...noNewKey, standing: stands({ oldKey: 'Inactive' }), ...told }),
    mayDelete({ issued: null, ...asked }),
    story.deleteAt,
  );

const ago = (moment: Instant, duration: Duration) =>
  plus(moment, { milliseconds: -millisOf(duration) });
const lastUsedAt = (at: Instant) => ({
  oldLastUsed: reading(use(at, { source: 'last-used' })),
});
const seenAt = (...moments: Instant[]) => ({
  oldTrail: reading(moments.map((at) => trailUse(at))),
});
const forced = { authority: forcedBy };

describe('unused for 90 days', () => {
  const bySource = { days: 90, hours: 4, minutes: 15 };
  const byTrail = { days: 90, hours: 4 };

  test('by last-used: and the 15 minutes and the 4 h that it may be late', () => {
    expect(onRetirement(lastUsedAt(ago(judgedAt, bySource)))).toMatchObject({
      verdict: 'safe',
      basis: 'evidence',
      quietAt: judgedAt,
    });
    const later = plus(ago(judgedAt, bySource), { milliseconds: 1 });
    expect(onRetirement(lastUsedAt(later)).verdict).toBe('in use');
  });

  test('by CloudTrail: and the 4 h that it may be late', () => {
    expect(onRetirement(seenAt(ago(judgedAt, byTrail))).verdict).toBe('safe');
    const later = plus(ago(judgedAt, byTrail), { milliseconds: 1 });
    expect(onRetirement(seenAt(later)).verdict).toBe('in use');
  });

  test('what is quiet enough for a key that is replaced is not enough here', () => {
    const told = seenAt(ago(judgedAt, { days: 60 }));
    expect(onRetirement(told).verdict).toBe('in use');
    const replaced = judge(testimony({ ...told }), mayDeactivate(), judgedAt);
    expect(replaced.verdict).toBe('safe');
  });

  test('a key used every other month must have been quiet by its cadence too', () => {
    const uses = [91, 150, 215].map((days) => ago(judgedAt, { days }));
    expect(onRetirement(seenAt(...uses))).toMatchObject({
      verdict: 'in use',
      quietHours: 2 * 65 * 24,
    });
  });
});

describe('never used', () => {
  const aged = (age: Duration) => ({
    standing: stands({ oldKeyCreatedAt: ago(judgedAt, age) }),
  });

  test('it must be 90 days old, and the 4 h that a use may be late', () => {
    expect(onRetirement(aged({ days: 90, hours: 4 })).verdict).toBe('safe');
    const younger = onRetirement(aged({ days: 90, hours: 3, minutes: 59 }));
    expect(younger.verdict).toBe('in use');
    expect(onRetirement(aged({ days: 1 })).verdict).toBe('in use');
  });

  test('of unknown age: unknown', () => {
    const told = { standing: stands({ oldKeyCreatedAt: null }) };
    expect(gapsOf(onRetirement(told))).toEqual(['standing']);
    expect(gapsOf(onRetirement(told, forced))).toEqual(['standing']);
  });
});

describe('what is not known', () => {
  test.each<[string, Partial<Testimony>, string]>([
    ['last-used did not answer', { oldLastUsed: unread() }, 'last-used'],
    ['CloudTrail did not answer', { oldTrail: unread() }, 'cloudtrail'],
    [
      'CloudTrail was cut off',
      { oldTrail: { ...unread(), since: story.opened, newest: [] } },
      'cloudtrail',
    ],
    ['IAM did not answer', { standing: unread() }, 'standing'],
  ])('%s: unknown, never unused', (_, told, about) => {
    const evidence = onRetirement(told);
    expect(evidence.verdict).toBe('unknown');
    expect(gapsOf(evidence)).toEqual([about]);
  });

  test('a cut-off trail that shows a use: in use', () => {
    const oldTrail = { ...unread(), since: story.opened, newest: [trailUse(story.pickedUp)] };
    expect(onRetirement({ oldTrail }).verdict).toBe('in use');
  });

  test('of a new key nothing is asked: its silence is no gap, its use no pickup', () => {
    const told = { newLastUsed: unread(), newTrail: unread() };
    expect(onRetirement(told)).toMatchObject({ verdict: 'safe', pickup: { seen: false } });
    expect(onDeletion(told).verdict).toBe('safe');
    const picked = { newTrail: reading([trailUse(story.pickedUp)]) };
    expect(onRetirement(picked).pickup).toEqual({ seen: false });
  });

  test('an owner’s word stands in for nothing', () => {
    const attested = { authority: attestedBy };
    const used = seenAt(ago(judgedAt, { days: 60 }));
    expect(onRetirement(used, attested).verdict).toBe('in use');
    expect(gapsOf(onRetirement({ oldTrail: unread() }, attested))).toEqual(['cloudtrail']);
    expect(onRetirement({}, attested)).toMatchObject({ basis: 'evidence' });
  });
});

describe('how the key stands', () => {
  test.each([
    ['Active', 'safe'],
    ['Inactive', 'safe'],
    ['Gone', 'unknown'],
  ] as const)('%s, before it is switched off: %s', (oldKey, verdict) => {
    expect(onRetirement({ standing: stands({ oldKey }) })).toMatchObject({ verdict, oldKey });
  });

  test.each([
    ['Active', 'unknown'],
    ['Inactive', 'safe'],
    ['Gone', 'unknown'],
  ] as const)('%s, before it is deleted: %s', (oldKey, verdict) => {
    expect(onDeletion({ standing: stands({ oldKey }) })).toMatchObject({ verdict, oldKey });
  });

  test('another user of that name, or none: unknown, whoever forces', () => {
    const other = { standing: stands({ userId: 'AIDAJQABLZS4A3EXAMPLE' }) };
    for (const asked of [{}, forced]) {
      expect(onRetirement(other, asked)).toMatchObject({ verdict: 'unknown', userGone: true });
    }
  });

  test('neither new key nor secret is missed, and there is no AWSCURRENT to look at', () => {
    const told = { standing: stands({ currentVersionId: null }) };
    expect(onRetirement(told).verdict).toBe('safe');
  });
});

describe('force', () => {
  test('stands in for evidence of use, never for the deadline', () => {
    const told = seenAt(ago(judgedAt, { days: 1 }));
    expect(onRetirement(told, forced)).toMatchObject({ verdict: 'safe', basis: 'forced' });
    const early = { ...forced, notBefore: plus(judgedAt, { milliseconds: 1 }) };
    expect(gapsOf(onRetirement(told, early))).toEqual(['deadline']);
    expect(onRetirement(told, { ...forced, notBefore: judgedAt }).verdict).toBe('safe');
  });

  test('deletes nothing that was used or switched on since it is off', () => {
    const since = plus(story.deactivated, { milliseconds: 1 });
    expect(onDeletion(seenAt(since), forced).verdict).toBe('in use');
    const statusChanges = reading([changedTo('Active', since)]);
    expect(gapsOf(onDeletion({ statusChanges }, forced))).toEqual(['standing']);
    expect(gapsOf(onDeletion({ oldTrail: unread() }, forced))).toEqual(['cloudtrail']);
  });
});

describe('deletion', () => {
  const { deactivated } = story;

  test('is safe for what was unused for 90 days when it was switched off', () => {
    const told = seenAt(ago(deactivated, { days: 90 }));
    expect(onDeletion(told)).toMatchObject({ verdict: 'safe', oldKey: 'Inactive' });
  });

  test('a use shortly before, which showed too late to stop it: in use', () => {
    const late = ago(deactivated, { days: 90, milliseconds: -1 });
    expect(onDeletion(seenAt(late)).verdict).toBe('in use');
  });

  test('a use since it is off is told whatever else is silent', () => {
    const used = lastUsedAt(plus(deactivated, { minutes: 15 }));
    expect(onDeletion({ ...used, statusChanges: unread() }).verdict).toBe('in use');
    expect(reasonOf(onDeletion(used))).toContain('S3 in eu-west-1');
  });

  test('a reactivation, off again or not: unknown; Keyturn’s own switching off is none', () => {
    const on = changedTo('Active', plus(deactivated, { hours: 1 }));
    const offAgain = changedTo('Inactive', plus(deactivated, { hours: 2 }));
    expect(gapsOf(onDeletion({ statusChanges: reading([on, offAgain]) }))).toEqual(['standing']);
    const own = reading([changedTo('Inactive', deactivated)]);
    expect(onDeletion({ statusChanges: own }).verdict).toBe('safe');
  });

  test('not before its deadline, nor if nobody knows when it was switched off', () => {
    const early = { notBefore: plus(story.deleteAt, { milliseconds: 1 }) };
    expect(gapsOf(onDeletion({}, early))).toEqual(['deadline']);
    expect(gapsOf(onDeletion({}, { deactivatedAt: null }))).toContain('standing');
  });
});

test('a key that asked for session tokens soaks for 37 h, like any other', () => {
  const asked = trailUse(ago(judgedAt, { days: 95 }), { eventName: 'GetSessionToken' });
  const evidence = onRetirement({ oldTrail: reading([asked]) });
  expect(evidence).toMatchObject({ verdict: 'safe', quietHours: 37 });
});

test('the key of the story is as old as it says', () => {
  expect(staleKey.createdAt < ago(judgedAt, { days: 90, hours: 4 })).toBe(true);
});
