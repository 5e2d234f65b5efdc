/** What people read about a key that nobody uses, and about one that waits for it to go. */
import { describe, expect, test } from 'vitest';
import { deadlineOf, deadlinesOf, evidenceOf } from '../../domain/at-a-glance.ts';
import type { Stage } from '../../domain/stage.ts';
import {
  headline,
  stageInWords,
  stageList,
  usesInWords,
  whatToDo,
  wholeSentence,
} from '../../domain/status-text.ts';
import {
  approvedProposal,
  deactivating,
  deleting,
  done,
  held,
  inUse,
  restoring,
  retirement,
  rotationAt,
  soaking,
  staleKey,
  story,
  toReplace,
  use,
} from '../builders.ts';

const retire = { kind: 'retire' } as const;
const off = { ...retire, key: { ...staleKey, foundAs: 'Inactive' } } as const;
const unapproved = retirement({ approval: { given: false } });
const before = retirement();
const on = (stage: Stage) => rotationAt(stage, retire);
const seenOff = inUse({ at: story.approved, oldKey: 'Inactive' });

describe.each(
  Object.entries({
    unapproved,
    approved: before,
    deactivating: deactivating({ before }),
    soaking: soaking({ before }),
    deleting: deleting({ soak: soaking({ before }) }),
    restoring: restoring({ from: soaking({ before }) }),
    held: held({ kept: before }),
    retired: done({ outcome: 'retired' }),
    exempt: done({ outcome: 'exempt' }),
  }),
)('%s', (_, stage) => {
  test('is told in whole sentences, of no new key', () => {
    const text = wholeSentence(on(stage));
    expect(text).toContain('…MPLE of 111122223333/svc-billing');
    expect(text).toMatch(/^[A-Z].*\.$/su);
    expect(text).not.toMatch(/undefined|null|NaN|\[object|AKIA|replace|secret/u);
  });

  test('the deadline is in the text, in UTC', () => {
    const at = deadlineOf(on(stage))?.at;
    if (at !== undefined) expect(headline(on(stage))).toContain(at.slice(0, 10));
  });
});

test('the deadlines: the answer, then switching off, then deletion', () => {
  expect(deadlinesOf(on(unapproved))).toEqual({ answerBy: story.answerBy });
  expect(deadlinesOf(on(before))).toEqual({ deactivateAt: story.deactivateAt });
  expect(deadlineOf(on(before))?.what).toBe('Old key deactivated at');
  expect(deadlinesOf(on(soaking({ before })))).toEqual({ deleteAt: story.deleteAt });
});

test('the stage list has neither issue nor overlap', () => {
  const list = stageList(on(soaking({ before })));
  expect(list.map(({ mark }) => mark)).toEqual(['done', 'done', 'now', 'to come']);
  expect(list.map(({ title }) => title).join()).not.toMatch(/replacement|both keys/);
  expect(stageList(on(held({ kept: before })))[0]?.mark).toBe('stopped');
  const ended = stageList(on(done({ outcome: 'retired' })));
  expect(ended.map(({ mark }) => mark)).toEqual(['done', 'done', 'done', 'done']);
  expect(stageList(on(done({ outcome: 'exempt' })))).toEqual([]);
});

test('who used it last is shown, wherever the rotation stands', () => {
  const evidence = inUse({ at: story.approved, uses: [use(story.opened)] });
  const kept = retirement({}, { evidence });
  const stages = [kept, deactivating({ before: kept }), held({ kept }), restoring({ from: kept })];
  for (const stage of stages) {
    expect(evidenceOf(on(stage))).toEqual(evidence);
    expect(usesInWords(on(stage))).toHaveLength(1);
  }
  expect(evidenceOf(rotationAt(approvedProposal()))).toBeNull();
});

describe('Roll back is promised where it is possible, and only there', () => {
  const handOff = retirement({}, { evidence: seenOff });
  test.each<[string, ReturnType<typeof rotationAt>, boolean]>([
    ['soaking', on(soaking({ before })), true],
    ['soaking, found Inactive', rotationAt(soaking({ before }), off), false],
    ['soaking, switched off by hand', on(soaking({ before: handOff })), false],
    ['held, off', on(held({ kept: soaking({ before }), oldKey: 'Inactive' })), true],
    ['held, unknown', on(held({ kept: before, oldKey: 'unknown' })), true],
    [
      'held, off, found Inactive',
      rotationAt(held({ kept: soaking({ before }), oldKey: 'Inactive' }), off),
      false,
    ],
    ['held, switched off by hand', on(held({ kept: handOff, oldKey: 'Inactive' })), false],
    ['held, on', on(held({ kept: before })), false],
    ['held overlap, off', rotationAt(held({ oldKey: 'Inactive' })), true],
  ])('%s', (_, rotation, isPromised) => {
    expect(whatToDo(rotation).includes('Roll back')).toBe(isPromised);
  });
});

test('an unapproved one asks for approval; an approved one says how to stop it', () => {
  expect(headline(on(unapproved))).toContain('Approval wanted by 2026-11-09 09:00 UTC to retire');
  expect(whatToDo(on(unapproved))).toContain('Approve it');
  expect(headline(on(before))).toContain('is switched off at 2026-11-04 11:00 UTC');
  expect(whatToDo(on(before))).toContain('press Pause before then');
});

test('a proposal that waits for room says for which key, and no hour that passes', () => {
  const keyId = 'AKIAEXAMPLESPAREKEY0';
  const waitsFor = { keyId, rotationId: '00000000-0000-5000-8000-0000000000aa' };
  const rotation = rotationAt(approvedProposal({ plan: { ...toReplace, waitsFor } }));
  expect(headline(rotation)).toContain('once unused key …KEY0 is retired');
  expect(headline(rotation)).not.toContain('UTC');
  expect(deadlineOf(rotation)).toBeNull();
  expect(whatToDo(rotation)).toContain('…KEY0 has its own message');
  expect(stageInWords(rotation)).toBe('Proposed');
});
