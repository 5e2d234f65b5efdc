/** `evidence -- page` and `-- compare`: what they are asked by, write, refuse, and exit with. */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { evidenceCommand } from '../../commands/evidence.ts';
import { journalOf, reportOf, textOf } from '../evidence-reports.ts';
import { pageProblems } from '../page-problems.ts';

const folder = mkdtempSync(join(tmpdir(), 'keyturn-evidence-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

const journals = ['svc-billing-export', 'svc-legacy-sync'].map(journalOf);
const first = reportOf('2026-11-02', journals);
const second = reportOf('2026-11-09', journals, first);
const one = file('one.json', textOf(first));
const two = file('two.json', textOf(second));
const edited = file('edited.json', textOf(first).replace('"opened":2', '"opened":3'));

describe('a page', () => {
  test('is printed, or written where there is no file yet', () => {
    const printed = evidenceCommand(['page', one, two]);
    expect(printed).toMatchObject({ status: 0, errors: [] });
    expect(pageProblems(`${printed.out[0]}\n`)).toEqual([]);
    const out = join(folder, 'page.html');
    expect(evidenceCommand(['page', two, one, '--out', out])).toEqual({
      status: 0,
      out: [out],
      errors: [],
    });
    expect(readFileSync(out, 'utf8')).toBe(`${printed.out[0]}\n`);
  });

  test('is not written over a file, a report least of all, nor where there is no folder', () => {
    for (const out of [one, join(folder, 'none', 'page.html'), folder]) {
      const answer = evidenceCommand(['page', two, '--out', out]);
      expect(answer).toMatchObject({ status: 1, out: [] });
      expect(answer.errors.join()).toContain('the page cannot be written there');
    }
    expect(readFileSync(one, 'utf8')).toBe(textOf(first));
  });

  test('of what is not whole is made, says so on it, and exits 1', () => {
    const answer = evidenceCommand(['page', edited]);
    expect(answer.status).toBe(1);
    expect(answer.errors.join()).toContain('2026-W45: the sums says opened 3');
    expect(answer.out.join()).toContain('the sums says opened 3');
  });

  test('is not made of what cannot be read, each file with its reason', () => {
    const out = join(folder, 'never.html');
    const journal = { schema: 1, rotationId: 'a', entryCount: 0, lastHash: '', entries: [] };
    const alone = file('journal.json', JSON.stringify(journal));
    const csv = file('bad.csv', 'date,kind,minutes\nnow,x,1\n');
    const none = join(folder, 'none.json');
    const args = ['page', one, alone, none, '--before', csv, '--out', out];
    const answer = evidenceCommand(args);
    expect(answer).toMatchObject({ status: 1, out: [] });
    expect(answer.errors).toEqual([
      `${alone}: it is the journal of one rotation: give reports`,
      expect.stringContaining(`${none}: the file cannot be read`),
      `${csv}: line 2: date "now" is no day such as 2026-11-02, nor a moment`,
    ]);
    expect(existsSync(out)).toBe(false);
    expect(evidenceCommand(['page', one, one]).errors).toEqual([
      'the report 2026-W45 is there twice',
    ]);
  });
});

describe('a comparison', () => {
  const before = file('before.csv', 'date,kind,minutes\n2026-10-01,outage,45\n');

  test('says in lines what it rests on', () => {
    const { status, out } = evidenceCommand(['compare', one, two, '--before', before]);
    expect(status).toBe(0);
    const all = out.join('\n');
    expect(all).toContain('with Keyturn   4 minutes of people (2 presses), 2 for each');
    expect(all).toContain('by hand        12–20 minutes of people for 1');
    expect(all).toContain('before: outage 1, 45 minutes');
    expect(all).toContain('A press, or an answer to a page, takes 2 minutes');
  });

  test('takes other assumptions, and answers as JSON', () => {
    const args = ['--manual-minutes', '30', '--press-minutes', '1.5', '--json'];
    const { out } = evidenceCommand(['compare', one, ...args]);
    expect(JSON.parse(out[0] ?? '')).toMatchObject({
      finished: 1,
      manualMinutes: { least: 30, most: 30 },
      incidents: null,
      assumptions: [
        expect.stringContaining('30 minutes'),
        expect.stringContaining('1.5 minutes'),
        ...Array(4).fill(expect.any(String)),
      ],
    });
  });
});

test.each([
  [['page']],
  [['compare']],
  [['page', one, '--json']],
  [['compare', one, '--out', 'a.html']],
  [['compare', one, '--manual-minutes', '20-12']],
  [['compare', one, '--manual-minutes', '1-2-3']],
  [['compare', one, '--manual-minutes', 'ten']],
  [['compare', one, '--press-minutes', '-1']],
  [['page', one, '--title', 'x']],
  [['pages', one]],
])('%j is wrong usage', (args) => {
  const answer = evidenceCommand(args);
  expect(answer).toMatchObject({ status: 2, out: [] });
  expect(answer.errors.join()).toContain('usage:');
});
