/** What holds in every life of a rotation, whatever happens to it in whatever order. */
import { describe, expect, test } from 'vitest';
import type { Rotation } from '../../domain/case.ts';
import type { Effect } from '../../domain/effect.ts';
import type { RotationEvent } from '../../domain/event.ts';
import { type Instant, isDue, latest, plus } from '../../domain/instant.ts';
import { decide } from '../../domain/rotation.ts';
import { stageNames } from '../../domain/stage.ts';
import { runInFlight, wakeOf } from '../../domain/wake.ts';
import { isOpen } from '../../domain/window.ts';
import { executionId, safe, unknown } from '../builders.ts';
import { life, type Step } from './random-events.ts';

const seeds = 200;
const events = 100;
const lives = Array.from({ length: seeds }, (_, seed) => ({ seed, steps: life(seed, events) }));

/** Checks every step that changed something. */
function inEveryLife(check: (step: Step) => void): void {
  inEveryStep((step) => {
    if (step.decision.ignored === undefined) check(step);
  });
}

/** Checks what was ignored as well; a failure names the seed and the step. */
function inEveryStep(check: (step: Step) => void): void {
  for (const { seed, steps } of lives) {
    for (const [index, step] of steps.entries()) {
      try {
        check(step);
      } catch (error) {
        const { before, event, decision } = step;
        const path = `${before.stage.name} ─${event.type}→ ${decision.rotation.stage.name}`;
        throw new Error(`seed ${seed}, step ${index}: ${path}`, { cause: error });
      }
    }
  }
}

/** The last stage before the old key is switched off. */
const waitsAt = { replace: 'overlapping', retire: 'proposed' } as const;

const entered = ({ before, decision }: Step, name: string): boolean =>
  decision.rotation.stage.name === name && before.stage.name !== name;

const effectsOf = (step: Step, type: Effect['type']) =>
  step.decision.effects.filter((effect) => effect.type === type);

function verdictIn(event: RotationEvent): string {
  return event.type === 'evidence gathered' ? event.evidence.verdict : 'none';
}

test('the lives reach every stage, and every runbook', () => {
  const stages = new Set(lives.flatMap(({ steps }) => steps.map((each) => each.before.stage.name)));
  expect([...stages, 'done'].sort()).toEqual([...stageNames].sort());
  const ordered = lives.flatMap(({ steps }) =>
    steps.flatMap(({ decision }) =>
      decision.effects.map((effect) => (effect.type === 'start runbook' ? effect.runbook : '')),
    ),
  );
  expect(new Set(ordered).size).toBe(5);
});

test('the lives see runs that never started and runs that never ended', () => {
  const left = lives.flatMap(({ steps }) =>
    steps.flatMap(({ before, event, decision }) =>
      runInFlight(before) !== null && runInFlight(decision.rotation) === null ? [event.type] : [],
    ),
  );
  expect(new Set(left)).toEqual(
    new Set(['run finished', 'run not started', 'run still going', 'deadline passed']),
  );
});

describe('acts', () => {
  test('deleting comes after soaking alone, deactivating after what the kind waits at', () => {
    inEveryLife((step) => {
      const { stage, kind } = step.before;
      if (entered(step, 'deleting')) expect(stage.name).toBe('soaking');
      if (entered(step, 'deactivating')) expect(stage.name).toBe(waitsAt[kind]);
    });
  });

  test('nothing is switched off or deleted without fresh evidence that says safe', () => {
    inEveryLife((step) => {
      if (!entered(step, 'deactivating') && !entered(step, 'deleting')) return;
      expect(verdictIn(step.event)).toBe('safe');
      const { evidence } = step.event as Extract<RotationEvent, { type: 'evidence gathered' }>;
      expect(evidence.at >= plus(step.now, { minutes: -15 })).toBe(true);
      expect(evidence.at <= plus(step.now, { minutes: 1 })).toBe(true);
      const { kind, key } = step.before;
      const isRetired = kind === 'retire' && entered(step, 'deactivating');
      const maybeOff = isRetired && evidence.oldKey === 'Inactive';
      const mustBeOff = entered(step, 'deleting') || (isRetired && key.foundAs === 'Inactive');
      expect(evidence.oldKey).toBe(mustBeOff || maybeOff ? 'Inactive' : 'Active');
    });
  });

  test('a deadline is never passed early, nor outside the window', () => {
    inEveryLife((step) => {
      const { before, now } = step;
      const { stage, policy } = before;
      const begins = entered(step, 'issuing') || entered(step, 'deactivating');
      const deadline =
        begins && stage.name === 'proposed'
          ? stage.due
          : entered(step, 'deactivating') && stage.name === 'overlapping'
            ? stage.deactivateAt
            : entered(step, 'deleting') && stage.name === 'soaking'
              ? stage.deleteAt
              : undefined;
      if (deadline === undefined) return;
      expect(isDue(deadline, now)).toBe(true);
      expect(isOpen(policy.window, now)).toBe(true);
    });
  });

  test('the overlap and the soak are never shorter than the policy says', () => {
    inEveryLife(({ decision: { rotation }, now, before }) => {
      const { stage, policy } = rotation;
      if (before.stage.name === stage.name) return;
      if (stage.name === 'overlapping' && before.stage.name === 'issuing') {
        expect(stage.deactivateAt >= plus(now, { hours: policy.graceHours })).toBe(true);
      }
      if (stage.name === 'soaking') {
        const least = plus(stage.deactivatedAt, { hours: policy.soakHours });
        expect(stage.deleteAt >= least).toBe(true);
      }
    });
  });

  test('nothing is issued or switched off without an approval', () => {
    inEveryLife((step) => {
      const { stage } = step.decision.rotation;
      if (stage.name === 'issuing') expect(stage.proposal.approval.given).toBe(true);
      if (stage.name !== 'deactivating' || stage.before.name !== 'proposed') return;
      expect(stage.before.approval.given).toBe(true);
    });
  });

  test('an old key that is used while it is off is switched on again', () => {
    inEveryLife((step) => {
      if (step.before.stage.name !== 'soaking' || verdictIn(step.event) !== 'in use') return;
      expect(['restoring', 'held']).toContain(step.decision.rotation.stage.name);
    });
  });
});

describe('runs', () => {
  test('a runbook is ordered when a stage begins to wait for one, as the first effect', () => {
    inEveryLife((step) => {
      const { before, decision } = step;
      const run = runInFlight(decision.rotation);
      const isNew = run !== null && run.effectId !== runInFlight(before)?.effectId;
      expect(effectsOf(step, 'start runbook')).toHaveLength(isNew ? 1 : 0);
      if (!isNew) return;
      expect(decision.effects[0]?.type).toBe('start runbook');
      expect(run.effectId).toBe(`${before.id}/${before.version + 1}/0`);
      expect(run.status).toBe('ordered');
    });
  });

  test('no attempt to issue a key is made twice under one number', () => {
    for (const { steps } of lives) {
      const attempts = steps.flatMap((step) => {
        const { stage } = step.decision.rotation;
        const isOrder = effectsOf(step, 'start runbook').length > 0;
        return isOrder && stage.name === 'issuing' ? [stage.attempt] : [];
      });
      expect(new Set(attempts).size).toBe(attempts.length);
    }
  });

  test('a rotation leaves a run only when that run ends, or 24 h after it was ordered', () => {
    inEveryLife(({ before, event, now, decision }) => {
      const run = runInFlight(before);
      if (run === null || runInFlight(decision.rotation)?.effectId === run.effectId) return;
      const isDayOld = isDue(plus(run.since, { hours: 24 }), now);
      const ends = ['run finished', 'run not started'];
      const polls = ['deadline passed', 'run still going'];
      expect(isDayOld ? [...ends, ...polls] : ends).toContain(event.type);
    });
  });

  test('a run is asked about every 15 minutes, and remembers when it was ordered', () => {
    inEveryLife(({ before, now, decision }) => {
      const [was, is] = [runInFlight(before), runInFlight(decision.rotation)];
      if (is === null) return;
      expect(is.since).toBe(was?.effectId === is.effectId ? was.since : now);
      expect(is.pollAt <= plus(now, { minutes: 15 })).toBe(true);
    });
  });
});

describe('people', () => {
  test('snoozes never exceed their cap in total, and never run backwards', () => {
    inEveryLife(({ before, decision: { rotation } }) => {
      expect(rotation.snoozedHours).toBeLessThanOrEqual(rotation.policy.snoozeCapHours);
      expect(rotation.snoozedHours).toBeGreaterThanOrEqual(before.snoozedHours);
    });
  });

  test('whoever is put on hold has a page, or a person paused it', () => {
    inEveryLife((step) => {
      if (!entered(step, 'held')) return;
      const { stage } = step.decision.rotation;
      const isPause = stage.name === 'held' && stage.reason.code === 'paused';
      if (isPause) expect(step.event.type).toBe('paused');
      else
        expect(effectsOf(step, 'page')).toContainEqual(expect.objectContaining({ about: 'held' }));
      expect(effectsOf(step, 'update message')).toHaveLength(1);
    });
  });

  test('pages are cleared by whatever ends the hold', () => {
    inEveryLife((step) => {
      const left =
        step.before.stage.name === 'held' && step.decision.rotation.stage.name !== 'held';
      // Of a key that is left off, whoever is on call hears as the user is exempted.
      const last = left ? effectsOf(step, 'page').length : 0;
      expect(effectsOf(step, 'clear page')).toHaveLength(left ? 2 - last : 0);
    });
  });

  test('every move is told: message, subscribers, bus and findings', () => {
    inEveryLife((step) => {
      if (step.before.stage.name === step.decision.rotation.stage.name) return;
      for (const type of ['update message', 'announce', 'publish', 'record result'] as const) {
        expect(effectsOf(step, type)).toHaveLength(1);
      }
    });
  });

  test('a finding is RESOLVED when the rotation is done and the key gone, never else', () => {
    inEveryLife((step) => {
      const { stage } = step.decision.rotation;
      const open = ['abandoned', 'exempt'];
      const finished = stage.name === 'done' && !open.includes(stage.outcome);
      for (const effect of effectsOf(step, 'record result')) {
        expect(effect).toMatchObject({ workflow: finished ? 'RESOLVED' : 'NOTIFIED' });
      }
    });
  });

  test('the version that a press is checked against is that of the last render', () => {
    inEveryLife((step) => {
      const isAnswer = step.event.type === 'incident answered';
      const renders = !isAnswer && effectsOf(step, 'update message').length > 0;
      const shown = renders ? step.before.version + 1 : step.before.shownVersion;
      expect(step.decision.rotation.shownVersion).toBe(shown);
    });
  });
});

describe('the state', () => {
  test('is plain JSON, effects too', () => {
    inEveryLife(({ decision }) => {
      expect(JSON.parse(JSON.stringify(decision))).toEqual(decision);
    });
  });

  test('is untouched by what is ignored', () => {
    inEveryStep(({ before, decision }) => {
      if (decision.ignored === undefined) return;
      expect(decision.rotation).toEqual(before);
      expect(decision.effects).toEqual([]);
    });
  });

  test('keeps key, user, policy, findings and the issued key', () => {
    inEveryLife(({ before, decision: { rotation } }) => {
      const fixed = ({ id, generation, kind, key, region, policy, openedAt }: Rotation) =>
        JSON.stringify([id, generation, kind, key, region, policy, openedAt]);
      expect(fixed(rotation)).toBe(fixed(before));
      expect(rotation.findings.length).toBeGreaterThanOrEqual(before.findings.length);
    });
  });
});

const isAwake = (rotation: Rotation, now: Instant): boolean => {
  const wake = wakeOf(rotation);
  return wake !== null && isDue(wake.at, now);
};

/** What the shell would bring at `now`, were nothing new known. */
function broughtFor(rotation: Rotation, now: Instant): RotationEvent {
  switch (wakeOf(rotation)?.need) {
    case 'admission':
      return { type: 'admitted' };
    case 'turn':
    case 'evidence':
      return isProbed(rotation)
        ? {
            type: 'evidence gathered',
            evidence: unknown({ at: now, oldKey: 'unknown' }, 'standing'),
          }
        : { type: 'deadline passed' };
    case 'run status':
      return runInFlight(rotation)?.status === 'started'
        ? { type: 'run still going', executionId }
        : { type: 'deadline passed' };
    default:
      return { type: 'deadline passed' };
  }
}

function isProbed({ stage }: Rotation): boolean {
  return (
    stage.name !== 'held' || stage.kept.name !== 'proposed' || stage.kept.plan.kind === 'retire'
  );
}

describe('time', () => {
  test('an unfinished rotation always wakes again', () => {
    inEveryLife(({ decision: { rotation } }) => {
      expect(wakeOf(rotation) === null).toBe(rotation.stage.name === 'done');
    });
  });

  test('what it needs when it wakes moves it on: it never wakes for nothing, over and over', () => {
    inEveryLife(({ decision: { rotation }, now }) => {
      const wake = wakeOf(rotation);
      if (wake === null) return;
      const then = latest(wake.at, now);
      let next = rotation;
      for (let tick = 0; tick < 2 && isAwake(next, then); tick++) {
        const decision = decide(next, broughtFor(next, then), then);
        expect(decision.ignored).toBeUndefined();
        next = decision.rotation;
      }
      expect(isAwake(next, then)).toBe(false);
    });
  });

  test('evidence from before a stage began decides nothing about it', () => {
    inEveryStep(({ before: { stage }, event, decision }) => {
      if (event.type !== 'evidence gathered') return;
      const since =
        stage.name === 'soaking'
          ? stage.deactivatedAt
          : stage.name === 'overlapping' || stage.name === 'held'
            ? stage.since
            : event.evidence.at;
      if (event.evidence.at < since) expect(decision.ignored).toBe('the evidence is not fresh');
    });
  });

  test('evidence from before the old key was switched off decides nothing about the soak', () => {
    inEveryLife(({ before, decision: { rotation }, now }) => {
      const { stage } = rotation;
      if (before.stage.name === 'soaking' || stage.name !== 'soaking') return;
      const early = plus(stage.deactivatedAt, { minutes: -1 });
      const evidence = safe({ at: early, oldKey: 'Active' });
      const next = decide(rotation, { type: 'evidence gathered', evidence }, now);
      expect(next.rotation.stage.name).toBe('soaking');
    });
  });
});
