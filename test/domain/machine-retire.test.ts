/** A key that nobody uses, through its retirement: moments, authority, and how it stood before. */
import { describe, expect, test } from 'vitest';
import type { Rotation } from '../../domain/case.ts';
import type { RotationEvent } from '../../domain/event.ts';
import type { Evidence } from '../../domain/evidence.ts';
import { type Duration, type Instant, instant, inUtcWords, plus } from '../../domain/instant.ts';
import type { KeyStatus } from '../../domain/key.ts';
import { decide } from '../../domain/rotation.ts';
import { parametersOf, probeOf } from '../../domain/runbook-order.ts';
import { type Need, wakeOf } from '../../domain/wake.ts';
import {
  admin,
  approver,
  deactivating,
  executionId,
  forcedBy,
  held,
  inUse,
  nightWindow,
  policyWith,
  restoring,
  retirement,
  rotationAt,
  safe,
  soaking,
  staleKey,
  startedRun,
  story,
  unknown,
  use,
} from '../builders.ts';
import { nextOf, orderedBy, pressed, seen, stageOf, told } from './machine-steps.ts';

const due = story.deactivateAt;
const early = plus(due, { hours: -20 });
const retire = { kind: 'retire' } as const;
const off = { ...retire, key: { ...staleKey, foundAs: 'Inactive' } } as const;
const unapproved = retirement({ approval: { given: false } });
const at = (changes = {}, plan = {}) => rotationAt(retirement(changes, plan), retire);

describe('notice', () => {
  test('given an approval, however late, then the whole notice runs from it', () => {
    const approved = pressed(rotationAt(unapproved, retire), 'approved', early);
    const whole = plus(early, { hours: 48 });
    expect(stageOf(approved)).toMatchObject({ name: 'proposed', due: whole });
    expect(told(approved)).toContain(`${inUtcWords(whole)} if it is still unused`);
  });

  test('given a hold, then resuming or approving gives the whole notice again', () => {
    const now = story.answerBy;
    for (const [kept, press] of [
      [retirement(), 'resumed'],
      [unapproved, 'approved'],
    ] as const) {
      const again = pressed(rotationAt(held({ kept, since: early }), retire), press, now);
      expect(stageOf(again)).toMatchObject({
        due: plus(now, { hours: 48 }),
        answerBy: plus(now, { days: 7 }),
        approval: { given: true },
        plan: { nextProbeAt: now },
      });
    }
  });

  test('a snooze moves the deadline, and the answer with it', () => {
    const snoozed = decide(at(), { type: 'snoozed', by: approver, hours: 24 }, early);
    expect(snoozed.rotation.stage).toMatchObject({
      due: plus(due, { hours: 24 }),
      answerBy: plus(story.answerBy, { hours: 24 }),
    });
    const safeNow = seen(snoozed.rotation, safe({ at: due }), due);
    expect(stageOf(safeNow).name).toBe('proposed');
  });

  test('a snooze is no approval', () => {
    const snoozed = decide(
      rotationAt(unapproved, retire),
      { type: 'snoozed', by: approver, hours: 4 },
      early,
    );
    expect(snoozed.rotation.stage).toMatchObject({ approval: { given: false } });
  });
});

describe('watching', () => {
  test.each<[string, Duration, Duration, Need]>([
    ['long before the deadline, every 6 h', { hours: -20 }, { hours: 6 }, 'evidence'],
    ['shortly before it, at the deadline', { hours: -2 }, { hours: 2 }, 'turn'],
  ])('%s', (_, before, next, need) => {
    const now = plus(due, before);
    const decision = seen(at(), safe({ at: now }), now);
    expect(stageOf(decision)).toMatchObject({ plan: { nextProbeAt: plus(now, next) } });
    expect(wakeOf(decision.rotation)).toEqual({ at: plus(now, next), need });
  });

  test('unapproved it wakes for the answer alone', () => {
    expect(wakeOf(rotationAt(unapproved, retire))).toEqual({
      at: story.answerBy,
      need: 'deadline',
    });
  });

  test('people see who used it, as soon as that is known, and no same thing twice', () => {
    const used = inUse({ at: early, uses: [use(plus(early, { days: -100 }))] });
    const first = seen(at(), used, early);
    expect(orderedBy(first)).toEqual(['update message']);
    const later = plus(early, { hours: 6 });
    expect(orderedBy(seen(first.rotation, { ...used, at: later }, later))).toEqual([]);
    const other = { ...used, at: later, uses: [use(later)] };
    expect(orderedBy(seen(first.rotation, other, later))).toEqual(['update message']);
  });

  test('evidence from before the claim, or older than 15 minutes, decides nothing', () => {
    const opened = at({ due: story.opened });
    const just = plus(story.opened, { minutes: 5 });
    const before = safe({ at: plus(story.opened, { milliseconds: -1 }) });
    expect(seen(opened, before, just).ignored).toBe('the evidence is not fresh');
    const old = safe({ at: plus(due, { minutes: -15, milliseconds: -1 }) });
    expect(seen(at(), old, due).ignored).toBe('the evidence is not fresh');
    expect(stageOf(seen(at(), safe({ at: plus(due, { minutes: -15 }) }), due)).name).toBe(
      'deactivating',
    );
  });

  test('the deadline is met to the millisecond', () => {
    const just = plus(due, { milliseconds: -1 });
    expect(stageOf(seen(at(), safe({ at: just }), just)).name).toBe('proposed');
    expect(stageOf(seen(at(), safe({ at: due }), due)).name).toBe('deactivating');
  });

  test('in a closed window it is switched off when that opens', () => {
    const opens = instant('2026-11-05T01:00:00Z');
    const closed = rotationAt(retirement(), {
      ...retire,
      policy: policyWith({ window: nightWindow }),
    });
    const decision = seen(closed, safe({ at: due }), due);
    expect(stageOf(decision)).toMatchObject({
      name: 'proposed',
      due: opens,
      plan: { nextProbeAt: plus(due, { hours: 6 }) },
    });
    const night = seen(decision.rotation, safe({ at: opens }), opens);
    expect(stageOf(night).name).toBe('deactivating');
  });
});

describe('authority', () => {
  const forced = { authority: forcedBy };

  test('force is asked of the witness, for deadline and deletion alike', () => {
    expect(probeOf(at({}, forced))).toMatchObject({ issued: null, authority: forcedBy });
    const run = deactivating({ run: startedRun(due), before: retirement({}, forced) });
    const result = { status: 'deactivated', at: due } as const;
    const done = nextOf(rotationAt(run, retire), { type: 'run finished', executionId, result });
    expect(done.rotation.stage).toMatchObject({ name: 'soaking', authority: forcedBy });
  });

  test('force neither approves nor shortens the notice, and is said once', () => {
    const event: RotationEvent = { type: 'forced', by: admin };
    expect(decide(rotationAt(unapproved, retire), event, due).ignored).toContain('not approval');
    const now = decide(at(), event, early);
    expect(now.rotation.stage).toMatchObject({
      due,
      plan: { authority: { kind: 'forced', by: 'Noor Admin', at: early } },
    });
    expect(decide(now.rotation, event, due).ignored).toBe('it is forced already');
    expect(stageOf(seen(now.rotation, safe({ at: early }, 'forced'), early)).name).toBe('proposed');
  });

  test('what was forced before a hold is not relied on after it', () => {
    const kept = retirement({}, forced);
    const since = plus(story.pickedUp, { hours: 1 });
    const resumed = pressed(rotationAt(held({ kept, since }), retire), 'resumed', due);
    expect(stageOf(resumed)).toMatchObject({ plan: { authority: { kind: 'evidence' } } });
    const duringHold = held({ kept, since: story.pickedUp });
    expect(stageOf(pressed(rotationAt(duringHold, retire), 'resumed', due))).toMatchObject({
      plan: { authority: forcedBy },
    });
  });

  test('forced from a hold, the deadline that was kept stands', () => {
    const now = plus(due, { hours: -1 });
    const stage = stageOf(
      decide(
        rotationAt(held({ kept: retirement(), since: early }), retire),
        { type: 'forced', by: admin },
        now,
      ),
    );
    expect(stage).toMatchObject({
      due,
      plan: { nextProbeAt: now, authority: { kind: 'forced', at: now } },
    });
  });
});

describe('how the key stood before', () => {
  const ordered = (rotation: Rotation, oldKey: KeyStatus) =>
    seen(rotation, safe({ at: due, oldKey }), due).rotation;
  const failedAt = (rotation: Rotation, now: Instant) => {
    const { stage } = rotation;
    if (stage.name !== 'deactivating') throw new Error(`it is ${stage.name}`);
    const started = { ...rotation, stage: { ...stage, run: startedRun(due) } };
    const result = { status: 'failed', problem: 'a step timed out' } as const;
    return decide(started, { type: 'run finished', executionId, result }, now).rotation;
  };
  const soak = (before: ReturnType<typeof retirement>) => soaking({ before });
  const inactive = (now: Instant) => safe({ at: now, oldKey: 'Inactive' });

  test.each<[string, Rotation, KeyStatus, KeyStatus]>([
    ['on', at(), 'Active', 'Active'],
    ['switched off by hand', at(), 'Inactive', 'Inactive'],
    ['found Inactive', rotationAt(retirement(), off), 'Inactive', 'Inactive'],
  ])('%s: that is what the order records', (_, rotation, status, before) => {
    const next = ordered(rotation, status);
    expect(next.stage).toMatchObject({
      name: 'deactivating',
      before: { plan: { statusBefore: before } },
    });
    expect(parametersOf(next, 'an/order', (name) => name)).toMatchObject({
      StatusBefore: before,
      NewKeyId: 'none',
      SecretArn: 'none',
      SecretVersionId: 'none',
      CurrentSince: 'none',
      TestRequestIds: 'none',
      NotBefore: due,
      AuthorityKind: 'evidence',
    });
  });

  test('on: what Keyturn’s failed run left off can be rolled back, look or no look', () => {
    const failed = failedAt(ordered(at(), 'Active'), due);
    expect(failed.stage).toMatchObject({ name: 'held', oldKey: 'unknown' });
    const looked = seen(failed, inactive(due), due).rotation;
    expect(looked.stage).toMatchObject({ name: 'held', oldKey: 'Inactive' });
    for (const rotation of [failed, looked]) {
      expect(stageOf(pressed(rotation, 'rolled back', due)).name).toBe('restoring');
      const resumed = pressed(rotation, 'resumed', due).rotation;
      expect(stageOf(pressed(resumed, 'rolled back', due)).name).toBe('restoring');
      const paused = pressed(resumed, 'paused', due);
      expect(stageOf(pressed(paused.rotation, 'rolled back', due)).name).toBe('restoring');
    }
  });

  test('on: a second order after a failed run still knows that the key was on', () => {
    const failed = seen(failedAt(ordered(at(), 'Active'), due), inactive(due), due).rotation;
    const resumed = pressed(failed, 'resumed', due).rotation;
    const later = plus(due, { hours: 48 });
    expect(stageOf(seen(resumed, inactive(later), later))).toMatchObject({
      name: 'deactivating',
      before: { plan: { statusBefore: 'Active' } },
    });
  });

  test('a key that is seen Active again is on, whatever was ordered before', () => {
    const failed = failedAt(ordered(at(), 'Active'), due);
    const active = seen(failed, safe({ at: due }), due).rotation;
    expect(active.stage).toMatchObject({ kept: { plan: { statusBefore: null } } });
    expect(pressed(active, 'rolled back', due).ignored).toContain('is Active');
  });

  test('off: nobody’s press and no use switches it on; people are woken', () => {
    const handOff = retirement({}, { statusBefore: 'Inactive' });
    for (const rotation of [
      rotationAt(soak(retirement()), off),
      rotationAt(soak(handOff), retire),
    ]) {
      expect(pressed(rotation, 'rolled back', story.deleteAt).ignored).toContain('was off already');
      const now = plus(story.deactivated, { hours: 6 });
      const used = inUse({ at: now, oldKey: 'Inactive', uses: [use(now)] });
      const decision = seen(rotation, used, now);
      expect(stageOf(decision)).toMatchObject({
        name: 'held',
        kept: { name: 'soaking' },
        reason: { code: 'still in use', text: expect.stringContaining('then resume or abandon') },
        oldKey: 'Inactive',
      });
      expect(orderedBy(decision)).not.toContain('start runbook');
      const pages = decision.effects.flatMap((each) => (each.type === 'page' ? [each.about] : []));
      expect(pages.sort()).toEqual(['held', 'old-key-used']);
    }
  });

  test('off and held: a use pages, and promises no Roll back', () => {
    const stage = held({ kept: soak(retirement()), oldKey: 'Inactive', since: story.deactivated });
    const now = plus(story.deactivated, { hours: 30 });
    const used = inUse({ at: now, oldKey: 'Inactive', uses: [use(now)] });
    const foundOff = seen(rotationAt(stage, off), used, now);
    expect(orderedBy(foundOff)).toEqual(['page', 'update message']);
    expect(told(foundOff)).not.toContain('Roll back');
    expect(told(seen(rotationAt(stage, retire), used, now))).toContain('Roll back');
  });

  test('found Inactive and Active now: held, before the deadline too', () => {
    const status = unknown({ at: early, oldKey: 'Active' }, 'standing');
    for (const evidence of [status, safe({ at: early })] satisfies Evidence[]) {
      expect(stageOf(seen(rotationAt(retirement(), off), evidence, early))).toMatchObject({
        name: 'held',
        reason: { code: 'reactivated' },
        oldKey: 'Active',
      });
    }
  });

  test('paused, it is held as it was last seen', () => {
    const seenOff = at({}, { evidence: inactive(early) });
    expect(stageOf(pressed(seenOff, 'paused', early))).toMatchObject({ oldKey: 'Inactive' });
    expect(stageOf(pressed(at(), 'paused', early))).toMatchObject({ oldKey: 'Active' });
    expect(stageOf(pressed(rotationAt(retirement(), off), 'paused', early))).toMatchObject({
      oldKey: 'Inactive',
    });
  });

  test('a runbook that refuses has left it as it was', () => {
    const { stage } = ordered(at(), 'Inactive');
    if (stage.name !== 'deactivating') throw new Error(`it is ${stage.name}`);
    const refused = { status: 'refused', problem: 'in use' } as const;
    const run = rotationAt({ ...stage, run: startedRun(due) }, retire);
    const decision = nextOf(run, { type: 'run finished', executionId, result: refused });
    expect(decision.rotation.stage).toMatchObject({ name: 'held', oldKey: 'Inactive' });
  });
});

describe('the soak', () => {
  test.each([
    [24, 24],
    [100, 100],
  ])('of a key that had to be quiet for %d h takes %d h', (quietHours, soakHours) => {
    const evidence = safe({ at: due, quietHours });
    const before = retirement({}, { evidence });
    const run = rotationAt(deactivating({ run: startedRun(due), before }), retire);
    const result = { status: 'deactivated', at: due } as const;
    const { stage } = decide(run, { type: 'run finished', executionId, result }, due).rotation;
    expect(stage).toMatchObject({ deleteAt: plus(due, { hours: soakHours }) });
  });

  test('after a roll back it waits at the proposal, with the whole notice once resumed', () => {
    const from = soaking({ before: retirement() });
    const run = rotationAt(restoring({ run: startedRun(due), from }), retire);
    const result = { status: 'restored', at: due } as const;
    const restored = decide(run, { type: 'run finished', executionId, result }, due);
    expect(stageOf(restored)).toMatchObject({ kept: { name: 'proposed' }, oldKey: 'Active' });
    expect(stageOf(pressed(restored.rotation, 'resumed', due))).toMatchObject({
      due: plus(due, { hours: 48 }),
    });
  });
});
