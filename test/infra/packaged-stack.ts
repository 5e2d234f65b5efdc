/**
 * The stack as it would be deployed: `serverless package` run for real, without credentials, in a
 * copy of the repository.
 */
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: properties are those of every CloudFormation type
  readonly Properties: any;
  readonly DependsOn?: string | readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

export interface PackagedStack {
  /** The template as it was written. */
  readonly text: string;
  readonly resources: Readonly<Record<string, Resource>>;
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Bytes of each function's zip, by file name. */
  readonly zips: Readonly<Record<string, number>>;
  /** What each zip holds, by its file name. */
  readonly entries: Readonly<Record<string, readonly string[]>>;
  /** What the command said. */
  readonly said: string;
}

const templateFile = 'cloudformation-template-update-stack.json';
const repository = join(import.meta.dirname, '..', '..');
const serverless = join(repository, 'node_modules', 'serverless', 'bin', 'serverless.js');

type Written = Omit<PackagedStack, 'resources' | 'outputs'>;

/** What was packaged already, by its arguments: it takes seconds, and the tree stays as it is. */
const written = new Map<string, Promise<Written>>();

/**
 * Packages one stage, with parameters such as `encryption=customer`. Whoever asks gets a template
 * of their own. Throws with the command's own words if it fails.
 */
export async function packageStack(stage: string, ...params: string[]): Promise<PackagedStack> {
  const name = JSON.stringify([stage, ...params]);
  const writing = written.get(name) ?? packageAnew(stage, params);
  written.set(name, writing);
  const stack = await writing;
  const template = JSON.parse(stack.text);
  return { ...stack, resources: template.Resources, outputs: template.Outputs };
}

/** What no package is made of. */
const leftOut = ['node_modules', 'test', 'docs', '.git', '.ci', '.esbuild', '.serverless', '.venv'];

/**
 * In a copy of the repository, since the packager works in its folder: two that work in the same
 * one at once spoil each other's zips.
 */
async function packageAnew(stage: string, params: readonly string[]): Promise<Written> {
  const copy = await mkdtemp(join(tmpdir(), 'keyturn-package-'));
  const folder = join(copy, '.packaged');
  try {
    const names = (await readdir(repository)).filter((name) => !leftOut.includes(name));
    for (const name of names) {
      await cp(join(repository, name), join(copy, name), { recursive: true });
    }
    await symlink(join(repository, 'node_modules'), join(copy, 'node_modules'));
    const said = await serverlessPackage(stage, copy, folder, params);
    const text = await readFile(join(folder, templateFile), 'utf8');
    return { text, zips: await zipSizes(folder), entries: await zipEntries(folder), said };
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

async function serverlessPackage(
  stage: string,
  copy: string,
  folder: string,
  params: readonly string[],
): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    [
      ...[serverless, 'package', '--stage', stage, '--package', folder],
      ...params.map((each) => `--param=${each}`),
    ],
    { cwd: copy, env: withoutAws(process.env) },
  ).catch((error: Error & { readonly stdout?: string; readonly stderr?: string }) => {
    const words = `${error.stdout ?? ''}${error.stderr ?? ''}`.trim();
    throw new Error(`packaging stage ${stage} failed: ${words || error.message}`, { cause: error });
  });
  return stdout + stderr;
}

/** Nothing that could lend the command credentials, a Region or a mode. */
function withoutAws(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(([name]) => !/^(AWS|KEYTURN|SLS|SERVERLESS)_/.test(name)),
  );
}

async function zipEntries(folder: string): Promise<Record<string, readonly string[]>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.zip'));
  const zips = await Promise.all(names.map((name) => readFile(join(folder, name))));
  return Object.fromEntries(
    names.map((name, index) => [name, namesInZip(zips[index] ?? Buffer.alloc(0))]),
  );
}

/**
 * The names in a zip's central directory.
 * https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT (4.3.12)
 */
function namesInZip(zip: Buffer): readonly string[] {
  const names: string[] = [];
  const entry = Buffer.from([0x50, 0x4b, 0x01, 0x02]);
  for (let at = zip.indexOf(entry); at >= 0; at = zip.indexOf(entry, at + 46)) {
    const length = zip.readUInt16LE(at + 28);
    names.push(zip.toString('utf8', at + 46, at + 46 + length));
  }
  return names;
}

async function zipSizes(folder: string): Promise<Record<string, number>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.zip'));
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  return Object.fromEntries(names.map((name, index) => [name, sizes[index] ?? 0]));
}
