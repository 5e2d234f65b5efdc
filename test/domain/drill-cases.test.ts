/** What each case of a drill has to come to, and what is said when it does not. */
import { describe, expect, test } from 'vitest';
import {
  cleanCycles,
  type Dummy,
  drillProblems,
  emptyTrack,
  type Found,
  isBusyTime,
  isOver,
  tracked,
} from '../../domain/drill-cases.ts';
import { newKeyId, oldKeyId, story } from '../builders.ts';

const key = (keyId: string, status: 'Active' | 'Inactive' = 'Active') => ({
  keyId,
  status,
  createdAt: story.opened,
});
const dummyOf = (played: Dummy['case'], keyIds = [oldKeyId]): Dummy => ({
  case: played,
  userName: `keyturn-drill-1-${played}`,
  userId: 'AIDAEXAMPLE',
  keyIds,
});
const done = { keyId: oldKeyId, stage: 'done', outcome: 'rotated' } as const;
const held = { keyId: oldKeyId, stage: 'held', outcome: null } as const;
const rotated: Found = {
  rotations: [done],
  keys: [key(newKeyId)],
  currentKeyId: newKeyId,
  working: [newKeyId],
};
const plain = dummyOf('plain');
const clean = emptyTrack('plain');

describe('a key that is changed over', () => {
  test('is clean when the new one is all there is, and works', () => {
    expect(drillProblems(plain, clean, rotated)).toEqual([]);
  });

  test.each<readonly [string, Partial<Found>, string]>([
    ['is not done', { rotations: [held] }, 'its rotation is held, and should be done (rotated)'],
    ['was not begun', { rotations: [] }, 'its rotation is not begun'],
    ['has its old key', { keys: [key(newKeyId), key(oldKeyId)] }, 'is still there'],
    ['has a key too many', { keys: [key(newKeyId), key('AKIAOTHER')] }, 'it has 2 keys'],
    ['has no key', { keys: [] }, 'it has 0 keys'],
    ['has its new key off', { keys: [key(newKeyId, 'Inactive')] }, 'is Inactive'],
    ['has none in the vault', { currentKeyId: null }, 'readers of the vault get no key'],
    ['has another in the vault', { currentKeyId: 'AKIAOTHER' }, 'which does not work'],
    ['has one there that does not work', { working: [] }, 'which does not work'],
  ])('is not when it %s', (_, changes, problem) => {
    expect(drillProblems(plain, clean, { ...rotated, ...changes }).join()).toContain(problem);
  });

  test('is not when its application was ever refused', () => {
    const [problem] = drillProblems(plain, { ...clean, refused: 2 }, rotated);
    expect(problem).toContain('refused 2 times');
  });

  test('shows nothing of a throttled vault that was never throttled', () => {
    const busy = dummyOf('throttled-vault');
    const track = emptyTrack('throttled-vault');
    expect(drillProblems(busy, track, rotated)).toHaveLength(1);
    expect(drillProblems(busy, { ...track, throttled: 1 }, rotated)).toEqual([]);
  });
});

describe('a key that has to be left alone', () => {
  const forgetful = dummyOf('forgetful-app');
  const found: Found = {
    rotations: [held],
    keys: [key(oldKeyId), key(newKeyId)],
    currentKeyId: newKeyId,
    working: [oldKeyId, newKeyId],
  };

  test('is clean when somebody is asked and it works', () => {
    expect(drillProblems(forgetful, emptyTrack('forgetful-app'), found)).toEqual([]);
  });

  test('is not when it was switched off', () => {
    const broken = { ...found, rotations: [done], working: [newKeyId] };
    expect(drillProblems(forgetful, emptyTrack('forgetful-app'), broken)).toEqual([
      'its rotation is done (rotated), and should be held',
      expect.stringContaining('is in use, and does not work any more'),
    ]);
  });

  test('of two, both stay, and no third comes', () => {
    const two = dummyOf('two-keys', [oldKeyId, newKeyId]);
    const both = { ...found, currentKeyId: null };
    expect(drillProblems(two, emptyTrack('two-keys'), both)).toEqual([]);
    const one = { ...both, keys: [key(oldKeyId)], working: [oldKeyId] };
    expect(drillProblems(two, emptyTrack('two-keys'), one)).toHaveLength(2);
  });
});

test('a case is over when its rotation is; of two keys when somebody is asked of one', () => {
  const proposed = { ...held, stage: 'proposed' } as const;
  expect(isOver(plain, [proposed])).toBe(false);
  expect(isOver(plain, [done])).toBe(true);
  expect(isOver(dummyOf('two-keys'), [proposed, held])).toBe(true);
});

test('the vault is kept busy until the new key is in it, and not for ever', () => {
  const track = emptyTrack('throttled-vault');
  expect(isBusyTime(track, [])).toBe(true);
  expect(isBusyTime(track, [{ ...held, stage: 'issuing' }])).toBe(true);
  expect(isBusyTime(track, [{ ...held, stage: 'overlapping' }])).toBe(false);
  expect(isBusyTime({ ...track, bursts: 12 }, [])).toBe(false);
  expect(isBusyTime(clean, [])).toBe(false);
});

test('a track adds up, and names each stage once', () => {
  const look = { stage: 'issuing', refused: 1, throttled: 2, bursts: 1 } as const;
  const twice = tracked(tracked(clean, look), look);
  expect(twice).toEqual({ ...clean, stages: ['issuing'], refused: 2, throttled: 4, bursts: 2 });
});

test('clean cycles are counted back to the latest that was not', () => {
  expect(cleanCycles(['RUNNING'])).toBe(1);
  expect(cleanCycles(['RUNNING', 'SUCCEEDED', 'SUCCEEDED', 'FAILED', 'SUCCEEDED'])).toBe(3);
  expect(cleanCycles(['RUNNING', 'ABORTED', 'SUCCEEDED'])).toBe(1);
});
