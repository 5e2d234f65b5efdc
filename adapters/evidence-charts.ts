/**
 * Charts as SVG without script or style of their own: colours come from the page, by class. Each
 * says in its title and description what it shows; the page has the same figures as a table.
 */
import { bin, max } from 'd3-array';
import { scaleBand, scaleLinear } from 'd3-scale';
import { type Content, html, type Markup } from './html-text.ts';

export interface ChartText {
  /** Of the page's own: an id, a heading, and what is to be seen in one sentence. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
}

export interface Bar {
  readonly label: string;
  readonly value: number;
}

/** In units of the drawing, which is scaled to the page. */
const [width, height] = [560, 260];
const edge = { top: 20, right: 16, bottom: 44, left: 48 };

/** More would run into each other, and are left out: the table has them all. */
const mostNames = 10;

/** Marks on an axis of counts stand at whole numbers. */
function countTicks(most: number): readonly number[] {
  return scaleLinear([0, most], [0, 1]).ticks(5).filter(Number.isInteger);
}

/** Bars that stand beside each other, under one axis of whole numbers. */
export function columns(text: ChartText, bars: readonly Bar[], axis: string): Markup {
  const most = Math.max(1, max(bars, ({ value }) => value) ?? 1);
  const y = scaleLinear([0, most], [height - edge.bottom, edge.top]).nice();
  const names = bars.map((_, index) => String(index));
  const x = scaleBand(names, [edge.left, width - edge.right]).padding(0.15);
  const base = y(0);
  const every = Math.ceil(bars.length / mostNames);
  const drawn = bars.map(({ label, value }, index) => {
    const left = x(String(index)) ?? edge.left;
    const middle = left + x.bandwidth() / 2;
    const top = y(value);
    return html`<rect class="bar" x="${n(left)}" y="${n(top)}" width="${n(x.bandwidth())}"
 height="${n(base - top)}"/>${
   value === 0
     ? ''
     : html`<text class="value" x="${n(middle)}" y="${n(top - 3)}"
 text-anchor="middle">${value}</text>`
 }${
   index % every === 0
     ? html`<text x="${n(middle)}" y="${n(base + 16)}" text-anchor="middle">${label}</text>`
     : ''
 }`;
  });
  const grid = lines(countTicks(most), y, String);
  return svg(text, height, [grid, drawn, baseline(base), below(axis)]);
}

/** Bars that lie under each other, each with its name before it. */
export function rows(text: ChartText, bars: readonly Bar[]): Markup {
  const [left, step] = [150, 22];
  const most = Math.max(1, max(bars, ({ value }) => value) ?? 1);
  const x = scaleLinear([0, most], [left, width - 48]);
  const drawn = bars.map(({ label, value }, index) => {
    const y = edge.top + index * step;
    return html`<text x="${left - 8}" y="${y + 13}" text-anchor="end">${label}</text><rect
 class="bar" x="${left}" y="${y}" width="${n(x(value) - left)}" height="${step - 6}"/><text
 class="value" x="${n(x(value) + 5)}" y="${y + 13}">${value}</text>`;
  });
  return svg(text, edge.top * 2 + bars.length * step, drawn);
}

export interface Point {
  readonly label: string;
  /** null where there is nothing to show, which is no zero. */
  readonly value: number | null;
  readonly said: string;
}

/** Points over time, joined where they follow one another without a gap. */
export function course(
  text: ChartText,
  points: readonly Point[],
  of: { readonly axis: string; readonly most?: number; readonly tick?: (value: number) => string },
): Markup {
  const highest = of.most ?? Math.max(1, max(points, ({ value }) => value ?? 0) ?? 1);
  const y = scaleLinear([0, highest], [height - edge.bottom, edge.top]).nice();
  const span: [number, number] = [edge.left + 24, width - edge.right - 24];
  const x = scaleLinear([0, Math.max(1, points.length - 1)], span);
  const at = (index: number) => (points.length === 1 ? (span[0] + span[1]) / 2 : x(index));
  const joined = points.flatMap(({ value }, index) => {
    const before = points[index - 1]?.value ?? null;
    if (value === null || before === null) return [];
    return [
      html`<line class="course" x1="${n(at(index - 1))}" y1="${n(y(before))}" x2="${n(at(index))}"
 y2="${n(y(value))}"/>`,
    ];
  });
  const every = Math.ceil(points.length / mostNames);
  const drawn = points.map(({ label, value, said }, index) => [
    value === null
      ? ''
      : html`<circle class="point" cx="${n(at(index))}" cy="${n(y(value))}" r="4"/><text
 class="value" x="${n(at(index))}" y="${n(y(value) - 8)}" text-anchor="middle">${
   index % every === 0 ? said : ''
 }</text>`,
    index % every === 0
      ? html`<text x="${n(at(index))}" y="${height - edge.bottom + 16}"
 text-anchor="middle">${label}</text>`
      : '',
  ]);
  const grid = lines(y.ticks(5), y, of.tick ?? String);
  return svg(text, height, [grid, joined, drawn, baseline(y(0)), below(of.axis)]);
}

/** Values in some eight spans of round ends, from zero on; the last one has its end in it. */
export function spans(values: readonly number[], unit: string): readonly Bar[] {
  const most = max(values);
  if (most === undefined) return [];
  const scale = scaleLinear([0, Math.max(1, most)], [0, 1]).nice(8);
  const [, end = 1] = scale.domain();
  const inner = scale.ticks(8).filter((tick) => tick > 0 && tick < end);
  return bin<number, number>()
    .domain([0, end])
    .thresholds(inner)(values)
    .map(({ x0 = 0, x1 = end, length }) => ({ label: `${x0}–${x1}${unit}`, value: length }));
}

function lines(
  ticks: readonly number[],
  y: (value: number) => number,
  said: (value: number) => string,
): Markup {
  return html`${ticks.map(
    (
      tick,
    ) => html`<line class="grid" x1="${edge.left}" x2="${width - edge.right}" y1="${n(y(tick))}"
 y2="${n(y(tick))}"/><text x="${edge.left - 6}" y="${n(y(tick) + 4)}" text-anchor="end">${said(
   tick,
 )}</text>`,
  )}`;
}

function baseline(y: number): Markup {
  return html`<line class="axis" x1="${edge.left}" x2="${width - edge.right}" y1="${n(y)}"
 y2="${n(y)}"/>`;
}

function below(axis: string): Markup {
  return html`<text x="${(edge.left + width - edge.right) / 2}" y="${height - 8}"
 text-anchor="middle">${axis}</text>`;
}

function svg({ id, title, description }: ChartText, tall: number, content: Content): Markup {
  return html`<svg role="img" aria-labelledby="${id}-title ${id}-desc"
 viewBox="0 0 ${width} ${tall}">
<title id="${id}-title">${title}</title><desc id="${id}-desc">${description}</desc>
${content}</svg>`;
}

/** Places to a tenth of a unit: no more can be seen, and the text stays the same everywhere. */
function n(value: number): number {
  return Math.round(value * 10) / 10;
}
