/** Reports of evidence made from the kept journals of the sandbox's story, for tests. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cryptoIds } from '../adapters/crypto-ids.ts';
import { journalText, reportFrame } from '../adapters/evidence-file.ts';
import { isIn, journalUntil, recordOf } from '../domain/evidence-record.ts';
import {
  type EvidenceReport,
  type InventoryTold,
  type PreviousReport,
  reportHead,
} from '../domain/evidence-report.ts';
import { instant, plus } from '../domain/instant.ts';
import { chained, firstHash, type JournalEntry } from '../domain/journal.ts';
import { weekBefore } from '../domain/report-period.ts';

const { digest } = cryptoIds;
const folder = join(import.meta.dirname, 'fixtures', 'journals', 'v1');

/** As it is kept: each of the story's users has one. */
export function journalOf(userName: string): readonly JournalEntry[] {
  return JSON.parse(readFileSync(join(folder, `${userName}.json`), 'utf8'));
}

/** The journal as Keyturn would have written it, had its entries been so. */
export function rewritten(
  entries: readonly JournalEntry[],
  change: (text: string) => string,
): readonly JournalEntry[] {
  const chain: JournalEntry[] = [];
  for (const { schema, hash, previousHash, ...entry } of entries) {
    const changed = JSON.parse(change(JSON.stringify(entry)));
    chain.push(chained(changed, chain.at(-1)?.hash ?? firstHash, digest));
  }
  return chain;
}

/** The report of a week from its Monday on, of what these journals hold of it. */
export function reportOf(
  monday: string,
  journals: readonly (readonly JournalEntry[])[],
  before?: EvidenceReport,
  inventory?: InventoryTold,
): EvidenceReport {
  const from = instant(`${monday}T00:00:00Z`);
  const week = { from, to: plus(from, { days: 7 }), timeZone: 'UTC' };
  const next = { ...week, name: '2026-W01', from: week.to, to: plus(week.to, { days: 7 }) };
  const period = weekBefore(next) ?? next;
  const kept = journals.flatMap((entries) => {
    const until = journalUntil(entries, period.to);
    const rotationId = entries[0]?.rotationId ?? '';
    const record = recordOf(rotationId, until, digest);
    const isOfIt = until.some(({ at }) => isIn(period, at));
    return record === null || !isOfIt ? [] : [{ record, rotationId, entries: until }];
  });
  const { name } = weekBefore(period) ?? period;
  const previous: PreviousReport =
    before === undefined
      ? { name, digest: null, why: 'there is none, or it could not be read' }
      : { name, digest: before.digest };
  const rotations = kept.map(({ record }) => record);
  const madeAt = plus(period.to, { hours: 6 });
  const told = inventory === undefined ? {} : { inventory };
  const gathered = { stage: 'test', period, madeAt, previous, ...told, gaps: [], rotations };
  const head = reportHead(gathered, digest);
  const journalIn = new Map(kept.map(({ rotationId, entries }) => [rotationId, entries]));
  return {
    ...head,
    journals: head.rotations.map(({ rotationId }) => ({
      rotationId,
      entries: journalIn.get(rotationId) ?? [],
    })),
  };
}

/** As its file holds it. */
export function textOf({ journals, ...head }: EvidenceReport): string {
  const { start, end } = reportFrame(head);
  const texts = journals.map(({ rotationId, entries }) => journalText(rotationId, entries));
  return start + texts.join(',\n') + end;
}

/** A name that is markup, script, formula and a turned line at once. */
export const hostileName = '"><script>alert(1)</script><img src=//evil.example/x>=\u202E\'&amp;';
