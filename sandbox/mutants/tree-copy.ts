/** A copy of the project in a temporary folder, whose code can be changed and run there. */
import { cp, mkdtemp, realpath, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

/** What is installed is linked; what is made, and the history, is not needed. */
const leftOut: ReadonlySet<string> = new Set([
  'node_modules',
  '.git',
  '.venv',
  '.serverless',
  '.esbuild',
  'coverage',
  'dist',
]);

/** Does something with a copy of a tree, which is gone afterwards. */
export async function withTreeCopy<T>(tree: string, act: (copy: string) => Promise<T>): Promise<T> {
  const copy = await mkdtemp(join(tmpdir(), 'keyturn-mutant-'));
  try {
    await cp(tree, copy, { recursive: true, filter: (path) => !leftOut.has(basename(path)) });
    const installed = await realpath(join(tree, 'node_modules'));
    await symlink(installed, join(copy, 'node_modules'), 'junction');
    return await act(copy);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}
