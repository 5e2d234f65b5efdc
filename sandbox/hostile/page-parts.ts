/**
 * What a page is made of, as a browser reads it: every element with the names of its attributes.
 * Read by parse5, which follows the HTML standard's rules for parsing, errors included.
 */
import { type DefaultTreeAdapterMap, parse } from 'parse5';
import { must } from './shape.ts';

type Node = DefaultTreeAdapterMap['node'];

export interface PageParts {
  /** How often each element with these attributes is there. */
  readonly counts: ReadonlyMap<string, number>;
  /** Against the standard. */
  readonly errors: readonly string[];
  readonly text: string;
  /** Where links lead to. */
  readonly targets: readonly string[];
}

export function partsOf(page: string): PageParts {
  const errors: string[] = [];
  const document = parse(page, { onParseError: ({ code }) => void errors.push(code) });
  const counts = new Map<string, number>();
  const texts: string[] = [];
  const targets: string[] = [];
  const visit = (node: Node): void => {
    if ('attrs' in node) {
      const part = [node.tagName, ...node.attrs.map(({ name }) => name)].join(' ');
      counts.set(part, (counts.get(part) ?? 0) + 1);
      for (const { name, value } of node.attrs) if (name === 'href') targets.push(value);
    }
    if ('value' in node) texts.push(node.value);
    if ('childNodes' in node && node.nodeName !== 'style') node.childNodes.forEach(visit);
  };
  visit(document);
  return { counts, errors, text: texts.join(' '), targets };
}

/** Throws Broken if the page has a part that the plain one has not, or something hides in it. */
export function pageMustBe(page: string, plain: PageParts): void {
  const { counts, errors, text, targets } = partsOf(page);
  must(errors.length === 0, 'a page is HTML by the standard', errors);
  // Fewer there may be: two lines that have become alike are shown as one.
  const more = [...counts].filter(([part, count]) => count > (plain.counts.get(part) ?? 0));
  must(more.length === 0, 'no part comes into a page', more);
  must(
    targets.every((target) => /^#[\w-]+$/.test(target)),
    'links stay within the page',
    targets,
  );
  const hidden = /[^\P{C}\n]|[\p{Zl}\p{Zp}]/u.exec(text);
  must(hidden === null, 'nothing hides in a page', JSON.stringify(hidden));
}
