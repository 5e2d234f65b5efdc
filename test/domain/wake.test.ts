/** When a rotation needs attention, and what it needs then. */
import { describe, expect, test } from 'vitest';
import { plus } from '../../domain/instant.ts';
import type { Stage } from '../../domain/stage.ts';
import { type Need, needs, runInFlight, wakeOf } from '../../domain/wake.ts';
import {
  approvedProposal,
  deactivating,
  deleting,
  done,
  held,
  issuing,
  orderedRun,
  overlapping,
  proposed,
  restoring,
  rotationAt,
  soaking,
  startedRun,
  story,
} from '../builders.ts';

const moment = story.deactivateAt;
const later = plus(moment, { hours: 1 });

/** Each stage wakes at `moment`, and needs this then. */
const situations: readonly [string, Stage, Need][] = [
  ['proposed, not approved: the answer', proposed({ answerBy: moment }), 'deadline'],
  ['proposed, approved: its turn', approvedProposal({ due: moment }), 'admission'],
  ['issuing, ordered', issuing({ run: orderedRun(moment) }), 'run status'],
  ['issuing, started', issuing({ run: startedRun(moment) }), 'run status'],
  [
    'issuing, between attempts',
    issuing({ run: { status: 'waiting', retryAt: moment } }),
    'admission',
  ],
  [
    'overlapping: the next look',
    overlapping({ nextProbeAt: moment, deactivateAt: later }),
    'evidence',
  ],
  [
    'overlapping: the deadline, if it is sooner',
    overlapping({ nextProbeAt: later, deactivateAt: moment }),
    'turn',
  ],
  ['deactivating', deactivating({ run: startedRun(moment) }), 'run status'],
  ['soaking: the next look', soaking({ nextProbeAt: moment, deleteAt: later }), 'evidence'],
  ['soaking: the deadline', soaking({ nextProbeAt: later, deleteAt: moment }), 'turn'],
  [
    'a look that falls on the deadline is the one that starts a run',
    soaking({ nextProbeAt: moment, deleteAt: moment }),
    'turn',
  ],
  ['deleting', deleting({ run: orderedRun(moment) }), 'run status'],
  ['restoring', restoring({ run: startedRun(moment) }), 'run status'],
  ['held', held({ nextProbeAt: moment }), 'evidence'],
  ['held at proposed', held({ kept: proposed(), nextProbeAt: moment }), 'evidence'],
];

test.each(situations)('%s: wakes at its moment for what it needs', (_, stage, need) => {
  expect(wakeOf(rotationAt(stage))).toEqual({ at: moment, need });
});

test('a rotation that is done never wakes', () => {
  expect(wakeOf(rotationAt(done()))).toBeNull();
});

test('every need is some stage’s', () => {
  expect(new Set(situations.map(([, , need]) => need))).toEqual(new Set(needs));
});

describe('a run in flight', () => {
  test('is what the stages wait for that ordered one', () => {
    const inFlight = situations.filter(([, stage]) => runInFlight(rotationAt(stage)) !== null);
    expect(inFlight.map(([name]) => name)).toEqual([
      'issuing, ordered',
      'issuing, started',
      'deactivating',
      'deleting',
      'restoring',
    ]);
  });

  test('is all that a run’s status is ever needed for', () => {
    for (const [, stage, need] of situations) {
      expect(runInFlight(rotationAt(stage)) !== null).toBe(need === 'run status');
    }
  });
});
