/**
 * Scans files and folders for access keys: what was found where, how much was read, and what was
 * left out or could not be read, with the reason. Memory is bounded whatever lies there.
 */
import type { Hit } from '../domain/discovery.ts';
import { seenIn } from './aws-secret-scanner.ts';
import { unreadable } from './file-error.ts';
import { fileTexts, type WithTextOf } from './file-text.ts';
import { filesUnder, type LeftOut } from './file-tree.ts';
import { newlinesIn, windowsOf } from './text-windows.ts';

export interface Unread {
  readonly path: string;
  readonly why: string;
}

/** Of one reason: how many, and the first of them. */
export interface LeftOutSum {
  readonly why: LeftOut | 'binary';
  readonly count: number;
  readonly first: readonly string[];
}

export interface TreeScan {
  readonly hits: readonly Hit[];
  readonly files: number;
  readonly bytes: number;
  readonly leftOut: readonly LeftOutSum[];
  readonly unread: readonly Unread[];
  /** Files with more hits than are kept. */
  readonly overfull: readonly string[];
}

/** Told after each piece that was read. */
export type ScanProgress = (files: number, bytes: number) => void;

/** Hits of one file that are kept: somebody who fills a file with key ids fills no memory. */
export const mostInFile = 1000;

const firstLeftOut = 20;

export function scanTrees(
  paths: readonly string[],
  onProgress: ScanProgress = () => undefined,
): TreeScan {
  const hits: Hit[] = [];
  const unread: Unread[] = [];
  const overfull: string[] = [];
  const leftOut = new Map<LeftOutSum['why'], { count: number; first: string[] }>();
  const sums = { files: 0, bytes: 0 };
  const leave = (path: string, why: LeftOutSum['why']) => {
    const sum = leftOut.get(why) ?? { count: 0, first: [] };
    sum.count += 1;
    if (sum.first.length < firstLeftOut) sum.first.push(path);
    leftOut.set(why, sum);
  };
  const withTextOf = fileTexts((count) => {
    sums.bytes += count;
    onProgress(sums.files, sums.bytes);
  });
  for (const entry of allUnder(paths)) {
    const { path } = entry;
    if (entry.is === 'unreadable') unread.push({ path, why: entry.why });
    if (entry.is === 'left out') leave(path, entry.why);
    if (entry.is !== 'file') continue;
    try {
      const found = scanFile(path, withTextOf);
      if ('why' in found) leave(path, found.why);
      else {
        sums.files += 1;
        hits.push(...found.hits);
        if (found.more) overfull.push(path);
      }
    } catch (error) {
      unread.push({ path, why: unreadable(error) });
    }
  }
  const left = [...leftOut].map(([why, sum]) => ({ why, ...sum }));
  return { hits, ...sums, leftOut: left, unread, overfull };
}

function* allUnder(paths: readonly string[]) {
  for (const path of paths) yield* filesUnder(path);
}

type FileScan =
  | { readonly hits: readonly Hit[]; readonly more: boolean }
  | { readonly why: LeftOutSum['why'] };

function scanFile(file: string, withTextOf: WithTextOf): FileScan {
  return withTextOf<FileScan>(file, (opened) => {
    if (opened.is === 'skipped') return { why: opened.why };
    const hits: Hit[] = [];
    for (const window of windowsOf(opened.pieces)) {
      let { line } = window;
      let counted = 0;
      for (const { index, keyId, encoded } of seenIn(window.text)) {
        if (index < window.from || index >= window.until) continue;
        if (hits.length === mostInFile) return { hits, more: true };
        line += newlinesIn(window.text, counted, index);
        counted = index;
        hits.push({ file, line, commit: null, foundBy: 'scan', keyId, encoded });
      }
    }
    return { hits, more: false };
  });
}
