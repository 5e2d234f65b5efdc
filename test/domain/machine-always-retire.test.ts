/** What holds in every life of an unused key, and of one that has to wait for room. */
import { describe, expect, test } from 'vitest';
import { decide } from '../../domain/rotation.ts';
import { parametersOf } from '../../domain/runbook-order.ts';
import { runInFlight } from '../../domain/wake.ts';
import { approver } from '../builders.ts';
import { life, type Step } from './random-events.ts';

const lives = Array.from({ length: 300 }, (_, seed) => life(seed, 100));
const changes = lives.map((steps) => steps.filter(({ decision }) => !decision.ignored));
const retirements = changes.filter(([first]) => first?.before.kind === 'retire');
const ordered = ({ decision }: Step) =>
  decision.effects.flatMap((each) => (each.type === 'start runbook' ? [each.runbook] : []));
const stagesOf = (steps: readonly Step[]) =>
  steps.map(({ decision }) => decision.rotation.stage.name);

test('the lives have keys to retire that were on, off, used after all, deleted', () => {
  const outcomes = retirements.flatMap((steps) => {
    const stage = steps.at(-1)?.decision.rotation.stage;
    return stage?.name === 'done' ? [stage.outcome] : [];
  });
  expect(new Set(outcomes)).toEqual(new Set(['retired', 'already gone', 'exempt', 'abandoned']));
  expect(new Set(retirements.map(([first]) => first?.before.key.foundAs)).size).toBe(2);
  expect(new Set(retirements.flatMap((steps) => steps.flatMap(ordered)))).toEqual(
    new Set(['deactivate-key', 'delete-key', 'restore-key']),
  );
});

describe('a key that is retired', () => {
  test('gets no new key, and no overlap', () => {
    for (const steps of retirements) {
      expect(stagesOf(steps)).not.toContain('issuing');
      expect(stagesOf(steps)).not.toContain('overlapping');
      for (const { decision } of steps) {
        const { stage } = decision.rotation;
        const kept = stage.name === 'held' ? stage.kept : stage;
        if (kept.name === 'proposed') expect(kept.plan.kind).toBe('retire');
        if (stage.name === 'done') expect(stage.outcome).not.toBe('rotated');
      }
    }
  });

  test('is never attested', () => {
    for (const { before, now } of retirements.flat()) {
      const word = decide(before, { type: 'attested', by: approver }, now);
      expect(word.ignored).toBeDefined();
    }
  });

  test('is never switched on by Keyturn if it was found Inactive', () => {
    const off = retirements.filter(([first]) => first?.before.key.foundAs === 'Inactive');
    expect(off.length).toBeGreaterThan(5);
    for (const steps of off) {
      expect(steps.flatMap(ordered)).not.toContain('restore-key');
      for (const { decision } of steps) {
        if (decision.rotation.stage.name !== 'deactivating') continue;
        expect(parametersOf(decision.rotation, 'an/order', (name) => name)).toMatchObject({
          StatusBefore: 'Inactive',
        });
      }
    }
  });

  test('can be rolled back for as long as it may be Keyturn that has it off', () => {
    let checked = 0;
    for (const steps of retirements) {
      let maybeOff = false;
      for (const step of steps) {
        maybeOff = isMaybeOff(step, maybeOff);
        const { rotation } = step.decision;
        if (!maybeOff || runInFlight(rotation) !== null || rotation.stage.name === 'done') continue;
        const press = decide(rotation, { type: 'rolled back', by: approver }, step.now);
        expect(press.rotation.stage.name, `${step.event.type}: ${press.ignored}`).toBe('restoring');
        checked += 1;
      }
    }
    expect(checked).toBeGreaterThan(50);
  });
});

/** Keyturn ordered an Active key off, and nobody has seen it Active or restored since. */
function isMaybeOff({ before, event, decision }: Step, was: boolean): boolean {
  const { stage } = decision.rotation;
  if (stage.name === 'deactivating' && before.stage.name !== 'deactivating') {
    const { StatusBefore } = parametersOf(decision.rotation, 'an/order', (name) => name);
    return StatusBefore === 'Active';
  }
  if (event.type === 'evidence gathered' && event.evidence.oldKey === 'Active') return false;
  if (event.type !== 'run finished') return was;
  const isBack = stage.name === 'held' && stage.oldKey === 'Active';
  return was && !isBack;
}

describe('room', () => {
  test('is awaited by approved proposals to replace alone, and told once for each spare', () => {
    let told = 0;
    for (const { before, event, decision } of changes.flat()) {
      if (event.type !== 'room awaited') continue;
      const { stage } = before;
      if (stage.name !== 'proposed' || stage.plan.kind !== 'replace') throw new Error(stage.name);
      expect(stage.approval.given).toBe(true);
      const isNews = stage.plan.waitsFor?.rotationId !== event.spare.rotationId;
      expect(decision.effects).toHaveLength(isNews ? 1 : 0);
      told += decision.effects.length;
    }
    expect(told).toBeGreaterThan(0);
  });
});
