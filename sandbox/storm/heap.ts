/** A binary heap: the first of many in some order, whatever comes and goes meanwhile. */

export interface Heap<T> {
  add(item: T): void;
  first(): T | undefined;
  /** Removes the first. */
  take(): T | undefined;
}

export function heap<T>(before: (a: T, b: T) => boolean): Heap<T> {
  const items: T[] = [];
  return {
    first: () => items[0],
    add: (item) => {
      items.push(item);
      rise(items, before);
    },
    take: () => {
      const [first] = items;
      const last = items.pop();
      if (items.length > 0 && last !== undefined) {
        items[0] = last;
        sink(items, before);
      }
      return first;
    },
  };
}

function rise<T>(items: T[], before: (a: T, b: T) => boolean): void {
  let at = items.length - 1;
  while (at > 0) {
    const above = (at - 1) >>> 1;
    if (!swapped(items, above, at, before)) return;
    at = above;
  }
}

function sink<T>(items: T[], before: (a: T, b: T) => boolean): void {
  let at = 0;
  for (;;) {
    const left = 2 * at + 1;
    const [a, b] = [items[left], items[left + 1]];
    if (a === undefined) return;
    const less = b !== undefined && before(b, a) ? left + 1 : left;
    if (!swapped(items, at, less, before)) return;
    at = less;
  }
}

/** Whether the two stood in the wrong order, and so were exchanged. */
function swapped<T>(
  items: T[],
  above: number,
  below: number,
  before: (a: T, b: T) => boolean,
): boolean {
  const [upper, lower] = [items[above], items[below]];
  if (upper === undefined || lower === undefined || !before(lower, upper)) return false;
  items[above] = lower;
  items[below] = upper;
  return true;
}
