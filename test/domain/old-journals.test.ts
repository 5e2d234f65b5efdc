/**
 * Journals that earlier versions wrote, decided on again by today's machine: a rotation that was
 * opened before an upgrade goes on after it as if nothing had happened.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cryptoIds } from '../../adapters/crypto-ids.ts';
import { parseStoredEntry } from '../../adapters/stored-journal.ts';
import type { Rotation } from '../../domain/case.ts';
import type { Effect } from '../../domain/effect.ts';
import { chainProblems, type JournalEntry } from '../../domain/journal.ts';
import { opened } from '../../domain/opening.ts';
import { decide } from '../../domain/rotation.ts';
import { stageNames } from '../../domain/stage.ts';

const folder = join(import.meta.dirname, '..', 'fixtures', 'journals');

interface Kept {
  readonly name: string;
  readonly entries: readonly JournalEntry[];
}

const journals: readonly Kept[] = readdirSync(folder).flatMap((version) =>
  readdirSync(join(folder, version)).map((file) => ({
    name: `${version}/${file}`,
    entries: JSON.parse(readFileSync(join(folder, version, file), 'utf8')),
  })),
);

/**
 * What the earlier versions knew of a rotation: nothing yet of incidents, which decide nothing, nor
 * of what owners are told directly.
 */
function known({ incidents: _, notices: __, ...rotation }: Rotation): Rotation {
  return rotation;
}

/** And of its orders: nothing yet of those to PagerDuty that change no incident's being open. */
function ordersKnown(effects: readonly Effect[]): readonly Effect[] {
  const since: readonly Effect['type'][] = ['acknowledge page', 'report change'];
  return effects.filter(({ type }) => !since.includes(type));
}

/**
 * The news of a snooze named a wrong moment where nobody had approved yet: what it says instead by
 * now is no part of what was decided.
 */
function inOtherWords(before: Rotation, { event }: JournalEntry, effects: readonly Effect[]) {
  const { stage } = before;
  const isAsked = stage.name === 'proposed' && !stage.approval.given;
  if (!isAsked || !event.type.startsWith('snoozed')) return effects;
  return effects.map((each) => (each.type === 'update message' ? { ...each, news: null } : each));
}

/** Where today's machine comes from the same beginning by the same events, entry by entry. */
function disagreements(entries: readonly JournalEntry[]): readonly string[] {
  return entries.slice(1).flatMap((entry, index) => {
    const before = entries[index]?.state;
    if (before === undefined || entry.event.type === 'opened') return ['it opens twice'];
    const said = (effects: readonly Effect[]) => inOtherWords(before, entry, effects);
    const { rotation, effects, ignored } = decide(before, entry.event, entry.at);
    const state = { ...known(rotation), version: before.version + 1 };
    const today = { state, effects: ordersKnown(said(effects)), ignored: ignored ?? null };
    const then = {
      state: known(entry.state),
      effects: ordersKnown(said(entry.effects.map(({ effect }) => effect))),
      ignored: entry.ignored,
    };
    if (cryptoIds.digest(today) === cryptoIds.digest(then)) return [];
    return [`version ${entry.version}, ${entry.event.type}: decided otherwise by now`];
  });
}

/** What the journal makes of a rotation, from its first state on by its events alone. */
function rebuilt([first, ...later]: readonly JournalEntry[]): Rotation | undefined {
  return later.reduce<Rotation | undefined>((rotation, { event, at }) => {
    if (rotation === undefined || event.type === 'opened') return undefined;
    return { ...decide(rotation, event, at).rotation, version: rotation.version + 1 };
  }, first?.state);
}

test('there are journals of every stage', () => {
  const stages = journals.flatMap(({ entries }) => entries.map(({ to }) => to));
  expect([...new Set(stages)].toSorted()).toEqual([...stageNames].toSorted());
});

describe.each([...journals])('$name', ({ entries }) => {
  test('is whole, and of a schema that is read', () => {
    expect(chainProblems(entries, cryptoIds.digest)).toEqual([]);
    expect(new Set(entries.map(({ schema }) => schema))).toEqual(new Set([1]));
  });

  test('is read entry by entry, to the letter', () => {
    for (const entry of entries)
      expect(parseStoredEntry(entry)).toEqual({ ok: true, value: entry });
  });

  test('comes to the same states by today’s machine', () => {
    expect(disagreements(entries)).toEqual([]);
  });

  test('begins as today’s machine begins, with the same orders', () => {
    const [first] = entries;
    if (first === undefined) throw new Error('it is empty');
    const { rotation, effects } = opened(first.state, first.at);
    expect(first.event).toEqual({ type: 'opened' });
    expect(known(rotation)).toEqual(first.state);
    const ordered = effects.filter(({ type }) => type !== 'tell owner');
    expect(ordered).toEqual(first.effects.map(({ effect }) => effect));
  });

  test('rebuilds the whole rotation from its first state and its events', () => {
    const now = rebuilt(entries);
    expect(now && known(now)).toEqual(entries.at(-1)?.state);
  });
});

describe('an entry of a schema that is not known', () => {
  const [{ entries } = { entries: [] }] = journals;

  test.each([2, 0, '1', undefined])('%s is refused, in words', (schema) => {
    const read = parseStoredEntry({ ...entries[0], schema });
    const advice = 'schema: another Keyturn wrote this entry: deploy a version that reads it';
    expect(read).toEqual({ ok: false, problems: [expect.stringContaining(advice)] });
  });

  test('is refused with everything else that is new in it', () => {
    const read = parseStoredEntry({ ...entries[0], schema: 2, reviewedBy: 'somebody' });
    expect(read.ok ? [] : read.problems).toHaveLength(2);
  });
});

test('a decision that has changed is noticed', () => {
  const [{ entries } = { entries: [] }] = journals;
  const later = entries.map((entry) => ({ ...entry, at: entry.state.openedAt }));
  expect(disagreements(later)).not.toEqual([]);
  expect(rebuilt(later)).not.toEqual(entries.at(-1)?.state);
});

test('an event that the machine would ignore today is noticed', () => {
  const [{ entries } = { entries: [] }] = journals;
  const [first, ...others] = entries;
  if (first === undefined) throw new Error('it is empty');
  const events = [first, ...others.map((entry) => ({ ...entry, event: { type: 'admitted' } }))];
  expect(disagreements(events as readonly JournalEntry[])).not.toEqual([]);
});
