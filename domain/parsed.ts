/** Outside data after it has been read once, at the edge: a value, or everything wrong with it. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly string[] };

export function parsed<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

export function refused(...problems: string[]): Parsed<never> {
  return { ok: false, problems };
}
