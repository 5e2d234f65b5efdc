/** What pages of evidence are put together from: tables, charts with their figures, facts. */
import { type Content, html, type Markup } from './html-text.ts';

export interface Column {
  readonly name: string;
  readonly kind?: 'number';
}

/** The first cell of each row is its heading. A narrow screen scrolls it, also by keyboard. */
export function table(
  id: string,
  caption: string,
  heads: readonly Column[],
  cells: readonly (readonly Content[])[],
): Markup {
  const end = ({ kind }: Column) => (kind === 'number' ? html` class="number"` : '');
  const head = heads.map((each) => html`<th scope="col"${end(each)}>${each.name}</th>`);
  const body = cells.map(
    (row) =>
      html`<tr>${row.map((cell, index) =>
        index === 0
          ? html`<th scope="row">${cell}</th>`
          : html`<td${end(heads[index] ?? { name: '' })}>${cell}</td>`,
      )}</tr>
`,
  );
  return html`<div class="wide" role="group" aria-labelledby="${id}" tabindex="0"><table>
<caption id="${id}">${caption}</caption>
<thead><tr>${head}</tr></thead>
<tbody>
${body}</tbody></table></div>
`;
}

/** A chart under its heading, with what it shows in a sentence and the figures to unfold. */
export function figure(
  id: string,
  title: string,
  description: string,
  drawing: Markup | null,
  figures: { readonly heads: readonly Column[]; readonly cells: readonly (readonly Content[])[] },
): Markup {
  const shown = table(`${id}-table`, `${title}, as a table`, figures.heads, figures.cells);
  const unfolds = html`<details><summary>${title}: the figures</summary>${shown}</details>`;
  return html`<figure><h3 id="${id}">${title}</h3>
${drawing === null ? '' : scrolled(id, drawing)}<figcaption>${description}</figcaption>${
    figures.cells.length === 0 ? '' : unfolds
  }</figure>
`;
}

function scrolled(id: string, drawing: Markup): Markup {
  return html`<div class="wide" role="group" aria-labelledby="${id}" tabindex="0">${drawing}</div>
`;
}

/** Names and what they stand for, one under the other. */
export function facts(list: readonly (readonly [name: string, content: Content])[]): Markup {
  return html`<dl>${list.map(([name, content]) => html`<dt>${name}</dt><dd>${content}</dd>`)}</dl>
`;
}

export function bullets(list: readonly Content[]): Markup {
  return html`<ul>${list.map((each) => html`<li>${each}</li>`)}</ul>
`;
}

export function section(id: string, title: string, ...content: readonly Content[]): Markup {
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${title}</h2>
${content}</section>
`;
}
