/**
 * docs/safety.md leaves nothing out: every bug that has a regression test, every promise that is
 * checked, and every mistake that is planted stands in its tables, and nothing that is not there.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { invariants } from '../../sandbox/simulation/invariants/all.ts';

const repository = join(import.meta.dirname, '..', '..');
const page = readFileSync(join(repository, 'docs', 'safety.md'), 'utf8');

/** The part of the page under a heading of the second level. */
function under(heading: string): string {
  const parts = page.split(/^## /m).filter((part) => part.startsWith(`${heading}\n`));
  expect(parts, `docs/safety.md has one part "## ${heading}"`).toHaveLength(1);
  return parts[0] ?? '';
}

/** The cells of each row of the tables in a part, their heads left out. */
function rowsOf(part: string): readonly (readonly string[])[] {
  const tables = part.split(/\n\n+/).filter((block) => block.startsWith('|'));
  return tables.flatMap((table) =>
    table
      .trimEnd()
      .split('\n')
      .slice(2)
      .map((line) =>
        line
          .split('|')
          .slice(1, -1)
          .map((cell) => cell.trim()),
      ),
  );
}

/** What stands in backticks. */
const quoted = (text = '') => [...text.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);

/** Names of the files of a folder that end so, without the end. */
const filesIn = (end: string, ...folder: string[]) =>
  readdirSync(join(repository, ...folder))
    .filter((file) => file.endsWith(end))
    .map((file) => file.slice(0, -end.length));

test('every bug with a regression test stands in the tables, once, and no other', () => {
  const listed = rowsOf(under('What searching found')).flatMap((cells) => quoted(cells.at(-1)));
  const tests = filesIn('.test.ts', 'test', 'regressions');
  const hint = 'each test in test/regressions/ needs its line in docs/safety.md';
  expect(listed.toSorted(), hint).toEqual(tests.toSorted());
});

test.each(['What is promised', 'How it is looked for'])('every check has its row: %s', (part) => {
  const checked = new Set(invariants.map(({ id }) => id));
  const rows = rowsOf(under(part)).map(([id]) => id ?? '');
  const ofPromises = rows.filter((id) => /^(?:[SL]\d+|stop switch)$/.test(id));
  expect(ofPromises).toEqual([...new Set(ofPromises)]);
  expect(ofPromises.toSorted()).toEqual([...checked].toSorted());
});

test('every planted mistake stands in the rows of the promises that catch it', () => {
  const rows = new Map(
    rowsOf(under('How it is looked for')).map(([id = '', ...cells]) => [id, quoted(cells.at(-1))]),
  );
  const expected = filesIn('.patch', 'test', 'mutants').flatMap((name) => {
    const patch = readFileSync(join(repository, 'test', 'mutants', `${name}.patch`), 'utf8');
    const caughtBy = /^Caught by: (.+)$/m.exec(patch)?.[1] ?? '';
    return caughtBy.split(', ').map((id) => `${id}: ${name}`);
  });
  const listed = [...invariants].flatMap(({ id }) =>
    (rows.get(id) ?? []).map((name) => `${id}: ${name}`),
  );
  expect(listed.toSorted()).toEqual(expected.toSorted());
});

test('every file that the page names is there', () => {
  const paths = quoted(page).filter((name) =>
    /^(?:app|domain|adapters|sandbox|test)\/\S+$/.test(name),
  );
  expect(paths.length).toBeGreaterThan(30);
  const missing = paths.filter((path) => {
    const parts = path.replace(/\/$/, '').split('/');
    const name = parts.pop() ?? '';
    return !readdirSync(join(repository, ...parts)).includes(name);
  });
  expect(missing).toEqual([]);
});
