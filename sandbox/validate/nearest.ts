/** The known name that a mistyped one most likely meant. */

const longestName = 80;
/** Beyond that, looking at them all would take longer than a hint is worth. */
const mostNames = 100;

/** `; did you mean X?`, or nothing if no known name is near. */
export function hint(written: string, known: Iterable<string>): string {
  const name = nearest(written, known);
  return name === undefined ? '' : `; did you mean ${name}?`;
}

/** The known name that differs only in case, or by the fewest slips: one in four letters. */
export function nearest(written: string, known: Iterable<string>): string | undefined {
  if (written.length > longestName) return undefined;
  let best: string | undefined;
  let fewest = written.length < 3 ? 1 : Math.max(1, Math.floor(written.length / 4)) + 1;
  const names = [...known];
  if (names.length > mostNames) return undefined;
  for (const name of names) {
    if (Math.abs(name.length - written.length) >= fewest) continue;
    const slips = distance(written.toLowerCase(), name.toLowerCase());
    if (slips < fewest) [best, fewest] = [name, slips];
  }
  return best;
}

/** Letters to insert, drop or replace to make one text of the other. */
function distance(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const replaced = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[other.length] ?? 0;
}
