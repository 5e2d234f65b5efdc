/**
 * A run that was ordered and that SSM did not start kept the one place to ask CloudTrail in its
 * account for a day; and once it was given away, nothing kept the late run from asking as well.
 */
import { describe, expect, test } from 'vitest';
import { performOutstanding } from '../../app/perform.ts';
import { roomAmongRuns } from '../../app/room-among-runs.ts';
import { isAsking, whyTooLate } from '../../domain/asking.ts';
import type { Rotation } from '../../domain/case.ts';
import { plus } from '../../domain/instant.ts';
import { effectId } from '../../domain/journal.ts';
import type { Run, Stage } from '../../domain/stage.ts';
import { givenShell, otherKey } from '../app/given-shell.ts';
import {
  deactivating,
  deleting,
  executionId,
  issuing,
  overlapping,
  restoring,
  rotationAt,
  rotationId,
  story,
} from '../builders.ts';

const since = story.deactivateAt;
const pollAt = plus(since, { minutes: 15 });
const at = (minutes: number) => plus(since, { minutes });
const ordered: Run = { status: 'ordered', effectId: effectId(rotationId, 2, 0), since, pollAt };
const started: Run = { ...ordered, status: 'started', executionId };
const start = { service: 'ssm', operation: 'StartAutomationExecution' };

describe.each<readonly [string, (run: Run) => Stage]>([
  ['deactivating', (run) => deactivating({ run })],
  ['deleting', (run) => deleting({ run })],
])('%s', (_, stage) => {
  test.each([ordered, started])('asks for a time from its order on, then no more', (run) => {
    const rotation = rotationAt(stage(run));
    expect([0, 9, 19, 20, 60 * 23].map((minutes) => isAsking(rotation, at(minutes)))).toEqual([
      ...[true, true, true],
      ...[false, false],
    ]);
  });

  test('is not started so late that it would ask after that', () => {
    const rotation = rotationAt(stage(ordered));
    expect(whyTooLate(rotation, at(9))).toBeNull();
    expect(whyTooLate(rotation, at(10))).toContain('10 minutes');
  });
});

test('what asks nobody is never too late', () => {
  for (const stage of [issuing({ run: ordered }), restoring({ run: ordered }), overlapping()]) {
    const rotation: Rotation = rotationAt(stage);
    expect(isAsking(rotation, at(0))).toBe(false);
    expect(whyTooLate(rotation, at(600))).toBeNull();
  }
});

/** Ordered, with SSM down from the first try on. */
async function waiting() {
  const given = await givenShell(since);
  await given.put(overlapping());
  const order = { type: 'start runbook', runbook: 'deactivate-key' } as const;
  await given.moved(deactivating({ run: ordered }), [order]);
  const fault = given.faults.fail(start, 'throttled');
  await performOutstanding(given.shell);
  return { given, fault };
}

test('another key of the account has its turn while it waits', async () => {
  const { given } = await waiting();
  const other = otherKey();
  const next = await given.put(overlapping(), [], other);
  const hasRoom = async () => {
    let room: boolean | undefined;
    await roomAmongRuns(given.shell).counting(next, async (ask) => {
      room = await ask();
      return null;
    });
    return room;
  };
  expect(await hasRoom()).toBe(false);
  await given.later({ minutes: 21 });
  expect(await hasRoom()).toBe(true);
});

test('and SSM starts it no more: it is decided on again', async () => {
  const { given, fault } = await waiting();
  await given.later({ minutes: 21 });
  fault.mend();
  await performOutstanding(given.shell);
  expect(given.world.runner.list(given.world.place)).toEqual([]);
  expect(await given.stageOf()).toMatchObject({ name: 'overlapping' });
  expect(await given.eventsOf()).toContain('run withdrawn');
});

test('one that SSM had started unheard goes on', async () => {
  const { given, fault } = await waiting();
  fault.mend();
  given.faults.fail(start, 'reply lost', 1);
  await given.later({ minutes: 2 });
  await performOutstanding(given.shell);
  expect(given.world.runner.list(given.world.place)).toHaveLength(1);
  expect(await given.stageOf()).toMatchObject({ run: { status: 'ordered' } });
  await given.later({ minutes: 20 });
  await performOutstanding(given.shell);
  expect(await given.stageOf()).toMatchObject({ run: { status: 'started' } });
  expect(given.world.runner.list(given.world.place)).toHaveLength(1);
});
