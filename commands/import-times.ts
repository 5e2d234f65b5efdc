/** How long bundles take to load: each in a process of its own, several times, the median. */
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type BuildOptions, build } from 'esbuild';
import { median } from '../sandbox/bench/median.ts';

const banner = {
  js:
    "import { createRequire as keyturnRequire } from 'node:module';" +
    'const require = keyturnRequire(import.meta.url);',
};

/** As serverless.yml bundles, but for what its plugins leave out. */
const esModulesFirst: BuildOptions = { format: 'esm', mainFields: ['module', 'main'], banner };

/**
 * Ways to bundle the same function, to compare with. The second is what esbuild does unless told
 * otherwise, the last what many stacks do.
 */
const otherWays: Readonly<Record<string, BuildOptions>> = {
  'ES modules first': esModulesFirst,
  'CommonJS first': { format: 'esm', mainFields: ['main', 'module'], banner },
  'a CommonJS bundle': { format: 'cjs', mainFields: ['module', 'main'] },
};

export interface ImportTimes {
  /** Milliseconds, the median. */
  readonly ours: number;
  readonly others: Readonly<Record<string, number>>;
  /** Ours against the best of all. */
  readonly ratio: number;
}

/** `packaged`: the bundle as it is deployed. `entry`: the file that it was made from. */
export async function importTimes(
  packaged: string,
  entry: string,
  folder: string,
  rounds: number,
): Promise<ImportTimes> {
  const name = packaged.split('/').at(-1)?.replace('.mjs', '') ?? 'bundle';
  const files = new Map([['ours', packaged]]);
  for (const [index, [way, options]] of Object.entries(otherWays).entries()) {
    const end = options.format === 'cjs' ? 'cjs' : 'mjs';
    const outfile = join(folder, `${name}-${index}.${end}`);
    await build({ ...common, ...options, entryPoints: [entry], outfile });
    files.set(way, outfile);
  }
  const taken = new Map([...files.keys()].map((way): [string, number[]] => [way, []]));
  // In turn, so that what else the machine does meets all of them alike.
  for (let round = 0; round < rounds; round++) {
    for (const [way, file] of files) taken.get(way)?.push(await importOnce(file, folder));
  }
  const medians = Object.fromEntries([...taken].map(([way, times]) => [way, median(times)]));
  const { ours = 0, ...others } = medians;
  return { ours, others, ratio: ours / Math.min(ours, ...Object.values(others)) };
}

const common: BuildOptions = {
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node24',
  logLevel: 'error',
};

/** Bundles a file the way functions are. */
export async function bundleAsPackaged(entry: string, outfile: string): Promise<void> {
  await build({ ...common, ...esModulesFirst, entryPoints: [entry], outfile });
}

/**
 * A bundle composes its handler as it loads, for want of an environment in vain: everything has
 * been evaluated by then. Any other failure is one of the bundle.
 */
const loader = `
const start = performance.now();
const ended = await import(process.argv[2]).then(() => '', (error) => error.message);
const taken = performance.now() - start;
console.log(JSON.stringify({ taken, ended }));
`;

/** Milliseconds that a file takes to load, in a process of its own. Throws if it cannot be. */
export async function importOnce(file: string, folder: string): Promise<number> {
  const script = join(folder, 'load.mjs');
  await writeFile(script, loader);
  const { stdout } = await promisify(execFile)(process.execPath, [script, file], {
    env: { AWS_REGION: 'us-east-1' },
  });
  const { taken, ended } = JSON.parse(stdout);
  if (ended !== '' && !ended.startsWith('the function is not configured')) {
    throw new Error(`${file} cannot be loaded: ${ended}`);
  }
  return taken;
}
