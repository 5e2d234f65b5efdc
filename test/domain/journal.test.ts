/** The chain of a journal: whatever was done to it afterwards shows. */
import { describe, expect, test } from 'vitest';
import { cryptoIds } from '../../adapters/crypto-ids.ts';
import type { Rotation } from '../../domain/case.ts';
import { plus } from '../../domain/instant.ts';
import {
  actorOf,
  chained,
  chainProblems,
  effectId,
  firstHash,
  type JournalEntry,
} from '../../domain/journal.ts';
import { keyturnActor } from '../../domain/people.ts';
import { approver, configFinding, proposed, rotationAt, rotationId, story } from '../builders.ts';

const { digest } = cryptoIds;

function entryAfter(before: JournalEntry | undefined, changes: Partial<Rotation> = {}) {
  const version = (before?.version ?? 0) + 1;
  return chained(
    {
      rotationId,
      version,
      at: plus(story.opened, { minutes: version }),
      actor: keyturnActor,
      event: before === undefined ? { type: 'opened' } : { type: 'admitted' },
      from: before === undefined ? null : 'proposed',
      to: 'proposed',
      ignored: null,
      effects: [{ id: effectId(rotationId, version, 0), effect: { type: 'publish' } }],
      state: rotationAt(proposed(), { version, ...changes }),
    },
    before?.hash ?? firstHash,
    digest,
  );
}

function journalOf(length: number): JournalEntry[] {
  const entries: JournalEntry[] = [];
  while (entries.length < length) entries.push(entryAfter(entries.at(-1)));
  return entries;
}

function edited(entries: JournalEntry[], index: number, changes: object): JournalEntry[] {
  return entries.map((entry, at) => (at === index ? { ...entry, ...changes } : entry));
}

describe('a whole journal', () => {
  test.each([0, 1, 5])('of %d entries has no problems', (length) => {
    expect(chainProblems(journalOf(length), digest)).toEqual([]);
  });

  test('starts from 64 zeros and names the entry before', () => {
    const [first, second] = journalOf(2);
    expect(first?.previousHash).toBe('0'.repeat(64));
    expect(second?.previousHash).toBe(first?.hash);
    expect(first?.hash).toMatch(/^[0-9a-f]{64}$/);
  });

  test('stays whole through JSON and whatever order a store returns fields in', () => {
    const stored = journalOf(3).map(
      (entry) => Object.fromEntries(Object.entries(entry).reverse()) as unknown as JournalEntry,
    );
    expect(chainProblems(JSON.parse(JSON.stringify(stored)), digest)).toEqual([]);
  });
});

describe('a journal that was tampered with', () => {
  const someoneElse = { kind: 'person', id: 'U0EXAMPLE', name: 'Someone Else' };
  const edits: readonly [string, object][] = [
    ['who', { actor: someoneElse }],
    ['when', { at: story.deleted }],
    ['what', { event: { type: 'deadline passed' } }],
    ['from', { from: 'held' }],
    ['to', { to: 'held' }],
    ['why it was ignored', { ignored: 'because' }],
    ['the effects', { effects: [] }],
    ['the state', { state: rotationAt(proposed(), { findings: [configFinding, configFinding] }) }],
    ['whose journal it is', { rotationId: 'another' }],
    ['an unknown field', { note: 'added later' }],
  ];

  test.each(edits)('edited: %s', (_, changes) => {
    for (const index of [0, 1, 2]) {
      expect(chainProblems(edited(journalOf(3), index, changes), digest)).toEqual([
        `entry ${index + 1} was changed after it was written`,
      ]);
    }
  });

  test('edited and hashed anew: the entry after it does not follow', () => {
    const entries = journalOf(3);
    const { hash: _, ...unsigned } = { ...entryAfter(entries[0]), actor: approver };
    const forged = { ...unsigned, hash: digest(unsigned) };
    expect(chainProblems(entries.with(1, forged), digest)).toEqual([
      'entry 3 does not follow the entry before it',
    ]);
  });

  test('a number left out, although the hashes follow', () => {
    const [first] = journalOf(1);
    const { hash: _, ...second } = entryAfter(first);
    const skipped = { ...second, version: 3 };
    const entries = [...journalOf(1), { ...skipped, hash: digest(skipped) }];
    expect(chainProblems(entries, digest)).toEqual([
      'entry 2 has version 3: an entry is missing or out of order',
    ]);
  });

  test('an entry dropped from the middle or the start', () => {
    expect(chainProblems(journalOf(4).toSpliced(1, 1), digest)).not.toEqual([]);
    expect(chainProblems(journalOf(4).slice(1), digest)).not.toEqual([]);
  });

  test('entries in another order', () => {
    const [first, second, third] = journalOf(3);
    if (!first || !second || !third) throw new Error('three entries were made');
    expect(chainProblems([first, third, second], digest)).not.toEqual([]);
    expect(chainProblems([second, first, third], digest)).not.toEqual([]);
  });

  test('an entry twice, or one appended that does not follow', () => {
    const entries = journalOf(3);
    expect(chainProblems([...entries, ...entries.slice(-1)], digest)).not.toEqual([]);
    const stranger = entryAfter(entries[1], { snoozedHours: 24 });
    const appended = [...entries, { ...stranger, version: 4 }];
    expect(chainProblems(appended, digest)).not.toEqual([]);
  });
});

test('an effect is named by rotation, version and place', () => {
  expect(effectId('r', 3, 0)).toBe('r/3/0');
});

test('a person’s event is theirs, everything else Keyturn’s', () => {
  expect(actorOf({ type: 'paused', by: approver })).toBe(approver);
  expect(actorOf({ type: 'admitted' })).toBe(keyturnActor);
  expect(actorOf({ type: 'opened' })).toBe(keyturnActor);
});
