/** The part of a page of evidence that sets Keyturn beside rotating by hand. */
import type { BeforeAfter, IncidentSum } from '../domain/before-after.ts';
import { inUtcWords } from '../domain/instant.ts';
import { bullets, table } from './evidence-page-parts.ts';
import { html, type Markup } from './html-text.ts';

export function comparison(compared: BeforeAfter): Markup {
  const { from, to, finished, manualMinutes: manual, hours, failed } = compared;
  const cells = [
    ['Keys replaced or retired', finished, finished],
    [
      'Minutes of people, all',
      `${compared.minutes} (${compared.presses} presses)`,
      span(manual.least, manual.most),
    ],
    [
      'Minutes of people, each',
      compared.minutesEach ?? 'none finished',
      finished === 0 ? 'none finished' : span(manual.least / finished, manual.most / finished),
    ],
    [
      'Hours from claim to end',
      hours === null ? 'none rotated' : `median ${hours.median}, longest ${hours.max}`,
      unknown,
    ],
    ['Abandoned', failed.abandoned, unknown],
    ['Ever on hold', failed.heldEver, unknown],
    ['Rolled back', failed.rollBacks, unknown],
    ['Runs that failed', failed.failedRuns, unknown],
    ['Runs that refused, since the evidence was not safe', failed.refusedRuns, unknown],
    ['Pages', compared.pages, unknown],
  ];
  const heads = ['What', 'With Keyturn', 'By hand'].map((name) => ({ name }));
  const caption = `From ${inUtcWords(from)} to ${inUtcWords(to)}`;
  return html`${table('compared-table', caption, heads, cells)}<h3>Incidents</h3>
${incidents(compared)}<h3>Assumptions</h3>
${bullets(compared.assumptions)}`;
}

const unknown = 'not known';

function span(least: number, most: number): string {
  return least === most ? `${least}` : `${least} to ${most}`;
}

function incidents({ incidents: noted }: BeforeAfter): Markup {
  if (noted === null) {
    return html`<p>None were imported: of incidents nothing is known, not that there were none.</p>
`;
  }
  const of = (when: string, sums: readonly IncidentSum[]) =>
    sums.map(({ kind, count, minutes }) => [when, kind, count, minutes]);
  const cells = [
    ...of('before the first report', noted.before),
    ...of('in the time of the reports', noted.during),
    ...of('after the last report', noted.after),
  ];
  if (cells.length === 0)
    return html`<p>The file that was imported names none.</p>
`;
  const number = 'number' as const;
  return table(
    'incidents-table',
    'Incidents as they were imported',
    [
      { name: 'When' },
      { name: 'Kind' },
      { name: 'Incidents', kind: number },
      { name: 'Minutes', kind: number },
    ],
    cells,
  );
}
