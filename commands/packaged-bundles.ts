/** The functions as they are deployed: packages the stack and takes the bundles out of its zips. */
import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { filesInZip } from './zip-files.ts';

const repository = join(import.meta.dirname, '..');

export interface PackagedBundle {
  /** Of the function, as serverless.yml names it. */
  readonly name: string;
  readonly zipBytes: number;
  /** Of the bundle in it. */
  readonly bytes: number;
  /** Where the bundle now lies, in the folder that was given. */
  readonly file: string;
  /** The file of the repository that it was made from. */
  readonly entry: string;
}

/** By name. Takes half a minute. Throws if a zip does not hold one bundle. */
export async function packagedBundles(folder: string): Promise<readonly PackagedBundle[]> {
  const packages = join(folder, 'packages');
  const serverless = join(repository, 'node_modules', 'serverless', 'bin', 'serverless.js');
  const options = ['package', '--stage', 'dev', '--package', packages];
  await promisify(execFile)(process.execPath, [serverless, ...options], { cwd: repository });
  const zips = (await readdir(packages)).filter((file) => file.endsWith('.zip'));
  return Promise.all(
    zips.toSorted().map(async (name) => {
      const zip = await readFile(join(packages, name));
      const bundles = [...filesInZip(zip)].filter(([path]) => path.endsWith('.mjs'));
      const [bundle] = bundles;
      if (bundle === undefined || bundles.length > 1)
        throw new Error(`${name} holds no one bundle`);
      const [path, content] = bundle;
      const file = join(folder, path.split('/').at(-1) ?? '');
      await writeFile(file, content);
      const entry = join(repository, path.replace(/\.mjs$/, '.ts'));
      const sizes = { zipBytes: zip.length, bytes: content.length };
      return { name: name.replace('.zip', ''), ...sizes, file, entry };
    }),
  );
}
