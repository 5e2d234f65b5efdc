/** How long a run may take before it counts as failed and somebody is told. */
import { describe, expect, test } from 'vitest';
import type { RotationEvent } from '../../domain/event.ts';
import { type Instant, plus } from '../../domain/instant.ts';
import { type Decision, decide } from '../../domain/rotation.ts';
import type { Run, Stage } from '../../domain/stage.ts';
import { runInFlight } from '../../domain/wake.ts';
import {
  approvedProposal,
  deactivating,
  deleting,
  executionId,
  held,
  issuing,
  orderedRun,
  overlapping,
  restoring,
  rotationAt,
  runEffectId,
  safe,
  soaking,
  startedRun,
  story,
} from '../builders.ts';

const since = story.ordered;
const dayLater = plus(since, { hours: 24 });
const justBefore = plus(dayLater, { milliseconds: -1 });

/** Each stage that waits for a run, and where it goes when that fails. */
const stages: readonly (readonly [string, (run: Run) => Stage, object])[] = [
  [
    'issuing',
    (run) => issuing({ run }),
    {
      name: 'issuing',
      attempt: 2,
      run: { status: 'waiting', retryAt: plus(dayLater, { hours: 1 }) },
    },
  ],
  [
    'issuing for the last time',
    (run) => issuing({ run, attempt: 3, triesLeft: 0 }),
    {
      name: 'held',
      kept: { name: 'proposed', plan: { attempts: 3 } },
      reason: { code: 'issue failed' },
    },
  ],
  [
    'deactivating',
    (run) => deactivating({ run }),
    { name: 'held', kept: { name: 'overlapping' }, reason: { code: 'runbook failed' } },
  ],
  [
    'deleting',
    (run) => deleting({ run }),
    { name: 'held', kept: { name: 'soaking' }, reason: { code: 'runbook failed' } },
  ],
  [
    'restoring',
    (run) => restoring({ run }),
    { name: 'held', kept: { name: 'soaking' }, reason: { code: 'restore failed' } },
  ],
];

const polled: RotationEvent = { type: 'deadline passed' };
const stillGoing: RotationEvent = { type: 'run still going', executionId };

function outcome(stage: Stage, event: RotationEvent, now: Instant): Decision {
  const decision = decide(rotationAt(stage), event, now);
  expect(decision.ignored).toBeUndefined();
  return decision;
}

describe.each(stages)('%s', (_, stage, afterFailure) => {
  test('goes on waiting for less than 24 h, and asks again every 15 minutes', () => {
    const pollAt = plus(justBefore, { minutes: 15 });
    const ordered = outcome(stage(orderedRun(justBefore, since)), polled, justBefore);
    expect(runInFlight(ordered.rotation)).toEqual(orderedRun(pollAt, since));
    for (const event of [stillGoing, polled]) {
      const started = outcome(stage(startedRun(justBefore, since)), event, justBefore);
      expect(runInFlight(started.rotation)).toEqual(startedRun(pollAt, since));
      expect([...ordered.effects, ...started.effects]).toEqual([]);
    }
  });

  test('counts as failed when it was not started 24 h after it was ordered', () => {
    const { rotation, effects } = outcome(stage(orderedRun(dayLater, since)), polled, dayLater);
    expect(rotation.stage).toMatchObject(afterFailure);
    expect(JSON.stringify(effects)).toContain('SSM has not started the run in 24 h');
  });

  test('counts as failed when it is not known to have ended 24 h after it was ordered', () => {
    for (const event of [stillGoing, polled]) {
      const { rotation, effects } = outcome(stage(startedRun(dayLater, since)), event, dayLater);
      expect(rotation.stage).toMatchObject(afterFailure);
      expect(JSON.stringify(effects)).toContain(`${executionId} is not known to have ended`);
    }
  });

  test('is not asked about before its time, however old the order is', () => {
    const notYet = plus(dayLater, { milliseconds: 1 });
    for (const run of [orderedRun(notYet, since), startedRun(notYet, since)]) {
      expect(decide(rotationAt(stage(run)), polled, dayLater).ignored).toBe('it is not due yet');
    }
  });

  test('a day-old order that was started after all is waited for', () => {
    const event = { type: 'run started', effectId: runEffectId, executionId } as const;
    const { rotation } = outcome(stage(orderedRun(dayLater, since)), event, dayLater);
    expect(runInFlight(rotation)).toEqual(startedRun(plus(dayLater, { minutes: 15 }), since));
  });

  test('an end that comes late counts as what it is', () => {
    const result = { status: 'failed', problem: 'cancelled by hand' } as const;
    const event = { type: 'run finished', executionId, result } as const;
    const { effects } = outcome(stage(startedRun(dayLater, since)), event, dayLater);
    expect(JSON.stringify(effects)).toContain('cancelled by hand');
  });
});

describe('the time is taken from the order', () => {
  const now = story.deleteAt;
  const person = { kind: 'person', id: 'U0123ADMIN', name: 'Noor Admin' } as const;
  const waiting = issuing({ run: { status: 'waiting', retryAt: now } });
  const orders: readonly (readonly [string, Stage, RotationEvent])[] = [
    ['an issue', approvedProposal(), { type: 'admitted' }],
    ['another attempt', waiting, { type: 'admitted' }],
    ['a deactivation', overlapping(), { type: 'evidence gathered', evidence: safe({ at: now }) }],
    [
      'a deletion',
      soaking(),
      { type: 'evidence gathered', evidence: safe({ at: now, oldKey: 'Inactive' }) },
    ],
    ['a restore', soaking(), { type: 'rolled back', by: person }],
    [
      'another restore',
      held({ kept: soaking(), oldKey: 'unknown' }),
      { type: 'rolled back', by: person },
    ],
  ];

  test.each(orders)('of %s', (_, stage, event) => {
    expect(runInFlight(outcome(stage, event, now).rotation)).toMatchObject({
      status: 'ordered',
      since: now,
      pollAt: plus(now, { minutes: 15 }),
    });
  });
});
