/**
 * Evidence as one page for people: charts, figures, what it says to standards, and each rotation
 * with its journal in words. The page needs nothing from anywhere else and runs nothing; a browser
 * is told to allow neither.
 */
import type { BeforeAfter } from '../domain/before-after.ts';
import type { Compliance } from '../domain/compliance.ts';
import { controlMappings, mappingNote } from '../domain/control-mappings.ts';
import type { EvidenceFigures } from '../domain/evidence-figures.ts';
import type { ReportHead } from '../domain/evidence-report.ts';
import { inUtcWords } from '../domain/instant.ts';
import { charts } from './evidence-page-charts.ts';
import { comparison } from './evidence-page-compared.ts';
import { inventories } from './evidence-page-inventory.ts';
import { bullets, section, table } from './evidence-page-parts.ts';
import { rotationList } from './evidence-page-rotations.ts';
import { htmlPage } from './html-page.ts';
import { type Content, html, type Markup } from './html-text.ts';

export interface PageOf {
  /** In the order of time. */
  readonly reports: readonly ReportHead[];
  readonly figures: EvidenceFigures;
  readonly compared: BeforeAfter;
  /** What AWS Config said, in the order of time. */
  readonly compliance: readonly Compliance[];
  /** What verifying found, by the name of the report, or of another file that is not whole. */
  readonly problems: ReadonlyMap<string, readonly string[]>;
}

export function evidencePage(page: PageOf): string {
  const { figures } = page;
  const names = figures.periods.map(({ period }) => period.name);
  const last = names.at(-1) ?? '';
  const span = names.length > 1 ? `${names[0]} to ${last}` : last;
  const title = `Access key rotations of stage ${figures.stage}: evidence of ${span}`;
  const body = [
    html`<header><h1>${title}</h1></header>
<main>
`,
    contents,
    reportsSection(page),
    section('charts', 'Charts', charts(figures, page.compliance)),
    section('inventory', 'Inventory', inventories(page.reports)),
    section('compared', 'With Keyturn and by hand', comparison(page.compared)),
    mappingSection(),
    section('rotations', 'Rotations', rotationList(figures.rotations)),
    html`</main>
`,
  ];
  return htmlPage(title, body);
}

const parts = [
  ['reports', 'Reports'],
  ['charts', 'Charts'],
  ['inventory', 'Inventory'],
  ['compared', 'With Keyturn and by hand'],
  ['standards', 'What it says to standards'],
  ['rotations', 'Rotations'],
] as const;

const contents = html`<nav aria-label="Contents">${bullets(
  parts.map(([id, name]) => html`<a href="#${id}">${name}</a>`),
)}</nav>
`;

function reportsSection({ reports, problems }: PageOf): Markup {
  const cells = reports.map(({ period, sums, madeAt, digest }) => {
    const { done } = sums;
    const found = problems.get(period.name) ?? [];
    return [
      period.name,
      `${inUtcWords(period.from)} to ${inUtcWords(period.to)}`,
      sums.rotations,
      sums.opened,
      done.rotated,
      done.retired,
      done['already gone'] + done.exempt + done.abandoned,
      sums.held,
      verdict(found),
      html`made ${inUtcWords(madeAt)}, digest <code>${digest}</code>`,
    ];
  });
  const number = 'number' as const;
  const heads = [
    { name: 'Report' },
    { name: 'Of' },
    { name: 'Rotations', kind: number },
    { name: 'Opened', kind: number },
    { name: 'Rotated', kind: number },
    { name: 'Retired', kind: number },
    { name: 'Ended otherwise', kind: number },
    { name: 'On hold', kind: number },
    { name: 'Verified' },
    { name: 'Which' },
  ];
  const all = [...problems].flatMap(([name, found]) =>
    found.map((problem) => `${name}: ${problem}`),
  );
  return section(
    'reports',
    'Reports',
    table('reports-table', 'The reports that this page is made of', heads, cells),
    all.length === 0 ? '' : html`<h3>What is wrong with them</h3>${bullets(all)}`,
    html`<p class="soft">This page is for reading and proves nothing by itself: the JSON of each
report does, by <code>npm run --silent evidence -- verify</code>. Times are in UTC.</p>
`,
  );
}

function verdict(found: readonly string[]): Content {
  if (found.length === 0) return 'whole';
  const count = found.length === 1 ? '1 problem' : `${found.length} problems`;
  return html`<span class="bad">${count}</span>`;
}

function mappingSection(): Markup {
  const heads = ['Standard', 'Requirement', 'Asks for', 'Shown here', 'Not shown here'];
  const cells = controlMappings.map((each) => [
    each.standard,
    each.requirements,
    each.asks,
    each.shows,
    each.doesNotShow,
  ]);
  return section(
    'standards',
    'What it says to standards',
    html`<p>${mappingNote}</p>
`,
    table(
      'standards-table',
      'Requirements that a report says something about',
      heads.map((name) => ({ name })),
      cells,
    ),
  );
}
