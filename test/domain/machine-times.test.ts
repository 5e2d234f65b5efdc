/** The moments that the machine sets: deadlines, snoozes, windows, what a resumed stage gets. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Rotation } from '../../domain/case.ts';
import type { RotationEvent } from '../../domain/event.ts';
import type { Evidence } from '../../domain/evidence.ts';
import { type Instant, instant, plus } from '../../domain/instant.ts';
import { decide } from '../../domain/rotation.ts';
import { parametersOf } from '../../domain/runbook-order.ts';
import type { Stage } from '../../domain/stage.ts';
import { wakeOf } from '../../domain/wake.ts';
import {
  approvedProposal,
  approver,
  deactivating,
  executionId,
  held,
  inUse,
  issued,
  issuing,
  nightWindow,
  overlapping,
  policyWith,
  proposed,
  rotationAt,
  runEffectId,
  safe,
  soaking,
  story,
  toReplace,
  use,
} from '../builders.ts';

type Changes = Parameters<typeof rotationAt>[1];

function outcome(
  stage: Stage,
  event: RotationEvent,
  now: Instant,
  changes: Changes = {},
): Rotation {
  const decision = decide(rotationAt(stage, changes), event, now);
  expect(decision.ignored).toBeUndefined();
  return decision.rotation;
}

const gathered = (evidence: Evidence): RotationEvent => ({ type: 'evidence gathered', evidence });
const finished = (result: Extract<RotationEvent, { type: 'run finished' }>['result']) =>
  ({ type: 'run finished', executionId, result }) as const;
const snoozed = (hours: number): RotationEvent => ({ type: 'snoozed', by: approver, hours });
const resumed: RotationEvent = { type: 'resumed', by: approver };
const inWindow = { policy: policyWith({ window: nightWindow }) };

describe('the first deadlines', () => {
  test('the overlap lasts the grace from the end of the issue on', () => {
    const now = plus(story.issued, { minutes: 10 });
    const { stage } = outcome(issuing(), finished({ status: 'issued', issued }), now);
    expect(stage).toMatchObject({
      since: now,
      deactivateAt: plus(now, { hours: 48 }),
      nextProbeAt: plus(now, { hours: 6 }),
    });
  });

  test('and on to the next opening of the window', () => {
    const event = finished({ status: 'issued', issued });
    const { stage } = outcome(issuing(), event, story.issued, inWindow);
    // 48 h later it is Wednesday noon; the night to Thursday opens at 02:00 in Berlin.
    expect(stage).toMatchObject({ deactivateAt: '2026-11-05T01:00:00.000Z' });
  });

  test('the soak lasts as long as the policy says, from the later of then and now', () => {
    const late = plus(story.deactivated, { hours: 2 });
    const event = finished({ status: 'deactivated', at: story.deactivated });
    const { stage } = outcome(deactivating(), event, late);
    expect(stage).toMatchObject({
      deactivatedAt: story.deactivated,
      deleteAt: plus(late, { hours: 24 }),
      nextProbeAt: plus(late, { hours: 6 }),
    });
  });

  test('and at least as long as this key had to be quiet', () => {
    const evidence = safe({ at: story.deactivateAt, quietHours: 100 });
    const stage = deactivating({ before: overlapping({ evidence }) });
    const event = finished({ status: 'deactivated', at: story.deactivated });
    expect(outcome(stage, event, story.deactivated).stage).toMatchObject({
      deleteAt: plus(story.deactivated, { hours: 100 }),
    });
  });

  test('failed issues are tried again after 1 h, then after 5 h', () => {
    const failed = finished({ status: 'failed', problem: 'no answer' });
    const first = outcome(issuing(), failed, story.ordered);
    expect(first.stage).toMatchObject({
      attempt: 2,
      triesLeft: 1,
      run: { status: 'waiting', retryAt: plus(story.ordered, { hours: 1 }) },
    });
    const second = outcome(issuing({ attempt: 2, triesLeft: 1 }), failed, story.ordered);
    expect(second.stage).toMatchObject({
      attempt: 3,
      triesLeft: 0,
      run: { status: 'waiting', retryAt: plus(story.ordered, { hours: 5 }) },
    });
  });
});

describe('a snooze', () => {
  test('moves the deadline that comes next', () => {
    const { stage } = outcome(overlapping(), snoozed(24), story.issued);
    expect(stage).toMatchObject({ deactivateAt: plus(story.deactivateAt, { hours: 24 }) });
    const soak = outcome(soaking(), snoozed(4), story.deactivated);
    expect(soak.stage).toMatchObject({ deleteAt: plus(story.deleteAt, { hours: 4 }) });
  });

  test('counts from now when the deadline has passed', () => {
    const now = plus(story.deactivateAt, { hours: 3 });
    expect(outcome(overlapping(), snoozed(24), now).stage).toMatchObject({
      deactivateAt: plus(now, { hours: 24 }),
    });
  });

  test('moves the answer’s deadline with it', () => {
    const { stage } = outcome(proposed(), snoozed(24), story.opened);
    expect(stage).toMatchObject({
      due: plus(story.opened, { hours: 24 }),
      answerBy: plus(story.answerBy, { hours: 24 }),
    });
  });

  test('grants what is left of the cap, and then nothing', () => {
    const nearlyUsedUp = { snoozedHours: 160 };
    const { stage, snoozedHours } = outcome(overlapping(), snoozed(72), story.issued, nearlyUsedUp);
    expect(snoozedHours).toBe(168);
    expect(stage).toMatchObject({ deactivateAt: plus(story.deactivateAt, { hours: 8 }) });
    const spent = rotationAt(overlapping(), { snoozedHours: 168 });
    expect(decide(spent, snoozed(1), story.issued).ignored).toContain('168');
  });

  test.each([0, -4, Number.NaN, Number.POSITIVE_INFINITY])('of %d hours is none', (hours) => {
    const decision = decide(rotationAt(overlapping()), snoozed(hours), story.issued);
    expect(decision.ignored).toBeDefined();
  });
});

describe('waiting for quiet', () => {
  const lacking = (quietAt: Instant) =>
    gathered(
      inUse({
        at: story.deactivateAt,
        uses: [use(plus(story.pickedUp, { hours: -1 }))],
        quietAt,
      }),
    );
  const limit = plus(story.issued, { days: 30 });

  test('moves the deadline to when it will have been quiet', () => {
    const quietAt = plus(story.deactivateAt, { hours: 9 });
    expect(outcome(overlapping(), lacking(quietAt), story.deactivateAt).stage).toMatchObject({
      name: 'overlapping',
      deactivateAt: quietAt,
      nextProbeAt: plus(story.deactivateAt, { hours: 6 }),
    });
  });

  test('and on to the next opening of the window', () => {
    const quietAt = plus(story.deactivateAt, { hours: 9 });
    const { stage } = outcome(overlapping(), lacking(quietAt), story.deactivateAt, inWindow);
    expect(stage).toMatchObject({ deactivateAt: '2026-11-05T01:00:00.000Z' });
  });

  test('for an hour at least', () => {
    const soon = lacking(plus(story.deactivateAt, { minutes: 1 }));
    const inAnHour = plus(story.deactivateAt, { hours: 1 });
    expect(outcome(overlapping(), soon, story.deactivateAt).stage).toMatchObject({
      deactivateAt: inAnHour,
      nextProbeAt: inAnHour,
    });
  });

  test('up to 30 days of overlap, not a millisecond longer', () => {
    expect(outcome(overlapping(), lacking(limit), story.deactivateAt).stage).toMatchObject({
      name: 'overlapping',
      deactivateAt: limit,
    });
    const over = lacking(plus(limit, { milliseconds: 1 }));
    expect(outcome(overlapping(), over, story.deactivateAt).stage).toMatchObject({
      name: 'held',
      oldKey: 'Active',
      reason: { code: 'overlap too long' },
    });
  });

  test('a use at the very moment of pickup is not one since', () => {
    const atPickup = inUse({
      at: story.deactivateAt,
      uses: [use(story.pickedUp)],
      quietAt: plus(story.deactivateAt, { hours: 9 }),
    });
    expect(outcome(overlapping(), gathered(atPickup), story.deactivateAt).stage.name).toBe(
      'overlapping',
    );
    const since = { ...atPickup, uses: [use(plus(story.pickedUp, { milliseconds: 1 }))] };
    expect(outcome(overlapping(), gathered(since), story.deactivateAt).stage.name).toBe('held');
  });
});

describe('the window', () => {
  const { deactivateAt, deleteAt, ordered } = story;
  const waiting = issuing({ run: { status: 'waiting', retryAt: ordered } });
  const admitted: RotationEvent = { type: 'admitted' };
  // The story's moments are at midday: the night to Tuesday, and the night to Thursday, open next.
  const tuesday = { at: '2026-11-03T01:00:00.000Z', words: '2026-11-03 01:00 UTC' };
  const thursday = { at: '2026-11-05T01:00:00.000Z', words: '2026-11-05 01:00 UTC' };
  const nextTuesday = { at: '2026-11-10T01:00:00.000Z', words: '2026-11-10 01:00 UTC' };
  const acts: readonly [string, Stage, RotationEvent, Instant, object, typeof tuesday][] = [
    ['an issue', approvedProposal(), admitted, ordered, { due: tuesday.at }, tuesday],
    ['a retry', waiting, admitted, ordered, { run: { retryAt: tuesday.at } }, tuesday],
    [
      'switching off',
      overlapping(),
      gathered(safe({ at: deactivateAt })),
      deactivateAt,
      { deactivateAt: thursday.at },
      thursday,
    ],
    [
      'deleting',
      soaking(),
      gathered(safe({ at: deleteAt, oldKey: 'Inactive' })),
      deleteAt,
      { deleteAt: nextTuesday.at },
      nextTuesday,
    ],
  ];

  test.each(acts)(
    'puts %s off to its next opening, and says so',
    (_, stage, event, now, moved, to) => {
      const { rotation, effects } = decide(rotationAt(stage, inWindow), event, now);
      expect(rotation.stage).toMatchObject({ name: stage.name, ...moved });
      expect(effects).toEqual([
        { type: 'update message', news: expect.stringMatching(`window is closed.*${to.words}`) },
      ]);
    },
  );

  test.each(acts)('lets %s go on from its first moment on', (_, stage, event, __, ___, to) => {
    const now = instant(to.at);
    const then =
      event.type === 'evidence gathered' ? gathered({ ...event.evidence, at: now }) : event;
    const { effects } = decide(rotationAt(stage, inWindow), then, now);
    expect(effects[0]?.type).toBe('start runbook');
  });
});

describe('an account that cannot be read', () => {
  const due = story.ordered;
  const failedLook: RotationEvent = { type: 'look failed', problem: 'IAM did not answer' };
  const dayLater = plus(due, { hours: 24 });
  const beginnings: readonly [string, Stage, number][] = [
    ['the first attempt', approvedProposal({ due }), 0],
    ['a retry', issuing({ attempt: 3, run: { status: 'waiting', retryAt: due } }), 2],
  ];

  test.each(beginnings)('holds %s once it is 24 h late, and not before', (_, stage, attempts) => {
    const early = plus(dayLater, { milliseconds: -1 });
    const before = decide(rotationAt(stage), failedLook, early);
    expect(before.effects).toEqual([]);
    expect(before.rotation.stage.name).toBe(stage.name);
    expect(wakeOf(before.rotation)).toEqual({
      at: plus(early, { minutes: 15 }),
      need: 'admission',
    });
    expect(outcome(stage, failedLook, dayLater).stage).toMatchObject({
      name: 'held',
      kept: { name: 'proposed', plan: { attempts } },
      reason: { code: 'not begun', text: expect.stringContaining('IAM did not answer') },
    });
  });
});

describe('after a hold', () => {
  const now = plus(story.deactivateAt, { hours: 5 });

  test('resuming the overlap gives the whole grace again', () => {
    expect(outcome(held(), resumed, now).stage).toMatchObject({
      name: 'overlapping',
      since: now,
      deactivateAt: plus(now, { hours: 48 }),
      nextProbeAt: now,
    });
  });

  test('resuming the soak gives the whole soak again', () => {
    const kept = soaking({ before: overlapping({ evidence: safe({ at: now, quietHours: 37 }) }) });
    expect(outcome(held({ kept, oldKey: 'Inactive' }), resumed, now).stage).toMatchObject({
      name: 'soaking',
      deactivatedAt: story.deactivated,
      deleteAt: plus(now, { hours: 37 }),
      nextProbeAt: now,
    });
  });

  const approved: RotationEvent = { type: 'approved', by: approver };
  const thursday = '2026-11-05T01:00:00.000Z';
  const nextTuesday = '2026-11-10T01:00:00.000Z';
  const openings: readonly [string, Stage, RotationEvent, object][] = [
    ['a proposal that is approved', proposed(), approved, { due: thursday }],
    ['a proposal', held({ kept: proposed() }), resumed, { due: thursday }],
    ['an approval', held({ kept: proposed() }), approved, { due: thursday }],
    ['an overlap', held(), resumed, { deactivateAt: nextTuesday }],
    ['a soak', held({ kept: soaking(), oldKey: 'Inactive' }), resumed, { deleteAt: nextTuesday }],
  ];

  test.each(openings)('%s goes on at an opening of the window', (_, stage, event, deadline) => {
    expect(outcome(stage, event, now, inWindow).stage).toMatchObject(deadline);
  });

  test('a soak whose key is on again starts over at the overlap', () => {
    expect(outcome(held({ kept: soaking(), oldKey: 'Active' }), resumed, now).stage.name).toBe(
      'overlapping',
    );
  });

  test('resuming a proposal asks for the answer anew', () => {
    expect(outcome(held({ kept: proposed() }), resumed, now).stage).toMatchObject({
      name: 'proposed',
      due: now,
      answerBy: plus(now, { days: 7 }),
      approval: { given: false },
    });
  });
});

test('a pause between attempts uses up no number', () => {
  const waiting = issuing({ attempt: 2, run: { status: 'waiting', retryAt: story.ordered } });
  const paused = outcome(waiting, { type: 'paused', by: approver }, story.approved);
  const again = outcome(paused.stage, resumed, story.approved);
  expect(outcome(again.stage, { type: 'admitted' }, story.approved).stage).toMatchObject({
    name: 'issuing',
    attempt: 2,
    triesLeft: 2,
  });
});

describe('a fourth attempt, after three failed and somebody resumed', () => {
  const kept = approvedProposal({ plan: { ...toReplace, attempts: 3 } });
  const again = outcome(held({ kept }), resumed, instant('2026-11-05T00:00:00Z'));
  const { stage } = outcome(again.stage, { type: 'admitted' }, instant('2026-11-05T00:00:00Z'));

  test('has three tries and a number of its own', () => {
    expect(stage).toMatchObject({ name: 'issuing', attempt: 4, triesLeft: 2 });
  });

  test('has parameters that the document takes', () => {
    const document = readFileSync(
      new URL('../../runbooks/issue-replacement-key.yml', import.meta.url),
      'utf8',
    );
    const pattern = /\n {2}Attempt:\n(?: {4}.*\n)*? {4}allowedPattern: '(.*)'/.exec(document)?.[1];
    const { Attempt } = parametersOf(rotationAt(stage), runEffectId, (name) => name);
    const allowed = new RegExp(pattern ?? 'none found');
    expect(Attempt).toMatch(allowed);
    const edges = ['0', '1', '9', '10', '99', '100', '01', ''];
    expect(edges.filter((text) => allowed.test(text))).toEqual(['1', '9', '10', '99']);
  });
});
