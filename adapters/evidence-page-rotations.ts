/** The part of a page of evidence that tells of each rotation, its journal in words to unfold. */
import { entryText } from '../domain/entry-text.ts';
import type { RotationTold } from '../domain/evidence-figures.ts';
import { inUtcWords } from '../domain/instant.ts';
import type { JournalEntry } from '../domain/journal.ts';
import { shortKey } from '../domain/key.ts';
import { actorName } from '../domain/people.ts';
import { bullets, facts, table } from './evidence-page-parts.ts';
import { type Content, html, type Markup } from './html-text.ts';

/** In the order in which they are given. */
export function rotationList(rotations: readonly RotationTold[]): Markup {
  if (rotations.length === 0)
    return html`<p>No rotation changed.</p>
`;
  return html`${rotations.map(rotationPart)}`;
}

function rotationPart(told: RotationTold, index: number): Markup {
  const { record, entries } = told;
  const id = `rotation-${index + 1}`;
  const where = `${record.account}/${record.userName}`;
  const state = record.outcome === null ? record.stage : `done: ${record.outcome}`;
  const key = shortKey(record.oldKeyId);
  return html`<details id="${id}"><summary>${where}, key ${key}: ${state}</summary>
${facts(factsOf(told))}${journal(id, entries)}</details>
`;
}

function factsOf({
  record,
  figures,
  entries,
}: RotationTold): readonly (readonly [string, Content])[] {
  const { key } = entries.at(-1)?.state ?? {};
  const tags = Object.entries(key?.user.tags ?? {}).map(([name, value]) => `${name} = ${value}`);
  const acts = record.acts.map(
    ({ act, by, at }) => `${act} by ${actorName(by)}, ${inUtcWords(at)}`,
  );
  return [
    ['Rotation', record.rotationId],
    ['User', `${record.userName} (${record.userId}) in ${record.partition}/${record.account}`],
    ['Kind', record.kind === 'replace' ? 'the key is replaced' : 'the unused key is retired'],
    ['Old key', `${record.oldKeyId}, ${figures.keyAgeDays} days old when it was claimed`],
    ['New key', record.newKeyId ?? 'none'],
    ['Claimed', inUtcWords(record.openedAt)],
    [
      'Ended',
      record.endedAt === null
        ? `not by the end of the reports (${record.stage})`
        : `${inUtcWords(record.endedAt)}: ${record.outcome}, after ${record.hoursToEnd} hours`,
    ],
    ['People', acts.length === 0 ? 'nobody approved, attested or forced it' : bullets(acts)],
    ['Tags', tags.length === 0 ? 'none' : bullets(tags)],
    [
      'Journal',
      html`${record.entryCount} entries, the last with hash <code>${record.lastHash}</code>`,
    ],
    ...(record.problems.length === 0
      ? []
      : ([['Problems', html`<div class="bad">${bullets(record.problems)}</div>`]] as const)),
  ];
}

function journal(id: string, entries: readonly JournalEntry[]): Markup {
  const cells = entries.map((entry) => {
    const { version, at, who, what, move, why } = entryText(entry);
    return [
      version,
      inUtcWords(at),
      who,
      move === null ? what : html`${what} <strong>(${move})</strong>`,
      why.length === 0 ? '' : bullets(why),
    ];
  });
  const heads = ['No.', 'When', 'Who', 'What', 'Why'].map((name) => ({ name }));
  return table(`${id}-journal`, 'Its journal in words', heads, cells);
}
