/** Journal entries in words: every event that there is has some, and says why. */
import { expect, test } from 'vitest';
import { entryText } from '../../domain/entry-text.ts';
import { eventTypes, type RotationEvent } from '../../domain/event.ts';
import type { JournalEntry } from '../../domain/journal.ts';
import { configFinding, held, issued } from '../builders.ts';
import { journalOf } from '../evidence-reports.ts';

const [first] = journalOf('svc-archive');
if (first === undefined) throw new Error('no entry');

const by = { kind: 'person', id: 'U0ADA', name: 'Ada Approver' } as const;
const evidence = {
  verdict: 'unknown' as const,
  at: first.at,
  oldKey: 'Active' as const,
  userGone: false,
  uses: [],
  pickup: { seen: false as const },
  regionsAsked: 0,
  quietHours: 24,
  quietAt: first.at,
  gaps: [{ about: 'cloudtrail' as const, problem: 'a Region did not answer' }],
};

const events: readonly RotationEvent[] = [
  { type: 'finding reported', finding: configFinding },
  { type: 'admitted' },
  { type: 'deadline passed' },
  { type: 'evidence gathered', evidence },
  { type: 'run started', effectId: 'e', executionId: 'x' },
  { type: 'run still going', executionId: 'x' },
  { type: 'run not started', effectId: 'e', problem: 'a reason' },
  { type: 'run finished', executionId: 'x', result: { status: 'failed', problem: 'a reason' } },
  { type: 'key gone', what: 'user' },
  { type: 'room awaited', spare: { keyId: 'AKIAIOSFODNN7EXAMPLE', rotationId: 'r' } },
  { type: 'no room', problem: 'a reason' },
  { type: 'crowded' },
  { type: 'ring closed', why: 'a reason' },
  { type: 'found in files', found: { at: first.at, places: ['.env:3'], more: 2 } },
  { type: 'run withdrawn', effectId: 'e', why: 'a reason' },
  { type: 'exempted', why: 'a reason' },
  { type: 'look failed', problem: 'a reason' },
  { type: 'approved', by },
  { type: 'snoozed', by, hours: 24 },
  { type: 'snoozed until', by, until: first.at },
  { type: 'reassigned', by, owner: { known: false }, assigned: true },
  { type: 'key exempted', by, reason: 'a reason', until: first.at },
  { type: 'paused', by },
  { type: 'resumed', by },
  { type: 'rolled back', by },
  { type: 'attested', by },
  { type: 'forced', by },
  { type: 'abandoned', by },
  { type: 'press refused', by, press: 'approve', why: 'a reason' },
  {
    type: 'incident answered',
    about: 'held',
    what: 'acknowledged',
    by,
    at: first.at,
    eventId: 'p',
  },
];

const entry = (changes: Partial<JournalEntry>): JournalEntry => ({
  ...first,
  effects: [],
  from: first.to,
  ...changes,
});

test('every event has words of its own, and its reason stands there', () => {
  const native = { type: 'issued natively', issued, custody: {} } as unknown as RotationEvent;
  const all = [...events, native];
  expect(all.map(({ type }) => type).toSorted()).toEqual([...eventTypes].toSorted());
  const told = all.map((event) => entryText(entry({ event })));
  expect(new Set(told.map(({ what }) => what)).size).toBe(all.length);
  for (const [index, event] of all.entries()) {
    if (JSON.stringify(event).includes('a reason')) expect(told[index]?.why).toContain('a reason');
  }
  expect(told[3]?.why).toEqual(['a Region did not answer']);
});

test('who, when and where it led', () => {
  expect(entryText(first)).toMatchObject({
    version: 1,
    at: first.at,
    who: 'Keyturn',
    what: 'claimed the key',
    move: 'nothing → proposed',
  });
  const pressed = entryText(entry({ event: { type: 'approved', by }, actor: by }));
  expect(pressed).toMatchObject({ who: 'Ada Approver (U0ADA)', move: null, why: [] });
});

test('what changed nothing says so, and why', () => {
  const told = entryText(entry({ event: { type: 'approved', by }, ignored: 'it is too late' }));
  expect(told.what).toBe('approved it: changed nothing');
  expect(told.why).toEqual(['Because it is too late.']);
});

test('a hold, news and pages give their reason once', () => {
  const stage = held();
  const text = stage.reason.text;
  const state = { ...first.state, stage };
  const effects = [
    { id: 'a', effect: { type: 'update message' as const, news: 'It waits.' } },
    {
      id: 'b',
      effect: {
        type: 'page' as const,
        about: 'held' as const,
        severity: 'error' as const,
        summary: 's',
      },
    },
  ];
  const event = { type: 'deadline passed' as const };
  const told = entryText(entry({ event, from: 'overlapping', to: 'held', state, effects }));
  expect(told.move).toBe('overlapping → held');
  expect(told.why).toEqual([text, 'It waits.', 'Paged: s']);
  const after = entryText(entry({ event, from: 'held', to: 'held', state }));
  expect(after).toMatchObject({ move: null, why: [] });
});
