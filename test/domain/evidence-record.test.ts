/** What a journal comes to: who took what upon themselves, and where it contradicts itself. */
import { describe, expect, test } from 'vitest';
import { cryptoIds } from '../../adapters/crypto-ids.ts';
import type { RotationEvent } from '../../domain/event.ts';
import { recordOf } from '../../domain/evidence-record.ts';
import { plus } from '../../domain/instant.ts';
import { actorOf, chained, firstHash, type JournalEntry } from '../../domain/journal.ts';
import { policyActor } from '../../domain/people.ts';
import type { Stage } from '../../domain/stage.ts';
import { approvedProposal, proposed, rotationAt, story } from '../builders.ts';

const { digest } = cryptoIds;
const ada = { kind: 'person', id: 'U0ADA', name: 'Ada Approver' } as const;

interface Next {
  readonly event: RotationEvent;
  readonly ignored?: string;
  readonly of?: string;
  readonly from?: 'held';
}

/** A journal that opens at a stage and stays there, whatever happens. */
function journalOf(stage: Stage, ...rest: readonly Next[]): readonly JournalEntry[] {
  const entries: JournalEntry[] = [];
  const all = [{ event: { type: 'opened' } as const }, ...rest];
  for (const [index, next] of all.entries()) {
    const version = index + 1;
    const { of: id = 'a', ignored = null, from = stage.name } = { ...next } as Partial<Next>;
    const entry = {
      rotationId: id,
      version,
      at: plus(story.opened, { hours: index }),
      actor: actorOf(next.event),
      event: next.event,
      from: index === 0 ? null : from,
      to: stage.name,
      ignored,
      effects: [],
      state: rotationAt(stage, { id: 'a', version }),
    };
    entries.push(chained(entry, entries.at(-1)?.hash ?? firstHash, digest));
  }
  return entries;
}

const recordOfJournal = (...given: Parameters<typeof journalOf>) =>
  recordOf('a', journalOf(...given), digest);

describe('who authorised', () => {
  test('is each press that counted, and none that changed nothing', () => {
    const record = recordOfJournal(
      proposed(),
      { event: { type: 'approved', by: ada }, ignored: 'too late' },
      { event: { type: 'approved', by: ada } },
      { event: { type: 'attested', by: ada } },
      { event: { type: 'forced', by: ada } },
      { event: { type: 'paused', by: ada } },
    );
    expect(record?.acts).toEqual(
      (['approved', 'attested', 'forced'] as const).map((act, index) => ({
        act,
        by: ada,
        at: plus(story.opened, { hours: index + 2 }),
      })),
    );
  });

  test('is the policy, where the claim came approved', () => {
    const approval = { given: true, by: policyActor, at: story.opened } as const;
    const record = recordOfJournal({ ...approvedProposal(), approval });
    expect(record?.acts).toEqual([{ act: 'approved', by: policyActor, at: story.opened }]);
  });
});

describe('a journal whose every hash is right', () => {
  const admitted: RotationEvent = { type: 'admitted' };

  test('is whole where it fits together', () => {
    const record = recordOfJournal(proposed(), { event: admitted });
    expect(record).toMatchObject({ whole: true, problems: [], entryCount: 2, outcome: null });
  });

  test('is not where an entry is of another rotation, or leaves where it was not', () => {
    const record = recordOfJournal(
      proposed(),
      { event: admitted, of: 'b' },
      { event: admitted, from: 'held' },
    );
    expect(record).toMatchObject({
      whole: false,
      problems: ['entry 2 is of rotation b', 'entry 3 leaves held, where it was not'],
    });
  });

  test('is not where a state is of another entry', () => {
    const [first] = journalOf(proposed());
    if (first === undefined) throw new Error('no entry');
    const { schema, hash, previousHash, ...entry } = first;
    const state = rotationAt(proposed(), { id: 'a', version: 2 });
    const record = recordOf('a', [chained({ ...entry, state }, firstHash, digest)], digest);
    expect(record?.problems).toEqual(['entry 1 holds the state of another']);
  });

  test('is nothing where it has no entry', () => {
    expect(recordOf('a', [], digest)).toBeNull();
  });
});
