/**
 * Python tools for the tests, out of .venv in the project: made on first use, and again whenever
 * test/requirements.txt says something else. All it needs is a python3 that can make one.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const repository = join(import.meta.dirname, '..');
const environment = join(repository, '.venv');
const programs = join(environment, process.platform === 'win32' ? 'Scripts' : 'bin');
const requirements = join(import.meta.dirname, 'requirements.txt');
/** Says for which requirements the environment is complete. */
const stamp = join(environment, 'requirements.sha256');

/** The path of a program of .venv, e.g. `python` or `cfn-lint`. Throws saying what is missing. */
export function pythonProgram(name: string): string {
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  if (!isComplete(wanted)) install(wanted);
  return join(programs, name);
}

function isComplete(wanted: string): boolean {
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
}

function install(wanted: string): void {
  const base = ['python3', 'python'].find((name) => spawnSync(name, ['--version']).status === 0);
  if (base === undefined) {
    throw new Error(
      'there is no python3 on this machine: install Python 3.10 or later, with its venv module',
    );
  }
  rmSync(environment, { recursive: true, force: true });
  run(
    [base, '-m', 'venv', environment],
    'on Debian and Ubuntu the module is in the package python3-venv',
  );
  run(
    [join(programs, 'python'), '-m', 'pip', 'install', '--quiet', '--requirement', requirements],
    'pip needs a package index that it can reach',
  );
  writeFileSync(stamp, wanted);
}

function run([program = '', ...args]: readonly string[], hint: string): void {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8' });
  if (status === 0) return;
  const said = `${stdout ?? ''}${stderr ?? ''}`.trim() || String(error ?? `status ${status}`);
  throw new Error(`${program} ${args.join(' ')} failed (${hint}): ${said}`);
}
