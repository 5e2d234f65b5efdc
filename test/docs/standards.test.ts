/** The table of standards in docs/evidence.md says what the page of evidence says, row by row. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { controlMappings, mappingNote } from '../../domain/control-mappings.ts';

const repository = join(import.meta.dirname, '..', '..');
const page = readFileSync(join(repository, 'docs', 'evidence.md'), 'utf8');
const [, part = ''] = /^## Standards\n([\s\S]*?)^## /m.exec(page) ?? [];

test('the table has every row of domain/control-mappings.ts, and no other', () => {
  const rows = part.split('\n').filter((line) => line.startsWith('|'));
  expect(rows.slice(2)).toEqual(
    controlMappings.map(
      ({ standard, requirements, asks, shows, doesNotShow }) =>
        `| ${standard} | ${requirements} | ${asks} | ${shows} | ${doesNotShow} |`,
    ),
  );
  expect(part).toContain(mappingNote);
});

test('each row says what is shown and what is not, and that none is met', () => {
  for (const { shows, doesNotShow } of controlMappings) {
    expect(shows.length).toBeGreaterThan(30);
    expect(doesNotShow.length).toBeGreaterThan(30);
    expect(`${shows} ${doesNotShow}`).not.toMatch(/\b(?:compliant|complies|certified)\b/i);
  }
});
