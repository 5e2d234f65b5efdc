/** The picture of the machine in docs/architecture.md is true: its arrows are the table's moves. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const repository = join(import.meta.dirname, '..', '..');
const read = (...path: string[]) => readFileSync(join(repository, ...path), 'utf8');

/** `from → to` for each arrow between two stages. */
function drawn(): readonly string[] {
  const picture = /```mermaid\nstateDiagram-v2\n([\s\S]*?)```/.exec(
    read('docs', 'architecture.md'),
  )?.[1];
  const arrows = (picture ?? '').matchAll(/^ {2}(\w+) --> (\w+)/gm);
  return [...arrows].map(([, from, to]) => `${from} → ${to}`);
}

/** The same for each line of the golden table that names another stage. */
function decided(): ReadonlySet<string> {
  const moves = new Set<string>();
  let from = '';
  for (const line of read('test', 'golden', 'machine.md').split('\n')) {
    from = /^## (?:retire: )?(\w+)/.exec(line)?.[1] ?? from;
    const to = /^\|.*\| → (\w+)/.exec(line)?.[1];
    if (to !== undefined && to !== from) moves.add(`${from} → ${to}`);
  }
  return moves;
}

test('the picture of the machine has every move of the golden table, and no other', () => {
  expect(drawn().toSorted()).toEqual([...decided()].toSorted());
  expect(drawn().length).toBeGreaterThan(15);
});
