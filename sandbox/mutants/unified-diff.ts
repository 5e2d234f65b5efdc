/**
 * Applies a unified diff, strictly: the lines that a hunk starts from must stand in the file
 * exactly once, wherever that is by now. `git apply` and `patch` would do, but a machine that has
 * only what npm installs need not have them; and they may put a hunk where it was not meant.
 * https://www.gnu.org/software/diffutils/manual/html_node/Detailed-Unified.html (read 2026-11)
 */
import { type Parsed, parsed, refused } from '../../domain/parsed.ts';

export interface Hunk {
  /** Where it begins in the diff, from 1. */
  readonly line: number;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

/** What a diff changes in one file that exists. */
export interface FileChange {
  /** From the top of the tree, with `/`. */
  readonly path: string;
  readonly hunks: readonly Hunk[];
}

const hunkHead = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/;

/** Reads a diff; what stands before its first `---` is for people. */
export function parseDiff(diff: string): Parsed<readonly FileChange[]> {
  const lines = diff.replace(/\n$/, '').split('\n');
  const changes: { readonly path: string; readonly hunks: Hunk[] }[] = [];
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    if (line.startsWith('--- ') && lines[index + 1]?.startsWith('+++ ') === true) {
      const path = pathOf(line);
      if (path === undefined || path !== pathOf(lines[index + 1] ?? '')) {
        return refused(`line ${index + 1}: a diff here changes files, it makes or renames none`);
      }
      changes.push({ path, hunks: [] });
      index += 1;
    } else if (line.startsWith('@@')) {
      const hunk = hunkAt(lines, index);
      const change = changes.at(-1);
      if (hunk === undefined || change === undefined) {
        return refused(`line ${index + 1}: this hunk is not as long as it says, or of no file`);
      }
      change.hunks.push(hunk.hunk);
      index = hunk.last;
    } else if (changes.length > 0 && line !== '') {
      return refused(`line ${index + 1}: belongs to no hunk: ${line}`);
    }
  }
  const isEmpty = changes.length === 0 || changes.some(({ hunks }) => hunks.length === 0);
  return isEmpty ? refused('it changes nothing') : parsed(changes);
}

/** `a/` and `b/` before the path are git's. */
function pathOf(line: string): string | undefined {
  const path = line.slice(4).split('\t')[0] ?? '';
  return path === '/dev/null' || path === '' ? undefined : path.replace(/^[ab]\//, '');
}

function hunkAt(lines: readonly string[], index: number) {
  const head = hunkHead.exec(lines[index] ?? '');
  if (head === null) return undefined;
  const [least, most] = [Number(head[1] ?? 1), Number(head[2] ?? 1)];
  const before: string[] = [];
  const after: string[] = [];
  let last = index;
  while (before.length < least || after.length < most) {
    last += 1;
    const line = lines[last];
    if (line === undefined) return undefined;
    const sign = line.charAt(0);
    // An editor may have taken the space of an empty line away.
    if (sign !== '' && !' -+'.includes(sign)) return undefined;
    if (sign !== '+') before.push(line.slice(1));
    if (sign !== '-') after.push(line.slice(1));
  }
  const isWhole = before.length === least && after.length === most;
  return isWhole ? { hunk: { line: index + 1, before, after }, last } : undefined;
}

/** The text with every hunk in its place, or why there is none, for every hunk that has none. */
export function changed(text: string, { path, hunks }: FileChange): Parsed<string> {
  let lines: readonly string[] = text.split('\n');
  const problems: string[] = [];
  for (const { line, before, after } of hunks) {
    const places = placesOf(lines, before);
    const [place] = places;
    if (place === undefined || places.length > 1) {
      const how = place === undefined ? 'does not stand in' : `stands ${places.length} times in`;
      problems.push(`the hunk at line ${line}: what it changes ${how} ${path}`);
    } else {
      lines = [...lines.slice(0, place), ...after, ...lines.slice(place + before.length)];
    }
  }
  return problems.length > 0 ? refused(...problems) : parsed(lines.join('\n'));
}

function placesOf(lines: readonly string[], before: readonly string[]): readonly number[] {
  return lines.flatMap((_, start) =>
    before.every((line, offset) => lines[start + offset] === line) ? [start] : [],
  );
}
