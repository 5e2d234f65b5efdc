/**
 * Every function as it is packaged, beside a handler of middy that does nothing, bundled the same
 * way: how large each is and how long it takes to load, in the same run.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zipSync } from 'fflate';
import { approval, awaitingApproval, firstAnswer } from '../sandbox/bench/first-press.ts';
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

/** From the start of loading to the answer, in a process of its own: milliseconds, the median. */
export interface FirstPress {
  readonly millis: number;
  /** The same of the empty handler. */
  readonly emptyMillis: number;
  readonly ratio: number;
}

export interface Bundles {
  readonly rounds: number;
  readonly empty: Bundle;
  readonly functions: readonly BundleBesideEmpty[];
  /** Of on-slack-action, on a signed press that it decides. */
  readonly firstPress: FirstPress;
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
    return {
      ...besideEmpty(measured, rounds),
      firstPress: await firstPress(files, folder, rounds, tell),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type File = Pick<Bundle, 'name'> & { readonly file: string };

async function firstPress(
  files: readonly File[],
  folder: string,
  rounds: number,
  tell: (line: string) => void,
): Promise<FirstPress> {
  const [empty] = files;
  const pressed = files.find(({ name }) => name === 'onSlackAction');
  if (empty === undefined || pressed === undefined) throw new Error('there is no onSlackAction');
  const taken: Record<'ours' | 'empty', number[]> = { ours: [], empty: [] };
  for (let round = 1; round <= rounds; round++) {
    tell(`bundles: a first press, round ${round} of ${rounds}`);
    const awaiting = await awaitingApproval();
    try {
      const event = approval(awaiting);
      const { answered } = await firstAnswer(pressed.file, folder, event, awaiting);
      taken.ours.push(answered);
      taken.empty.push((await firstAnswer(empty.file, folder, event, awaiting)).answered);
    } finally {
      await awaiting.aws.close();
    }
  }
  const [millis, emptyMillis] = [median(taken.ours), median(taken.empty)];
  return { millis, emptyMillis, ratio: millis / emptyMillis };
}

/** The first of them is the empty handler. */
export function besideEmpty(
  [empty, ...others]: readonly Bundle[],
  rounds: number,
): Omit<Bundles, 'firstPress'> {
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
