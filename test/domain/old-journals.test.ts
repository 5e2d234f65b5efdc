/**
 * Journals that earlier versions wrote, decided on again by today's machine: a rotation that was
 * opened before an upgrade goes on after it as if nothing had happened.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { cryptoIds } from '../../adapters/crypto-ids.ts';
import { chainProblems, type JournalEntry } from '../../domain/journal.ts';
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

/** Where today's machine comes from the same beginning by the same events, entry by entry. */
function disagreements(entries: readonly JournalEntry[]): readonly string[] {
  return entries.slice(1).flatMap((entry, index) => {
    const before = entries[index]?.state;
    if (before === undefined || entry.event.type === 'opened') return ['it opens twice'];
    const { rotation, effects, ignored } = decide(before, entry.event, entry.at);
    const state = { ...rotation, version: before.version + 1 };
    const today = { state, effects, ignored: ignored ?? null };
    const then = {
      state: entry.state,
      effects: entry.effects.map(({ effect }) => effect),
      ignored: entry.ignored,
    };
    if (cryptoIds.digest(today) === cryptoIds.digest(then)) return [];
    return [`version ${entry.version}, ${entry.event.type}: decided otherwise by now`];
  });
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

  test('comes to the same states by today’s machine', () => {
    expect(disagreements(entries)).toEqual([]);
  });
});

test('a decision that has changed is noticed', () => {
  const [{ entries } = { entries: [] }] = journals;
  const later = entries.map((entry) => ({ ...entry, at: entry.state.openedAt }));
  expect(disagreements(later)).not.toEqual([]);
});
