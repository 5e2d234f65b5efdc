/**
 * The files under a folder, in a fixed order. Stays in the folder: links are named, not followed.
 * What is left out is named with the reason.
 */
import { lstatSync, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { unreadable } from './file-error.ts';

export type LeftOut =
  | "a version control's own folder"
  | 'installed packages'
  | 'symbolic link'
  | 'no regular file';

export type TreeEntry =
  | { readonly is: 'file'; readonly path: string }
  | { readonly is: 'left out'; readonly path: string; readonly why: LeftOut }
  | { readonly is: 'unreadable'; readonly path: string; readonly why: string };

const foldersLeftOut: ReadonlyMap<string, LeftOut> = new Map([
  ['.git', "a version control's own folder"],
  ['.hg', "a version control's own folder"],
  ['.svn', "a version control's own folder"],
  ['node_modules', 'installed packages'],
]);

/** Of a file: itself. Somebody who names a link, or a folder left out elsewhere, means it. */
export function* filesUnder(named: string): Generator<TreeEntry> {
  const ahead: string[] = [];
  try {
    const isLink = lstatSync(named).isSymbolicLink();
    const root = isLink ? realpathSync(named) : named;
    const found = lstatSync(root);
    if (found.isFile()) yield { is: 'file', path: root };
    else if (found.isDirectory()) ahead.push(root);
    else yield { is: 'left out', path: root, why: 'no regular file' };
  } catch (error) {
    yield { is: 'unreadable', path: named, why: unreadable(error) };
  }
  for (let folder = ahead.pop(); folder !== undefined; folder = ahead.pop()) {
    const deeper: string[] = [];
    for (const entry of entriesOf(folder)) {
      if (entry.is === 'folder') deeper.push(entry.path);
      else yield entry;
    }
    ahead.push(...deeper.reverse());
  }
}

function* entriesOf(
  folder: string,
): Generator<TreeEntry | { readonly is: 'folder'; readonly path: string }> {
  let entries: ReturnType<typeof listed>;
  try {
    entries = listed(folder);
  } catch (error) {
    yield { is: 'unreadable', path: folder, why: unreadable(error) };
    return;
  }
  for (const entry of entries) {
    const path = join(folder, entry.name);
    const why = foldersLeftOut.get(entry.name);
    if (entry.isFile()) yield { is: 'file', path };
    else if (entry.isSymbolicLink()) yield { is: 'left out', path, why: 'symbolic link' };
    else if (!entry.isDirectory()) yield { is: 'left out', path, why: 'no regular file' };
    else if (why !== undefined) yield { is: 'left out', path, why };
    else yield { is: 'folder', path };
  }
}

function listed(folder: string) {
  const entries = readdirSync(folder, { withFileTypes: true });
  return entries.toSorted((a, b) => (a.name < b.name ? -1 : Number(a.name > b.name)));
}
