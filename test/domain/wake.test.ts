/** When a rotation needs attention, and what it needs then. */
import { describe, expect, test } from 'vitest';
import { fromMillis, type Instant, plus, toMillis } from '../../domain/instant.ts';
import type { Stage } from '../../domain/stage.ts';
import { type Need, needOf, runInFlight, wakeAt } from '../../domain/wake.ts';
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

const situations: readonly [string, Stage, Instant | null, Need | null][] = [
  ['proposed, not approved: the answer', proposed({ answerBy: moment }), moment, 'deadline'],
  ['proposed, approved: its turn', approvedProposal({ due: moment }), moment, 'admission'],
  ['issuing, ordered', issuing({ run: orderedRun(moment) }), moment, 'run status'],
  ['issuing, started', issuing({ run: startedRun(moment) }), moment, 'run status'],
  [
    'issuing, between attempts',
    issuing({ run: { status: 'waiting', retryAt: moment } }),
    moment,
    'admission',
  ],
  [
    'overlapping: the next look',
    overlapping({ nextProbeAt: moment, deactivateAt: later }),
    moment,
    'evidence',
  ],
  [
    'overlapping: the deadline, if it is sooner',
    overlapping({ nextProbeAt: later, deactivateAt: moment }),
    moment,
    'evidence',
  ],
  ['deactivating', deactivating({ run: startedRun(moment) }), moment, 'run status'],
  ['soaking: the next look', soaking({ nextProbeAt: moment, deleteAt: later }), moment, 'evidence'],
  ['soaking: the deadline', soaking({ nextProbeAt: later, deleteAt: moment }), moment, 'evidence'],
  ['deleting', deleting({ run: orderedRun(moment) }), moment, 'run status'],
  ['restoring', restoring({ run: startedRun(moment) }), moment, 'run status'],
  ['held', held({ nextProbeAt: moment }), moment, 'evidence'],
  ['held at proposed', held({ kept: proposed(), nextProbeAt: moment }), moment, 'evidence'],
  ['done', done(), null, null],
];

describe.each(situations)('%s', (_, stage, wake, need) => {
  const rotation = rotationAt(stage);

  test('wakes at its moment', () => {
    expect(wakeAt(rotation)).toBe(wake);
  });

  test('needs something from that moment on, and nothing before', () => {
    expect(needOf(rotation, moment)).toBe(need);
    expect(needOf(rotation, later)).toBe(need);
    expect(needOf(rotation, fromMillis(toMillis(moment) - 1))).toBeNull();
  });
});

test('a run is in flight in the stages that wait for one, once it is ordered', () => {
  const inFlight = situations.filter(([, stage]) => runInFlight(rotationAt(stage)) !== null);
  expect(inFlight.map(([name]) => name)).toEqual([
    'issuing, ordered',
    'issuing, started',
    'deactivating',
    'deleting',
    'restoring',
  ]);
});
