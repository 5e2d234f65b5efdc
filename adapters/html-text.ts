/**
 * HTML and SVG as text in which nothing from outside is ever markup: whatever is put into a
 * template is escaped, in text as in quoted attributes, unless it is such markup itself.
 */
import { nothingHidden } from './cut-text.ts';

/** Markup that may go into a page as it is. Only the template below makes it. */
export interface Markup {
  readonly markup: string;
}

/** What a template takes: outside text and numbers, markup, and lists of it. */
export type Content = string | number | Markup | readonly Content[];

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * Outside text as text of a page or of an attribute in quotes. What cannot be seen, or turns the
 * direction of a line, becomes a number.
 */
export function escaped(text: string): string {
  return nothingHidden(text).replaceAll(/[&<>"']/g, (mark) => entities[mark] ?? '');
}

/** A template: its own text is markup, all else is escaped. */
export function html(own: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  const markup = own.map((text, index) => text + rendered(contents[index] ?? '')).join('');
  return { markup };
}

function rendered(content: Content): string {
  if (typeof content === 'string') return escaped(content);
  if (typeof content === 'number') return escaped(String(content));
  if ('markup' in content) return content.markup;
  return content.map(rendered).join('');
}
