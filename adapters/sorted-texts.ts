/**
 * Texts in order, however many: adding, removing and listing the first take no longer for many than
 * for few. Kept in short rows, each of which is in order and before the next.
 */

export interface SortedTexts {
  add(text: string): void;
  delete(text: string): void;
  /** The first of those before `end`, at most so many. */
  firstBefore(end: string, limit: number): readonly string[];
  first(): string | undefined;
}

const longestRow = 512;

export function sortedTexts(): SortedTexts {
  const rows: string[][] = [];
  return {
    add: (text) => {
      const at = rowOf(rows, text);
      const row = rows[at];
      if (row === undefined) {
        rows.push([text]);
        return;
      }
      row.splice(placeOf(row, text), 0, text);
      if (row.length > longestRow) rows.splice(at + 1, 0, row.splice(longestRow / 2));
    },
    delete: (text) => {
      const at = rowOf(rows, text);
      const row = rows[at];
      if (row === undefined) return;
      const place = placeOf(row, text);
      if (row[place] === text) row.splice(place, 1);
      if (row.length === 0) rows.splice(at, 1);
    },
    firstBefore: (end, limit) => {
      const found: string[] = [];
      for (const row of rows) {
        for (const text of row) {
          if (found.length >= limit || text >= end) return found;
          found.push(text);
        }
      }
      return found;
    },
    first: () => rows[0]?.[0],
  };
}

/** The last row that begins at or before the text; the first one if none does. */
function rowOf(rows: readonly (readonly string[])[], text: string): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((rows[middle]?.[0] ?? '') <= text) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 1);
}

/** Where the text stands, or would stand. */
function placeOf(row: readonly string[], text: string): number {
  let low = 0;
  let high = row.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((row[middle] ?? '') < text) low = middle + 1;
    else high = middle;
  }
  return low;
}
