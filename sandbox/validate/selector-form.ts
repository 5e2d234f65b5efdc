/** Whether a text has the form of a JSONPath. What it finds is known only in a run. */
import type { Json } from '../runner/json.ts';
import { isOpen } from './references.ts';

/** What is wrong, or undefined. */
export function pathProblem(selector: Json | undefined): string | undefined {
  if (selector === undefined || selector === null || selector === '') return 'is missing';
  if (typeof selector !== 'string') return `is not a text: ${JSON.stringify(selector)}`;
  if (isOpen(selector)) return undefined;
  if (!selector.startsWith('$')) return `is no JSONPath, it does not start with $: ${selector}`;
  if (!/^\$(?:$|[.[])/.test(selector)) return `is no JSONPath: ${selector}`;
  if (/[^.\s]\.$|\s$|\.{3}/.test(selector)) return `is no JSONPath: ${selector}`;
  return isBalanced(selector) ? undefined : `is no JSONPath, a bracket is not closed: ${selector}`;
}

function isBalanced(selector: string): boolean {
  const closing: Readonly<Record<string, string>> = { '[': ']', '(': ')' };
  const open: string[] = [];
  let quote = '';
  for (const [index, sign] of [...selector].entries()) {
    if (quote !== '') {
      if (sign === quote && selector[index - 1] !== '\\') quote = '';
    } else if (sign === "'" || sign === '"') {
      quote = sign;
    } else if (closing[sign] !== undefined) {
      open.push(closing[sign]);
    } else if ((sign === ']' || sign === ')') && open.pop() !== sign) {
      return false;
    }
  }
  return quote === '' && open.length === 0;
}
