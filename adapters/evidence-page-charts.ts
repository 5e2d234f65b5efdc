/** The charts of a page of evidence, each with its figures as a table. */
import { type Compliance, complianceSums } from '../domain/compliance.ts';
import {
  byStageAndOutcome,
  type EvidenceFigures,
  hoursToRotate,
} from '../domain/evidence-figures.ts';
import { inUtcWords } from '../domain/instant.ts';
import { type Bar, columns, course, type Point, rows, spans } from './evidence-charts.ts';
import { type Column, figure } from './evidence-page-parts.ts';
import { html, type Markup } from './html-text.ts';

export function charts(figures: EvidenceFigures, asked: readonly Compliance[]): Markup {
  const drawn = [stages, ages, durations, medians, endings].map((chart) => chart(figures));
  return html`<div class="charts">
${drawn}${complianceOver(asked)}</div>
`;
}

const number = 'number' as const;

function counts(what: string, bars: readonly Bar[]) {
  const heads: readonly Column[] = [{ name: what }, { name: 'Rotations', kind: number }];
  return { heads, cells: bars.map(({ label, value }) => [label, value]) };
}

function stages({ rotations }: EvidenceFigures): Markup {
  const text = {
    id: 'stages',
    title: 'Rotations by stage and outcome',
    description: `Where each of ${counted(rotations.length)} stood in the latest report.`,
  };
  const bars = byStageAndOutcome(rotations).map(({ what, count }) => ({
    label: what,
    value: count,
  }));
  const drawing = rotations.length === 0 ? null : rows(text, bars);
  return figure(text.id, text.title, text.description, drawing, counts('Stage', bars));
}

function ages({ rotations }: EvidenceFigures): Markup {
  const all = rotations.map(({ figures }) => figures.keyAgeDays);
  const bars = spans(all, '');
  const text = {
    id: 'ages',
    title: 'Age of keys when they were claimed',
    description:
      `Days from creation to claim of the keys of ${counted(all.length)}. Keys that nobody ` +
      'claimed are not in it.',
  };
  const drawing = all.length === 0 ? null : columns(text, bars, 'days');
  return figure(text.id, text.title, text.description, drawing, counts('Days', bars));
}

function durations(figures: EvidenceFigures): Markup {
  const hours = hoursToRotate(figures);
  const bars = spans(
    hours.map((each) => each / 24),
    '',
  );
  const text = {
    id: 'durations',
    title: 'Time to rotate',
    description:
      `Days from claim to end of ${counted(hours.length)} that ended as rotated: approval, ` +
      'overlap and soak included.',
  };
  const drawing = hours.length === 0 ? null : columns(text, bars, 'days');
  return figure(text.id, text.title, text.description, drawing, counts('Days', bars));
}

function medians({ periods }: EvidenceFigures): Markup {
  const said = (hours: number) => `${Math.round((hours / 24) * 10) / 10}`;
  const points: readonly Point[] = periods.map(({ period, sums }) => {
    const hours = sums.hoursToRotate?.median ?? null;
    const value = hours === null ? null : hours / 24;
    return { label: label(period.name), value, said: hours === null ? '' : said(hours) };
  });
  const text = {
    id: 'medians',
    title: 'Median time to rotate, by period',
    description: 'Days from claim to end, the middle one of those that ended as rotated in each.',
  };
  const drawing = points.every(({ value }) => value === null)
    ? null
    : course(text, points, { axis: 'days' });
  const heads: readonly Column[] = [
    { name: 'Period' },
    { name: 'Median, hours', kind: number },
    { name: 'Longest, hours', kind: number },
  ];
  const cells = periods.map(({ period, sums }) => [
    period.name,
    sums.hoursToRotate?.median ?? 'none rotated',
    sums.hoursToRotate?.max ?? 'none rotated',
  ]);
  return figure(text.id, text.title, text.description, drawing, { heads, cells });
}

function endings({ periods }: EvidenceFigures): Markup {
  const bars = periods.map(({ period, sums }) => ({
    label: label(period.name),
    value: sums.done.rotated + sums.done.retired,
  }));
  const text = {
    id: 'endings',
    title: 'Keys replaced or retired, by period',
    description: 'Rotations that ended as rotated or retired in each period.',
  };
  return figure(
    text.id,
    text.title,
    text.description,
    columns(text, bars, 'period'),
    counts('Period', bars),
  );
}

/** `W45` of a week: its year stands in the table. */
function label(name: string): string {
  return name.replace(/^\d{4}-(?=W\d{2}$)/, '').slice(0, 8);
}

function counted(count: number): string {
  return count === 1 ? '1 rotation' : `${count} rotations`;
}

function complianceOver(asked: readonly Compliance[]): Markup {
  const title = 'Compliance over time, by AWS Config';
  if (asked.length === 0) {
    const why =
      'No answer of AWS Config was given with the reports, so nothing is known of it here: ' +
      'evidence -- compliance asks for one.';
    return figure('compliance', title, why, null, { heads: [], cells: [] });
  }
  const text = {
    id: 'compliance',
    title,
    description:
      'Percent of the users whom a rule on the age of access keys judged, and found compliant. ' +
      'Users whom none judged are in the table only.',
  };
  const points: readonly Point[] = asked.map((answer) => {
    const { compliant, nonCompliant } = complianceSums(answer);
    const judged = compliant + nonCompliant;
    const value = judged === 0 ? null : (100 * compliant) / judged;
    const said = value === null ? '' : `${Math.floor(value * 10) / 10} %`;
    return { label: answer.askedAt.slice(5, 10), value, said };
  });
  const drawing = points.every(({ value }) => value === null)
    ? null
    : course(text, points, { axis: 'asked on', most: 100, tick: (value) => `${value} %` });
  const heads: readonly Column[] = [
    { name: 'Asked' },
    { name: 'Of' },
    { name: 'Account' },
    { name: 'Users', kind: number },
    { name: 'Compliant', kind: number },
    { name: 'Non-compliant', kind: number },
    { name: 'Not evaluated', kind: number },
    { name: 'By the rules' },
  ];
  const cells = asked.flatMap(({ askedAt, askedOf, accounts, rules }) =>
    accounts.map((each) => [
      inUtcWords(askedAt),
      askedOf.aggregator === null ? askedOf.region : `aggregator ${askedOf.aggregator}`,
      each.account,
      each.users,
      each.compliant,
      each.nonCompliant,
      each.notEvaluated,
      rules.join(', '),
    ]),
  );
  return figure(text.id, text.title, text.description, drawing, { heads, cells });
}
