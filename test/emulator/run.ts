/**
 * `npm run test:emulator`: makes .venv if it is not there, and runs the suite. Arguments go on to
 * vitest, e.g. `-- -t "a finding"`.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { messageOf } from '../../domain/errors.ts';
import { pythonProgram } from '../python.ts';

const repository = join(import.meta.dirname, '..', '..');
const vitest = join(repository, 'node_modules', 'vitest', 'vitest.mjs');

try {
  pythonProgram('python');
  const args = [vitest, 'run', '--config', 'vitest.emulator.config.ts', ...process.argv.slice(2)];
  const { status } = spawnSync(process.execPath, args, { cwd: repository, stdio: 'inherit' });
  process.exitCode = status ?? 1;
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
}
