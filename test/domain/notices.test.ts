/** What owners are told directly: when, how often, and when not. */
import { describe, expect, test } from 'vitest';
import type { At, Rotation } from '../../domain/case.ts';
import type { Effect } from '../../domain/effect.ts';
import type { RotationEvent } from '../../domain/event.ts';
import { type Instant, plus } from '../../domain/instant.ts';
import { noNotices } from '../../domain/notices.ts';
import { opened } from '../../domain/opening.ts';
import { decide } from '../../domain/rotation.ts';
import type { Overlapping } from '../../domain/stage.ts';
import {
  approvedProposal,
  approver,
  inUse,
  issued,
  issuing,
  oldKeyId,
  owner,
  policyWith,
  rotationAt,
  safe,
  staleKey,
  startedRun,
  story,
  unknown,
  use,
} from '../builders.ts';

const byOwner = { kind: 'person', id: 'U0123OWNER', name: 'Olu Owner' } as const;

const occasions = (effects: readonly Effect[]) =>
  effects.flatMap((each) => (each.type === 'tell owner' ? [each.occasion] : []));

function happened(rotation: Rotation, event: RotationEvent, now: Instant) {
  const decision = decide(rotation, event, now);
  expect(decision.ignored).toBeUndefined();
  return decision;
}

const looked = (rotation: Rotation, now: Instant) =>
  happened(rotation, { type: 'evidence gathered', evidence: safe({ at: now }) }, now);

/** Issued at eleven, to be switched off two days later. */
function atIssue() {
  const before = rotationAt(
    issuing({ run: startedRun(story.issued), proposal: approvedProposal() }),
  );
  const executionId = 'executionId' in before.stage.run ? before.stage.run.executionId : '';
  const event = {
    type: 'run finished',
    executionId,
    result: { status: 'issued', issued },
  } as const;
  return happened({ ...before, notices: noNotices }, event, story.issued);
}

function overlapOf(rotation: Rotation): At<Overlapping> {
  const { stage } = rotation;
  if (stage.name !== 'overlapping') throw new Error(`it is ${stage.name}`);
  return { ...rotation, stage };
}

/** Everything that looks bring on, each at the moment that the rotation itself asks for. */
function played(from: Rotation, until: Instant) {
  const said: string[] = [];
  let rotation = from;
  for (let turn = 0; turn < 100 && rotation.stage.name === 'overlapping'; turn++) {
    const now = rotation.stage.nextProbeAt;
    if (now >= until) break;
    const decision = looked(rotation, now);
    rotation = { ...decision.rotation, version: rotation.version + 1 };
    said.push(...occasions(decision.effects).map((each) => `${each} ${now.slice(5, 16)}`));
  }
  return { rotation, said };
}

describe('a replacement', () => {
  test('is told of as its deadline begins to run', () => {
    const { rotation, effects } = atIssue();
    const order = { type: 'tell owner', occasion: 'begun', until: story.deactivateAt };
    expect(effects.at(-1)).toEqual({ ...order, to: 'U0123OWNER' });
    expect(rotation.notices?.running).toMatchObject({ since: story.issued, halfTime: false });
  });

  test('and at half-time and four hours before, each once and on time', () => {
    const { said } = played(atIssue().rotation, story.deactivateAt);
    expect(said).toEqual(['half-time 11-03T11:00', 'soon 11-04T07:00']);
  });

  test('even if the looks come late, and then the nearer one alone', () => {
    const late = plus(story.deactivateAt, { hours: -2 });
    const { rotation, effects } = looked(atIssue().rotation, late);
    expect(occasions(effects)).toEqual(['soon']);
    expect(occasions(looked(rotation, plus(late, { hours: 1 })).effects)).toEqual([]);
  });

  test('opened by an older version is not told of, and looked at as before', () => {
    const { notices: _, ...old } = atIssue().rotation;
    const { rotation, effects } = looked(old, plus(story.issued, { hours: 24 }));
    expect(occasions(effects)).toEqual([]);
    expect(rotation.notices).toBeUndefined();
  });
});

describe('a deadline that moves', () => {
  const snoozed = (at: Instant, hours: number) =>
    happened(atIssue().rotation, { type: 'snoozed', by: byOwner, hours }, at);

  test('by a snooze is told of anew at its half-time and four hours before', () => {
    const { rotation, effects } = snoozed(plus(story.issued, { hours: 2 }), 96);
    expect(occasions(effects)).toEqual([]);
    const { said } = played(rotation, plus(story.deactivateAt, { hours: 96 }));
    expect(said).toEqual(['half-time 11-05T12:00', 'soon 11-08T07:00']);
  });

  test('brings no second half-time on the same day', () => {
    const half = played(atIssue().rotation, plus(story.issued, { hours: 25 }));
    const now = plus(story.issued, { hours: 26 });
    const event = { type: 'snoozed', by: byOwner, hours: 4 } as const;
    const { rotation } = happened(half.rotation, event, now);
    const { said } = played(rotation, plus(story.deactivateAt, { hours: 4 }));
    expect(said).toEqual(['soon 11-04T11:00']);
  });

  test('because it was missed is told of at once', () => {
    const { rotation } = played(atIssue().rotation, story.deactivateAt);
    const missed = happened(
      rotation,
      {
        type: 'evidence gathered',
        evidence: inUse({
          at: story.deactivateAt,
          uses: [use(plus(story.pickedUp, { hours: -1 }))],
          quietAt: plus(story.deactivateAt, { hours: 5 }),
        }),
      },
      story.deactivateAt,
    );
    expect(missed.rotation.stage.name).toBe('overlapping');
    expect(occasions(missed.effects)).toEqual(['missed']);
  });

  test('for want of room among the runs is nobody’s concern', () => {
    const { rotation } = played(atIssue().rotation, story.deactivateAt);
    const { effects } = happened(rotation, { type: 'crowded' }, story.deactivateAt);
    expect(occasions(effects)).toEqual([]);
  });
});

describe('a rotation on hold', () => {
  const unpicked = (now: Instant): RotationEvent => ({
    type: 'evidence gathered',
    evidence: unknown({ at: now, pickup: { seen: false } }, 'pickup'),
  });

  test('at its deadline was missed', () => {
    const { rotation } = played(atIssue().rotation, story.deactivateAt);
    const held = happened(rotation, unpicked(story.deactivateAt), story.deactivateAt);
    expect(held.rotation.stage.name).toBe('held');
    expect(occasions(held.effects)).toEqual(['missed']);
    expect(held.rotation.notices?.running).toBeNull();
  });

  test('paused in time was not missed, and is told of when somebody else resumes', () => {
    const at = plus(story.issued, { hours: 3 });
    const paused = happened(atIssue().rotation, { type: 'paused', by: byOwner }, at);
    expect(occasions(paused.effects)).toEqual([]);
    const later = plus(at, { hours: 3 });
    const resumedBy = (by: typeof byOwner | typeof approver) =>
      occasions(happened(paused.rotation, { type: 'resumed', by }, later).effects);
    expect(resumedBy(approver)).toEqual(['begun']);
    expect(resumedBy(byOwner)).toEqual([]);
  });
});

test('an owner who has attested is not reminded', () => {
  const at = plus(story.issued, { hours: 3 });
  const { rotation } = happened(atIssue().rotation, { type: 'attested', by: byOwner }, at);
  expect(overlapOf(rotation).stage.authority.kind).toBe('attested');
  expect(played(rotation, story.deactivateAt).said).toEqual([]);
  const renamed = { known: true, slackUserId: byOwner.id, name: 'Olu Married' } as const;
  expect(played({ ...rotation, owner: renamed }, story.deactivateAt).said).toEqual([]);
  const namesake = { ...renamed, slackUserId: 'U0OTHEROLU', name: byOwner.name };
  expect(played({ ...rotation, owner: namesake }, story.deactivateAt).said).not.toEqual([]);
});

describe('an unused key', () => {
  const facts = { id: 'r', generation: 1, key: { ...staleKey, keyId: oldKeyId } };

  test('is told of as soon as it is approved, and four hours before it goes off', () => {
    const policy = policyWith({ mode: 'auto' });
    const { rotation, effects } = opened(
      { ...facts, region: 'eu-west-1', owner, policy, kind: 'retire', findings: [] },
      story.opened,
    );
    expect(occasions(effects)).toEqual(['begun']);
    const due = plus(story.opened, { hours: 48 });
    expect(rotation.notices?.running?.until).toBe(due);
  });
});
