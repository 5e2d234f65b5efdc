/**
 * A fault at every single AWS call of every step: the run fails or succeeds, undo follows, and a
 * later attempt finishes the work. What must always hold is checked by the world after every call.
 * One suite for every vault, with and without further places.
 */
import { describe, expect, test } from 'vitest';
import type { CustodyStep } from '../../domain/custody.ts';
import type { CloudOptions } from '../../sandbox/account/cloud.ts';
import {
  answerOf,
  type CustodyWorld,
  custodyWorld,
  type Fault,
  faultKinds,
  oldKeyId,
  type Told,
} from './custody-world.ts';

const forward = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;

type Make = (options?: Partial<CloudOptions>) => CustodyWorld;

/** The suite, for runs that are told this. */
export function custodyFaults(what: string, told: Told, campaigns: number): void {
  const make: Make = (options = {}) => custodyWorld(options, told);
  const places = told.Copies?.split(',') ?? [];
  describe(what, () => {
    inSteps(make, places);
    inUndo(make, places);
    whenCancelled(make, places);
    inEveryAttempt(make, places, campaigns);
  });
}

/** The calls of each step in an undisturbed run. */
async function callsOfSteps(make: Make): Promise<readonly number[]> {
  const { calls, issued } = await make().runbook(1);
  expect(issued).toBe(true);
  expect(calls.every((count) => count >= 3)).toBe(true);
  return calls;
}

/** In the end: exactly the old key and the current one, which every copy shows too. */
function expectIssued(world: CustodyWorld, copies: readonly string[]): void {
  const current = world.currentKeyId();
  for (const place of copies) {
    expect(world.keyIdAt(place), place).toBe(current);
    expect(world.pendingAt(place)).toEqual([]);
    if (place.startsWith('github')) expect(world.isPairOnGitHub()).toBe(true);
  }
  expect(current).not.toBeNull();
  expect(current).not.toBe(oldKeyId);
  expect(world.keys().map(({ keyId }) => keyId)).toEqual([oldKeyId, current]);
}

/** Attempts after the first, an hour and more later, until the key is issued. */
async function laterAttempts(world: CustodyWorld): Promise<void> {
  for (const attempt of [2, 3]) {
    await world.pass({ hours: attempt === 2 ? 1 : 5 });
    const { issued } = await world.runbook(attempt);
    if (issued) return;
  }
}

/** Nobody reads the attempt's key, and nothing of it is pending. */
function expectNothingLeft(world: CustodyWorld, copies: readonly string[]): void {
  expect(world.labelled('AWSPENDING')).toEqual([]);
  for (const place of copies) {
    expect(world.pendingAt(place)).toEqual([]);
    expect(world.keyIdAt(place)).toBeNull();
  }
}

function inSteps(make: Make, copies: readonly string[]): void {
  for (const [index, step] of forward.entries()) {
    test(`a fault of ${step}: the runbook and its next attempt issue one key`, async () => {
      const count = (await callsOfSteps(make))[index] ?? 0;
      for (let call = 1; call <= count; call++) {
        for (const kind of faultKinds) {
          const world = make();
          const { issued } = await world.runbook(1, { [step]: { call, kind } });
          if (!issued) await laterAttempts(world);
          expectIssued(world, copies);
        }
      }
    });

    test(`a fault of ${step}: repeating that step alone goes on from what is there`, async () => {
      const count = (await callsOfSteps(make))[index] ?? 0;
      for (let call = 1; call <= count; call++) {
        for (const kind of faultKinds) {
          const world = make();
          for (const before of forward.slice(0, index)) answerOf(await world.run(before));
          const struck = await world.run(step, 1, { call, kind });
          const again = await world.run(step);
          // Only a key whose secret was lost stands in the way, and then nothing may be made anew.
          if (step !== 'createSecret') expect(again.ok, `${kind} at ${call}`).toBe(true);
          else if (!again.ok) expect(world.created().length).toBe(1);
          if (struck.ok && again.ok) {
            const { NewKeyId } = struck.answer;
            expect(again.answer.NewKeyId).toBe(NewKeyId);
          }
          expect(world.keys().length).toBeLessThanOrEqual(2);
        }
      }
    });
  }
}

function inUndo(make: Make, copies: readonly string[]): void {
  const firstFaults: readonly [CustodyStep, Fault][] = [
    ['setSecret', { call: 1, kind: 'died' }],
    ['testSecret', { call: 2, kind: 'died' }],
    ['finishSecret', { call: 3, kind: 'died' }],
  ];
  for (const [step, fault] of firstFaults) {
    for (const kind of faultKinds) {
      test(`${kind} in undo after a failed ${step}: a repeated one removes all`, async () => {
        for (let call = 1; ; call++) {
          const world = make();
          for (const before of forward.slice(0, forward.indexOf(step as 'setSecret'))) {
            answerOf(await world.run(before));
          }
          expect((await world.run(step, 1, fault)).ok).toBe(false);
          const struck = await world.run('undo', 1, { call, kind });
          const reached = world.callsOfLastRun() >= call;
          const again = answerOf(await world.run('undo'));
          expect(again).toMatchObject({ Issued: 'false', NewKeyId: 'none' });
          expect(world.keys().map(({ keyId }) => keyId)).toEqual([oldKeyId]);
          expectNothingLeft(world, copies);
          if (!reached) {
            expect(struck.ok).toBe(true);
            expect(call).toBeGreaterThan(8);
            break;
          }
        }
      });
    }
  }

  test('undo never working at all: the next attempt clears away what it finds', async () => {
    for (const before of forward.slice(1)) {
      const world = make();
      for (const step of forward.slice(0, forward.indexOf(before))) {
        answerOf(await world.run(step));
      }
      expect((await world.run('undo', 1, { call: 1, kind: 'died' })).ok).toBe(false);
      await world.pass({ hours: 1 });
      expect((await world.runbook(2)).issued).toBe(true);
      expectIssued(world, copies);
      expect(world.created().length).toBe(2);
    }
  });
}

function whenCancelled(make: Make, copies: readonly string[]): void {
  for (const [index, step] of forward.entries()) {
    test(`cancelled in ${step}: undo finds the key issued or removes it, and says so`, async () => {
      const count = (await callsOfSteps(make))[index] ?? 0;
      for (let call = 1; call <= count; call++) {
        const world = make();
        for (const before of forward.slice(0, index)) answerOf(await world.run(before));
        await world.run(step, 1, { call, kind: 'died' });
        const current = world.currentKeyId();
        const undone = await world.run('undo');
        if (current !== null) {
          expect(undone).toMatchObject({ ok: true, answer: { Issued: 'true', NewKeyId: current } });
          expectIssued(world, copies);
        } else if (undone.ok) {
          expect(undone.answer).toMatchObject({ Issued: 'false', NewKeyId: 'none' });
          expect(world.keys().map(({ keyId }) => keyId)).toEqual([oldKeyId]);
        } else {
          // A key whose secret was lost: the undo must not pass for a success while it is there.
          expect(undone.error.message).toContain('has a second key that stays for now');
          expect(world.keys().length).toBe(2);
        }
      }
    });
  }
}

function inEveryAttempt(make: Make, copies: readonly string[], campaigns: number): void {
  test(`many faults in each attempt: ${campaigns} campaigns end with one new key`, async () => {
    for (let seed = 1; seed <= campaigns; seed++) {
      const random = randomFrom(seed);
      const world = make({ seed: `campaign ${seed}` });
      for (let attempt = 1; ; attempt++) {
        const strikes = attempt > 4 ? {} : strikesFrom(random);
        const { issued } = await world.runbook(attempt, strikes);
        if (issued) break;
        expect(attempt, `campaign ${seed}`).toBeLessThanOrEqual(5);
        await world.pass({ hours: 1 });
      }
      expectIssued(world, copies);
    }
  });
}

function strikesFrom(random: () => number): Partial<Record<CustodyStep, Fault>> {
  const strikes: Partial<Record<CustodyStep, Fault>> = {};
  for (const step of [...forward, 'undo'] as const) {
    const kind = faultKinds[Math.floor(random() * faultKinds.length)];
    if (kind !== undefined) strikes[step] = { call: 1 + Math.floor(random() * 25), kind };
  }
  return strikes;
}

/** Mulberry32: the same seed, the same numbers. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
