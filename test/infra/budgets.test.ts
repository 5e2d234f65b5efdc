/** What the functions weigh, and that what the plugins leave out of the bundles is not missed. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build, type Plugin } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { exceptions, sizeProblems, usualBytes } from '../../commands/budget-limits.ts';
import { filesInZip } from '../../commands/zip-files.ts';
import { median } from '../../sandbox/bench/median.ts';
import { packageStack } from './packaged-stack.ts';

const repository = join(import.meta.dirname, '..', '..');
const plugins: Plugin[] = createRequire(import.meta.url)('../../infra/esbuild-plugins.cjs');

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyturn-budgets-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

test('every zip is within its budget', async () => {
  const { zips } = await packageStack('dev');
  const sizes = Object.entries(zips).map(([file, bytes]) => [file.replace('.zip', ''), bytes]);
  expect(sizes.length).toBeGreaterThan(5);
  expect(sizeProblems(Object.fromEntries(sizes))).toEqual([]);
}, 60_000);

test('a zip that is too large is named, with and without an exception', () => {
  const within = Object.fromEntries(
    Object.entries(exceptions).map(([name, { bytes }]) => [name, bytes]),
  );
  expect(sizeProblems({ ...within, witness: usualBytes })).toEqual([]);
  expect(sizeProblems({ ...within, witness: usualBytes + 1 })[0]).toMatch(/^witness: 150 KB/);
  const { onTick = 0 } = within;
  expect(sizeProblems({ ...within, onTick: onTick + 1 })[0]).toMatch(/^onTick/);
});

test('an exception that is not needed any more is a problem', () => {
  const within = Object.fromEntries(
    Object.entries(exceptions).map(([name, { bytes }]) => [name, bytes]),
  );
  expect(sizeProblems({ ...within, onTick: 1000 })[0]).toContain('needs no exception');
  for (const { bytes, why } of Object.values(exceptions)) {
    expect(bytes).toBeLessThanOrEqual(330 * 1024);
    expect(why).not.toBe('');
  }
});

/** Bundles a file as a function is bundled, and runs it. */
async function said(source: string, env: Readonly<Record<string, string>>): Promise<string> {
  const outfile = join(folder, `probe-${source.length}.mjs`);
  await build({
    stdin: { contents: source, resolveDir: join(repository, 'infra'), loader: 'ts' },
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    plugins,
    outfile,
    logLevel: 'error',
  });
  return (await promisify(execFile)(process.execPath, [outfile], { env })).stdout.trim();
}

const credentials = `
import { SSMClient } from '@aws-sdk/client-ssm';
const { credentials } = new SSMClient({ region: 'us-east-1' }).config;
console.log(await credentials().then(({ accessKeyId }) => accessKeyId, ({ name }) => name));
`;

test('bundled clients take the credentials of the function, and no others', async () => {
  const own = { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'example' };
  expect(await said(credentials, own)).toBe('AKIAIOSFODNN7EXAMPLE');
  expect(await said(`${credentials} `, { AWS_PROFILE: 'x' })).toBe('CredentialsProviderError');
});

test('bundled clients send and read what the whole ones do', async () => {
  const source = await readFile(join(import.meta.dirname, 'wire-probe.ts'), 'utf8');
  const { stdout } = await promisify(execFile)(process.execPath, [
    join(import.meta.dirname, 'wire-probe.ts'),
  ]);
  expect(await said(source, {})).toBe(stdout.trim());
  expect(stdout).toContain('BatchUpdateFindings');
  expect(stdout).toContain('NoSuchEntityException');
});

test('a zip is read back file by file', async () => {
  expect(() => filesInZip(Buffer.from('no zip at all'))).toThrow('this is no zip');
  expect(median([5, 1, 3])).toBe(3);
});
