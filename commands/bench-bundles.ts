/**
 * Every function as it is packaged, beside a handler of middy that does nothing, bundled the same
 * way: how large each is and how long it takes to load, in the same run.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { median } from '../sandbox/bench/median.ts';
import { bundleAsPackaged, importOnce } from './import-times.ts';
import { packagedBundles } from './packaged-bundles.ts';

export interface Bundle {
  readonly name: string;
  readonly zipBytes: number;
  /** Of the bundle, unpacked. */
  readonly bytes: number;
  /** Milliseconds, the median of all rounds. */
  readonly importMillis: number;
}

export interface BundleBesideEmpty extends Bundle {
  /** Against the empty handler. */
  readonly importRatio: number;
  readonly zipRatio: number;
}

export interface Bundles {
  readonly rounds: number;
  readonly empty: Bundle;
  readonly functions: readonly BundleBesideEmpty[];
}

/** Packages the stack and loads everything so many times, in turn. */
export async function bundlesBesideEmpty(
  rounds: number,
  tell: (line: string) => void,
): Promise<Bundles> {
  const folder = await mkdtemp(join(tmpdir(), 'keyturn-bench-'));
  try {
    tell('bundles: packaging the stack');
    const files = [await emptyIn(folder), ...(await packagedBundles(folder))];
    const taken = new Map(files.map(({ name }): [string, number[]] => [name, []]));
    // In turn, so that what else the machine does meets all of them alike.
    for (let round = 1; round <= rounds; round++) {
      tell(`bundles: loading all of them, round ${round} of ${rounds}`);
      for (const { name, file } of files) taken.get(name)?.push(await importOnce(file, folder));
    }
    const measured = files.map(({ name, zipBytes, bytes }) => {
      const importMillis = median(taken.get(name) ?? []);
      return { name, zipBytes, bytes, importMillis };
    });
    return besideEmpty(measured, rounds);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The first of them is the empty handler. */
export function besideEmpty([empty, ...others]: readonly Bundle[], rounds: number): Bundles {
  if (empty === undefined || others.length === 0) throw new Error('no bundle was measured');
  const functions = others.map((each) => ({
    ...each,
    importRatio: each.importMillis / empty.importMillis,
    zipRatio: each.zipBytes / empty.zipBytes,
  }));
  return { rounds, empty, functions };
}

async function emptyIn(folder: string) {
  const entry = join(import.meta.dirname, '..', 'sandbox', 'bench', 'empty-handler.ts');
  const file = join(folder, 'empty-handler.mjs');
  await bundleAsPackaged(entry, file);
  const content = await readFile(file);
  const zip = zipSync({ 'empty-handler.mjs': content }, { level: 9 });
  return { name: 'empty handler', zipBytes: zip.length, bytes: content.length, file };
}
