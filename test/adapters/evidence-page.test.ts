/** The page of evidence: valid, alone, the same for the same reports, hostile names as text. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { controlMappings } from '../../domain/control-mappings.ts';
import { figuresOf } from '../../domain/evidence-figures.ts';
import type { EvidenceReport } from '../../domain/evidence-report.ts';
import { instant } from '../../domain/instant.ts';
import { answerOfConfig, pageOf } from '../evidence-pages.ts';
import { hostileName, journalOf, reportOf, rewritten } from '../evidence-reports.ts';
import { expectGolden } from '../golden-file.ts';
import { pageProblems } from '../page-problems.ts';

const whole = ['svc-billing-export', 'svc-mobile-push', 'svc-legacy-sync'].map(journalOf);
const first = reportOf('2026-11-02', whole);
const second = reportOf('2026-11-09', whole, first);

describe('a page', () => {
  test('of a small report is the golden one', () => {
    const page = pageOf([reportOf('2026-11-02', [journalOf('svc-archive')])]);
    expectGolden('evidence/page.html', page);
    expect(pageProblems(page)).toEqual([]);
  });

  test('of several weeks is valid, and has every chart and every rotation', () => {
    const page = pageOf([first, second]);
    expect(pageProblems(page)).toEqual([]);
    expect(page.match(/<svg /g)).toHaveLength(5);
    expect(page).toContain('No answer of AWS Config was given');
    expect(page.match(/<details id="rotation-/g)).toHaveLength(3);
    for (const { record } of figuresFor([first, second])) {
      expect(page).toContain(`${record.account}/${record.userName}`);
      expect(page).toContain(record.lastHash);
    }
    for (const { doesNotShow, shows } of controlMappings) {
      for (const text of [doesNotShow, shows]) {
        expect(page).toContain(text.replaceAll("'", '&#39;'));
      }
    }
    expect(page).toContain('approved by Ada Approver');
  });

  test('of a week in which nothing happened is valid, and invents nothing', () => {
    const page = pageOf([reportOf('2026-10-05', whole)]);
    expect(pageProblems(page)).toEqual([]);
    expect(page).toContain('No rotation changed.');
    expect(page).toContain('none rotated');
    expect(page).not.toMatch(/NaN|undefined|null/);
  });

  test('names what is not whole, and by which report', () => {
    const edited = { ...first, sums: { ...first.sums, opened: 99 } };
    const page = pageOf([edited, second]);
    expect(page).toContain('<span class="bad">2 problems</span>');
    expect(page).toContain('2026-W45: the sums says opened 99, by the journals it is 3');
    expect(page.match(/<td>whole<\/td>/g)).toHaveLength(1);
  });

  test('allows its own style and nothing else', () => {
    const page = pageOf([first]);
    const [, style = ''] = /<style>([\s\S]*?)<\/style>/.exec(page) ?? [];
    const hash = createHash('sha256').update(style).digest('base64');
    expect(page).toContain(`style-src &#39;sha256-${hash}&#39;`);
    expect(style).toContain('prefers-color-scheme: dark');
    expect(style).toContain('@media print');
    expect(page.replaceAll(/<code>[^<]*<\/code>/g, '')).not.toMatch(/https?:|\/\/\w/);
  });
});

function figuresFor(reports: readonly EvidenceReport[]) {
  const figures = figuresOf(reports);
  return figures.ok ? figures.value.rotations : [];
}

test('what Config said is drawn over time, and in a table whatever it is', () => {
  const hostile = { aggregator: hostileName, rule: hostileName };
  const page = pageOf([first], null, [
    answerOfConfig('02', 2, 1, hostile),
    answerOfConfig('09', 0, 0, hostile),
    answerOfConfig('16', 3, 0, hostile),
  ]);
  expect(pageProblems(page)).toEqual([]);
  expect(page).toContain('>66.6 %</text>');
  expect(page).toContain('>100 %</text>');
  expect(page.match(/<circle/g)).toHaveLength(1 + 2);
  const none = pageOf([first], null, [answerOfConfig('09', 0, 0, hostile)]);
  expect(none).toContain('Compliance over time, by AWS Config: the figures');
  expect(none).not.toMatch(/NaN/);
});

describe('hostile text', () => {
  const inJson = JSON.stringify(hostileName).slice(1, -1);

  test.each(['svc-archive', 'Ada Approver', 'U0OLIVIA', 'aws-sdk-js/3', '203.0.113.17'])(
    'in place of %s stays text',
    (place) => {
      const entries = ['svc-archive', 'svc-billing-export'].map((name) =>
        rewritten(journalOf(name), (text) => text.replaceAll(place, inJson)),
      );
      const page = pageOf([reportOf('2026-11-02', entries)]);
      expect(pageProblems(page)).toEqual([]);
      expect(page).toContain('&lt;script&gt;alert(1)');
      expect(page).not.toMatch(/<script|<img|\u202E/);
    },
  );

  test('in the stage, a time zone and an incident stays text', () => {
    const hostile = { ...first, stage: hostileName };
    const noted = { at: instant('2026-10-01T00:00:00Z'), kind: hostileName, minutes: 5 };
    const page = pageOf([hostile], [noted]);
    expect(pageProblems(page)).toEqual([]);
    expect(page.match(/&lt;script&gt;/g)?.length).toBeGreaterThan(2);
  });
});

describe('the check of pages', () => {
  const page = pageOf([first]);

  test.each([
    ['a script', '<main>', '<main><script></script>'],
    ['what is fetched', '<main>', '<main><a href="https://evil.example">a</a>'],
    ['an id twice', '<main>', '<main><p id="reports"></p>'],
    ['a tag left open', '</main>', ''],
    ['what runs', '<main>', '<main><p onclick="a()"></p>'],
    ['loose text', '<main>', '<main>a > b'],
    ['a link in vain', 'href="#reports"', 'href="#report"'],
    ['another policy', 'default-src &#39;none&#39;', 'default-src *'],
    ['a heading without scope', '<th scope="col">', '<th>'],
    ['a table without caption', /<caption.*?<\/caption>/, ''],
  ])('finds %s', (_, from, to) => {
    expect(pageProblems(page.replace(from, to)).length).toBeGreaterThan(0);
  });
});
