/** Which evidence decides, and what it says to people at the stages where it starts no run. */
import { describe, expect, test } from 'vitest';
import type { Evidence } from '../../domain/evidence.ts';
import { type Duration, type Instant, plus } from '../../domain/instant.ts';
import { type Decision, decide } from '../../domain/rotation.ts';
import type { Held, Stage } from '../../domain/stage.ts';
import {
  deactivating,
  deleting,
  executionId,
  held,
  inUse,
  notPicked,
  overlapping,
  restoring,
  rotationAt,
  safe,
  soaking,
  story,
  unknown,
  use,
} from '../builders.ts';

function gathered(stage: Stage, evidence: Evidence, now: Instant): Decision {
  return decide(rotationAt(stage), { type: 'evidence gathered', evidence }, now);
}

const effectTypes = ({ effects }: Decision) => effects.map(({ type }) => type);
const millisecond = { milliseconds: 1 };
const before = { milliseconds: -1 };

describe('evidence is fresh', () => {
  const stages: readonly (readonly [string, Stage, Instant, 'Active' | 'Inactive'])[] = [
    ['overlapping', overlapping(), story.deactivateAt, 'Active'],
    ['soaking', soaking(), story.deleteAt, 'Inactive'],
    ['held', held(), plus(story.deactivateAt, { hours: 1 }), 'Active'],
  ];

  test.each(stages)('%s: for 15 minutes, and 1 minute ahead of our clock', (_, stage, now, key) => {
    const ignored = (age: Duration) =>
      gathered(stage, safe({ at: plus(now, age), oldKey: key }), now).ignored;
    expect(ignored({ minutes: -15 })).toBeUndefined();
    expect(ignored({ minutes: -15, ...before })).toBe('the evidence is not fresh');
    expect(ignored({ minutes: 1 })).toBeUndefined();
    expect(ignored({ minutes: 1, ...millisecond })).toBe('the evidence is not fresh');
  });

  const beginnings: readonly (readonly [string, Stage, Instant, 'Active' | 'Inactive'])[] = [
    ['overlapping', overlapping(), story.issued, 'Inactive'],
    ['soaking', soaking(), story.deactivated, 'Active'],
    ['held', held({ oldKey: 'unknown' }), story.deactivateAt, 'Active'],
  ];

  test.each(beginnings)(
    '%s: never if it was gathered before that began',
    (_, stage, since, key) => {
      const at = (moment: Instant) => unknown({ at: moment, oldKey: key }, 'standing');
      const now = plus(since, { minutes: 5 });
      expect(gathered(stage, at(plus(since, before)), now).ignored).toBe(
        'the evidence is not fresh',
      );
      expect(gathered(stage, at(since), now).ignored).toBeUndefined();
    },
  );
});

describe('how keys and secret stand', () => {
  const now = plus(story.issued, { hours: 12 });
  const soakNow = plus(story.deactivated, { hours: 12 });

  test('wrong: on hold at once, long before the deadline', () => {
    const overlap = gathered(overlapping(), unknown({ at: now }, 'standing'), now);
    expect(overlap.rotation.stage).toMatchObject({ name: 'held', oldKey: 'Active' });
    const soak = gathered(
      soaking(),
      unknown({ at: soakNow, oldKey: 'Inactive' }, 'standing'),
      soakNow,
    );
    for (const { rotation } of [overlap, soak]) {
      expect(rotation.stage).toMatchObject({ reason: { code: 'changed outside' } });
    }
  });

  test('unread: no reason for a hold before the deadline', () => {
    const unread = unknown({ at: now, oldKey: 'unknown' }, 'standing');
    expect(gathered(overlapping(), unread, now).rotation.stage.name).toBe('overlapping');
    const silent = unknown({ at: soakNow, oldKey: 'Inactive' }, 'cloudtrail', 'last-used');
    expect(gathered(soaking(), silent, soakNow).rotation.stage.name).toBe('soaking');
  });

  test('wrong and something else unread: somebody else’s doing comes first', () => {
    const both = unknown({ at: now }, 'cloudtrail', 'standing');
    expect(gathered(overlapping(), both, now).rotation.stage).toMatchObject({
      reason: { code: 'changed outside' },
    });
  });
});

describe('between deadlines', () => {
  const looks: readonly (readonly [string, Stage, Instant, 'Active' | 'Inactive', Instant])[] = [
    ['overlapping', overlapping(), story.issued, 'Active', story.deactivateAt],
    ['soaking', soaking(), story.deactivated, 'Inactive', story.deleteAt],
  ];

  test.each(looks)(
    '%s: a look every 6 h, the last one at the deadline',
    (_, stage, since, key, due) => {
      const next = (now: Instant) =>
        gathered(stage, safe({ at: now, oldKey: key }), now).rotation.stage;
      const early = plus(since, { hours: 2 });
      expect(next(early)).toMatchObject({ nextProbeAt: plus(early, { hours: 6 }) });
      expect(next(plus(due, { hours: -2 }))).toMatchObject({ nextProbeAt: due });
    },
  );

  test.each(looks)('%s: what changes nothing to see is shown to nobody', (_, stage, since, key) => {
    const now = plus(since, { hours: 2 });
    const first = gathered(stage, safe({ at: now, oldKey: key }), now);
    const later = plus(now, { hours: 6 });
    const second = gathered(first.rotation.stage, safe({ at: later, oldKey: key }), later);
    expect([effectTypes(first), effectTypes(second)]).toEqual([['update message'], []]);
    const uses = [use(plus(story.issued, { hours: -4 }))];
    const used = gathered(first.rotation.stage, safe({ at: later, oldKey: key, uses }), later);
    expect(used.effects).toEqual([{ type: 'update message', news: null }]);
  });

  test('the first use of the new key is news, once', () => {
    const now = plus(story.pickedUp, { hours: 1 });
    const seen = gathered(overlapping(), safe({ at: now }), now);
    expect(seen.effects).toEqual([
      { type: 'update message', news: expect.stringMatching(/^The new key is in use: S3/) },
    ]);
    const uses = [use(plus(story.issued, { hours: -4 }))];
    const again = gathered(seen.rotation.stage, safe({ at: now, uses }), now);
    expect(again.effects).toEqual([{ type: 'update message', news: null }]);
  });
});

describe('at the deadline', () => {
  const now = story.deactivateAt;
  const uses = [use(plus(story.pickedUp, { hours: -1 }))];

  test('what is not known is not waited for, whenever the old key was used', () => {
    const silent = unknown({ at: now, uses }, 'cloudtrail');
    expect(gathered(overlapping(), silent, now).rotation.stage).toMatchObject({
      name: 'held',
      reason: { code: 'evidence incomplete' },
    });
  });

  test('a use of which nobody knows the moment is one that still needs the key', () => {
    expect(gathered(overlapping(), inUse({ at: now }), now).rotation.stage).toMatchObject({
      name: 'held',
      reason: { code: 'still in use' },
    });
  });
});

describe('what is told', () => {
  const now = story.deactivateAt;
  const newsOf = ({ effects }: Decision) =>
    effects.flatMap((effect) => (effect.type === 'announce' ? [effect.news] : []));

  test('when the old key is switched off: on what that rests', () => {
    expect(newsOf(gathered(overlapping(), safe({ at: now }), now))).toEqual([
      'Switching old key …MPLE off. Safe (evidence): no use is known ' +
        '(CloudTrail was read in 17 Regions).',
    ]);
  });

  test.each([
    ['The key', false],
    ['The user', true],
  ])('%s is gone', (whose, userGone) => {
    const gone = unknown({ at: now, oldKey: 'Gone', userGone }, 'standing');
    expect(newsOf(gathered(overlapping(), gone, now))).toEqual([
      expect.stringMatching(`^${whose} is gone already`),
    ]);
  });
});

describe('on hold', () => {
  const failed = { status: 'failed', problem: 'a step timed out' } as const;
  const now = plus(story.deleteAt, { hours: 2 });
  const heldAtSoak = (changes: Partial<Held> = {}) =>
    held({ kept: soaking(), oldKey: 'Inactive', ...changes });
  const used = (oldKey: 'Active' | 'Inactive' | 'unknown', hours = 2) =>
    inUse({ at: now, oldKey, uses: [use(plus(now, { hours: -hours }))] });

  test.each([
    ['deactivating', deactivating()],
    ['deleting', deleting()],
    ['restoring', restoring()],
  ])('after %s failed the keys are looked at right away', (_, stage) => {
    const event = { type: 'run finished', executionId, result: failed } as const;
    const { rotation, effects } = decide(rotationAt(stage), event, now);
    expect(rotation.stage).toMatchObject({ name: 'held', oldKey: 'unknown', nextProbeAt: now });
    expect(effects[0]).toMatchObject({ type: 'page', about: 'held', severity: 'critical' });
  });

  test('a page about a key that is known to stand as it should is a warning', () => {
    const at = story.deactivateAt;
    const { effects } = gathered(overlapping(), unknown({ at }, 'cloudtrail'), at);
    expect(effects[0]).toMatchObject({ type: 'page', about: 'held', severity: 'warning' });
  });

  test('otherwise a day later, and so after each look', () => {
    const paused = decide(
      rotationAt(overlapping()),
      { type: 'paused', by: { kind: 'policy' } },
      now,
    );
    const looked = gathered(held(), safe({ at: now }), now);
    for (const { rotation } of [paused, looked]) {
      expect(rotation.stage).toMatchObject({ nextProbeAt: plus(now, { hours: 24 }) });
    }
    expect(paused.rotation.stage).toMatchObject({ since: now });
  });

  test('a status that is not the known one any more is news', () => {
    const decision = gathered(held(), unknown({ at: now, oldKey: 'Inactive' }, 'standing'), now);
    expect(decision.effects).toEqual([
      { type: 'update message', news: 'The old key is Inactive, not Active any more.' },
    ]);
    expect(decision.rotation.stage).toMatchObject({ oldKey: 'Inactive' });
  });

  test('a status that was not known is shown without news', () => {
    const decision = gathered(held({ oldKey: 'unknown' }), safe({ at: now }), now);
    expect(decision.effects).toEqual([{ type: 'update message', news: null }]);
    expect(decision.rotation.stage).toMatchObject({ oldKey: 'Active' });
  });

  test('a status that could not be read leaves the one that was known', () => {
    const unread = unknown({ at: now, oldKey: 'unknown' }, 'standing');
    const { rotation } = gathered(heldAtSoak(), unread, now);
    expect(rotation.stage).toMatchObject({ oldKey: 'Inactive' });
  });

  test('whoever needs the key while it is off: people are woken, once for each use', () => {
    const first = gathered(heldAtSoak(), used('Inactive'), now);
    expect(first.effects[0]).toMatchObject({ about: 'old-key-used', severity: 'critical' });
    expect(effectTypes(first)).toEqual(['page', 'update message']);
    expect(effectTypes(gathered(first.rotation.stage, used('Inactive'), now))).toEqual([]);
    const again = gathered(first.rotation.stage, used('Inactive', 1), now);
    expect(effectTypes(again)).toEqual(['page', 'update message']);
  });

  test('also while it is not known whether it is off', () => {
    const decision = gathered(heldAtSoak({ oldKey: 'unknown' }), used('unknown'), now);
    expect(effectTypes(decision)).toEqual(['page', 'update message']);
  });

  test('a key that turns out to be on is used as ever: nobody is woken to roll back', () => {
    const turnsOut = gathered(heldAtSoak({ oldKey: 'unknown' }), used('Active'), now);
    expect(turnsOut.effects).toEqual([{ type: 'update message', news: null }]);
    const isOn = gathered(heldAtSoak({ oldKey: 'Active' }), used('Active'), now);
    expect(isOn.effects).toEqual([{ type: 'update message', news: null }]);
  });

  test('a use before the new key was picked up needs nobody now', () => {
    const uses = [use(story.pickedUp)];
    const quiet = inUse({ at: now, oldKey: 'Inactive', uses });
    expect(effectTypes(gathered(heldAtSoak(), quiet, now))).toEqual(['update message']);
    const unpicked = inUse({ at: now, oldKey: 'Inactive', uses, pickup: notPicked });
    expect(effectTypes(gathered(heldAtSoak(), unpicked, now))).toEqual(['page', 'update message']);
  });

  test('in the overlap a use wakes nobody: the key works', () => {
    expect(gathered(held(), used('Active'), now).effects).toEqual([
      { type: 'update message', news: null },
    ]);
  });
});
