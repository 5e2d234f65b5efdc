/** When a ring opens and closes, and what a journal says of it. */
import { describe, expect, test } from 'vitest';
import type { Rotation } from '../../domain/case.ts';
import type { RotationEvent } from '../../domain/event.ts';
import { type Instant, instant, plus } from '../../domain/instant.ts';
import type { JournalEntry } from '../../domain/journal.ts';
import type { Actor } from '../../domain/people.ts';
import {
  cyclesToOpen,
  markOf,
  type RingMark,
  type RingMarks,
  ringNews,
  ringOf,
  standings,
} from '../../domain/rings.ts';
import type { Stage } from '../../domain/stage.ts';
import { done, held, overlapping, policyWith, proposed, rotationAt, soaking } from '../builders.ts';

const start = instant('2026-11-02T08:00:00Z');
const day = (days: number): Instant => plus(start, { days });
const rings = ['sandbox', 'low risk', 'everything'];
const sam: Actor = { kind: 'person', id: 'U0SAM', name: 'Sam Oncall' };

const mark = (ring: string, is: RingMark['is'], at: Instant): RingMark => ({
  ...{ ring, is, rotationId: `r-${at}`, at, what: `It is ${is}.`, told: false },
});

const went = (ring: string, clean: readonly number[], bad?: number): [string, RingMarks] => [
  ring,
  {
    bad: bad === undefined ? undefined : mark(ring, 'bad', day(bad)),
    clean: clean.map((each) => mark(ring, 'clean', day(each))),
  },
];

const open = (...marks: readonly (readonly [string, RingMarks])[]) =>
  standings(rings, new Map(marks))
    .filter(({ isOpen }) => isOpen)
    .map(({ ring }) => ring);

describe('a ring', () => {
  test('is open if it is the first, and no other one is before anything went well', () => {
    expect(open()).toEqual(['sandbox']);
  });

  test('opens with the fifth clean rotation of the one before, and not with the fourth', () => {
    expect(open(went('sandbox', [1, 2, 3, 4]))).toEqual(['sandbox']);
    expect(open(went('sandbox', [1, 2, 3, 4, 5]))).toEqual(['sandbox', 'low risk']);
    const both = [went('sandbox', [1, 2, 3, 4, 5]), went('low risk', [6, 7, 8, 9, 10])] as const;
    expect(open(...both)).toEqual(rings);
  });

  test('is not open while the one before is closed, whatever that one showed', () => {
    expect(open(went('low risk', [1, 2, 3, 4, 5]))).toEqual(['sandbox']);
  });

  test('closes with what goes wrong in it or before, not with what does so after', () => {
    const sandbox = went('sandbox', [1, 2, 3, 4, 5]);
    expect(open(sandbox, went('low risk', [6, 7, 8, 9, 10], 11))).toEqual(['sandbox']);
    const later = went('low risk', [6, 7, 8, 9, 10]);
    expect(open(sandbox, later, went('everything', [], 11))).toEqual(['sandbox', 'low risk']);
    expect(open(went('sandbox', [1, 2, 3, 4, 5], 11), later)).toEqual(['sandbox']);
  });

  test('opens again once five were begun and went well since, of the ring before', () => {
    const low = went('low risk', [], 6);
    expect(open(went('sandbox', [5, 6, 7, 8, 9, 10]), low)).toEqual(['sandbox']);
    expect(open(went('sandbox', [7, 8, 9, 10, 11]), low)).toEqual(['sandbox', 'low risk']);
  });

  test('says in words how it stands, and why', () => {
    const marks = new Map([went('sandbox', [1, 7, 8], 6)]);
    expect(standings(rings, marks).map(({ why }) => why)).toEqual([
      'sandbox: open, as the first ring always is',
      'low risk: closed, 2 of 5 clean rotations in sandbox since 2026-11-08 08:00 UTC (It is bad.)',
      'everything: closed, 0 of 5 clean rotations in low risk since 2026-11-08 08:00 UTC ' +
        '(It is bad.), and low risk is closed itself',
    ]);
  });

  test('of a policy is the one it names, and the last where there is no such ring', () => {
    expect(ringOf({ ring: 'low risk' }, rings)).toBe('low risk');
    expect(ringOf({ ring: 'of yesterday' }, rings)).toBe('everything');
    expect(ringOf({}, rings)).toBe('everything');
  });
});

describe('news', () => {
  const before = standings(rings, new Map([went('sandbox', [1, 2, 3, 4])]));
  const after = standings(rings, new Map([went('sandbox', [1, 2, 3, 4, 5])]));

  test('tells what opened, and nothing of a step on the way', () => {
    const said = mark('sandbox', 'clean', day(5));
    expect(ringNews(before, after, said)).toContain('Ring low risk is open now.');
    expect(ringNews(before, before, said)).toBeUndefined();
  });

  test('tells of whatever went wrong, and what closed', () => {
    const said = mark('low risk', 'bad', day(6));
    expect(ringNews(after, before, said)).toContain('Ring low risk is closed now.');
    expect(ringNews(before, before, said)).toContain('A rotation in ring low risk went wrong.');
  });
});

type Step = readonly [event: RotationEvent | { type: 'opened' }, stage: Stage, ignored?: string];

function journal(steps: readonly Step[], policy = policyWith({ ring: 'sandbox' })) {
  return steps.map(([event, stage, ignored = null], index): JournalEntry => {
    const state: Rotation = rotationAt(stage, { version: index + 1, policy });
    const at = plus(start, { hours: index });
    return {
      ...{ schema: 1, rotationId: state.id, version: index + 1, at, actor: sam, event, ignored },
      ...{ from: null, to: stage.name, effects: [], state, previousHash: '', hash: '' },
    };
  });
}

const opened: Step = [{ type: 'opened' }, proposed()];
const over: Step = [{ type: 'admitted' }, done()];
const heldFor = (code: 'issue failed' | 'not picked up'): Step => [
  { type: 'deadline passed' },
  held({ reason: { code, text: 'Look at it.' } }),
];

describe('a journal', () => {
  test('that went from end to end is clean, as of its opening', () => {
    const said = markOf(journal([opened, [{ type: 'admitted' }, overlapping()], over]));
    const { openedAt } = rotationAt(done());
    expect(said).toMatchObject({ ring: 'sandbox', is: 'clean', at: openedAt, told: false });
  });

  test('says nothing before its end, of another end, on a word, or without a ring', () => {
    expect(markOf(journal([opened, [{ type: 'admitted' }, soaking()]]))).toBeUndefined();
    const gone = done({ outcome: 'already gone' });
    expect(markOf(journal([opened, [{ type: 'key gone', what: 'key' }, gone]]))).toBeUndefined();
    const word: Step = [{ type: 'attested', by: sam }, overlapping()];
    expect(markOf(journal([opened, word, over]))).toBeUndefined();
    expect(markOf(journal([opened, over], policyWith()))).toBeUndefined();
    expect(markOf([])).toBeUndefined();
  });

  test.each<[string, Step]>([
    ['was rolled back', [{ type: 'rolled back', by: sam }, soaking()]],
    ['was forced', [{ type: 'forced', by: sam }, overlapping()]],
    ['could not issue a key', heldFor('issue failed')],
  ])('that %s is bad, however it ends', (_, step) => {
    const said = markOf(journal([opened, step, over]));
    expect(said).toMatchObject({ is: 'bad', at: plus(start, { hours: 1 }) });
  });

  test('is none the worse for waiting for its owner, or for a press that was refused', () => {
    expect(markOf(journal([opened, heldFor('not picked up'), over]))?.is).toBe('clean');
    const press: Step = [{ type: 'forced', by: sam }, overlapping(), 'only an admin may'];
    expect(markOf(journal([opened, press, over]))?.is).toBe('clean');
  });

  test('opens a ring by as many as it takes', () => {
    expect(cyclesToOpen).toBe(5);
  });
});
