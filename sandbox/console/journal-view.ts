/** A rotation's journal in words, each entry with its orders, what became of them, and its hash. */
import type { Performed } from '../../app/performed.ts';
import type { Effect } from '../../domain/effect.ts';
import { entryText } from '../../domain/entry-text.ts';
import { unreachable } from '../../domain/errors.ts';
import type { JournalEntry } from '../../domain/journal.ts';
import type { LogLine } from '../memory-log.ts';
import type { EffectView, EntryView, RunView } from './view.ts';

export function journalView(
  journal: readonly JournalEntry[],
  runs: readonly RunView[],
  ends: ReadonlyMap<string, LogLine>,
): readonly EntryView[] {
  return journal.map((entry) => {
    const { version, at, who, what, why } = entryText(entry);
    return {
      version,
      at,
      who,
      event: entry.event.type,
      what,
      from: entry.from,
      to: entry.to,
      why,
      effects: entry.effects.map(({ id, effect }): EffectView => {
        const end = ends.get(id);
        return {
          id,
          type: effect.type,
          text: effectInWords(effect),
          end: end === undefined ? 'outstanding' : endInWords(end),
          endedAt: end?.at ?? null,
          run: runs.find((run) => run.effect === id) ?? null,
        };
      }),
      hash: entry.hash,
      previousHash: entry.previousHash,
      kept: keptText(entry),
    };
  });
}

/** The state that follows is left out: it is long, and of the last entry it is on the page. */
function keptText({ state: _, ...entry }: JournalEntry): string {
  return JSON.stringify(entry, null, 2);
}

/** What was last noted of each order, by its id. Each line of the log is read once. */
export function effectEnds(log: readonly LogLine[]): () => ReadonlyMap<string, LogLine> {
  const ends = new Map<string, LogLine>();
  let read = 0;
  return () => {
    for (; read < log.length; read++) {
      const line = log[read];
      const id = line?.facts.effectId;
      if (line !== undefined && typeof id === 'string') ends.set(id, line);
    }
    return ends;
  };
}

function endInWords({ message, facts }: LogLine): string {
  if (message !== 'effect') return `${message.replace('effect ', '')}: ${facts.problem}`;
  const end = facts.end as Performed;
  if (end === 'performed') return end;
  return end.told === undefined ? `superseded: ${end.superseded}` : `performed: ${end.told}`;
}

function effectInWords(effect: Effect): string {
  switch (effect.type) {
    case 'start runbook':
      return `Start runbook ${effect.runbook}`;
    case 'update message':
      return effect.news ?? 'Show the message in Slack as it stands';
    case 'tell owner':
      return `Tell the owner alone: ${effect.occasion}`;
    case 'page':
      return `Page (${effect.severity}): ${effect.summary}`;
    case 'clear page':
      return `Close the page about ${effect.about}`;
    case 'acknowledge page':
      return `Acknowledge the page about ${effect.about}`;
    case 'report change':
      return effect.summary;
    case 'announce':
      return effect.news;
    case 'publish':
      return 'Put the state on the event bus';
    case 'mark ring':
      return 'Note how it went in its ring of the roll-out';
    case 'record result':
      return `${effect.workflow}: ${effect.note}`;
    default:
      return unreachable(effect);
  }
}
