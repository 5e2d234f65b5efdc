/**
 * `npm run test:browser`: finds a Chromium and runs the suite. Arguments go on to vitest. With
 * UPDATE_SCREENSHOTS=1 the pictures in docs/images are taken anew.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { messageOf } from '../../domain/errors.ts';
import { chromiumProgram } from './chromium.ts';

const repository = join(import.meta.dirname, '..', '..');
const vitest = join(repository, 'node_modules', 'vitest', 'vitest.mjs');

try {
  chromiumProgram();
  const args = [vitest, 'run', '--config', 'vitest.browser.config.ts', ...process.argv.slice(2)];
  const { status } = spawnSync(process.execPath, args, { cwd: repository, stdio: 'inherit' });
  process.exitCode = status ?? 1;
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
}
