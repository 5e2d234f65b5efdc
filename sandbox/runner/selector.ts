/**
 * JSONPath selectors over an API response. Filter and script expressions are refused when the
 * document is read: nothing in a document is ever evaluated as code.
 */
import { JSONPath } from 'jsonpath-plus';
import { type Json, toJson } from './json.ts';

/** What is wrong with a selector, or undefined. */
export function selectorProblem(selector: unknown): string | undefined {
  if (typeof selector !== 'string' || !selector.startsWith('$')) {
    return `${JSON.stringify(selector)} is no JSONPath: it starts with $`;
  }
  if (/[?(]/.test(selector)) {
    return `${JSON.stringify(selector)} filters: select by name, index or *`;
  }
  return undefined;
}

/**
 * What the selector finds; undefined if there is nothing. A selector that can find several values
 * (with *, .., a union or a slice) finds a list.
 */
export function select(response: unknown, selector: string): Json | undefined {
  const found: unknown = JSONPath({
    path: selector,
    json: toJson(response) as object,
    wrap: true,
    eval: false,
  });
  const values = Array.isArray(found) ? found.map(toJson) : [];
  if (/\*|\.\.|,|:/.test(selector)) return values;
  return values[0] ?? undefined;
}
